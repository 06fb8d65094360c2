import assert from "node:assert/strict";
import test from "node:test";

import { SteadyRange } from "../../pages/components/shared/value_range.js";

const grown = (range, fit, settled = false) => range.update(fit, fit, settled, false);

test("stays while what grows is held, and widens with room when it is not", () => {
  const range = new SteadyRange(false);
  assert.deepEqual(grown(range, [2, 10]), [2, 10]);
  assert.deepEqual(grown(range, [2.5, 9]), [2, 10]);
  const [low, high] = grown(range, [2, 12]);
  assert.equal(low, 2);
  assert.ok(high > 12 && high < 14);
});

test("shows zero as soon as values come near to it", () => {
  const range = new SteadyRange(false);
  grown(range, [8, 10]);
  assert.equal(grown(range, [4, 10])[0], 0);
});

test("is fitted anew when all is there", () => {
  const range = new SteadyRange(true);
  grown(range, [0, 10]);
  assert.deepEqual(grown(range, [0, 6], false), [0, 10]);
  assert.deepEqual(grown(range, [0, 6], true), [0, 6]);
});

test("keeps what it had when there is nothing to fit to", () => {
  const range = new SteadyRange(false);
  assert.equal(range.update(null, null, false, false), null);
  grown(range, [0, 1]);
  assert.deepEqual(range.update(null, null, true, false), [0, 1]);
});
