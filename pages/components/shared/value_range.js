// A range that stays still while something grows in it: it widens when it must, and is fitted anew, by a short glide, at the end.

import { reducedMotion } from "./dom.js";

export const NEAR_ZERO = 0.45; // values that come below this share of the highest are drawn from zero
const GLIDE_MS = 200;

export const span = (range) => range[1] - range[0];

// The range with what it does not hold yet, and some room beyond, so that it does not creep. Zero is shown as soon as
// the values come near to it.
function widened(range, need, fromZero) {
  const room = 0.12 * Math.max(span(range), span(need));
  const top = need[1] > range[1] ? need[1] + room : range[1];
  if (need[0] >= range[0]) return [range[0], top];
  return [fromZero && need[0] >= 0 && need[0] < NEAR_ZERO * top ? 0 : need[0] - room, top];
}

// The range of one scale ("loss, log", ...), as it moves in time.
export class SteadyRange {
  constructor(log) {
    this.fromZero = !log;
    this.range = null;
    this.glide = null;
  }

  // `fit` is what the present curves deserve, `need` what may not be out of view; `settled` when they will not grow.
  update(fit, need, settled, animate) {
    if (!fit) return this.now();
    if (!this.range) return (this.range = fit);
    const target = this.range;
    const tooWide = span(fit) < (settled ? 0.8 : 0.4) * span(target);
    const holds = need[0] >= target[0] && need[1] <= target[1];
    const stay = holds && !tooWide && (!settled || apart(fit, target) < 0.15);
    const next = stay ? target : tooWide || settled ? fit : widened(target, need, this.fromZero);
    // While a run grows the view only widens, at once: a glide would take time from the training it shows.
    if (apart(next, target) > 0.02) this.move(next, animate && settled);
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

const apart = (a, b) => (Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1])) / Math.max(span(a), span(b));
