import assert from "node:assert/strict";
import test from "node:test";

import { Axes, epochLimit, fitRange, robustExtent } from "../../pages/components/live_curve/ranges.js";
import { factsOf, mergeCurves, records } from "../../pages/components/live_curve/records.js";

const LINEAR = { log: false, share: false };
const falling = Array.from({ length: 60 }, (_, i) => 8 / (i + 1) + 1);
const fit = (curves, baselines = [], kind = LINEAR) => fitRange({ curves: curves.map((values) => ({ values, reach: 3 })), behind: [], baselines }, kind);

test("wild first epochs do not set the scale", () => {
  const [, high] = robustExtent([1e6, 1e4, ...falling], 3);
  assert.ok(high < 20);
});

test("the last tenth is in view, unless it explodes", () => {
  assert.ok(robustExtent([...falling, 4, 4, 4, 4, 4, 4], 3)[1] >= 4);
  assert.ok(robustExtent([...falling, 1e9], 3)[1] < 1e3);
});

test("a baseline comes into view only where it does not press the curves flat", () => {
  assert.ok(fit([falling], [4])[1] >= 4);
  assert.ok(fit([falling], [900])[1] < 15);
});

test("a share does not go past what can be", () => {
  const [low, high] = fit([[0.5, 0.9, 1, 1]], [], { log: false, share: true });
  assert.ok(low >= 0 && high <= 1.004);
  assert.ok(10 ** fit([[0.5, 0.9, 1, 1]], [], { log: true, share: true })[1] <= 1.004);
});

test("nothing to fit to is no range; a constant curve has one", () => {
  assert.equal(fit([[null, NaN]]), null);
  const [low, high] = fit([[2, 2, 2]]);
  assert.ok(low < 2 && high > 2);
});

test("the epochs on the axis", () => {
  const before = { planned: 100, patience: null };
  assert.equal(epochLimit(null, before, { recorded: 20, earlier: 0, settled: false }), 100);
  assert.equal(epochLimit(null, before, { recorded: 20, earlier: 0, settled: true }), 28);
  const stopping = { planned: 500, patience: 20 };
  assert.equal(epochLimit(null, stopping, { recorded: 1, earlier: 0, settled: false }), 50);
  assert.equal(epochLimit(50, stopping, { recorded: 51, earlier: 0, settled: false }), 80);
});

test("the last seed that still trains does not set the scale", () => {
  const record = records.open("last seed");
  const chunk = (number, values) => ({ number, first: 0, loss: values, train_loss: values, val_loss: values, metric: [], val_metric: [] });
  const long = [...falling, ...Array(60).fill(500)];
  const trials = [0, 1, 2, 3, 4].map((number) => ({ number, diverged_epoch: null, context: {}, hyperparameters: { epochs: 120 } }));
  const chunks = trials.map(({ number }) => chunk(number, number ? falling : long));
  mergeCurves(record, { run: { status: "finished" }, trials, cursor: 1, state: "", chunks });
  const panel = { key: "loss", train: "train_loss", validation: "val_loss", dummy: "dummy_loss", linear: "linear_loss" };
  const shown = { main: record, ghost: null, overlays: [], facts: factsOf(record), panel, share: false, settled: true, target: "" };
  const { x, y } = new Axes().ranges({ ...shown, all: false, state: { logY: false, logX: false, spread: "both", baselines: true } });
  assert.ok(y[1] < 20 && x[1] >= 120);
});
