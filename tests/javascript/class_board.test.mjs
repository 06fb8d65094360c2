import assert from "node:assert/strict";
import test from "node:test";

import { sortedBy } from "../../pages/components/class_board/panel.js";
import { aside, lastColumn, nearestDot, placeNames, placesOf, scoreRange } from "../../pages/components/class_board/places.js";
import { bestLine, hasEnded, isBetter, keyOf, mergeRows, stepped, studentsOf, tried } from "../../pages/components/class_board/rows.js";

const row = (nickname, number, score, at = number) => ({ run_id: `${nickname}${number}`, setting: 0, nickname, number, score, at, status: "finished" });
const ROWS = [row("Ana", 1, 5, 1), row("Bo", 1, 4, 2), row("Ana", 2, 3, 3), row("Ana", 3, null, 4), row("Cem", 1, null, 5)];

test("a row that comes again takes the place of the first", () => {
  const known = mergeRows(new Map(), ROWS);
  mergeRows(known, [row("Ana", 3, 2.5, 4)]);
  assert.equal(known.size, ROWS.length);
  assert.equal(known.get("Ana3 0").score, 2.5);
});

test("students stand from the best to the worst, those without a score last, whichever way is better", () => {
  assert.deepEqual(studentsOf(ROWS, false).map(({ name }) => name), ["Ana", "Bo", "Cem"]);
  assert.deepEqual(studentsOf(ROWS, true).map(({ name, best }) => [name, best?.score]), [["Ana", 5], ["Bo", 4], ["Cem", undefined]]);
  assert.deepEqual(studentsOf([...ROWS].reverse(), false)[0].rows.map(({ number }) => number), [1, 2, 3]);
  assert.ok(isBetter(1, null, true) && !isBetter(null, 1, false) && !isBetter(1, 1, false));
});

test("what lies in the trash was tried, but is nobody's best; what has not begun was not tried, what trains has no dot", () => {
  const trashed = { ...row("Ana", 4, 0.1, 9), deleted: true };
  assert.deepEqual(studentsOf([...ROWS, trashed], false)[0].best.score, 3);
  assert.equal(studentsOf([...ROWS, trashed], false)[0].last.number, 4);
  const queued = { ...row("Ana", 0, null), status: "queued" };
  const running = { ...row("Ana", 5, null), status: "running" };
  assert.deepEqual(tried([queued, running]).map(keyOf), ["Ana5 0"]);
  assert.deepEqual([queued, running, row("Ana", 1, null)].map(hasEnded), [false, false, true]);
});

test("the best line falls where somebody with so many settings is better than all with fewer", () => {
  assert.deepEqual(bestLine(ROWS, false), [[1, 4], [2, 3]]);
  assert.deepEqual(bestLine(ROWS, true), [[1, 5]]);
  assert.deepEqual(bestLine([], false), []);
});

test("keys walk along a student's settings and to the better or worse student's best, and stop at the ends", () => {
  const students = studentsOf(ROWS, false);
  const of = (key, at) => stepped(key, students, at)?.run_id;
  assert.equal(of("ArrowRight", undefined), "Ana2");
  assert.equal(of("ArrowRight", ROWS[2]), "Ana3");
  assert.equal(of("ArrowRight", ROWS[3]), "Ana3");
  assert.equal(of("Home", ROWS[3]), "Ana1");
  assert.equal(of("ArrowDown", ROWS[0]), "Bo1");
  assert.equal(of("ArrowDown", ROWS[1]), "Cem1");
  assert.equal(of("ArrowUp", ROWS[0]), "Ana1");
  assert.equal(of("a", ROWS[0]), undefined);
  assert.equal(stepped("End", [], null), null);
});

test("wild scores do not stretch the range, and good ones are never outside", () => {
  const scores = [...Array(40).keys()].map((i) => 1 + i / 100);
  const [low, high] = scoreRange([...scores, 1e6, null, NaN], false);
  assert.ok(low < 1 && high > 1.39 && high < 3);
  const [floor, top] = scoreRange([...scores.map((v) => 2 - v), -50], true);
  assert.ok(top > 1 && floor < 0.61 && floor > -2);
  assert.ok(scoreRange([0.5, 0.001, 0.5, 0.5, 0.5], false)[0] < 0.001);
  assert.equal(scoreRange([null], false), null);
  const [a, b] = scoreRange([3], false);
  assert.ok(a < 3 && b > 3);
});

test("a column has a place for each student, and later students move nobody", () => {
  const offsets = [...Array(30).keys()].map((place) => aside(place, 30));
  assert.equal(new Set(offsets.map((v) => v.toFixed(6))).size, 30);
  assert.ok(offsets.every((v) => Math.abs(v) < 0.5));
  assert.equal(aside(3, 4), aside(3, 30));
  assert.equal(aside(0, 1), 0);
  assert.deepEqual([1, 5, 6, 20, 21].map(lastColumn), [5, 5, 10, 20, 25]);
});

test("what is outside of the range or has no score lies at the worse edge, and is said to be beyond", () => {
  const box = { x: 10, y: 20, width: 100, height: 200 };
  const lower = placesOf(box, 10, [1, 2], false);
  assert.deepEqual([lower.x(1), lower.x(10), lower.y(1), lower.y(9), lower.y(null)], [15, 105, 220, 20, 20]);
  assert.deepEqual([lower.beyond(9), lower.beyond(null), lower.beyond(1.5)], [true, true, false]);
  const greater = placesOf(box, 10, [1, 2], true);
  assert.deepEqual([greater.y(0.1), greater.y(null), greater.beyond(0.1), greater.beyond(3)], [220, 220, true, false]);
});

test("names stand beside their dots, over no other name, and not outside", () => {
  const box = { x: 0, y: 0, width: 200, height: 100 };
  const width = (text) => 8 * text.length;
  const names = placeNames(
    [{ x: 60, y: 50, text: "Ana" }, { x: 60, y: 50, text: "Bo" }, { x: 190, y: 50, text: "Cem" }, { x: 199, y: 1, text: "x".repeat(30) }],
    box, 16, 6, width,
  );
  assert.deepEqual(names.map(({ text }) => text), ["Ana", "Bo", "Cem"]);
  for (const [i, a] of names.entries()) {
    assert.ok(a.left >= 0 && a.left + a.wide <= 200 && a.top >= 0 && a.top + a.height <= 100);
    for (const b of names.slice(i + 1)) assert.ok(a.left + a.wide <= b.left || b.left + b.wide <= a.left || a.top + a.height <= b.top || b.top + b.height <= a.top);
  }
  assert.ok(names[2].left + names[2].wide < 190);
});

test("the nearest dot within reach", () => {
  const dots = [{ x: 10, y: 10 }, { x: 14, y: 10 }];
  assert.equal(nearestDot(dots, 13, 10, 20), dots[1]);
  assert.equal(nearestDot(dots, 60, 10, 20), null);
});

test("the table is sorted by any column, ties by rank, and the other way round", () => {
  const cells = [{ rank: 0, values: ["Bo", 2] }, { rank: 1, values: ["Ana", 2] }, { rank: 2, values: ["Cem", 1] }];
  const ranks = (column, down) => sortedBy(cells, column, down).map(({ rank }) => rank);
  assert.deepEqual([ranks(0, false), ranks(1, false), ranks(1, true)], [[1, 0, 2], [2, 0, 1], [0, 1, 2]]);
});
