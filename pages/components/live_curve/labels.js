// Labels at the ends of lines, in the right margin, moved apart where they would overlap. All in pixels of the plot area.

import { placeAt } from "./places.js";

const LETTER = 0.56; // mean width of a letter, in sizes

// Places for items {at, height} along one axis within [0, room]: none overlap, and the sum of squared moves is the least
// (isotonic regression by pooling neighbours). Where they do not fit, they are squeezed evenly. Sets `placed` of each.
export function moveApart(items, room) {
  const sorted = [...items].sort((a, b) => a.at - b.at);
  const total = sorted.reduce((sum, { height }) => sum + height, 0);
  const squeeze = Math.min(1, room / total);
  let before = 0;
  const pools = [];
  for (const item of sorted) {
    const height = item.height * squeeze;
    let pool = { sum: item.at - height / 2 - before, items: [{ item, middle: before + height / 2 }] };
    while (pools.length && mean(pools.at(-1)) > mean(pool)) {
      const above = pools.pop();
      pool = { sum: above.sum + pool.sum, items: [...above.items, ...pool.items] };
    }
    pools.push(pool);
    before += height;
  }
  for (const pool of pools) {
    const shift = Math.min(Math.max(mean(pool), 0), Math.max(0, room - total));
    for (const { item, middle } of pool.items) item.placed = shift + middle;
  }
  return items;
}

const mean = ({ sum, items }) => sum / items.length;

// Annotations for labels {text, colour, x, y, faint} with x, y in pixels from the plot's top left.
// Those whose line ends near the right edge stand in the margin, the others beside the end of their line; all whose words
// stand beside each other make room for each other.
export function endLabels(labels, plot, style) {
  const inMargin = (label) => !plot.narrow && label.x > plot.width - 46;
  for (const label of labels) {
    const wide = style.size * (LETTER * label.text.length + 1);
    label.left = plot.narrow ? Math.max(0, Math.min(label.x, plot.width) - wide) : inMargin(label) ? plot.width : label.x;
    label.right = label.left + wide;
    const rise = plot.narrow ? style.size * 0.8 : 0; // on the line, not over its end
    Object.assign(label, { at: label.y - rise, height: style.size * 1.25 });
  }
  for (const group of besideEachOther(labels)) moveApart(group, plot.height);
  return labels.map((label) => ({
    ...placeAt(plot, label.left, label.placed),
    text: label.text,
    xshift: plot.narrow ? 0 : 7,
    xanchor: "left",
    yanchor: "middle",
    align: "left",
    borderpad: 1,
    bgcolor: inMargin(label) ? undefined : style.veil,
    font: { color: label.colour, size: style.size, weight: label.faint ? 400 : 600 },
    opacity: label.faint ? 0.9 : 1,
  }));
}

// Groups of labels whose widths overlap, directly or by way of others.
function besideEachOther(labels) {
  const groups = [];
  for (const label of [...labels].sort((a, b) => a.left - b.left)) {
    const group = groups.at(-1);
    if (group && label.left < group.right) {
      group.push(label);
      group.right = Math.max(group.right, label.right);
    } else groups.push(Object.assign([label], { right: label.right }));
  }
  return groups;
}
