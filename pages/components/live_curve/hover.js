// What the pointer is told of a line.

import { plotlyText } from "../shared/words.js";

import { drawnIndices } from "./lines.js";

// Hover texts of a median line: value, band, and how many seeds when not all. Kept with the band: they cost more than
// the drawing.
export function hoverOf(label, record, format) {
  const seeds = record.series.size;
  return (band, from, to) => {
    const texts = (band.texts ??= []);
    const text = drawnIndices(band.middle, from, to).map((i) => (texts[i] ??= hoverText(band, i, seeds, format)));
    return { hoverinfo: undefined, hovertemplate: `${plotlyText(label)}  %{customdata}<extra></extra>`, customdata: text };
  };
}

function hoverText(band, i, seeds, format) {
  if (band.middle[i] === null) return "";
  const many = seeds > 1 ? `  ${format(band.low[i])} to ${format(band.high[i])}` : "";
  const some = seeds > 1 && band.seeds[i] < seeds ? `, ${band.seeds[i]} of ${seeds} seeds` : "";
  return `<b>${format(band.middle[i])}</b>${many}${some}`;
}
