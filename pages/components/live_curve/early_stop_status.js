// What other rules of early stopping would have done to a run, in words.

import { formatNumber, whole } from "../shared/numbers.js";
import { median } from "../shared/statistics.js";
import { joined } from "../shared/words.js";

import { untold } from "./early_stop.js";

export function replayedStatus(replayed) {
  const { trials } = replayed;
  const short = untold(replayed);
  const stopped = trials.filter(({ point }) => point.stopped);
  const keeps = keptWords(replayed);
  const who = (some) => (trials.length > 1 ? `${some.length} of ${trials.length} seeds` : "");
  if (short.length) {
    const end = whole(median(short.map(({ point }) => point.last)));
    const detail = joined(who(short), `the recording ends at epoch ${end}, before these rules would stop it`);
    return { state: "early_stop", words: "too short to tell", detail };
  }
  if (!stopped.length) return { state: "early_stop", words: "does not stop", detail: joined("trains to the end", keeps) };
  const epoch = whole(Math.round(median(stopped.map(({ point }) => point.stopped))));
  const all = stopped.length === trials.length;
  const sum = (of) => trials.reduce((total, trial) => total + of(trial), 0);
  const saved = 1 - sum(({ point }) => point.last) / sum(({ number }) => replayed.series.get(number).loss.length);
  const detail = joined(all ? "" : who(stopped), `${Math.round(100 * saved)} % of the epochs saved`, keeps);
  return { state: "early_stop", words: `stops at epoch ${epoch}`, detail };
}

// "keeps epoch 33, validation loss 0.123: 1.2 % above the best, epoch 83": medians over the seeds.
function keptWords({ trials, series }) {
  const found = trials.flatMap(({ number, point }) => {
    const losses = series.get(number).val_loss;
    const lowest = losses.reduce((low, v, i) => (v !== null && (low < 0 || v < losses[low]) ? i : low), -1);
    const kept = point.kept ? losses[point.kept - 1] : null;
    return lowest < 0 || kept === null || kept === undefined ? [] : [{ kept, epoch: point.kept, best: losses[lowest], lowest: lowest + 1 }];
  });
  if (!found.length) return "";
  const middle = (of) => median(found.map(of));
  const above = 100 * middle(({ kept, best }) => (kept - best) / Math.max(Math.abs(best), 1e-300));
  const best = above < 0.05 ? "the best" : `${above.toPrecision(2)} % above the best (epoch ${whole(Math.round(middle((f) => f.lowest)))})`;
  return `keeps epoch ${whole(Math.round(middle((f) => f.epoch)))}: validation loss ${formatNumber(middle((f) => f.kept))}, ${best}`;
}
