// The part of a run that one panel shows, and what is said of it.

import { bandOf, epochsOf, factsOf, hasCurve, markedEpoch } from "../live_curve/records.js";
import { isFinal } from "../shared/records.js";
import { count } from "../shared/numbers.js";
import { lastFinite, median } from "../shared/statistics.js";
import { joined } from "../shared/words.js";

const parts = new WeakMap(); // record -> numbers -> {cursor, part}

// The trials with these numbers as a record of its own; the whole record for null.
export function partOf(record, numbers) {
  if (!numbers) return record;
  if (!parts.has(record)) parts.set(record, new Map());
  const known = parts.get(record);
  const key = numbers.join();
  const version = [record.cursor, record.state, record.trials.length].join();
  if (known.get(key)?.version !== version) {
    const wanted = new Set(numbers);
    const trials = record.trials.filter((trial) => wanted.has(trial.number));
    const series = new Map([...record.series].filter(([number]) => wanted.has(number)));
    known.set(key, { version, part: { ...record, trials, series, bands: {} } });
  }
  return known.get(key).part;
}

// What stands under a panel's title: what it came to, or how far it is.
export function noteOf(part, panel, format) {
  const { run } = part;
  if (!run) return "";
  const done = epochsOf(part);
  if (!hasCurve(part)) return isFinal(part) ? (part.run.error?.message ?? "no epoch was recorded") : "waiting for its turn";
  if (!isFinal(part)) return `epoch ${done.toLocaleString("en-US")} of ${factsOf(part).planned.toLocaleString("en-US")}`;
  const lost = part.trials.filter((trial) => trial.diverged_epoch !== null);
  const diverged = lost.length ? `${lost.length === part.trials.length ? "" : `${lost.length} of ${part.trials.length} `}diverged` : "";
  return joined(diverged, valueWords(part, panel, format));
}

// The validation value at the epochs that are kept, or at the last: the median over the seeds.
function valueWords(part, panel, format) {
  const band = bandOf(part, panel.validation);
  const kept = keptEpoch(part);
  const at = kept ?? lastFinite(band.middle, epochsOf(part)) + 1;
  const value = kept ? keptValue(part, panel) : band.middle[at - 1];
  if (!Number.isFinite(value ?? NaN)) return "";
  return kept ? `${format(value)} at epoch ${kept.toLocaleString("en-US")}` : `${format(value)} after ${count(at, "epoch")}`;
}

export const keptEpoch = (part) => markedEpoch(part, "best_epoch")?.epoch ?? null;

// Median over the seeds of the validation value at each seed's own kept epoch.
export function keptValue(part, panel) {
  const values = part.trials
    .filter((trial) => trial.best_epoch)
    .map((trial) => part.series.get(trial.number)?.[panel.validation][trial.best_epoch - 1]);
  return median(values);
}
