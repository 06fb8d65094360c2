import assert from "node:assert/strict";
import test from "node:test";

import { count, formatFull, formatNumber, formatSeconds, formatShare, formatTick, whole } from "../../pages/components/shared/numbers.js";

test("three significant digits, separated thousands, short forms", () => {
  const cases = [[0, "0"], [1, "1.00"], [12345.6, "12,300"], [999_999, "1.00M"], [2.5e9, "2.50B"], [1e15, "1.00e15"], [0.00001234, "1.23e-5"]];
  for (const [value, words] of cases) assert.equal(formatNumber(value), words);
  for (const value of [NaN, Infinity, null, undefined]) assert.equal(formatNumber(value), "not a number");
});

test("in full up to 1e15", () => {
  assert.equal(formatFull(30_712_000), "30,700,000");
  assert.equal(formatFull(1e16), "1.00e16");
});

test("shares and ticks", () => {
  assert.equal(formatShare(0.97412), "97.4 %");
  assert.equal(formatShare(NaN), "not a number");
  assert.deepEqual([0, 0.5, 1000, 20e6, 0.00002, 1.5e9].map(formatTick), ["0", "0.5", "1,000", "20M", "2e-5", "1.5B"]);
});

test("times", () => {
  assert.deepEqual([0.256, 5.24, 42.4, 125, 7260].map(formatSeconds), ["0.26 s", "5.2 s", "42 s", "2 min 5 s", "2 h 1 min"]);
});

test("counts", () => {
  assert.equal(count(1, "seed"), "1 seed");
  assert.equal(count(1200, "epoch"), "1,200 epochs");
  assert.equal(whole(12345), "12,345");
});
