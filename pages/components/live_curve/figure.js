// From records to a Plotly figure: traces, shapes and annotations. No DOM here.

import { formatNumber, formatShare } from "../shared/numbers.js";
import { lastFinite } from "../shared/statistics.js";
import { alpha } from "../shared/theme.js";
import { plotlyText, shortened } from "../shared/words.js";

import { addReplayedStop } from "./early_stop_marks.js";
import { addEvidence } from "./evidence.js";
import { hoverOf } from "./hover.js";
import { endLabels } from "./labels.js";
import { addTitle, layoutOf } from "./layout.js";
import { bandTrace, lineTrace, medianTraces, ringsTrace, seedsTrace } from "./lines.js";
import { addMarkers } from "./markers.js";
import { plotArea, scaleOf, segment } from "./places.js";
import { bandOf, epochsOf } from "./records.js";

const DASHES = ["dash", "dot", "dashdot", "longdash", "longdashdot"];

// All that is drawn: view = {main, ghost, overlays, upto, state, facts, panel, theme, width, height, ranges}.
export function buildFigure(view) {
  const { main, ghost, overlays, upto, state, theme } = view;
  const { share } = view.panel;
  const format = share ? formatShare : formatNumber;
  const parts = { traces: [], labels: [], shapes: [], annotations: [] };
  const plot = plotArea(view);
  const scale = scaleOf(view, plot);
  const context = { ...view, plot, scale, format, share, parts };
  if (state.baselines) addBaselines(context);
  if (ghost) addGhost(context, ghost);
  overlays.forEach((overlay, i) => addOverlay(context, overlay, i));
  if (main && Math.min(upto, epochsOf(main)) > 0) addMain(context);
  if (main) addEvidence(context, view.finding);
  addTitle(context);
  const ends = endLabels(parts.labels, plot, { size: theme.size, veil: alpha(theme.background, 0.78) });
  return { data: parts.traces, layout: layoutOf(context, [...ends, ...parts.annotations]) };
}

function addMain(context) {
  const { main, upto, state, panel, theme, format, parts, stale } = context;
  const length = Math.min(upto, epochsOf(main));
  const seeds = main.series.size;
  const hideOutside = main.trials.some((trial) => trial.diverged_epoch !== null);
  const opacity = stale ? 0.4 : 1;
  const lines = [
    ["training", panel.train, theme.train, { width: theme.line }],
    ["validation", panel.validation, theme.validation, { width: theme.line }],
  ];
  for (const [, name, colour] of seeds > 1 ? lines : []) addSpread(context, name, colour, { length, opacity });
  const dotted = { width: theme.line * 0.6, dash: "1.5px,2.5px" };
  if (state.running && panel.running) lines.unshift(["running loss", panel.running, theme.train, dotted]);
  for (const [label, name, color, line] of lines) {
    const band = bandOf(main, name);
    const traces = medianTraces(band, length, seeds, { color, ...line }, hoverOf(label, main, format));
    for (const [i, trace] of traces.entries()) {
      parts.traces.push({ ...trace, name: i ? `${label}, fewer seeds` : label, opacity: (trace.opacity ?? 1) * opacity });
    }
    if (name === panel.validation) addRings(context, band, length, opacity);
    const words = name === panel.validation ? `○ ${label}` : label;
    const ink = name === panel.validation ? theme.ink.validation : theme.ink.train;
    addEndLabel(context, { label: words, band, length, color: ink, seeds, hideOutside, faint: label === "running loss" || stale });
  }
  addReplayedStop(context);
  if (!stale) addMarkers({ ...context, length });
}

// What the single seeds do: a band, thin lines, or both.
function addSpread({ main, state, theme, parts }, name, colour, { length, opacity }) {
  if (state.spread !== "seeds") {
    parts.traces.push({ ...bandTrace(bandOf(main, name), length, colour, 0.18), opacity, name: `band ${name}` });
  }
  if (state.spread !== "band") {
    const line = { color: colour, width: theme.line * 0.35 };
    parts.traces.push({ ...seedsTrace(main, name, length, line), opacity: 0.5 * opacity, name: `seeds ${name}` });
  }
}

