import assert from "node:assert/strict";
import test from "node:test";

import { endLabels, moveApart } from "../../pages/components/live_curve/labels.js";

function random(seed) {
  let state = seed;
  return () => (state = (state * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32;
}

test("labels never overlap and stay in the room", () => {
  const next = random(7);
  for (let round = 0; round < 500; round++) {
    const items = Array.from({ length: 1 + Math.floor(next() * 9) }, () => ({ at: next() * 300, height: 16 }));
    moveApart(items, 300);
    const placed = items.map((item) => item.placed).sort((a, b) => a - b);
    assert.ok(placed[0] >= 8 - 1e-9 && placed.at(-1) <= 292 + 1e-9, String(placed));
    for (let i = 1; i < placed.length; i++) assert.ok(placed[i] - placed[i - 1] >= 16 - 1e-9, String(placed));
  }
});

test("a label that has room stays where it is", () => {
  const items = moveApart([{ at: 50, height: 16 }, { at: 100, height: 16 }], 300);
  assert.deepEqual(items.map((item) => item.placed), [50, 100]);
});

test("more labels than fit share the room", () => {
  const items = moveApart(Array.from({ length: 6 }, (_, i) => ({ at: 10 * i, height: 20 })), 60);
  assert.deepEqual(items.map((item) => item.placed), [5, 15, 25, 35, 45, 55]);
});

test("two that want one place move equally", () => {
  const items = moveApart([{ at: 50, height: 16 }, { at: 50, height: 16 }], 300);
  assert.deepEqual(items.map((item) => item.placed), [42, 58]);
});

test("words whose line ends early stand beside its end, the others in the margin", () => {
  const plot = { width: 400, height: 200 };
  const labels = [{ text: "a", colour: "#000", x: 100, y: 50 }, { text: "b", colour: "#000", x: 400, y: 50 }];
  const [a, b] = endLabels(labels, plot, { size: 13, veil: "#fff" });
  assert.equal(a.x, 0.25);
  assert.equal(b.x, 1);
});

test("words beside an early end and words in the margin make room for each other where they meet", () => {
  const plot = { width: 400, height: 200 };
  const words = (text, x) => ({ text, colour: "#000", x, y: 50 });
  const meet = endLabels([words("previous", 350), words("validation 0.5", 400)], plot, { size: 13, veil: "#fff" });
  assert.ok(Math.abs(meet[0].y - meet[1].y) * plot.height >= 13);
  const apart = endLabels([words("previous", 100), words("validation 0.5", 400)], plot, { size: 13, veil: "#fff" });
  assert.equal(apart[0].y, apart[1].y);
});

test("on a narrow drawing the words stand on the lines, inside and apart", () => {
  const plot = { narrow: true, width: 300, height: 200 };
  const labels = [["validation 26.7M", 300, 90], ["training 18.0M", 300, 95], ["previous", 20, 92]].map(([text, x, y]) => ({ text, x, y, colour: "#000" }));
  const placed = endLabels(labels, plot, { size: 13, veil: "#fff" });
  for (const label of labels) assert.ok(label.left >= 0 && label.right <= 300 + 1e-9, `${label.text} ${label.left}`);
  assert.ok(Math.abs(labels[0].placed - labels[1].placed) >= 16);
  assert.ok(placed.every((annotation) => annotation.bgcolor === "#fff"));
});
