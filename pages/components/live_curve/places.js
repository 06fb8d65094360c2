// Where things are: the plot area, and the way from values to pixels and back to Plotly's paper.

const RIGHT = 138; // room for the words at the ends of the lines, at letters of 13 pixels
const NARROW = 480; // pixels: a phone's drawing has no room beside the lines, so their words stand on them

export function plotArea({ width, height, theme }) {
  const letters = (n) => Math.round(theme.size * n);
  const narrow = width < NARROW;
  const margin = { l: letters(narrow ? 3.4 : 4.6), r: letters(narrow ? 0.8 : RIGHT / 13), t: letters(2.1), b: letters(3.2) };
  return { margin, narrow, width: Math.max(50, width - margin.l - margin.r), height: Math.max(50, height - margin.t - margin.b) };
}

// Pixels of an epoch and of a value, from the top left of the plot area.
export function scaleOf({ ranges, state }, plot) {
  const position = ([low, high], log, v) => ((log ? Math.log10(v) : v) - low) / (high - low);
  return {
    x: (epoch) => position(ranges.x, state.logX, epoch) * plot.width,
    y: (value) => (ranges.y ? 1 - position(ranges.y, state.logY, value) : NaN) * plot.height,
  };
}

// The place of an annotation, given in pixels of the plot area.
export function placeAt(plot, x, y) {
  return { xref: "paper", yref: "paper", x: x / plot.width, y: 1 - y / plot.height, showarrow: false };
}

// A straight line between two places in pixels of the plot area.
export function segment(plot, [x0, y0], [x1, y1], line, layer = "below") {
  const ends = { x0: x0 / plot.width, x1: x1 / plot.width, y0: 1 - y0 / plot.height, y1: 1 - y1 / plot.height };
  return { type: "line", xref: "paper", yref: "paper", ...ends, line, layer };
}
