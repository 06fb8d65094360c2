// Axes, titles, and the rest of Plotly's layout.

import { formatTick, formatTickShare } from "../shared/numbers.js";
import { roundTicks, tickWords } from "../shared/ticks.js";
import { plotlyText } from "../shared/words.js";

import { placeAt } from "./places.js";
import { bandWords } from "./records.js";

function hoverTitle(main) {
  const seeds = main?.series.size ?? 0;
  return `<b>epoch %{x}</b>${seeds > 1 ? `  median of ${seeds} seeds, ${bandWords(main)}` : ""}`;
}

export function layoutOf(context, annotations) {
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
  const ticks = ticksOf(ranges.x, state.logX, plot.width / 80, formatTick, Number.isInteger); // no half epochs
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
  return { ...axis, ...ticksOf(ranges.y, state.logY, plot.height / 55, share ? formatTickShare : formatTick) };
}

// Our own ticks on every axis: Plotly would write G where the rest of the page writes B.
function ticksOf(range, log, wanted, format, fits = () => true) {
  const tickvals = roundTicks(range, log, Math.max(3, Math.round(wanted))).filter(fits);
  return { tickmode: "array", tickvals, ticktext: tickWords(tickvals, format) };
}

// With several seeds the lines are medians, epoch by epoch; other pages tell the mean of what each seed keeps.
export function addTitle({ main, panel, theme, plot, parts }) {
  const font = { size: theme.size * 0.95, color: theme.grey };
  const seeds = main?.series.size ?? 0;
  const name = seeds > 1 ? `${panel.name} · median of ${seeds} seeds` : panel.name;
  const title = { ...placeAt(plot, -plot.margin.l, 0), text: plotlyText(name), yshift: 6, yanchor: "bottom" };
  const beside = { xanchor: "left", xshift: theme.size * 1.5, yshift: -2, yanchor: "top" };
  const above = { xanchor: "right", yshift: 1, yanchor: "bottom" }; // the axis, where there is no room beside it
  const epoch = { ...placeAt(plot, plot.width, plot.height), text: "epoch", ...(plot.narrow ? above : beside) };
  parts.annotations.push(...[title, epoch].map((words) => ({ xanchor: "left", ...words, font })));
}
