import assert from "node:assert/strict";
import test from "node:test";

import { bandOf, epochsOf, factsOf, markedEpoch, mergeCurves, records } from "../../pages/components/live_curve/records.js";
import { isFinal, RecentRecords } from "../../pages/components/shared/records.js";

const SERIES = ["loss", "train_loss", "val_loss", "metric", "val_metric"];
const chunk = (number, first, values) => ({ number, first, ...Object.fromEntries(SERIES.map((name) => [name, values])) });
const answer = (chunks, trials = [{ context: { task: "regression" } }], status = "running") => {
  return { run: { status }, trials, engine: "ready", cursor: 1, state: "s", chunks };
};

test("the records used last are kept", () => {
  const recent = new RecentRecords(2, (id) => ({ id }));
  const first = recent.open("a");
  recent.open("b");
  assert.equal(recent.open("a"), first);
  recent.open("c");
  assert.equal(recent.peek("b"), null);
  assert.equal(recent.peek("a"), first);
});

test("the band over seeds counts only those that are there", () => {
  const record = records.open("r1");
  mergeCurves(record, answer([chunk(0, 0, [1, 2]), chunk(1, 0, [3])]));
  assert.equal(epochsOf(record), 2);
  const band = bandOf(record, "val_loss");
  assert.deepEqual([band.middle, band.low, band.high, band.seeds], [[2, 2], [1, 2], [3, 2], [2, 1]]);
});

test("news changes only the epochs that are new, another seed all of them", () => {
  const record = records.open("r2");
  mergeCurves(record, answer([chunk(0, 0, [4, 4])]));
  assert.deepEqual(bandOf(record, "loss").middle, [4, 4]);
  mergeCurves(record, answer([chunk(0, 2, [null, 8])]));
  assert.deepEqual(bandOf(record, "loss").middle, [4, 4, null, 8]);
  mergeCurves(record, answer([chunk(1, 0, [6, 6])]));
  assert.deepEqual(bandOf(record, "loss").middle, [5, 5, null, 8]);
});

test("above four seeds the band leaves out a tenth at each side", () => {
  const record = records.open("r3");
  mergeCurves(record, answer(Array.from({ length: 11 }, (_, i) => chunk(i, 0, [i]))));
  const band = bandOf(record, "loss");
  assert.deepEqual([band.low[0], band.middle[0], band.high[0]], [1, 5, 9]);
});

test("facts and marks are read from the trials", () => {
  const trial = (best, epochs) => ({ best_epoch: best, context: { task: "classification", loss_name: "ce" }, hyperparameters: { epochs } });
  const record = records.open("r4");
  mergeCurves(record, answer([], [trial(3, 10), trial(null, 20), trial(6, 10)]));
  const { planned, classification, patience, lossName } = factsOf(record);
  assert.deepEqual([planned, classification, patience, lossName], [20, true, null, "ce"]);
  assert.deepEqual(markedEpoch(record, "best_epoch"), { epoch: 5, seeds: 2, epochs: [3, 6] });
});

test("which states are final", () => {
  const final = ["queued", "running", "finished", "stopped", "failed", "interrupted", "diverged"].filter((status) => isFinal({ run: { status } }));
  assert.deepEqual(final, ["finished", "stopped", "failed", "interrupted", "diverged"]);
  assert.equal(isFinal(null), false);
});

test("roots are of each seed, and of the baselines", () => {
  const record = records.open("roots");
  mergeCurves(record, answer([chunk(0, 0, [1, null]), chunk(1, 0, [9, 16])], [{ context: { dummy_loss: 900, linear_loss: null } }]));
  assert.deepEqual(bandOf(record, "val_rmse").middle, [2, 4]); // (1 + 3) / 2, not the root of 5
  mergeCurves(record, answer([chunk(0, 1, [25])], [{ context: { dummy_loss: 900, linear_loss: null } }]));
  assert.deepEqual(bandOf(record, "val_rmse").middle, [2, 4.5]);
  assert.deepEqual([factsOf(record).context.dummy_rmse, factsOf(record).context.linear_rmse], [30, null]);
});
