// The evidence of a finding, drawn on the curve: its epochs are shaded, and its quantity is measured off.

import { formatShare } from "../shared/numbers.js";
import { mean } from "../shared/statistics.js";
import { alpha } from "../shared/theme.js";
import { plotlyText } from "../shared/words.js";

import { measuredOn } from "./panel_names.js";
import { placeAt, segment } from "./places.js";
import { bandOf, crowdLength } from "./records.js";

const WHOLE_SPAN = 0.95; // a finding about nearly all epochs shades none: it would set nothing apart

// `finding` is one of the server's, or null; numbers in words are the server's too, so that curve and sentence agree.
export function addEvidence(context, finding) {
  if (!finding?.epochs || finding.kind === "healthy") return;
  const { main, theme } = context;
  const measured = measuredOn(context.panel, context.facts);
  const { panel, shown, of: named } = measured ?? { panel: context.panel, shown: (v) => v, of: "" };
  const of = { train: bandOf(main, panel.train), validation: bandOf(main, panel.validation) };
  const length = crowdLength(of.train, main.series.size);
  if (length < 2) return;
  const subject = ["rise", "gap"].includes(finding.quantity) || finding.kind === "noisy_validation" ? "validation" : "train";
  const scale = { ...context.scale, y: (value) => context.scale.y(shown(value)) };
  const view = { ...context, panel, shown, named, scale, of, length, subject, colour: theme[subject], finding };
  addShade(view);
  if (measured) QUANTITIES[finding.quantity]?.(view);
}

function addShade({ finding, length, scale, plot, parts, colour }) {
  const [first, last] = [finding.epochs[0], Math.min(finding.epochs[1], length)];
  if (last - first >= WHOLE_SPAN * (length - 1)) return;
  const edges = [Math.max(first, 0.5), Math.max(last, first + 0.5)];
  const [x0, x1] = edges.map((epoch) => Math.min(Math.max(scale.x(epoch), 0), plot.width));
  const place = { x0: x0 / plot.width, x1: x1 / plot.width, y0: 0, y1: 1 };
  const look = { fillcolor: alpha(colour, 0.09), line: { width: 0 }, layer: "below", name: "evidence" };
  parts.shapes.push({ type: "rect", xref: "paper", yref: "paper", ...place, ...look });
}

const QUANTITIES = { rise: addRise, gap: addGap, slope: addSlope, swing: addSwing, level: addLevel, baseline: addBaseline };

// The server's number, where it is the one that is drawn.
function evidenceText(finding, measure, after = "") {
  const first = finding.evidence[0];
  return first && (!measure || first.measure === measure) ? first.value + after : "";
}

// Mean over the last twentieth, as the doctor reads the end of a curve.
function tail(band, length) {
  const width = Math.max(1, Math.floor(length / 20));
  const values = band.middle.slice(length - width, length).filter((v) => v !== null);
  return mean(values);
}

// From the best epoch to the end.
function addRise({ finding, length, ...view }) {
  const { low: start, end } = typical(seedEnds(view.main, view.panel.validation), ({ low, end: last }) => last / low);
  bracket(view, { from: finding.epochs[0], to: length, start, end }, `+${evidenceText(finding)}`);
}

function addGap({ finding, length, ...view }) {
  const [train, validation] = [view.panel.train, view.panel.validation].map((name) => seedEnds(view.main, name));
  const { start, end } = typical(
    train.map((seed, i) => ({ start: seed.end, end: validation[i].end })),
    (seed) => seed.end / seed.start,
  );
  bracket(view, { from: length, to: length, start, end }, evidenceText(finding));
}

function addBaseline({ finding, length, facts, ...view }) {
  const words = evidenceText(finding, "train_end_vs_linear", " linear");
  const { end } = typical(seedEnds(view.main, view.panel.train), (seed) => seed.end);
  bracket(view, { from: 1, to: length, start: facts.context.linear_loss, end }, words);
}

// Of every seed: the lowest value of its running mean and its end, as the doctor reads them.
function seedEnds(record, name) {
  return [...record.series.values()].map((series) => {
    const values = series[name].filter((v) => v !== null);
    const half = Math.floor(Math.max(1, values.length / 20) / 2);
    const smooth = values.map((_, i) => mean(values.slice(Math.max(0, i - half), i + half + 1)));
    return { low: Math.min(...smooth), end: mean(values.slice(-Math.max(1, Math.floor(values.length / 20)))) };
  });
}

// The doctor pools seeds by the median of a measure: the seed that has it is the one to draw.
function typical(seeds, measure) {
  const sorted = [...seeds].filter((seed) => Number.isFinite(measure(seed))).sort((a, b) => measure(a) - measure(b));
  return sorted[(sorted.length - 1) >> 1] ?? {};
}

