// What part of the plane is shown. Ranges stay still while a curve grows: they widen when they must, and are fitted
// anew, by a short glide, when a run has ended or a curve would otherwise lie flat on the floor.

const REACH = 3; // a value this many times the 10-90 % spread away does not set the scale
const BAND_REACH = 1; // the edge of a band counts less than the median in it
const GLIDE_MS = 260;

// Extent [low, high] of one curve without its wild first epochs. Works on any scale (take logarithms before).
// The smaller `reach` is, the less a few far values count.
function robustExtent(values, reach) {
  const finite = values.filter((v) => Number.isFinite(v));
  if (!finite.length) return null;
  const sorted = [...finite].sort((a, b) => a - b);
  let [low, high] = [sorted[0], sorted[sorted.length - 1]];
  if (finite.length >= 4) {
    const [q10, q90] = [quantile(sorted, 0.1), quantile(sorted, 0.9)];
    const spread = Math.max(q90 - q10, Math.abs(q90) * 0.02, 1e-12);
    high = Math.min(high, q90 + reach * spread);
    low = Math.max(low, q10 - reach * spread);
    // Never hide where the curve is going: its last tenth is in view, unless it explodes.
    const last = finite.slice(-Math.max(1, Math.ceil(finite.length / 10)));
    if (Math.max(...last) <= q90 + 10 * spread) high = Math.max(high, ...last);
    if (Math.min(...last) >= q10 - 10 * spread) low = Math.min(low, ...last);
  }
  return [low, high];
}

// Fitted range [bottom, top], null when there is nothing to fit to. Counted in full are curves {values, reach}; what stands
// `behind` and the baselines come into view only as far as they do not press the curves flat.
function fitRange({ curves, behind, baselines }, { log, share }) {
  const scaled = (v) => (v === null || v === undefined || !Number.isFinite(v) ? NaN : log ? (v > 0 ? Math.log10(v) : NaN) : v);
  const extent = ({ values, reach }) => robustExtent(values.map(scaled), reach);
  const flat = baselines.map(scaled).filter(Number.isFinite);
  const found = curves.map(extent).filter(Boolean);
  if (!found.length && !flat.length) return null;
  let [low, high] = found.length ? outer(found) : [Math.min(...flat), Math.max(...flat)];
  const least = log ? 0.05 : Math.max(Math.abs(high) * 0.02, 1e-12);
  const room = 0.7 * Math.max(high - low, least);
  const [floor, roof] = [low - room, high + room];
  for (const [from, to] of behind.map(extent).filter(Boolean)) [low, high] = [Math.min(low, Math.max(from, floor)), Math.max(high, Math.min(to, roof))];
  for (const value of flat) if (value >= floor && value <= roof) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const pad = Math.max(high - low, least) * 0.06;
  let [bottom, top] = [low - pad, high + pad];
  if (!log && low >= 0 && low < 0.35 * high) bottom = 0; // near enough to zero to show it
  if (share && !log) [bottom, top] = [Math.max(bottom, 0), Math.min(top, 1.004)];
  return [bottom, top];
}

const outer = (extents) => [Math.min(...extents.map((e) => e[0])), Math.max(...extents.map((e) => e[1]))];
const span = (range) => range[1] - range[0];

// The range with what it does not hold yet, and some room beyond, so that it does not creep.
function widened(range, need) {
  const room = 0.12 * Math.max(span(range), span(need));
  const bottom = need[0] < range[0] ? Math.max(need[0] - room, Math.min(need[0], 0)) : range[0];
  return [bottom, need[1] > range[1] ? need[1] + room : range[1]];
}

// The range of one scale ("loss, log", ...), as it moves in time.
class SteadyRange {
  constructor() {
    this.range = null;
    this.glide = null;
  }

  // `fit` is what the present curves deserve, `need` what may not be out of view; `settled` when they will not grow.
  update(fit, need, settled, animate) {
    if (!fit) return this.now();
    if (!this.range) return (this.range = fit);
    const target = this.glide?.to ?? this.range;
    const tooWide = span(fit) < (settled ? 0.8 : 0.4) * span(target);
    const next = tooWide || settled ? fit : widened(target, need ?? fit);
    if (!close(next, target)) this.move(next, animate);
    return this.now();
  }

  move(to, animate) {
    this.glide = animate && !reducedMotion() ? { from: this.now(), to, start: performance.now() } : null;
    this.range = to;
  }

  now() {
    if (!this.glide) return this.range;
    const t = Math.min(1, (performance.now() - this.glide.start) / GLIDE_MS);
    const eased = 1 - (1 - t) ** 3;
    const { from, to } = this.glide;
    if (t >= 1) this.glide = null;
    return [0, 1].map((i) => from[i] + eased * (to[i] - from[i]));
  }
}

const close = (a, b) => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) < 0.02 * Math.max(span(a), span(b));

// Last epoch on the axis. Without early stopping it is known from the start; with it, the axis begins as long as
// the previous curve was and grows in few, large steps.
function epochLimit(before, { planned, patience, recorded, earlier }) {
  if (patience === null) return Math.max(planned, recorded, earlier);
  let limit = Math.max(before ?? 0, Math.min(planned, Math.max(30, 2 * patience + 10, Math.ceil(earlier * 1.06))));
  while (limit < recorded) limit = Math.min(Math.max(planned, recorded), Math.ceil(limit * 1.6));
  return limit;
}

// Ticks of a logarithmic axis at round values, enough of them at any zoom. range in powers of ten.
function logTicks([low, high], format) {
  for (const digits of [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9]]) {
    const values = [];
    for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
      for (const digit of digits) {
        const at = power + Math.log10(digit);
        if (at >= low - 1e-9 && at <= high + 1e-9) values.push(Number((digit * 10 ** power).toPrecision(6)));
      }
    }
    if (values.length >= 4) return { tickmode: "array", tickvals: values, ticktext: values.map(format) };
  }
  return { tickmode: "auto" };
}
