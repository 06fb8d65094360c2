import assert from "node:assert/strict";
import test from "node:test";

import { pastAxis } from "../../pages/components/live_curve/clipping.js";
import { fitRange, robustExtent } from "../../pages/components/live_curve/ranges.js";
import { mergeCurves, records } from "../../pages/components/live_curve/records.js";

const PANEL = { train: "train_loss", validation: "val_loss", running: "loss" };

function recordWith(id, seeds) {
  const record = records.open(id);
  const chunks = seeds.map((values, number) => {
    return { number, first: 0, loss: values, train_loss: values, val_loss: values, metric: values, val_metric: values };
  });
  mergeCurves(record, { run: {}, trials: [{ context: {} }], cursor: 1, state: "", chunks });
  return record;
}

const view = (record, more = {}) => {
  return { main: record, ghost: null, overlays: [], panel: PANEL, state: { spread: "both", logY: false }, ranges: { x: [0, 4], y: [0, 10] }, ...more };
};

test("the furthest of what is drawn past the axis is told", () => {
  const record = recordWith("wild", [[3, 2, 1], [3, 2, 1], [8e9, 2, 1]]);
  assert.deepEqual(pastAxis(view(record)), { up: 8e9, down: null });
  assert.deepEqual(pastAxis(view(record, { state: { spread: "band", logY: false } })).up, 8e9);
  assert.deepEqual(pastAxis(view(record, { ranges: { x: [0, 4], y: [1.5, 9e9] } })), { up: null, down: null });
  assert.deepEqual(pastAxis(view(record, { ranges: { x: [0, 4], y: [1.5, 1e5] } })), { up: 8e9, down: null });
});

test("a wild pin counts too; epochs that are not replayed yet do not", () => {
  const [calm, pin] = [recordWith("calm", [[3, 2, 50]]), recordWith("pin", [[700, 2, 1]])];
  const overlays = [{ record: pin, label: "pin" }];
  assert.equal(pastAxis(view(calm, { overlays })).up, 700);
  assert.equal(pastAxis(view(calm, { upto: 2 })).up, null);
  assert.equal(pastAxis(view(calm)).up, 50);
});

test("nothing is past an axis that is not there", () => {
  assert.deepEqual(pastAxis(view(null)), { up: null, down: null });
});

test("shown all, the axis holds the last wild value; else it follows the medians", () => {
  const wild = [3, 2, 1, 1, 1, 8e9];
  assert.equal(robustExtent(wild, Infinity)[1], 8e9);
  const curves = [{ values: [3, 2, 1, 1, 1, 1], reach: 3 }];
  const behind = [{ values: [700, 2, 1, 1, 1, 1], reach: Infinity }];
  const kind = { log: false, share: false };
  assert.ok(fitRange({ curves, behind, baselines: [] }, kind)[1] < 10);
  assert.ok(fitRange({ curves, behind, baselines: [], all: true }, kind)[1] >= 700);
});
