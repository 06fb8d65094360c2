// Lines, medians and bands as Plotly's traces.

import { alpha } from "../shared/theme.js";

const POINTS_DRAWN = 1500; // of one line; above that the extremes of equal buckets are drawn

// A line with many points as the lowest and highest of each bucket: no spike is lost. Returns indices.
export function drawnIndices(values, from, to) {
  const n = to - from;
  if (n <= POINTS_DRAWN) return Array.from({ length: n }, (_, i) => from + i);
  const indices = [from];
  const bucket = (n - 2) / (POINTS_DRAWN / 2);
  for (let start = from + 1; start < to - 1; start += bucket) {
    const [a, b] = [Math.floor(start), Math.min(Math.floor(start + bucket), to - 1)];
    let [low, high] = [a, a];
    for (let i = a; i < b; i++) {
      if (values[i] < values[low]) low = i;
      if (values[i] > values[high]) high = i;
    }
    indices.push(Math.min(low, high));
    if (low !== high) indices.push(Math.max(low, high));
  }
  return [...indices, to - 1];
}

export function lineTrace(band, length, line, extra = {}) {
  const at = drawnIndices(band.middle, 0, length);
  return {
    type: "scatter",
    mode: at.length === 1 ? "markers" : "lines",
    x: at.map((i) => i + 1),
    y: at.map((i) => band.middle[i]),
    line,
    marker: { color: line.color, size: 6 },
    hoverinfo: "skip",
    ...extra,
  };
}

// Where fewer than half of the seeds still train, the median is of a changing crowd: that part is drawn faint.
export function medianTraces(band, length, seeds, line, hover) {
  let whole = length;
  while (whole > 0 && band.seeds[whole - 1] * 2 < seeds) whole -= 1;
  const traces = [lineTrace(band, whole, line, hover(band, 0, whole))];
  if (whole < length) {
    const rest = Object.fromEntries(Object.entries(band).map(([k, v]) => [k, Array.isArray(v) ? v.slice() : v]));
    for (let i = 0; i < whole - 1; i++) rest.middle[i] = null;
    const extra = hover(rest, 0, length);
    traces.push(lineTrace(rest, length, { ...line, width: line.width * 0.6, dash: "4px,3px" }, { ...extra, opacity: 0.75 }));
  }
  return traces.filter((trace) => trace.x.length);
}

// The band as one closed shape per stretch without gaps.
export function bandTrace(band, length, colour, opacity) {
  const [x, y] = [[], []];
  for (let start = 0; start < length; start++) {
    if (band.low[start] === null) continue;
    let end = start;
    while (end + 1 < length && band.low[end + 1] !== null) end += 1;
    const stretch = { low: drawnIndices(band.low, start, end + 1), high: drawnIndices(band.high, start, end + 1).reverse() };
    x.push(...stretch.low.map((i) => i + 1), ...stretch.high.map((i) => i + 1), null);
    y.push(...stretch.low.map((i) => band.low[i]), ...stretch.high.map((i) => band.high[i]), null);
    start = end;
  }
  const fillcolor = alpha(colour, opacity);
  return { type: "scatter", mode: "lines", x, y, line: { width: 0 }, fill: "toself", fillcolor, hoverinfo: "skip" };
}
