// Where a class's dots lie: ranges that wild runs do not stretch, and a place of its own for each student in a column. No DOM here.

import { quantile } from "../shared/statistics.js";

const COLUMNS = 5; // the axis grows by so many settings at once, so that it seldom moves
const GOLDEN = 0.6180339887498949;
const SPREAD = 0.62; // of a column is strewn with dots

// [low, high] of the scores: all good ones, and the others as far as they lie near the middle half; null without any.
export function scoreRange(scores, greater) {
  const sorted = scores.filter((score) => Number.isFinite(score ?? NaN)).sort((a, b) => a - b);
  if (!sorted.length) return null;
  const [q1, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const reach = 1.5 * (q3 - q1);
  const [best, worst] = greater ? [sorted.at(-1), sorted[0]] : [sorted[0], sorted.at(-1)];
  const edge = greater ? Math.max(worst, q1 - reach) : Math.min(worst, q3 + reach);
  const [low, high] = greater ? [edge, best] : [best, edge];
  const room = 0.08 * Math.max(high - low, Math.abs(high) * 0.02, 1e-12);
  return [low - room, high + room];
}

// The last column: a multiple of five.
export const lastColumn = (most) => COLUMNS * Math.max(1, Math.ceil(most / COLUMNS));

// How far to the side of its column a student's dots lie, in columns: the same for all of the student's, whoever comes later.
export const aside = (place, students) => (students > 1 ? SPREAD * (((place * GOLDEN + 0.5) % 1) - 0.5) : 0);

// {x(number, offset), y(score): pixel, beyond(score): whether it lies outside} in a box.
export function placesOf(box, last, [low, high], greater) {
  const column = box.width / last;
  const y = (score) => box.y + box.height * (1 - (score - low) / (high - low));
  const worse = greater ? box.y + box.height : box.y;
  return {
    box,
    column,
    x: (number, offset = 0) => box.x + column * (number - 0.5 + offset),
    y: (score) => (Number.isFinite(score ?? NaN) ? Math.min(Math.max(y(score), box.y), box.y + box.height) : worse),
    beyond: (score) => !Number.isFinite(score ?? NaN) || (greater ? score < low : score > high),
  };
}

// Names beside dots {x, y, text}: the first ones first, each right of its dot or left of it, and none over another one or over
// the edge; those without room are left out. `width` measures words.
export function placeNames(dots, box, height, gap, width) {
  const placed = [];
  for (const dot of dots) {
    const wide = width(dot.text);
    const found = [dot.x + gap, dot.x - gap - wide]
      .flatMap((left) => [0, -0.8, 0.8].map((by) => ({ ...dot, left, top: dot.y - height / 2 + by * height, wide, height })))
      .find((name) => within(name, box) && !placed.some((other) => overlap(name, other)));
    if (found) placed.push(found);
  }
  return placed;
}

const within = ({ left, top, wide, height }, box) =>
  left >= box.x && left + wide <= box.x + box.width && top >= box.y && top + height <= box.y + box.height;

const overlap = (a, b) => a.left < b.left + b.wide && b.left < a.left + a.wide && a.top < b.top + b.height && b.top < a.top + a.height;

// The dot {x, y} nearest to a place, within reach; null where none is.
export function nearestDot(dots, x, y, reach) {
  let found = null;
  for (const dot of dots) {
    const distance = Math.hypot(dot.x - x, dot.y - y);
    if (distance < (found?.distance ?? reach)) found = { dot, distance };
  }
  return found?.dot ?? null;
}
