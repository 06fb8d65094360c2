import assert from "node:assert/strict";
import test from "node:test";

import { bandTrace, drawnIndices, medianTraces, ringsTrace, seedsTrace } from "../../pages/components/live_curve/lines.js";

test("of a long line no spike is lost", () => {
  const values = Array.from({ length: 20_000 }, (_, i) => Math.sin(i / 500));
  values[12_345] = 99;
  values[777] = -99;
  const drawn = drawnIndices(values, 0, values.length);
  assert.ok(drawn.length < 2000);
  assert.ok(drawn.includes(12_345) && drawn.includes(777));
  assert.equal(drawn[0], 0);
  assert.equal(drawn.at(-1), 19_999);
  assert.ok(drawn.every((index, i) => !i || index > drawn[i - 1]));
});

test("where fewer than half of the seeds train, the median is a line of its own", () => {
  const band = { middle: [3, 2, 1, 1], seeds: [3, 3, 1, 1] };
  const [whole, rest, joint] = medianTraces(band, 4, 3, { color: "#000", width: 2 }, (rows) => ({ hoverinfo: "x", told: rows.middle }));
  assert.deepEqual([whole.x, whole.y], [[1, 2], [3, 2]]);
  assert.deepEqual(rest.y, [null, null, 1, 1]); // no epoch is told twice
  assert.deepEqual([joint.x, joint.y, joint.hoverinfo], [[2, 3], [2, 1], "skip"]);
  assert.ok(rest.opacity < 1);
});

test("every seed is a thin line of its own, with a gap to the next", () => {
  const record = { series: new Map([[0, { val_loss: [3, 2] }], [1, { val_loss: [4, null, 1] }]]) };
  const { x, y } = seedsTrace(record, "val_loss", 3, {});
  assert.deepEqual(x, [1, 2, null, 1, 2, 3, null]);
  assert.deepEqual(y, [3, 2, null, 4, null, 1, null]);
});

test("rings stand at even distances, on epochs that are there", () => {
  const band = { middle: Array.from({ length: 60 }, (_, i) => i + 1) };
  const { x, y } = ringsTrace(band, 40, { width: 600, logX: false, last: 60 }, {});
  assert.ok(x.length >= 4 && x.every((epoch) => epoch <= 40));
  assert.deepEqual(x, y);
  const gaps = x.slice(1).map((epoch, i) => epoch - x[i]);
  assert.ok(Math.max(...gaps) - Math.min(...gaps) <= 1);
});

test("a band is one closed shape for each stretch without gaps", () => {
  const { x, y } = bandTrace({ low: [1, 1, null, 2], high: [3, 3, null, 4] }, 4, "#0072B2", 0.2);
  assert.deepEqual(x, [1, 2, 2, 1, null, 4, 4, null]);
  assert.deepEqual(y, [1, 1, 3, 3, null, 2, 4, null]);
});
