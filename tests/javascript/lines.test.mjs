import assert from "node:assert/strict";
import test from "node:test";

import { bandTrace, drawnIndices, medianTraces } from "../../pages/components/live_curve/lines.js";

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
  const [whole, rest] = medianTraces(band, 4, 3, { color: "#000", width: 2 }, () => ({}));
  assert.deepEqual([whole.x, whole.y], [[1, 2], [3, 2]]);
  assert.deepEqual(rest.y, [null, 2, 1, 1]);
  assert.ok(rest.opacity < 1);
});

test("a band is one closed shape for each stretch without gaps", () => {
  const { x, y } = bandTrace({ low: [1, 1, null, 2], high: [3, 3, null, 4] }, 4, "#0072B2", 0.2);
  assert.deepEqual(x, [1, 2, 2, 1, null, 4, 4, null]);
  assert.deepEqual(y, [1, 1, 3, 3, null, 2, 4, null]);
});
