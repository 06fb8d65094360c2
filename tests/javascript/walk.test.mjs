import assert from "node:assert/strict";
import test from "node:test";

import { mergeCurves, records } from "../../pages/components/live_curve/records.js";
import { epochWords, steppedTo } from "../../pages/components/live_curve/walk.js";

test("keys walk along the epochs and stay on the curve", () => {
  assert.equal(steppedTo("ArrowRight", null, 60), 1);
  assert.equal(steppedTo("ArrowLeft", null, 60), 60);
  assert.equal(steppedTo("ArrowRight", 60, 60), 60);
  assert.equal(steppedTo("PageDown", 12, 60), 2);
  assert.equal(steppedTo("Home", 12, 60), 1);
  assert.equal(steppedTo("End", null, 60), 60);
  assert.equal(steppedTo("a", 12, 60), undefined);
  assert.equal(steppedTo("End", null, 0), undefined);
});

test("what is said tells values and seeds", () => {
  const record = records.open("walked");
  const chunk = (number, values) => ({ number, first: 0, loss: values, train_loss: values, val_loss: values.map((v) => v + 1), metric: [], val_metric: [] });
  mergeCurves(record, { run: {}, trials: [{ context: {} }], cursor: 1, state: "", chunks: [chunk(0, [4, 2]), chunk(1, [6])] });
  const panel = { train: "train_loss", validation: "val_loss" };
  assert.equal(epochWords(record, panel, 1, false), "Epoch 1 of 2: training 5.00, validation 6.00. Median of 2 seeds.");
  assert.equal(epochWords(record, panel, 2, false), "Epoch 2 of 2: training 2.00, validation 3.00. Median of 1 of 2 seeds.");
});
