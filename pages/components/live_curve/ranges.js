// What part of the plane is shown. Ranges stay still while a curve grows: they widen when they must, and are fitted
// anew, by a short glide, when a run has ended or a curve would otherwise lie flat on the floor.

import { quantile } from "../shared/statistics.js";
import { NEAR_ZERO, SteadyRange } from "../shared/value_range.js";

import { rowsOf } from "./clipping.js";
import { bandOf, crowdLength, epochsOf } from "./records.js";

const REACH = 3; // a value this many times the 20-80 % spread away does not set the scale

// Extent [low, high] of one curve without its wild first epochs. Works on any scale (take logarithms before).
// The smaller `reach` is, the less a few far values count.
export function robustExtent(values, reach) {
  const finite = values.filter((v) => Number.isFinite(v));
  if (!finite.length) return null;
  const sorted = [...finite].sort((a, b) => a - b);
  let [low, high] = [sorted[0], sorted[sorted.length - 1]];
  if (finite.length >= 4) {
    const [q20, q80] = [quantile(sorted, 0.2), quantile(sorted, 0.8)];
    const spread = Math.max(q80 - q20, Math.abs(q80) * 0.02, 1e-12);
    high = Math.min(high, q80 + reach * spread);
    low = Math.max(low, q20 - reach * spread);
    // Never hide where the curve is going: its last tenth is in view, unless it explodes.
    const last = finite.slice(-Math.max(1, Math.ceil(finite.length / 10)));
    if (Math.max(...last) <= q80 + 10 * spread) high = Math.max(high, ...last);
    if (Math.min(...last) >= q20 - 10 * spread) low = Math.min(low, ...last);
  }
  return [low, high];
}

// Fitted range [bottom, top], null when there is nothing to fit to. Counted in full are curves {values, reach}; what stands
// `behind` and the baselines come into view only as far as they do not press the curves flat.
export function fitRange({ curves, behind, baselines, all = false }, { log, share }) {
  const scaled = (v) => (v === null || v === undefined || !Number.isFinite(v) ? NaN : log ? (v > 0 ? Math.log10(v) : NaN) : v);
  // A logarithm is robust by itself.
  const extent = ({ values, reach }) => robustExtent(values.map(scaled), log ? 4 * reach : reach);
  const flat = baselines.map(scaled).filter(Number.isFinite);
  const found = curves.map(extent).filter(Boolean);
  if (!found.length && !flat.length) return null;
  let [low, high] = found.length ? outer(found) : [Math.min(...flat), Math.max(...flat)];
  const least = log ? 0.05 : Math.max(Math.abs(high) * 0.02, 1e-12);
  const room = all ? Infinity : 0.7 * Math.max(high - low, least);
  const [floor, roof] = [low - room, high + room];
  for (const [from, to] of behind.map(extent).filter(Boolean)) {
    low = Math.min(low, Math.max(from, floor));
    high = Math.max(high, Math.min(to, roof));
  }
  for (const value of flat) if (value >= floor && value <= roof) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const pad = Math.max(high - low, least) * 0.06;
  let [bottom, top] = [low - pad, high + pad];
  if (!log && low >= 0 && low < NEAR_ZERO * high) bottom = 0;
  return share ? within([bottom, top], log ? [-Infinity, SHARE_ROOF_LOG] : [0, SHARE_ROOF]) : [bottom, top];
}

const within = ([bottom, top], [floor, roof]) => [Math.max(bottom, floor), Math.min(top, roof)];

const SHARE_ROOF = 1.004; // of a share: nothing is past 100 %, but the line at 100 % has its width
const SHARE_ROOF_LOG = 0.0017;

const outer = (extents) => [Math.min(...extents.map((e) => e[0])), Math.max(...extents.map((e) => e[1]))];
// Both axes: a value range for each thing that can be drawn, and how far the epochs go.
export class Axes {
  constructor() {
    this.steady = new Map();
    this.limit = null;
  }

  // {x, y: ranges in axis units (powers of ten on a logarithmic axis), gliding}; y is null while there is nothing.
  ranges({ main, ghost, overlays, facts, panel, share, settled, state, target, all }) {
    const scale = [panel.key, state.logY, all, facts.lossName, facts.context.task, target, facts.context.dummy_loss].join();
    if (!this.steady.has(scale)) this.steady.set(scale, new SteadyRange(state.logY));
    const steady = this.steady.get(scale);
    const compared = overlays.map((overlay) => overlay.record);
    const others = [ghost, ...compared].filter(Boolean);
    const fitted = {
      curves: main ? curvesIn(main, panel, { ...state, all }) : [],
      behind: others.flatMap((record) => curvesIn(record, panel, { all })),
      all,
      baselines: state.baselines ? [facts.context[panel.dummy], facts.context[panel.linear]] : [],
    };
    const kind = { log: state.logY, share };
    const fit = steady.update(fitRange(fitted, kind), fitRange({ ...fitted, behind: [] }, kind), settled, Boolean(main));
    const earlier = Math.max(0, ...[ghost, ...compared].map(epochsOf));
    const plan = [facts.planned, facts.patience, target].join();
    const before = plan === this.plan ? this.limit : null;
    this.plan = plan;
    this.limit = epochLimit(before, facts, { recorded: epochsOf(main), earlier, settled });
    const last = Math.max(2, this.limit);
    const y = fit && share ? within(fit, state.logY ? [-Infinity, SHARE_ROOF_LOG] : [0, SHARE_ROOF]) : fit;
    return { x: state.logX ? [Math.log10(0.97), Math.log10(last)] : [0, last], y, gliding: Boolean(steady.glide) };
  }
}

// Curves that the value axis should hold: the medians, as far as most seeds train; with `all`, everything that is drawn, to its last value. Of a
// diverging one only up to a few times where it began.
function curvesIn(record, panel, { all, running, spread }) {
  if (all) return rowsOf(record, panel, { spread, running }).map((values) => ({ values, reach: Infinity }));
  const exploded = record.trials.some((trial) => trial.diverged_epoch !== null);
  const whole = crowdLength(bandOf(record, panel.validation), record.series.size);
  return rowsOf(record, panel, { running }).map((median) => {
    const values = median.slice(0, whole);
    const roof = exploded ? (values.find((v) => v !== null) ?? 0) * 4 : Infinity;
    return { values: exploded ? values.map((v) => (v === null ? v : Math.min(v, roof))) : values, reach: REACH };
  });
}

// Last epoch on the axis. Without early stopping it is known from the start; with it, the axis begins as long as
// the previous curve was and grows in few, large steps.
// When a run has ended long before its plan, the rest is empty and is cut off.
export function epochLimit(before, { planned, patience }, { recorded, earlier, settled }) {
  const longest = Math.max(recorded, earlier);
  if (patience === null) {
    const short = settled && recorded && longest < 0.4 * planned;
    return short ? Math.max(10, Math.ceil(1.4 * longest)) : Math.max(planned, longest);
  }
  let limit = Math.max(before ?? 0, Math.min(planned, Math.max(30, 2 * patience + 10, Math.ceil(earlier * 1.06))));
  while (limit < recorded) limit = Math.min(Math.max(planned, recorded), Math.ceil(limit * 1.6));
  return limit;
}
