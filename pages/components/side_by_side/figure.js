// From the panels' records to one Plotly figure. No DOM here.

import { bandOf, epochsOf, factsOf, hasCurve } from "../live_curve/records.js";
import { hoverOf } from "../live_curve/hover.js";
import { bandTrace, medianTraces, ringsTrace, seedsTrace } from "../live_curve/lines.js";
import { formatTick, formatTickShare } from "../shared/numbers.js";
import { roundTicks, tickWords } from "../shared/ticks.js";
import { plotlyText, shortened } from "../shared/words.js";

import { gridOf } from "./grid.js";
import { keptEpoch, keptValue, noteOf } from "./parts.js";

const LETTER = 0.56; // mean width of a letter, in sizes

// view = {panels: [{title, part}], tabs, facts, panel, share, format, state, theme, width, height, ranges}
export function panelsFigure(view) {
  const { theme, width, height } = view;
  const grid = gridOf(view.panels.length, { width, height, size: theme.size });
  const figure = { data: [], layout: baseLayout(view), grid };
  view.panels.forEach((panel, i) => addPanel(figure, view, grid.boxes[i], panel, i));
  addKey(figure, view);
  return figure;
}

function baseLayout({ theme, width, height }) {
  const text = { family: theme.font, size: theme.size, color: theme.text };
  return {
    width,
    height,
    margin: { l: 0, r: 0, t: 0, b: 0, pad: 0 },
    autosize: false,
    showlegend: false,
    uirevision: "steady",
    dragmode: false,
    hovermode: "x unified",
    hoverlabel: { bgcolor: theme.surface, bordercolor: theme.grid, font: { ...text, size: theme.size * 0.9 } },
    separators: ".,",
    paper_bgcolor: theme.background,
    plot_bgcolor: theme.background,
    font: text,
    shapes: [],
    annotations: [],
  };
}

function addPanel(figure, view, box, { title, part }, i) {
  const { theme, width, height, ranges, state } = view;
  const name = i ? String(i + 1) : "";
  const look = { color: theme.grey, gridcolor: theme.grid, linecolor: theme.grid, tickfont: { size: theme.size * 0.92 }, zeroline: false, ticks: "", fixedrange: true };
  figure.layout[`xaxis${name}`] = {
    ...look,
    ...ticks(ranges.x, state.logX, box.width / (theme.size * 5), formatTick, Number.isInteger),
    domain: [box.left / width, (box.left + box.width) / width],
    anchor: `y${name}`,
    range: ranges.x,
    type: state.logX ? "log" : "linear",
    showgrid: false,
    showline: true,
    showticklabels: box.last,
    hoverformat: ",d",
    unifiedhovertitle: { text: "<b>epoch %{x}</b>" },
  };
  figure.layout[`yaxis${name}`] = {
    ...look,
    ...(ranges.y ? ticks(ranges.y, state.logY, box.height / (theme.size * 4), view.share ? formatTickShare : formatTick) : { showgrid: false }),
    domain: [1 - (box.top + box.height) / height, 1 - box.top / height],
    anchor: `x${name}`,
    range: ranges.y ?? [0, 1],
    type: state.logY && ranges.y ? "log" : "linear",
    showticklabels: box.first && Boolean(ranges.y),
  };
  addBaselines(figure, view, part, name);
  if (part && hasCurve(part)) addCurves(figure, view, box, part, name);
  else figure.data.push({ type: "scatter", x: [null], y: [null], xaxis: `x${name}`, yaxis: `y${name}` }); // its axes are drawn
  addTitle(figure, view, box, title, part);
}

function addCurves(figure, view, box, part, name) {
  const { panel, theme, state, format } = view;
  const [length, seeds] = [epochsOf(part), part.series.size];
  const axes = { xaxis: `x${name}`, yaxis: `y${name}` };
  const add = (trace) => figure.data.push({ ...trace, ...axes });
  const lines = [["training", panel.train, theme.train], ["validation", panel.validation, theme.validation]];
  for (const [, series, colour] of seeds > 1 ? lines : []) {
    if (state.spread !== "seeds") add(bandTrace(bandOf(part, series), length, colour, 0.18));
    if (state.spread !== "band") add({ ...seedsTrace(part, series, length, { color: colour, width: theme.line * 0.35 }), opacity: 0.5 });
  }
  for (const [label, series, color] of lines) {
    const band = bandOf(part, series);
    for (const trace of medianTraces(band, length, seeds, { color, width: theme.line }, hoverOf(label, part, format))) add({ ...trace, name: label });
    if (series !== panel.validation) continue;
    const rings = { size: theme.line * 2.7, color: theme.background, line: { color, width: theme.line * 0.7 } };
    const last = state.logX ? 10 ** view.ranges.x[1] : view.ranges.x[1];
    add({ ...ringsTrace(band, length, { width: box.width, logX: state.logX, last }, rings), name: "validation rings" });
    const kept = keptEpoch(part);
    const marker = { size: theme.line * 4.4, color: theme.best, line: { color: theme.background, width: theme.line * 0.6 } };
    if (kept && kept <= length) add({ type: "scatter", mode: "markers", x: [kept], y: [keptValue(part, panel)], marker, hoverinfo: "skip", name: "kept" });
  }
}

