// Where things are: the plot area, the way from values to pixels and back to Plotly's paper, axes and titles.

const RIGHT = 138; // room for the words at the ends of the lines, at letters of 13 pixels

function plotArea({ width, height, theme }) {
  const letters = (n) => Math.round(theme.size * n);
  const margin = { l: letters(4.6), r: letters(RIGHT / 13), t: letters(2.1), b: letters(3.2) };
  return { margin, width: Math.max(50, width - margin.l - margin.r), height: Math.max(50, height - margin.t - margin.b) };
}

// Pixels of an epoch and of a value, from the top left of the plot area.
function scaleOf({ ranges, state }, plot) {
  const position = ([low, high], log, v) => ((log ? Math.log10(v) : v) - low) / (high - low);
  return {
    x: (epoch) => position(ranges.x, state.logX, epoch) * plot.width,
    y: (value) => (ranges.y ? 1 - position(ranges.y, state.logY, value) : NaN) * plot.height,
  };
}

// The place of an annotation, given in pixels of the plot area.
function placeAt(plot, x, y) {
  return { xref: "paper", yref: "paper", x: x / plot.width, y: 1 - y / plot.height, showarrow: false };
}

// A straight line between two places in pixels of the plot area.
function segment(plot, [x0, y0], [x1, y1], line, layer = "below") {
  const ends = { x0: x0 / plot.width, x1: x1 / plot.width, y0: 1 - y0 / plot.height, y1: 1 - y1 / plot.height };
  return { type: "line", xref: "paper", yref: "paper", ...ends, line, layer };
}

function hoverTitle(main) {
  const seeds = main?.series.size ?? 0;
  return `<b>epoch %{x}</b>${seeds > 1 ? `  median of ${seeds} seeds, ${bandWords(main)}` : ""}`;
}

function layoutOf(context, annotations) {
  const { theme, plot, parts, width, height } = context;
  const text = { family: theme.font, size: theme.size, color: theme.text };
  return {
    width,
    height,
    margin: { ...plot.margin, pad: 0 },
    autosize: false,
    showlegend: false,
    uirevision: "steady",
    dragmode: "zoom",
    hovermode: "x unified",
    hoverdistance: 30,
    hoverlabel: { bgcolor: theme.surface, bordercolor: theme.grid, font: text },
    separators: ".,",
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: text,
    xaxis: epochAxis(context),
    yaxis: valueAxis(context),
    shapes: parts.shapes,
    annotations,
  };
}

function baseAxis(theme, range, log) {
  const look = { color: theme.grey, gridcolor: theme.grid, linecolor: theme.grid, tickfont: { size: theme.size * 0.92 } };
  return { ...look, range, type: log ? "log" : "linear", autorange: false, zeroline: false, ticks: "", separatethousands: true };
}

function epochAxis({ main, ranges, state, theme, plot }) {
  const ticks = state.logX ? logTicks(ranges.x, formatTick) : { nticks: Math.max(3, Math.round(plot.width / 80)) };
  if (!state.logX && span(ranges.x) < 8) Object.assign(ticks, { tickmode: "linear", tick0: 0, dtick: 1 }); // no half epochs
  return {
    ...baseAxis(theme, ranges.x, state.logX),
    showgrid: false,
    showline: true,
    showticklabels: Boolean(main || ranges.y),
    hoverformat: ",d",
    unifiedhovertitle: { text: hoverTitle(main) },
    spikecolor: theme.grey,
    spikethickness: 1,
    spikedash: "solid",
    ...ticks,
  };
}

function valueAxis({ ranges, state, theme, plot, share }) {
  const axis = baseAxis(theme, ranges.y ?? [0, 1], state.logY && ranges.y);
  if (!ranges.y) return { ...axis, showticklabels: false, showgrid: false }; // nothing to measure yet
  const format = share ? formatShare : formatTick;
  const ticks = state.logY ? logTicks(ranges.y, format) : { nticks: Math.max(3, Math.round(plot.height / 55)) };
  return { ...axis, exponentformat: "B", minexponent: 6, tickformat: share ? "~%" : undefined, ...ticks };
}

function addTitle({ panel, theme, plot, parts }) {
  const font = { size: theme.size * 0.95, color: theme.grey };
  const title = { ...placeAt(plot, -plot.margin.l, 0), text: plotlyText(panel.name), yshift: 6, yanchor: "bottom" };
  const place = placeAt(plot, plot.width, plot.height);
  const epoch = { ...place, text: "epoch", xshift: theme.size * 1.5, yshift: -2, yanchor: "top" };
  parts.annotations.push(...[title, epoch].map((words) => ({ ...words, xanchor: "left", font })));
}
