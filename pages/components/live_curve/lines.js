// Lines, medians and bands as Plotly's traces.

import { alpha } from "../shared/theme.js";

import { crowdLength } from "./records.js";

const RING_DISTANCE = 75; // pixels
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
  const whole = crowdLength(band, seeds, length);
  const traces = [lineTrace(band, whole, line, hover(band, 0, whole))];
  if (whole < length) {
    const rest = { ...band, middle: band.middle.map((v, i) => (i < whole ? null : v)), texts: (band.texts ??= []) };
    const faint = { ...line, width: line.width * 0.6, dash: "4px,3px" };
    traces.push(lineTrace(rest, length, faint, { ...hover(rest, 0, length), opacity: 0.75 }));
    if (whole) traces.push(joint(band, whole, faint));
  }
  return traces.filter((trace) => trace.x.length);
}

// From the last epoch of the one line to the first of the other; no hover, so that no epoch is told twice.
function joint(band, whole, line) {
  const ends = { x: [whole, whole + 1], y: [band.middle[whole - 1], band.middle[whole]] };
  return { type: "scatter", mode: "lines", ...ends, line, hoverinfo: "skip", opacity: 0.75 };
}

// Every seed as a thin line, all in one trace: a median of five hides how each of them swings.
export function seedsTrace(record, name, length, line) {
  const [x, y] = [[], []];
  for (const series of record.series.values()) {
    const values = series[name];
    for (const i of drawnIndices(values, 0, Math.min(length, values.length))) {
      x.push(i + 1);
      y.push(values[i] ?? null);
    }
    x.push(null);
    y.push(null);
  }
  return { type: "scatter", mode: "lines", x, y, line, hoverinfo: "skip", connectgaps: false };
}

// A second mark beside the colour: rings along a line, at about even distances on the axis.
export function ringsTrace(band, length, { width, logX, last }, look) {
  const wanted = Math.max(2, Math.round(width / RING_DISTANCE));
  const place = (share) => (logX ? last ** share : 1 + share * (last - 1));
  const epochs = new Set(Array.from({ length: wanted }, (_, i) => Math.round(place((i + 0.5) / wanted))));
  const x = [...epochs].filter((epoch) => epoch <= length && Number.isFinite(band.middle[epoch - 1] ?? NaN));
  return { type: "scatter", mode: "markers", x, y: x.map((epoch) => band.middle[epoch - 1]), marker: look, hoverinfo: "skip" };
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