export function addBaselines(figure, { state, theme, panel, ranges }, part, name) {
  const { context } = factsOf(part);
  for (const [value, dash] of [[context[panel.dummy], "7px,5px"], [context[panel.linear], "2px,3px"]]) {
    if (!state.baselines || !ranges.y || !Number.isFinite(value ?? NaN)) continue;
    const place = { xref: `x${name} domain`, yref: `y${name}`, x0: 0, x1: 1, y0: value, y1: value };
    figure.layout.shapes.push({ type: "line", ...place, line: { color: theme.grey, width: theme.line * 0.6, dash }, layer: "below" });
  }
}

function addTitle(figure, view, box, title, part) {
  const { theme, width, height, panel, format } = view;
  const fits = (size) => Math.max(8, Math.floor(box.width / (size * LETTER)));
  const place = { xref: "paper", yref: "paper", x: box.left / width, xanchor: "left", yanchor: "bottom", align: "left", showarrow: false };
  const note = part ? [noteOf(part, panel, format), beyond(part, view)].filter(Boolean).join(" · ") : "";
  const at = (up) => 1 - (box.top - up * theme.size) / height;
  const [large, small] = [theme.size * 1.3, theme.size * 0.95];
  figure.layout.annotations.push(
    { ...place, y: at(1.35), text: `<b>${plotlyText(shortened(title, fits(large)))}</b>`, font: { size: large, color: theme.text } },
    { ...place, y: at(0.1), text: plotlyText(shortened(note, fits(small))), font: { size: small, color: theme.grey } },
  );
}

// What leaves the panel at its top is said, and how far it goes.
function beyond(part, { panel, ranges, state, format }) {
  if (!ranges.y || !hasCurve(part)) return "";
  const top = state.logY ? 10 ** ranges.y[1] : ranges.y[1];
  const names = [panel.train, panel.validation];
  let peak = -Infinity;
  for (const series of part.series.values()) for (const name of names) for (const v of series[name]) if (v > peak) peak = v;
  return peak > top * (1 + 1e-9) ? `↑ goes to ${format(peak)}` : "";
}

// What the lines are, in one line over all panels: a picture that is taken home needs it.
function addKey(figure, view) {
  const { theme, width, height, panel, state } = view;
  const narrow = width < theme.size * 62;
  const ink = (colour, words) => `<span style="color:${colour}">${words}</span>`;
  const lines = [ink(theme.ink.train, "<b>—</b> training"), ink(theme.ink.validation, "<b>○</b> validation"), ink(theme.best, "<b>●</b> epoch kept")];
  const flat = state.baselines ? [ink(theme.grey, "- - constant"), ink(theme.grey, "··· linear model")] : [];
  const name = narrow ? [] : [ink(theme.text, plotlyText(panel.name))];
  const place = { xref: "paper", yref: "paper", x: (narrow ? 4 : figure.grid.boxes[0].left) / width, y: 1 - 4 / height, xanchor: "left", yanchor: "top" };
  figure.layout.annotations.push({ ...place, showarrow: false, text: [...name, ...lines, ...flat].join("   "), font: { size: theme.size * (narrow ? 0.85 : 0.95) } });
  const epoch = { xref: "paper", yref: "paper", x: 1 - 4 / width, y: 0, xanchor: "right", yanchor: "bottom", showarrow: false };
  figure.layout.annotations.push({ ...epoch, text: "epoch", font: { size: theme.size * 0.95, color: theme.grey } });
}

function ticks(range, log, wanted, format, fits = () => true) {
  const tickvals = roundTicks(range, log, Math.max(2, Math.round(wanted))).filter(fits);
  return { tickmode: "array", tickvals, ticktext: tickWords(tickvals, format) };
}

// The panels in words, for readers that do not see.
export function panelsInWords({ panels, panel, format }) {
  return `${panel.name}, side by side. ${panels.map(({ title, part }) => `${title}: ${part ? noteOf(part, panel, format) : "nothing yet"}.`).join(" ")}`;
}
