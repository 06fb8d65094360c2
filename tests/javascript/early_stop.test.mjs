import assert from "node:assert/strict";
import test from "node:test";

import { deltaAt, deltaPosition, replayStopping, stopPoint, untold } from "../../pages/components/live_curve/early_stop.js";
import { mergeCurves, records } from "../../pages/components/live_curve/records.js";

const RULES = { patience: 2, min_delta: 0, start_from_epoch: 0, restore_best_weights: true, monitor: "val_loss" };
const series = (values) => ({ loss: values, train_loss: values, val_loss: values, metric: values, val_metric: values });

test("stops after the patience and keeps the best", () => {
  assert.deepEqual(stopPoint(series([3, 1, 2, 2, 0]), RULES, false), { stopped: 4, last: 4, best: 2, kept: 2 });
  assert.deepEqual(stopPoint(series([3, 1, 2, 2, 0]), { ...RULES, restore_best_weights: false }, false).kept, 4);
  assert.deepEqual(stopPoint(series([]), RULES, false), { stopped: null, last: 0, best: null, kept: null });
});

test("accuracy is better when it is higher", () => {
  const rules = { ...RULES, monitor: "val_metric" };
  assert.equal(stopPoint(series([0.5, 0.9, 0.8, 0.8, 1]), rules, true).best, 2);
  assert.equal(stopPoint(series([0.5, 0.9, 0.8, 0.8, 1]), rules, false).best, 1);
});

test("a score that was watched has a series of its own, and a direction; an epoch without one is passed over", () => {
  const scored = { ...series([3, 2, 1, 1, 1]), val_score: [0.5, 0.9, null, 0.8, 0.8] };
  assert.deepEqual(stopPoint(scored, { ...RULES, monitor: "macro_f1" }, true), { stopped: 5, last: 5, best: 2, kept: 2 });
  assert.equal(stopPoint(scored, { ...RULES, monitor: "rmse" }, false).best, 1);
});

function recorded(id, values, epochs) {
  const record = records.open(id);
  const trial = { number: 0, diverged_epoch: null, context: { task: "regression" }, hyperparameters: { epochs } };
  mergeCurves(record, { run: {}, trials: [trial], cursor: 1, state: "", chunks: [{ number: 0, first: 0, ...series(values) }] });
  return record;
}

test("a recording that ends before the rules would stop it does not say what would be kept", () => {
  const short = replayStopping(recorded("short", [3, 2, 1], 10), RULES);
  assert.equal(untold(short).length, 1);
  assert.equal(short.trials[0].best_epoch, null);
  const whole = replayStopping(recorded("whole", [3, 2, 1], 3), RULES);
  assert.equal(untold(whole).length, 0);
  assert.equal(whole.trials[0].best_epoch, 3);
});

test("the slider of the smallest improvement goes there and back", () => {
  const record = recorded("delta", [1000, 500, 0], 3);
  assert.equal(deltaAt(record, RULES, 0), 0);
  assert.equal(deltaAt(record, RULES, 60), 1000);
  for (const position of [1, 20, 45, 60]) {
    assert.equal(deltaPosition(record, { ...RULES, min_delta: deltaAt(record, RULES, position) }), position);
  }
});
