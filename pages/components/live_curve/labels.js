// Labels at the ends of lines, in the right margin, moved apart where they would overlap. All in pixels of the plot area.

// Move items {at, height} along one axis within [0, room] so that none overlap, each as near to its place as can be.
function moveApart(items, room) {
  const sorted = [...items].sort((a, b) => a.at - b.at);
  sorted.forEach((item) => (item.placed = Math.min(Math.max(item.at, item.height / 2), room - item.height / 2)));
  for (let round = 0; round < 40; round++) {
    let moved = false;
    for (let i = 1; i < sorted.length; i++) {
      const [above, below] = [sorted[i - 1], sorted[i]];
      const overlap = (above.height + below.height) / 2 - (below.placed - above.placed);
      if (overlap <= 0.5) continue;
      const up = Math.min(overlap / 2, above.placed - above.height / 2);
      above.placed -= Math.max(0, up);
      below.placed += overlap - Math.max(0, up);
      moved = true;
    }
    for (let i = sorted.length - 1; i >= 0; i--) {
      const limit = i === sorted.length - 1 ? room : sorted[i + 1].placed - sorted[i + 1].height / 2;
      if (sorted[i].placed + sorted[i].height / 2 > limit + 0.5) {
        sorted[i].placed = limit - sorted[i].height / 2;
        moved = true;
      }
    }
    if (!moved) break;
  }
  return items;
}

// Annotations for labels {text, colour, x, y, faint} with x, y in pixels from the plot's top left.
// Those whose line ends near the right edge stand in the margin, the others beside the end of their line.
function endLabels(labels, plot, style) {
  const inMargin = (label) => label.x > plot.width - 46;
  for (const group of [labels.filter(inMargin), labels.filter((label) => !inMargin(label))]) {
    for (const label of group) Object.assign(label, { at: label.y, height: style.size * 1.25 });
    moveApart(group, plot.height);
  }
  return labels.map((label) => ({
    ...placeAt(plot, inMargin(label) ? plot.width : label.x, label.placed),
    text: label.text,
    xshift: 7,
    xanchor: "left",
    yanchor: "middle",
    align: "left",
    borderpad: 1,
    bgcolor: inMargin(label) ? undefined : style.veil,
    font: { color: label.colour, size: style.size, weight: label.faint ? 400 : 600 },
    opacity: label.faint ? 0.9 : 1,
  }));
}
