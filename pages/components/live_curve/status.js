// The state of a run, and a summary of its curves, in words.

import { count, formatSeconds, whole } from "../shared/numbers.js";
import { duration, errorText, PREPARING, waitingStatus } from "../shared/status.js";
import { joined } from "../shared/words.js";

import { replayedStatus } from "./early_stop_status.js";
import { epochsOf, factsOf, markedEpoch } from "./records.js";

export function statusOf(record, view) {
  const waiting = waitingStatus(record, "run");
  if (view.replayed && record?.run) return replayedStatus(view.replayed);
  if (waiting) return waiting;
  if (view.replaying) return { state: "running", words: "replay", detail: `epoch ${view.upto} of ${epochsOf(record)}` };
  const { run } = record;
  const words = { running: runningStatus, finished: finishedStatus, diverged: divergedStatus }[run.status] ?? endedStatus;
  return { error: run.status === "failed" ? errorText(run) : "", ...words(record) };
}

function runningStatus(record) {
  const { run } = record;
  const epoch = epochsOf(record);
  const { planned, patience } = factsOf(record);
  if (run.stop_requested) return { state: "running", words: "stopping", detail: epoch ? `after epoch ${epoch}` : "" };
  if (!epoch) return PREPARING;
  const elapsed = run.now - run.started;
  const left = run.epochs_done ? (elapsed * (run.epochs_total - run.epochs_done)) / run.epochs_done : NaN;
  const time = elapsed > 0.5 && Number.isFinite(left) ? `${patience === null ? "" : "at most "}${formatSeconds(left)} left` : "";
  const at = `epoch ${whole(epoch)} of ${whole(planned)}`;
  return { state: "running", words: "running", detail: joined(at, seedWords(record), time) };
}

function finishedStatus(record) {
  const epoch = epochsOf(record);
  const stop = markedEpoch(record, "stopped_epoch");
  const best = markedEpoch(record, "best_epoch");
  const lost = record.trials.filter((trial) => trial.diverged_epoch !== null).length;
  const warning = lost ? `${lost} of ${record.trials.length} diverged` : "";
  const bestWords = best ? `best epoch ${whole(best.epoch)}` : "";
  if (!stop) {
    const detail = joined(count(epoch, "epoch"), bestWords, seedWords(record), warning, duration(record.run));
    return { state: "finished", words: "finished", detail };
  }
  const all = stop.seeds === record.trials.length;
  const at = `at epoch ${whole(stop.epoch)} of ${whole(factsOf(record).planned)}`;
  const when = all ? at : `${stop.seeds} of ${record.trials.length} seeds, ${at}`;
  const detail = joined(when, bestWords, all ? seedWords(record) : "", warning, duration(record.run));
  return { state: "stopped_early", words: "stopped early", detail };
}

function divergedStatus(record) {
  const lost = markedEpoch(record, "diverged_epoch");
  const where = lost ? `at epoch ${whole(lost.epoch)}: the loss is no longer a number` : "the loss is no longer a number";
  return { state: "diverged", words: "diverged", detail: joined(where, seedWords(record)) };
}

function endedStatus(record) {
  const { run } = record;
  const epoch = epochsOf(record);
  const at = epoch ? `at epoch ${whole(epoch)} of ${whole(factsOf(record).planned)}` : "before its first epoch";
  const by = { stopped: "as asked", interrupted: "it can be continued", failed: "" }[run.status] ?? "";
  return { state: run.status, words: run.status, detail: joined(at, run.status === "failed" ? "" : run.note || by) };
}

function seedWords(record) {
  const folds = new Set(record.trials.map((trial) => trial.fold).filter((fold) => fold !== null));
  if (folds.size > 1) return count(record.trials.length, "model");
  return record.trials.length > 1 ? count(record.trials.length, "seed") : "";
}
