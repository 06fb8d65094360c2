// A thousand curves on a canvas: thin lines, the best ones strong, axes around them. All in CSS pixels.

import { formatTick } from "../shared/numbers.js";
import { quantile } from "../shared/statistics.js";
import { roundTicks, tickWords } from "../shared/ticks.js";
import { NEAR_ZERO } from "../shared/value_range.js";

import { ranking } from "./records.js";

const HIGHLIGHTED = 5; // settings, the best of which is green
const ROOM = { left: 54, right: 14, top: 24, bottom: 26 };

// Range of values that the curves deserve, in powers of ten on a logarithmic axis: from the lowest value of all to
// where nine in ten of the curves are after a fifth of their way.
export function valueRange(search, log) {
  const scaled = (v) => (v === null || v === undefined ? NaN : log ? Math.log10(v) : v);
  const lows = [];
  const highs = [];
  for (const trial of search.trials.values()) {
    if (trial.lowest === null) continue;
    lows.push(scaled(trial.lowest));
    highs.push(scaled(trial.losses[Math.floor(trial.losses.length / 5)]));
  }
  const low = Math.min(...lows.filter(Number.isFinite));
  const sorted = highs.filter(Number.isFinite).sort((a, b) => a - b);
  if (!sorted.length || !Number.isFinite(low)) return null;
  const dummy = scaled(search.facts?.dummy_loss);
  let high = quantile(sorted, 0.9);
  if (dummy > high && dummy < low + 2 * (high - low)) high = dummy;
  const room = Math.max(high - low, Math.abs(high) * 0.02, 1e-12);
  return [!log && low < NEAR_ZERO * high ? 0 : low - 0.05 * room, high + 0.06 * room];
}

// {x, y: value -> pixel}, with the plot's rectangle.
export function placesOf({ width, height, ranges, logX, logY }) {
  const box = { x: ROOM.left, y: ROOM.top, width: width - ROOM.left - ROOM.right, height: height - ROOM.top - ROOM.bottom };
  const share = ([low, high], v) => (v - low) / (high - low);
  const x = (epoch) => box.x + box.width * share(ranges.x, logX ? Math.log10(epoch) : epoch);
  const y = (value) => box.y + box.height * (1 - share(ranges.y, logY ? Math.log10(value) : value));
  return { box, x, y };
}

export function drawBoard(context, search, view) {
  const { theme, width, height } = view;
  context.clearRect(0, 0, width, height);
  context.font = `12px ${theme.font}`;
  const places = placesOf(view);
  drawAxes(context, view, places);
  const ranked = ranking(search);
  const strong = ranked.slice(0, HIGHLIGHTED).map(({ setting }) => setting.number);
  context.save();
  context.beginPath();
  context.rect(places.box.x, places.box.y, places.box.width, places.box.height + 1);
  context.clip();
  context.lineJoin = "round";
  const opacity = Math.min(0.7, 3 / Math.sqrt(search.trials.size)); // many lines make a tint, few are lines
  const lost = (setting) => setting.status === "diverged" || setting.status === "failed";
  for (const setting of search.settings.values()) {
    if (strong.includes(setting.number)) continue;
    const colour = lost(setting) ? theme.grey : theme.validation;
    drawSetting(context, search, setting, places, { colour, width: 1, opacity });
  }
  drawBaseline(context, search, view, places);
  for (const number of [...strong].reverse()) {
    const best = number === strong[0];
    const line = { colour: best ? theme.best : theme.validation, width: best ? 2.4 : 1.6, opacity: best ? 1 : 0.9, band: best ? 0.16 : 0.08 };
    drawSetting(context, search, search.settings.get(number), places, line);
  }
  context.restore();
}

// One setting: its line; of several folds and seeds the median, and where `band` is given the reach of all as a band of that
// opacity, since a tangle of lines says less.
export function drawSetting(context, search, setting, places, { colour, width, opacity, band = 0 }) {
  const curves = setting.trials.map((number) => search.trials.get(number).losses);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = width;
  if (band && curves.length > 1) {
    const { low, middle, high } = reachOf(curves);
    context.globalAlpha = band;
    fillBetween(context, low, high, places);
    context.globalAlpha = opacity;
    drawLine(context, middle, places);
  } else {
    context.globalAlpha = opacity;
    for (const losses of curves) drawLine(context, losses, places);
  }
  context.globalAlpha = 1;
}

