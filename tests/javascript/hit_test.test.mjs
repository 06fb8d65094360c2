import assert from "node:assert/strict";
import test from "node:test";

import { nearest } from "../../pages/components/search_board/hit_test.js";

const box = { x: 0, y: 0, width: 100, height: 100 };
const places = { box, x: (epoch) => epoch * 10, y: (value) => 100 - value };
const search = {
  trials: new Map([
    [0, { number: 0, losses: [20, 40, null, 60] }],
    [1, { number: 1, losses: [80, 80] }],
  ]),
};
const at = (x, y) => nearest(search, places, x, y, { x: [0, 10] }, false);

test("the nearest curve within reach, between its epochs too", () => {
  assert.equal(at(10, 80).trial.number, 0);
  assert.equal(at(15, 70).distance, 0);
  assert.equal(at(20, 22).trial.number, 1);
});

test("nothing where no curve is near, outside the plot, or past a curve's end", () => {
  assert.equal(at(10, 50), null);
  assert.equal(at(-1, 80), null);
  assert.equal(at(90, 20), null);
});
