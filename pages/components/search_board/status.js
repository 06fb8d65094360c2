// The state of a search in words and a picture, never in colour alone.

import { count, formatSeconds, whole } from "../shared/numbers.js";
import { duration, errorText, PREPARING, waitingStatus } from "../shared/status.js";
import { joined } from "../shared/words.js";

// How much is done: trainings that have ended and the begun parts of others, of all that are planned.
export function progressOf(search, planned) {
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

export function statusOf(search, planned) {
  const waiting = waitingStatus(search, "search");
  if (waiting) return waiting;
  return search.run.status === "running" ? runningStatus(search, planned) : { error: errorText(search.run), ...endedStatus(search) };
}

function runningStatus(search, planned) {
  const { run } = search;
  const { ended, total, share } = progressOf(search, planned);
  if (run.stop_requested) return { state: "running", words: "stopping", detail: "what is there is kept" };
  if (!share) return PREPARING;
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
  const by = { stopped: "what is there is kept", interrupted: "it can be continued" }[run.status] ?? "";
  const settings = count(all.length, "setting");
  return { state: run.status, words: run.status, detail: joined(settings, ...lost, duration(run), run.note || by) };
}
