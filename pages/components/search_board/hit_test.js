// Which curve is under the pointer.

import { span } from "../shared/value_range.js";

const REACH_PX = 16;

// The trial whose curve is nearest to a place in pixels, with its epoch there; null when none is near.
export function nearest(search, places, px, py, ranges, logX) {
  const { box } = places;
  if (px < box.x || px > box.x + box.width || py < box.y || py > box.y + box.height) return null;
  const share = ranges.x[0] + ((px - box.x) / box.width) * span(ranges.x);
  const at = logX ? 10 ** share : share;
  let found = null;
  for (const trial of search.trials.values()) {
    const last = trial.losses.length;
    if (!last || at > last + 0.5) continue;
    const epoch = Math.min(Math.max(Math.round(at), 1), last);
    const [low, high] = [Math.max(1, Math.floor(at)), Math.min(last, Math.ceil(at))];
    const [a, b] = [trial.losses[low - 1], trial.losses[high - 1]];
    const value = high > low && a !== null && b !== null ? a + (b - a) * (at - low) : trial.losses[epoch - 1];
    if (value === null || value === undefined) continue;
    const distance = Math.abs(places.y(value) - py);
    if (distance < (found?.distance ?? REACH_PX)) found = { trial, epoch, distance };
  }
  return found;
}
