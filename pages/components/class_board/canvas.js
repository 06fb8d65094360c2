// The board's dots on a canvas, in CSS pixels: all of them quiet, the best line green, and one student's joined when looked at.

import { formatTick } from "../shared/numbers.js";
import { roundTicks, tickWords } from "../shared/ticks.js";

import { placeNames } from "./places.js";

export function drawBoard(context, view, dots, line) {
  const { theme, width, height, places } = view;
  context.clearRect(0, 0, width, height);
  drawAxes(context, view);
  drawBest(context, view, line);
  for (const dot of dots) drawDot(context, dot, view, { fill: theme.text, opacity: dot.own ? 1 : view.opacity, radius: dot.own ? 1.25 : 1 });
  drawNames(context, view, dots.filter(({ text }) => text), places.box);
}

// One student's dots in the order of trying, over all others, which fade; the chosen one with a ring.
export function drawFocus(context, view, dots, { focus, selected }) {
  const { theme, width, height, line } = view;
  context.clearRect(0, 0, width, height);
  if (focus) {
    const own = dots.filter(({ row }) => row.nickname === focus.row.nickname).sort((a, b) => a.row.number - b.row.number);
    context.globalAlpha = 0.72;
    context.fillStyle = theme.background;
    const { box } = view.places;
    context.fillRect(box.x, box.y - view.radius * 2, box.width, box.height + view.radius * 4);
    context.globalAlpha = 1;
    context.strokeStyle = theme.text;
    context.lineWidth = line * 0.8;
    context.beginPath();
    for (const { x, y } of own) context.lineTo(x, y);
    context.stroke();
    for (const dot of own) drawDot(context, dot, view, { fill: dot.best ? theme.best : theme.text, opacity: 1, radius: 1.2 });
  }
  for (const dot of [selected, focus].filter(Boolean)) {
    context.strokeStyle = theme.text;
    context.lineWidth = line * 0.8;
    context.beginPath();
    context.arc(dot.x, dot.y, view.radius * 1.9, 0, 7);
    context.stroke();
  }
}

// A dot; outside of the range, or without a score, a triangle at the edge.
function drawDot(context, { x, y, beyond }, { radius: size, theme, up }, { fill, opacity, radius }) {
  const r = size * radius;
  context.globalAlpha = opacity;
  context.fillStyle = fill;
  context.strokeStyle = theme.background;
  context.lineWidth = 1;
  context.beginPath();
  if (beyond) {
    const tip = up ? r : -r;
    context.moveTo(x - r, y - tip * 0.7);
    context.lineTo(x + r, y - tip * 0.7);
    context.lineTo(x, y + tip);
    context.closePath();
  } else {
    context.arc(x, y, r, 0, 7);
  }
  context.fill();
  context.stroke();
  context.globalAlpha = 1;
}

function drawBest(context, { theme, places, line: strong, size }, line) {
  if (!line.length) return;
  const { box, x, y } = places;
  const right = box.x + box.width;
  context.strokeStyle = theme.best;
  context.lineWidth = strong;
  context.beginPath();
  line.forEach(([number, score], i) => {
    if (i) context.lineTo(x(number, -0.5), y(line[i - 1][1]));
    context.lineTo(x(number, -0.5), y(score));
  });
  context.lineTo(right, y(line.at(-1)[1]));
  context.stroke();
  context.fillStyle = theme.dark ? "#3CC79F" : "#007A59";
  context.font = `600 ${size}px ${theme.font}`;
  context.textAlign = "right";
  const below = y(line.at(-1)[1]) + size * 1.5 < box.y + box.height;
  context.textBaseline = below ? "top" : "bottom";
  context.fillText("best of all so far", right, y(line.at(-1)[1]) + (below ? 0.35 : -0.35) * size);
}

function drawNames(context, { theme, size, radius }, dots, box) {
  context.font = `600 ${size}px ${theme.font}`;
  const placed = placeNames(dots, box, size * 1.2, radius * 1.7, (text) => context.measureText(text).width);
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = size / 3;
  context.strokeStyle = theme.background;
  context.fillStyle = theme.text;
  for (const { text, left, top, height } of placed) {
    context.strokeText(text, left, top + height / 2);
    context.fillText(text, left, top + height / 2);
  }
}

function drawAxes(context, view) {
  const { theme, places, range, last, size, name } = view;
  const { box, x, y } = places;
  context.font = `${size}px ${theme.font}`;
  context.fillStyle = theme.grey;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.lineWidth = 1;
  context.strokeStyle = theme.grid;
  const values = roundTicks(range, false, Math.max(3, Math.round(box.height / (5 * size))));
  const words = tickWords(values, formatTick);
  values.forEach((value, i) => {
    context.beginPath();
    context.moveTo(box.x, Math.round(y(value)) + 0.5);
    context.lineTo(box.x + box.width, Math.round(y(value)) + 0.5);
    context.stroke();
    context.fillText(words[i], box.x - 0.6 * size, y(value));
  });
  context.textAlign = "center";
  context.textBaseline = "top";
  const every = [1, 2, 5, 10, 20, 50].find((step) => places.column * step >= 2.2 * size) ?? 100;
  for (let number = 1; number <= last; number += 1) {
    if (number % every === 0 || (number === 1 && every > 2)) context.fillText(String(number), x(number), box.y + box.height + 0.5 * size);
  }
  context.textAlign = "right";
  context.fillText("settings tried", box.x + box.width, box.y + box.height + 1.8 * size);
  context.textAlign = "left";
  context.fillText(name, 4, 4);
}
