// What is known of a search: settings with their scores, trials with their validation losses.

import { RecentRecords } from "../shared/records.js";

const SEARCHES_KEPT = 6;

export const searches = new RecentRecords(SEARCHES_KEPT, (id) => {
  return { id, feed: "board", known: 0, cursor: 0, state: null, run: null, axes: [], settings: new Map(), trials: new Map() };
});

export const hasLines = (search) => [...(search?.trials.values() ?? [])].some((trial) => trial.losses.length);

// Take in one answer of /api/board.
export function mergeBoard(search, answer) {
  Object.assign(search, { run: answer.run, facts: answer.facts, engine: answer.engine, turn: answer.turn, cursor: answer.cursor, state: answer.state });
  for (const { number, words, trials } of answer.fresh) {
    search.settings.set(number, { number, words, trials: trials.map(([n]) => n), status: "queued", mean: null, spread: null });
    for (const [n, planned] of trials) search.trials.set(n, { number: n, setting: number, planned, losses: [], lowest: null });
  }
  search.known = search.settings.size;
  for (const [number, status, mean, spread] of answer.outcomes) {
    Object.assign(search.settings.get(number) ?? {}, { status, mean, spread });
  }
  for (const [number, first, losses] of answer.chunks) {
    const trial = search.trials.get(number);
    for (let i = 0; trial && i < losses.length; i++) {
      trial.losses[first + i] = losses[i];
      if (losses[i] !== null && (trial.lowest === null || losses[i] < trial.lowest)) trial.lowest = losses[i];
    }
  }
  search.ranked = null;
}

// A setting's score: what the engine made of it, or while it trains the mean of the lowest losses of its trials so far.
function scoreOf(search, setting) {
  if (setting.mean !== null) return setting.mean;
  if (search.facts?.score) return null; // measured by the kept weights when a training has ended: no curve shows it
  if (setting.status !== "queued" && setting.status !== "running") return null;
  const lowest = setting.trials.map((n) => search.trials.get(n).lowest).filter((v) => v !== null);
  return lowest.length ? lowest.reduce((a, b) => a + b, 0) / lowest.length : null;
}

// Settings with a score from the best to the worst, each with its rank from 1.
export function ranking(search) {
  if (search.ranked) return search.ranked;
  const scored = [...search.settings.values()].map((setting) => ({ setting, score: scoreOf(search, setting) }));
  const turn = search.facts?.greater ? -1 : 1;
  search.ranked = scored.filter(({ score }) => score !== null).sort((a, b) => turn * (a.score - b.score) || a.setting.number - b.setting.number);
  for (const { setting } of scored) setting.rank = null;
  search.ranked.forEach(({ setting, score }, i) => Object.assign(setting, { rank: i + 1, score }));
  return search.ranked;
}

export const lossName = (search, target) => {
  const of = target ? `${search?.facts?.target_transform === "log" ? " of the logarithm" : ""} of ${target}` : "";
  return { mse: `mean squared error${of}`, mae: `mean absolute error${of}` }[search?.facts?.loss_name] ?? "cross-entropy";
};
