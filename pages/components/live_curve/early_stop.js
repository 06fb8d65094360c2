// What if training had stopped earlier? Keras's rules of early stopping, replayed on a recorded run with no retraining.

import { SCORE, bandOf, factsOf } from "./records.js";

const RULES = { patience: 20, min_delta: 0, start_from_epoch: 0, restore_best_weights: true, monitor: "val_loss" };
export const DELTA_STEPS = 60; // positions of the slider of min_delta: 0, then four decades up to the whole fall of the curve

const GREATER_IS_BETTER = ["r2", "accuracy", "balanced_accuracy", "macro_f1", "roc_auc", "average_precision"];

// The series that is watched: of a score there is one where the training watched it.
const watchedSeries = (monitor) => (monitor.startsWith("val_") ? monitor : SCORE);

export const rulesOf = (record) => ({ ...RULES, ...record?.trials[0]?.hyperparameters?.early_stopping });

// The same as `stop_point` in tuning_core/diagnosis/early_stop.py; a test compares them. Epochs from 1, null for none.
export function stopPoint(series, rules, classification) {
  const length = trainedEpochs(series);
  const upward = (rules.monitor === "val_metric" && classification) || GREATER_IS_BETTER.includes(rules.monitor);
  const [sign, watched] = [upward ? -1 : 1, series[watchedSeries(rules.monitor)] ?? []]; // lower is better
  let [best, bestEpoch, wait, stopped] = [Infinity, null, 0, null];
  for (let epoch = rules.start_from_epoch; epoch < length; epoch++) {
    const recorded = watched[epoch];
    if (recorded === null || recorded === undefined) continue;
    const value = sign * recorded;
    wait += 1;
    if (bestEpoch === null || value + rules.min_delta < best) [best, bestEpoch, wait] = [value, epoch + 1, 0];
    else if (wait >= rules.patience && epoch > 0) {
      stopped = epoch + 1;
      break;
    }
  }
  const last = stopped ?? length;
  return { stopped, last, best: bestEpoch, kept: ((rules.restore_best_weights && bestEpoch) || last) || null };
}

// Epochs up to and with the first one in which a recorded series is not finite.
function trainedEpochs(series) {
  const all = Object.entries(series).filter(([name]) => name !== SCORE).map(([, values]) => values); // rows may define no score
  const recorded = all.filter((values) => values.some((v) => v !== null && v !== undefined));
  const length = Math.max(0, ...all.map((values) => values.length));
  for (let i = 0; i < length; i++) if (recorded.some((values) => values[i] === null || values[i] === undefined)) return i + 1;
  return length;
}

// The run as it would have ended under these rules: the same curves, other marks on them.
export function replayStopping(record, rules) {
  const { classification } = factsOf(record);
  const trials = record.trials.filter((trial) => record.series.has(trial.number)).map((trial) => {
    const point = stopPoint(record.series.get(trial.number), rules, classification);
    point.open = !point.stopped && trial.diverged_epoch === null && point.last < (trial.hyperparameters?.epochs ?? 0);
    return { ...trial, best_epoch: point.open ? null : point.kept, stopped_epoch: point.stopped, point };
  });
  return { ...record, trials, isReplayed: true };
}

// Trials whose recording ends before these rules would have ended them: what would come next, and be kept, is not known.
export const untold = (replayed) => replayed.trials.filter(({ point }) => point.open);

// How far what is watched falls in all, median over the seeds: the largest improvement that could be asked for.
function wholeFall(record, rules) {
  const values = bandOf(record, watchedSeries(rules.monitor)).middle.filter((v) => v !== null);
  return values.length ? Math.max(...values) - Math.min(...values) : 0;
}

export function deltaAt(record, rules, position) {
  return position ? Number((wholeFall(record, rules) * 10 ** ((position - DELTA_STEPS) / 15)).toPrecision(2)) : 0;
}

export function deltaPosition(record, rules) {
  const share = rules.min_delta / wholeFall(record, rules);
  if (!(share > 0)) return 0;
  return Math.min(DELTA_STEPS, Math.max(1, Math.round(DELTA_STEPS + 15 * Math.log10(share))));
}
