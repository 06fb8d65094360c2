// One value range for all panels.

import { quantile } from "../shared/statistics.js";
import { NEAR_ZERO } from "../shared/value_range.js";

const REACH = 3; // a value this many times the 20-80 % spread away does not set the scale
const HIGHEST = 4; // as many times as high as the middle panel, and no wild one goes further

// [bottom, top] in axis units that the bulk of each curve needs, so that neither a wild first epoch nor one wild panel presses
// all others flat; null while there is nothing. The same rule as `value_range` in tuning_core/charts/compared_curves.py.
export function commonRange(curves, { log, share }) {
  const [lows, highs] = [[], []];
  for (const curve of curves) {
    const values = curve.filter((v) => Number.isFinite(v ?? NaN) && (!log || v > 0)).map((v) => (log ? Math.log10(v) : v));
    if (!values.length) continue;
    values.sort((a, b) => a - b);
    const [q20, q80] = [quantile(values, 0.2), quantile(values, 0.8)];
    const reach = (log ? 4 : 1) * REACH * Math.max(q80 - q20, Math.abs(q80) * 0.02, 1e-12);
    lows.push(Math.max(values[0], q20 - reach));
    highs.push(Math.min(values.at(-1), q80 + reach));
  }
  if (!lows.length) return null;
  const low = Math.min(...lows);
  const middle = quantile(highs.sort((a, b) => a - b), 0.5);
  const high = Math.min(highs.at(-1), low + HIGHEST * Math.max(middle - low, Math.abs(middle) * 0.02));
  const pad = 0.06 * Math.max(high - low, Math.abs(high) * 0.02, 1e-12);
  if (log) return [low - pad, Math.min(high + pad, share ? 0.0017 : Infinity)];
  const bottom = low >= 0 && low < NEAR_ZERO * high && !share ? 0 : low - pad;
  return share ? [Math.max(bottom, 0), Math.min(high + pad, 1.004)] : [bottom, high + pad];
}
