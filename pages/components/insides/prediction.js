// The prediction over two columns, and predictions against the truth, at one epoch. No DOM here.

import { formatNumber, formatShare } from "../shared/numbers.js";
import { plotlyText } from "../shared/words.js";

import { COLOURS, layoutOf, quantile, spanOf } from "./figure.js";

const OUTLIERS = 0.02; // of the targets, at each end: they do not stretch the colours
const isRegression = ({ classes }) => classes.length === 0;

const formatOf = (answer) => (isRegression(answer) ? formatNumber : formatShare);

// The same in all epochs, so that a colour always means the same.
export function colourRange(answer) {
  if (!isRegression(answer)) return [0, 1];
  const truth = answer.dots.truth;
  const [low, high] = [quantile(truth, OUTLIERS), quantile(truth, 1 - OUTLIERS)];
  return high > low ? [low, high] : spanOf(truth);
}

export function surfaceFigure(answer, place, look) {
  const { theme } = look;
  const [low, high] = colourRange(answer);
  const scale = { colorscale: COLOURS };
  const [x, y] = answer.values;
  const share = isRegression(answer) ? "" : ".0%";
  const hover = answer.columns.map((name, i) => `${plotlyText(name)} %{${"xy"[i]}:.3~g}`).join("<br>");
  const heat = {
    type: "heatmap", x, y, z: answer.surface[place], zmin: low, zmax: high, ...scale, zsmooth: "best", name: "prediction",
    colorbar: { thickness: 12, outlinewidth: 0, tickformat: share || "~s", tickfont: { color: theme.grey } },
    hovertemplate: `${hover}<br><b>%{z:${share || ",.3~s"}}</b> predicted<extra></extra>`,
  };
  const actual = isRegression(answer) ? answer.dots.truth : answer.dots.truth.map((k) => (k === answer.output ? 1 : 0));
  const dots = {
    type: "scatter", mode: "markers", x: answer.dots.x, y: answer.dots.y, name: "rows", cliponaxis: true,
    marker: { size: theme.size * 0.55, color: actual, cmin: low, cmax: high, ...scale, line: { width: 1, color: "#ffffff" } },
    hovertemplate: `${hover}<br><b>%{marker.color:${share || ",.3~s"}}</b> actual<extra></extra>`,
  };
  const edge = (values) => ({ range: [values[0], values.at(-1)], showgrid: false });
  const layout = layoutOf(look, [{ name: answer.columns[0], axis: edge(x) }, { name: answer.columns[1], axis: edge(y) }]);
  return { data: [heat, ...boundary(answer, place), dots], layout };
}

// Where the model changes its mind between two classes.
function boundary(answer, place) {
  if (answer.classes.length !== 2) return [];
  const contours = { start: 0.5, end: 0.5, size: 1, coloring: "none", showlabels: false };
  const line = { color: "#ffffff", width: 2, dash: "6px,4px" };
  const [x, y] = answer.values;
  return [{ type: "contour", x, y, z: answer.surface[place], contours, line, showscale: false, hoverinfo: "skip", name: "even" }];
}

const GOLDEN = 0.6180339887; // spreads rows of a class evenly

export function heldFigure(answer, place, look) {
  const { theme } = look;
  const { truth, predicted } = answer.held;
  const exact = isRegression(answer);
  const x = exact ? truth : truth.map((k, i) => k + 0.7 * (((i * GOLDEN) % 1) - 0.5));
  const share = exact ? ",.3~s" : ".0%";
  const marker = { size: theme.size * 0.5, color: theme.validation, opacity: 0.6 };
  const words = exact ? "%{x:,.3~s} actual<br>" : "";
  const rows = {
    type: "scatter", mode: "markers", x, y: predicted[place], marker, name: "held",
    hovertemplate: `${words}<b>%{y:${share}}</b> predicted<extra></extra>`,
  };
  const range = exact ? spanOf(truth) : [-0.03, 1.03];
  const line = { color: theme.grey, width: 1.5, dash: "6px,4px" };
  const ends = exact ? { x: range, y: range } : { x: [-0.5, answer.classes.length - 0.5], y: [0.5, 0.5] };
  const guide = { type: "scatter", mode: "lines", ...ends, line, hoverinfo: "skip", name: "guide" };
  const classes = { range: ends.x, tickvals: answer.classes.map((_, k) => k), ticktext: answer.classes.map((c) => plotlyText(c)), showgrid: false };
  const name = exact ? `predicted ${answer.target}` : `predicted share of ${answer.classes[answer.output]}`;
  const layout = layoutOf(look, [
    { name: `actual ${answer.target}`, axis: exact ? { range, tickformat: "~s" } : classes },
    { name, axis: { range, tickformat: exact ? "~s" : ".0%" } },
  ]);
  return { data: exact || answer.classes.length === 2 ? [guide, rows] : [rows], layout };
}

// For readers that do not see.
export function surfaceWords(answer, place) {
  const all = answer.surface[place].flat().filter(Number.isFinite);
  const format = formatOf(answer);
  const what = isRegression(answer) ? answer.target : `share of ${answer.classes[answer.output]}`;
  const span = all.length ? `from ${format(Math.min(...all))} to ${format(Math.max(...all))}` : "not a number";
  return `Predicted ${what} over ${answer.columns.join(" and ")}: ${span}.`;
}