function addRings({ parts, plot, state, theme, ranges }, band, length, opacity) {
  const look = { size: theme.line * 2.7, color: theme.background, line: { color: theme.validation, width: theme.line * 0.7 } };
  const last = state.logX ? 10 ** ranges.x[1] : ranges.x[1];
  const rings = ringsTrace(band, length, { width: plot.width, logX: state.logX, last }, look);
  parts.traces.push({ ...rings, opacity, name: "validation rings" });
}

function addEndLabel({ scale, plot, format, parts }, { label, band, length, color, faint, bare, hideOutside, seeds }) {
  const last = lastFinite(band.middle, length);
  const y = last < 0 ? NaN : scale.y(band.middle[last]);
  if (Number.isNaN(y)) return;
  if (hideOutside && (y < 0 || y > plot.height)) return; // the words at the cross say it
  const arrow = y < -1 ? "↑ " : y > plot.height + 1 ? "↓ " : "";
  const name = plotlyText(label);
  // A median of the last few seeds is not the median: its value would be taken for the result.
  const few = seeds && band.seeds[last] * 2 < seeds;
  const value = few ? `, ${band.seeds[last]}/${seeds} seeds` : bare ? "" : ` ${arrow}${format(band.middle[last])}`;
  const place = { x: Math.min(scale.x(last + 1), plot.width), y: Math.min(Math.max(y, 0), plot.height) };
  parts.labels.push({ ...place, text: name + value, colour: color, faint: faint || few });
}

function addGhost(context, ghost) {
  const { panel, theme, parts } = context;
  const length = epochsOf(ghost);
  for (const [name, color] of [[panel.train, theme.train], [panel.validation, theme.validation]]) {
    const line = { color, width: theme.line * 0.8 };
    parts.traces.push(lineTrace(bandOf(ghost, name), length, line, { opacity: 0.32, name: `ghost ${name}` }));
  }
  const band = bandOf(ghost, panel.validation);
  addEndLabel(context, { label: "previous", band, length, color: theme.grey, faint: true, bare: true });
}

function addOverlay(context, { record, label }, i) {
  const { panel, theme, format, parts } = context;
  const dash = DASHES[i % DASHES.length];
  const length = epochsOf(record);
  for (const [name, color, weight] of [[panel.train, theme.train, 0.6], [panel.validation, theme.validation, 0.85]]) {
    const band = bandOf(record, name);
    const isNamed = name === panel.validation; // the hover box would grow too long with both
    const hover = isNamed ? hoverOf(shortened(label, 28), record, format)(band, 0, length) : {};
    const extra = { opacity: weight, ...hover, name: `overlay ${i + 1} ${name}` };
    parts.traces.push(lineTrace(band, length, { color, width: theme.line * weight, dash }, extra));
    if (isNamed) addEndLabel(context, { label: shortened(label, 16), band, length, color: theme.ink.validation, bare: true });
  }
}

// Baselines are dashes across the plot; one that is out of view is told in the margin, with an arrow.
function addBaselines({ facts, panel, theme, scale, plot, format, parts }) {
  const line = { color: theme.grey, width: 1.3, dash: "7px,5px" };
  for (const [words, name] of [["constant", panel.dummy], ["linear model", panel.linear], ["trees", panel.tree]]) {
    const value = facts.context[name];
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    const y = scale.y(value);
    const inside = y >= 0 && y <= plot.height;
    if (inside) parts.shapes.push(segment(plot, [0, y], [plot.width, y], line));
    const arrow = inside ? "" : y > plot.height ? "↓ " : "↑ ";
    const place = { x: plot.width, y: Math.min(Math.max(y || 0, 0), plot.height) };
    parts.labels.push({ ...place, text: `${words} ${arrow}${format(value)}`, colour: theme.grey, faint: true });
  }
}
