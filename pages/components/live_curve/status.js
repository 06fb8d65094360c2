// A run's state in words and a picture, never in colour alone.

// {state, words, detail, error}: state names an icon and a style; words are bold, detail is not; all plain text.
function statusOf(record, view) {
  if (!record) return { state: "empty", words: "no run yet", detail: "" };
  if (record.gone) return { state: "gone", words: "deleted", detail: "this run is no longer stored" };
  const run = record.run;
  if (!run) return { state: "queued", words: "loading", detail: "" };
  if (view.replayed) return replayedStatus(view.replayed);
  if (view.replaying) return { state: "running", words: "replay", detail: `epoch ${view.upto} of ${epochsOf(record)}` };
  const words = { queued: queuedStatus, running: runningStatus, finished: finishedStatus, diverged: divergedStatus }[run.status];
  const status = words ? words(record) : endedStatus(record);
  return { error: errorText(run), ...status };
}

function queuedStatus(record) {
  if (record.engine === "ready") return { state: "queued", words: "queued", detail: "starts when the runs before it are done" };
  if (record.engine !== "down") {
    return { state: "warming", words: "warming up", detail: "the training engine is starting, which takes some seconds" };
  }
  return { state: "warming", words: "queued", detail: "the training engine is not running; the run waits for it" };
}

function runningStatus(record) {
  const { run } = record;
  const epoch = epochsOf(record);
  const { planned, patience } = factsOf(record);
  if (run.stop_requested) return { state: "running", words: "stopping", detail: epoch ? `after epoch ${epoch}` : "" };
  if (!epoch) return { state: "warming", words: "preparing", detail: "the first epoch of a new model shape takes a moment" };
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
    const detail = joined(count(epoch, "epoch"), bestWords, seedWords(record), warning, duration(record));
    return { state: "finished", words: "finished", detail };
  }
  const all = stop.seeds === record.trials.length;
  const at = `at epoch ${whole(stop.epoch)} of ${whole(factsOf(record).planned)}`;
  const when = all ? at : `${stop.seeds} of ${record.trials.length} seeds, ${at}`;
  const detail = joined(when, bestWords, all ? seedWords(record) : "", warning, duration(record));
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

function errorText(run) {
  if (run.status !== "failed" || !run.error) return "";
  return [run.error.message, run.error.remedy].filter(Boolean).join(" ");
}

const duration = ({ run }) => (run.started && run.finished ? formatSeconds(run.finished - run.started) : "");

function seedWords(record) {
  const folds = new Set(record.trials.map((trial) => trial.fold).filter((fold) => fold !== null));
  if (folds.size > 1) return count(record.trials.length, "model");
  return record.trials.length > 1 ? count(record.trials.length, "seed") : "";
}

// What somebody who does not see the curves should know.
function summaryOf(record, panel, share) {
  if (!record || !hasCurve(record)) return "No learning curve yet.";
  const format = share ? formatShare : formatFull;
  const epoch = epochsOf(record);
  const [train, validation] = [panel.train, panel.validation].map((name) => bandOf(record, name).middle);
  const [t, v] = [lastFinite(train, epoch), lastFinite(validation, epoch)];
  const best = markedEpoch(record, "best_epoch");
  const value = best ? bandOf(record, panel.validation).middle[best.epoch - 1] : null;
  const seeds = record.series.size > 1 ? `, median of ${record.series.size} seeds` : "";
  return [
    `Learning curves, ${panel.name}${seeds}.`,
    t < 0 ? "" : `Training: ${format(train[0])} after the first epoch, ${format(train[t])} after epoch ${t + 1}.`,
    v < 0 ? "" : `Validation: ${format(validation[0])} after the first epoch, ${format(validation[v])} after epoch ${v + 1}.`,
    best && Number.isFinite(value) ? `Best epoch ${best.epoch}, validation ${format(value)}.` : "",
  ].filter(Boolean).join(" ");
}
