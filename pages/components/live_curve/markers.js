// Best epoch, stopping epoch, and divergence.

import { whole } from "../shared/numbers.js";
import { isFinal } from "../shared/records.js";
import { lastFinite } from "../shared/statistics.js";
import { alpha } from "../shared/theme.js";

import { moveApart } from "./labels.js";
import { placeAt, segment } from "./places.js";
import { bandOf, markedEpoch } from "./records.js";

const NARROW = 320; // pixels, below which words are few

export function addMarkers(context) {
  const { main, length, panel, theme, format, replaying } = context;
  const best = markedEpoch(main, "best_epoch");
  const stop = markedEpoch(main, "stopped_epoch");
  const lines = [];
  if (best && best.epoch <= length && (isFinal(main) || replaying)) {
    const value = bandOf(main, panel.validation).middle[best.epoch - 1] ?? NaN;
    const words = Number.isFinite(value) ? `: ${format(value)}` : "";
    lines.push({ marked: best, words: main.isReplayed ? "keeps epoch" : "best epoch", value: words, colour: theme.best });
    if (Number.isFinite(value)) addBestPoint(context, best.epoch, value);
  }
  if (stop && stop.epoch <= length) lines.push({ marked: stop, words: main.isReplayed ? "stops at epoch" : "stopped", colour: theme.stop, dash: "5px,3px" });
  addEpochLines(context, lines);
  addDiverged(context);
}

// Vertical lines with their words under the axis, where no curve is; the words make room for each other.
function addEpochLines({ main, theme, scale, plot, parts }, lines) {
  const many = main.series.size > 1 && plot.width > NARROW ? " (median)" : "";
  const labels = [];
  for (const { marked, words, value = "", colour, dash = "solid" } of lines) {
    const x = scale.x(marked.epoch);
    if (!(x >= -0.5 && x <= plot.width + 0.5)) continue;
    const foot = plot.height + theme.size * 1.75; // the line leads down past the ticks to its words
    parts.shapes.push(segment(plot, [x, 0], [x, plot.height], { color: colour, width: 1.7, dash }));
    parts.shapes.push(segment(plot, [x, plot.height], [x, foot], { color: colour, width: 1, dash }));
    const text = `${words} ${whole(marked.epoch)}${plot.narrow ? "" : `${value}${many}`}`;
    labels.push({ text, colour, at: x, height: theme.size * (0.5 * text.length + 2) });
  }
  for (const label of moveApart(labels, plot.width + plot.margin.r * 0.6)) {
    parts.annotations.push({
      ...placeAt(plot, label.placed, plot.height),
      text: `<span style="color:${label.colour}">●</span> ${label.text}`,
      yshift: -theme.size * 1.62,
      xanchor: "center",
      yanchor: "top",
      font: { size: theme.size, color: theme.text },
    });
  }
}

function addBestPoint({ theme, parts }, epoch, value) {
  const marker = { color: theme.best, size: theme.line * 4, line: { color: theme.background, width: 1.5 } };
  const place = { x: [epoch], y: [value], cliponaxis: false };
  parts.traces.push({ type: "scatter", mode: "markers", ...place, marker, hoverinfo: "skip", name: "best" });
}

// A cross where the loss stopped being a number, at the last height that could be seen.
function addDiverged(context) {
  const { main, length, theme, plot, parts } = context;
  const lost = main.trials.filter((trial) => trial.diverged_epoch !== null && trial.diverged_epoch <= length + 1);
  if (!lost.length) return;
  const crosses = lost.map((trial) => crossOf(context, trial));
  const arm = theme.size * 0.42;
  for (const { x, y } of new Map(crosses.map((cross) => [`${cross.x},${Math.round(cross.y)}`, cross])).values()) {
    for (const rise of [arm, -arm]) {
      parts.shapes.push(segment(plot, [x - arm, y - rise], [x + arm, y + rise], { color: theme.text, width: 2.2 }, "above"));
    }
  }
  const [from, to] = [Math.min(...crosses.map((c) => c.x)), Math.max(...crosses.map((c) => c.x))];
  const right = from > plot.width * 0.55;
  parts.annotations.push({
    ...placeAt(plot, right ? to : from, Math.max(...crosses.map((c) => c.y))),
    text: divergedWords(main, lost),
    xanchor: right ? "right" : "left",
    xshift: (right ? 1 : -1) * theme.size * 0.4,
    yanchor: "top",
    yshift: -theme.size * 0.6,
    bgcolor: alpha(theme.background, 0.78),
    font: { size: theme.size, color: theme.text, weight: 600 },
  });
}

function crossOf({ main, length, panel, theme, scale, plot }, trial) {
  const values = main.series.get(trial.number)?.[panel.validation] ?? [];
  const last = lastFinite(values, Math.min(values.length, length));
  const y = last < 0 ? NaN : scale.y(values[last]);
  const seen = Number.isFinite(y) ? Math.min(Math.max(y, theme.size), plot.height - theme.size) : theme.size;
  return { x: scale.x(trial.diverged_epoch), y: seen };
}

function divergedWords(main, lost) {
  const epochs = [...new Set(lost.map((trial) => trial.diverged_epoch))].sort((a, b) => a - b);
  const noun = epochs.length > 1 ? "epochs" : "epoch";
  const when = epochs.length <= 3 ? epochs.join(", ") : `${epochs[0]} to ${epochs.at(-1)}`;
  const who = main.trials.length > 1 ? `${lost.length} of ${main.trials.length} seeds diverged` : "diverged";
  return `${who} at ${noun} ${when}`;
}
