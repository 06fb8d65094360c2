// The state of a search in words and a picture, never in colour alone.

// How much is done: trainings that have ended and the begun parts of others, of all that are planned.
function progressOf(search, planned) {
  let done = 0;
  let ended = 0;
  for (const setting of search.settings.values()) {
    const over = setting.status !== "queued" && setting.status !== "running";
    for (const number of setting.trials) {
      const trial = search.trials.get(number);
      done += over ? 1 : Math.min(1, trial.losses.length / trial.planned);
      ended += over;
    }
  }
  const total = Math.max(planned ?? 0, search.trials.size);
  return { ended, total, share: total ? done / total : 0 };
}

function statusOf(search, planned) {
  if (!search) return { state: "empty", words: "no search yet", detail: "" };
  if (search.gone) return { state: "gone", words: "deleted", detail: "this search is no longer stored" };
  const { run } = search;
  if (!run) return { state: "queued", words: "loading", detail: "" };
  if (run.status === "queued") return queuedStatus(search);
  const error = run.error ? [run.error.message, run.error.remedy].filter(Boolean).join(" ") : "";
  return run.status === "running" ? runningStatus(search, planned) : { error, ...endedStatus(search) };
}

function queuedStatus({ engine }) {
  if (engine === "ready") return { state: "queued", words: "queued", detail: "starts when the runs before it are done" };
  if (engine !== "down") return { state: "warming", words: "warming up", detail: "the training engine is starting, which takes some seconds" };
  return { state: "warming", words: "queued", detail: "the training engine is not running; the search waits for it" };
}

function runningStatus(search, planned) {
  const { run } = search;
  const { ended, total, share } = progressOf(search, planned);
  if (run.stop_requested) return { state: "running", words: "stopping", detail: "what is there is kept" };
  if (!share) return { state: "warming", words: "preparing", detail: "the first epoch of a new model shape takes a moment" };
  const elapsed = run.now - run.started;
  const left = Math.min((elapsed * (1 - share)) / share, (search.facts?.seconds ?? Infinity) - elapsed);
  const time = elapsed > 0.5 && left > 0 && Number.isFinite(left) ? `about ${formatSeconds(left)} left` : "";
  return { state: "running", words: "running", detail: joined(`${whole(ended)} of ${count(total, "training")} done`, time) };
}

function endedStatus(search) {
  const { run } = search;
  const all = [...search.settings.values()];
  const of = (status) => all.filter((setting) => setting.status === status).length;
  const lost = [of("diverged") && `${of("diverged")} diverged`, of("failed") && `${of("failed")} failed`];
  const time = run.started && run.finished ? formatSeconds(run.finished - run.started) : "";
  const by = { stopped: "what is there is kept", interrupted: "it can be continued" }[run.status] ?? "";
  const settings = count(all.length, "setting");
  return { state: run.status, words: run.status, detail: joined(settings, ...lost, time, run.note || by) };
}
