// What is known of runs, and their statistics over the seeds.

import { RecentRecords } from "../shared/records.js";
import { median, quantile } from "../shared/statistics.js";

const SERIES = ["loss", "train_loss", "val_loss", "metric", "val_metric"];
export const SCORE = "val_score"; // beside them where early stopping watches a score
const ROOTS = { rmse: "loss", train_rmse: "train_loss", val_rmse: "val_loss" }; // of each seed, so that medians are of roots
const RECORDS_KEPT = 40;
const MIN_MAX_UP_TO = 4; // seeds: above that the band is the 10 % to 90 % quantiles

export const records = new RecentRecords(RECORDS_KEPT, (id) => {
  return { id, feed: "curves", run: null, trials: [], series: new Map(), bands: {}, cursor: 0, state: null };
});

export const epochsOf = (record) => Math.max(0, ...[...(record?.series.values() ?? [])].map((s) => s.loss.length));
export const hasCurve = (record) => epochsOf(record) > 0;

// Take in one answer of /api/curves.
export function mergeCurves(record, answer) {
  if (record.trials[0]?.context.task !== answer.trials[0]?.context.task) record.bands = {}; // other units: other words
  record.run = answer.run;
  record.trials = answer.trials;
  record.engine = answer.engine;
  record.turn = answer.turn;
  record.cursor = answer.cursor;
  record.state = answer.state;
  record.received = performance.now();
  for (const chunk of answer.chunks) {
    if (!record.series.has(chunk.number)) {
      record.series.set(chunk.number, Object.fromEntries([...SERIES, ...Object.keys(ROOTS)].map((name) => [name, []])));
      record.bands = {}; // another seed changes the statistics of every epoch
    }
    const series = record.series.get(chunk.number);
    if (SCORE in chunk) series[SCORE] ??= [];
    for (const name of SCORE in chunk ? [...SERIES, SCORE] : SERIES) {
      for (let i = 0; i < chunk[name].length; i++) series[name][chunk.first + i] = chunk[name][i];
    }
    for (const [name, squared] of Object.entries(ROOTS)) {
      for (let i = chunk.first; i < chunk.first + chunk[squared].length; i++) series[name][i] = root(series[squared][i]);
    }
    for (const band of Object.values(record.bands)) band.fresh = Math.min(band.fresh, chunk.first);
  }
}

const root = (value) => (value === null || value === undefined ? null : Math.sqrt(value));

// Median and band over the seeds, epoch by epoch: {middle, low, high, seeds}. Only epochs that are new are computed.
export function bandOf(record, name) {
  const band = (record.bands[name] ??= { middle: [], low: [], high: [], seeds: [], fresh: 0 });
  const rows = [...record.series.values()].map((series) => series[name] ?? []);
  const length = epochsOf(record);
  if (band.texts) band.texts.length = Math.min(band.texts.length, band.fresh);
  for (let e = band.fresh; e < length; e++) {
    const values = rows.map((row) => row[e]).filter((v) => v !== null && v !== undefined);
    values.sort((a, b) => a - b);
    const edge = rows.length <= MIN_MAX_UP_TO ? 0 : 0.1;
    band.seeds[e] = values.length;
    band.middle[e] = values.length ? quantile(values, 0.5) : null;
    band.low[e] = values.length ? quantile(values, edge) : null;
    band.high[e] = values.length ? quantile(values, 1 - edge) : null;
  }
  band.fresh = length;
  return band;
}

// Epochs that at least half of the seeds reached: beyond them a median is of a changing crowd.
export function crowdLength(band, seeds, length = band.seeds.length) {
  let whole = length;
  while (whole > 0 && band.seeds[whole - 1] * 2 < seeds) whole -= 1;
  return whole;
}

export const bandWords = (record) => (record.series.size <= MIN_MAX_UP_TO ? "min to max" : "10 % to 90 %");

// The facts that a drawing needs: planned epochs, patience, names and baselines of loss and metric.
export function factsOf(record) {
  const first = record?.trials[0];
  const context = withRoots(first?.context ?? {});
  const hps = (record?.trials ?? []).map((trial) => trial.hyperparameters ?? {});
  return {
    context,
    planned: Math.max(1, ...hps.map((hp) => hp.epochs ?? 1)),
    patience: first?.hyperparameters?.early_stopping?.patience ?? null,
    classification: context.task === "classification",
    lossName: context.loss_name ?? "",
  };
}

const withRoots = (context) => {
  const roots = ["dummy", "linear", "tree"].map((name) => [`${name}_rmse`, root(context[`${name}_loss`])]);
  return { ...context, ...Object.fromEntries(roots) };
};

// Median over the seeds of an epoch that the engine recorded, e.g. "best_epoch"; how many seeds have one.
export function markedEpoch(record, name) {
  const epochs = record.trials.map((trial) => trial[name]).filter((e) => e !== null && e !== undefined);
  return epochs.length ? { epoch: Math.round(median(epochs)), seeds: epochs.length, epochs } : null;
}
