import assert from "node:assert/strict";
import test from "node:test";

import { formatTick } from "../../pages/components/shared/numbers.js";
import { roundTicks, tickWords } from "../../pages/components/shared/ticks.js";

const digitsOf = (v) => Number(v.toExponential(10).split("e")[0]);

test("a logarithmic axis has 1, 2 and 5 times powers of ten, all in view and not crowded", () => {
  for (const range of [[0, 9], [0, 2], [-1, 1.3], [5.9, 8.2], [-7, 30], [0, 3.5]]) {
    const ticks = roundTicks(range, true, 6);
    assert.ok(ticks.length >= 3 && ticks.length <= 9, `${range}: ${ticks}`);
    for (const v of ticks) {
      assert.ok([1, 2, 5].includes(digitsOf(v)), String(v));
      assert.ok(Math.log10(v) >= range[0] - 1e-9 && Math.log10(v) <= range[1] + 1e-9);
    }
  }
});

test("a logarithmic axis of less than that has even steps", () => {
  assert.deepEqual(roundTicks([Math.log10(21), Math.log10(33)], true, 6), [22, 24, 26, 28, 30, 32]);
});

test("even steps of 1, 2 or 5", () => {
  assert.deepEqual(roundTicks([0, 100], false, 5), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(roundTicks([0.31, 0.42], false, 5), [0.32, 0.34, 0.36, 0.38, 0.4, 0.42]);
  assert.deepEqual(roundTicks([0, 7], false, 10).filter(Number.isInteger), [0, 1, 2, 3, 4, 5, 6, 7]);
});

test("words that would be alike have more digits", () => {
  assert.deepEqual(tickWords([0, 20e6, 40e6], formatTick), ["0", "20M", "40M"]);
  assert.deepEqual(tickWords([100.2, 100.4, 100.6], formatTick), ["100.2", "100.4", "100.6"]);
  assert.deepEqual(tickWords([12_340, 12_350], formatTick), ["12,340", "12,350"]);
});