// Lowest, median and highest of several curves, epoch by epoch.
export function reachOf(curves) {
  const length = Math.max(...curves.map((losses) => losses.length));
  const [low, middle, high] = [[], [], []];
  for (let e = 0; e < length; e++) {
    const values = curves.map((losses) => losses[e]).filter((v) => v !== null && v !== undefined).sort((a, b) => a - b);
    low.push(values[0] ?? null);
    middle.push(values.length ? quantile(values, 0.5) : null);
    high.push(values.at(-1) ?? null);
  }
  return { low, middle, high };
}

function fillBetween(context, low, high, { x, y }) {
  const there = low.map((value, e) => [value, e]).filter(([value]) => value !== null).map(([, e]) => e);
  context.beginPath();
  for (const e of there) context.lineTo(x(e + 1), y(low[e]));
  for (const e of [...there].reverse()) context.lineTo(x(e + 1), y(high[e]));
  context.fill();
}

function drawLine(context, losses, { box, x, y }) {
  const step = Math.max(1, Math.floor((2 * losses.length) / box.width)); // at most one point for half a pixel
  context.beginPath();
  let pen = false;
  for (let i = 0; i < losses.length; i += i + step < losses.length || i === losses.length - 1 ? step : losses.length - 1 - i) {
    const value = losses[i];
    if (value === null || value === undefined) {
      pen = false;
      continue;
    }
    const [px, py] = [x(i + 1), Math.min(Math.max(y(value), -1e4), 1e4)];
    if (pen) context.lineTo(px, py);
    else context.moveTo(px, py);
    pen = true;
  }
  if (losses.length === 1 && pen) context.arc(x(1), Math.min(Math.max(y(losses[0]), -1e4), 1e4), 1.5, 0, 7);
  context.stroke();
}

function drawBaseline(context, search, { theme }, { box, y }) {
  for (const [name, words] of [["dummy_loss", "constant"], ["linear_loss", "linear model"], ["tree_loss", "trees"]]) {
    const value = search.facts?.[name];
    const at = value === null || value === undefined ? NaN : y(value);
    if (!(at > box.y + 8 && at < box.y + box.height - 2)) continue;
    context.strokeStyle = theme.grey;
    context.lineWidth = 1;
    context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(box.x, at);
    context.lineTo(box.x + box.width, at);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = theme.grey;
    context.textAlign = "right";
    context.textBaseline = "bottom";
    context.fillText(words, box.x + box.width - 2, at - 2);
  }
}

function drawAxes(context, view, { box, x, y }) {
  const { theme, ranges, logX, logY, name } = view;
  context.fillStyle = theme.grey;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.lineWidth = 1;
  for (const [value, words] of ticksOf(ranges.y, logY, Math.max(3, Math.round(box.height / 60)))) {
    context.strokeStyle = theme.grid;
    context.beginPath();
    context.moveTo(box.x, Math.round(y(value)) + 0.5);
    context.lineTo(box.x + box.width, Math.round(y(value)) + 0.5);
    context.stroke();
    context.fillText(words, box.x - 7, y(value));
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const [value, words] of ticksOf(ranges.x, logX, Math.max(3, Math.round(box.width / 90)))) {
    if (Number.isInteger(value) && x(value) < box.x + box.width - 46) context.fillText(words, x(value), box.y + box.height + 6);
  }
  context.textAlign = "right";
  context.fillText("epoch", box.x + box.width, box.y + box.height + 6);
  context.textAlign = "left";
  context.fillText(name, 0, 2);
}

// [value, words] of round ticks within a range, in powers of ten when it is logarithmic.
function ticksOf(range, log, wanted) {
  const values = roundTicks(range, log, wanted);
  const words = tickWords(values, formatTick);
  return values.map((value, i) => [value, words[i]]);
}