// How far the loss still came down over the last third.
function addSlope({ of, length, ...view }) {
  const fell = (band, from) => band.middle[from - 1] - tail(band, length);
  const from = Math.max(1, Math.round((length * 2) / 3));
  const band = fell(of.validation, from) > 0 ? of.validation : of.train;
  const [start, end] = [band.middle[from - 1], tail(band, length)];
  const words = start > 0 && end < start ? `−${formatShare(1 - end / start)} in the last third` : "";
  const colour = view.theme[band === of.train ? "train" : "validation"];
  bracket({ ...view, colour }, { from, to: length, start, end }, words);
}

// A band around the trend, as wide as the swing.
function addSwing({ finding, of, length, subject, colour, scale, shown, named, plot, parts, theme }) {
  const share = parseFloat(evidenceText(finding).replace(/,/g, "")) / 100;
  const { middle } = of[subject];
  const half = share * Math.abs(tail(of[subject], length));
  if (!Number.isFinite(half)) return;
  const [first, last] = [finding.epochs[0], Math.min(finding.epochs[1], length)];
  const epochs = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  const trend = epochs.map((e) => {
    return mean(middle.slice(Math.max(0, e - 3), Math.min(last, e + 2)).filter((v) => v !== null));
  });
  const line = { color: colour, width: theme.line * 0.5, dash: "3px,3px" };
  for (const side of [half, -half]) {
    const y = trend.map((v) => shown(Math.max(v + side, 0)));
    parts.traces.push({ type: "scatter", mode: "lines", x: epochs, y, line, hoverinfo: "skip", name: "evidence swing" });
  }
  const at = scale.y(trend[0] + half);
  if (trend.length) addWords({ plot, parts, theme, colour }, scale.x(first), at, `${named}± ${evidenceText(finding)}`, "left", "bottom");
}

// Diverged, or no better than a constant: how far the end lies from it. A plateau: where it stood.
function addLevel({ finding, of, length, facts, ...view }) {
  const { scale, parts, plot, theme, colour } = view;
  if (finding.kind === "plateau") {
    const [from, to] = finding.epochs.map((e) => Math.min(e, length));
    const y = scale.y(tail({ middle: of.train.middle.slice(0, to) }, to));
    const line = { color: colour, width: theme.line * 2.4 };
    if (y >= 0 && y <= plot.height) parts.shapes.push(segment(plot, [scale.x(from), y], [scale.x(to), y], line));
    return;
  }
  const words = evidenceText(finding, "train_end_vs_dummy", " constant");
  const { end } = typical(seedEnds(view.main, view.panel.train), (seed) => seed.end);
  bracket(view, { from: 1, to: length, start: facts.context.dummy_loss, end }, words);
}

// From a level to the value at the end: a dotted line at the level, and an upright one between the two, with words beside it.
function bracket(view, { from, to, start, end }, words) {
  const { scale, plot, parts, theme, colour, named } = view;
  const inside = (y) => Math.min(Math.max(y, 0), plot.height);
  if (!Number.isFinite(start ?? NaN) || !Number.isFinite(end ?? NaN)) return;
  const [y0, y1] = [inside(scale.y(start)), inside(scale.y(end))];
  const x = Math.min(scale.x(to), plot.width) - theme.size * 0.5;
  const thin = { color: colour, width: theme.line * 0.7 };
  const draw = (a, b, line) => parts.shapes.push(segment(plot, a, b, line, "above"));
  draw([Math.max(0, scale.x(from)), y0], [x + theme.size * 0.4, y0], { ...thin, dash: "2px,3px" });
  if (Math.abs(y1 - y0) < 2) return;
  const [arm, thick] = [theme.size * 0.3, { ...thin, width: theme.line }];
  draw([x, y0], [x, y1], thick);
  for (const y of [y0, y1]) draw([x - arm, y], [x + arm, y], thick);
  const short = Math.abs(y1 - y0) < theme.size * 2; // then the words would lie on the curve
  if (words && short) addWords(view, x + theme.size * 0.4, Math.min(y0, y1) - theme.size * 1.1, named + words, "right", "bottom");
  else if (words) addWords(view, x - theme.size * 0.5, (y0 + y1) / 2, named + words, "right", "middle");
}

function addWords({ plot, parts, theme, colour }, x, y, text, xanchor, yanchor) {
  const at = Math.min(Math.max(y, theme.size), plot.height - theme.size);
  const font = { size: theme.size, color: inkOf(theme, colour), weight: 600 };
  const look = { font, bgcolor: alpha(theme.background, 0.8), xanchor, yanchor };
  parts.annotations.push({ ...placeAt(plot, x, at), text: plotlyText(text), ...look });
}

// Words in the colour of a line, dark enough to be read.
const inkOf = (theme, colour) => (colour === theme.validation ? theme.ink.validation : colour);
