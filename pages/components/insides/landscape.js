// The loss over a plane of weights, and the ways that trainings take through it. No DOM here.

import { formatNumber, formatTick } from "../shared/numbers.js";
import { roundTicks } from "../shared/ticks.js";

import { placeOf } from "./epochs.js";
import { layoutOf } from "./figure.js";

const WIDE = 8; // losses that differ by such a factor are drawn on a logarithmic scale
// Paul Tol's, as on Compare
const HUES = { light: ["#CC6677", "#117733", "#882255", "#999933", "#332288"], dark: ["#EE8866", "#44BB99", "#FFAABB", "#BBCC33", "#99DDFF"] };
const SYMBOLS = ["circle", "square", "diamond", "triangle-up", "cross", "x"];
const DASHES = ["solid", "8px,4px", "2px,3px", "10px,3px,2px,3px", "12px,4px", "4px,4px"];

const rateWords = ({ rate }, i) => `rate ${formatTick(rate)}${i ? "" : " (this run)"}`;

export function landscapeFigure(answer, epoch, look) {
  const { theme } = look;
  const known = answer.loss.flat().filter((v) => Number.isFinite(v) && v > 0);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const log = high > WIDE * low;
  const scaled = (v) => (v === null ? null : log ? Math.log10(Math.max(v, low)) : v);
  const range = [low, high].map(scaled);
  const ticks = roundTicks(range, log, 6);
  const ground = {
    type: "contour", x: answer.x, y: answer.y, z: answer.loss.map((row) => row.map(scaled)), customdata: answer.loss, name: "loss",
    zmin: range[0], zmax: range[1], ncontours: 18, colorscale: [[0, theme.background], [1, theme.grey]],
    line: { width: 0.6, color: theme.grey }, contours: { coloring: "heatmap" },
    colorbar: { thickness: 12, outlinewidth: 0, tickvals: ticks.map(scaled), ticktext: ticks.map(formatTick), tickfont: { color: theme.grey } },
    hovertemplate: "loss <b>%{customdata:,.3~s}</b> here<extra></extra>",
  };
  const hues = [theme.train, ...HUES[theme.dark ? "dark" : "light"]];
  const ways = answer.paths.flatMap((path, i) => wayTraces(path, i, { colour: hues[i], epoch, theme }));
  const kept = { type: "scatter", mode: "markers", x: [0], y: [0], name: "epoch kept", hoverinfo: "name",
    marker: { symbol: "star", size: theme.size * 1.3, color: theme.best, line: { width: 1, color: theme.background } } };
  const edge = (values) => ({ range: [values[0], values.at(-1)], showgrid: false, tickformat: "~g" });
  const [first, second] = answer.explained.map((share) => `${Math.round(100 * share)} %`);
  const layout = layoutOf(
    look,
    [{ name: `first direction (${first} of this run's way)`, axis: edge(answer.x) }, { name: `second direction (${second})`, axis: edge(answer.y) }],
    { showlegend: true, legend: { orientation: "h", x: 0, y: 1.01, yanchor: "bottom", font: { size: theme.size } } },
  );
  return { data: [ground, ...ways, kept], layout };
}

// The whole way, and a larger mark where it is at this epoch.
function wayTraces(path, i, { colour, epoch, theme }) {
  const at = placeOf(path.epochs, epoch);
  const name = rateWords(path, i);
  const texts = path.epochs.map((e, k) => `${name}, epoch ${e}<br>loss <b>${formatNumber(path.loss[k] ?? NaN)}</b>`);
  const shared = { type: "scatter", hoverinfo: "text", legendgroup: name, cliponaxis: true };
  const outline = { width: 1, color: theme.background };
  return [
    { ...shared, mode: "lines+markers", x: path.x, y: path.y, text: texts, name, line: { color: colour, width: theme.line, dash: DASHES[i] },
      marker: { symbol: SYMBOLS[i], size: theme.size * 0.5, color: colour } },
    { ...shared, mode: "markers", x: [path.x[at]], y: [path.y[at]], text: [texts[at]], name: `${name} now`, showlegend: false,
      marker: { symbol: SYMBOLS[i], size: theme.size * 1.1, color: colour, line: outline } },
  ];
}

export function landscapeWords(answer, epoch) {
  const parts = answer.paths.map((path, i) => {
    const at = placeOf(path.epochs, epoch);
    return `${rateWords(path, i)}: loss ${formatNumber(path.loss[at] ?? NaN)} at epoch ${path.epochs[at]}`;
  });
  return `${answer.side} loss around the way of the weights. ${parts.join("; ")}.`;
}
