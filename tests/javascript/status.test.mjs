import assert from "node:assert/strict";
import test from "node:test";

import { mergeCurves, records } from "../../pages/components/live_curve/records.js";
import { statusOf } from "../../pages/components/live_curve/status.js";
import { waitingStatus } from "../../pages/components/shared/status.js";

const NO_REPLAY = { replaying: false, replayed: null };

function record(run, trial = {}, values = [], more = {}) {
  const made = records.open(JSON.stringify([run, trial, values, more]));
  const trials = [{ number: 0, fold: null, diverged_epoch: null, context: {}, hyperparameters: { epochs: 60 }, ...trial }];
  const chunk = { number: 0, first: 0, loss: values, train_loss: values, val_loss: values, metric: values, val_metric: values };
  mergeCurves(made, { run, trials, engine: "ready", cursor: 1, state: "", chunks: values.length ? [chunk] : [], ...more });
  return made;
}

const words = (made) => (({ state, words: strong, detail }) => `${state}: ${strong}, ${detail}`)(statusOf(made, NO_REPLAY));

test("what is waited for", () => {
  assert.equal(waitingStatus(null, "search").words, "no search yet");
  assert.equal(waitingStatus({ gone: true }, "run").detail, "this run is no longer stored");
  assert.equal(waitingStatus({ run: { status: "queued" }, engine: "ready" }, "run").words, "queued");
  assert.equal(waitingStatus({ run: { status: "queued" }, engine: "warming" }, "run").words, "warming up");
  const turn = (turn) => waitingStatus({ run: { status: "queued" }, engine: "ready", turn }, "run").detail;
  assert.equal(turn([3, 0, 40]), "waits for 3 runs of others and a free worker: about 40 s");
  assert.equal(turn([1, 2, 90]), "waits for 1 run of others and 2 of your own and a free worker: about 1 min 30 s");
  assert.equal(turn([0, 0, 4]), "waits for a free worker: about 4 s");
  assert.equal(turn(null), "starts when it is its turn");
  assert.match(waitingStatus({ run: { status: "queued" }, engine: "down" }, "search").detail, /not running; the search waits/);
  assert.equal(waitingStatus({ run: { status: "running" } }, "run"), null);
});

test("a run in each of its states", () => {
  const run = { epochs_done: 20, epochs_total: 60, started: 1, finished: 4, now: 3, note: "" };
  assert.equal(words(record({ ...run, status: "running" }, {}, [3, 2])), "running: running, epoch 2 of 60 · 4.0 s left");
  assert.equal(words(record({ ...run, status: "running" })), "warming: preparing, the first epoch of a new model shape takes a moment");
  assert.equal(words(record({ ...run, status: "finished" }, { best_epoch: 2 }, [3, 2])), "finished: finished, 2 epochs · best epoch 2 · 3.0 s");
  assert.equal(words(record({ ...run, status: "stopped" }, {}, [3, 2])), "stopped: stopped, at epoch 2 of 60 · as asked");
  assert.equal(words(record({ ...run, status: "diverged" }, { diverged_epoch: 2 }, [3])), "diverged: diverged, at epoch 2: the loss is no longer a number");
});

test("an error is told where a run has failed", () => {
  const run = { status: "failed", error: { message: "No.", remedy: "Do." } };
  assert.equal(statusOf(record(run), NO_REPLAY).error, "No. Do.");
});
