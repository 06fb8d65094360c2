// What all drawings of the insides share. No DOM here.

import { plotlyText } from "../shared/words.js";

export const COLOURS = "Cividis"; // one order of lightness, for all eyes and for paper

export function layoutOf({ theme, width, height }, [x, y], more = {}) {
  const axis = { color: theme.grey, gridcolor: theme.grid, zeroline: false, fixedrange: true, automargin: true, ticks: "" };
  const font = { family: theme.font, size: theme.size, color: theme.text };
  const named = (name) => ({ text: plotlyText(name), font: { size: theme.size }, standoff: 6 });
  return {
    width,
    height,
    margin: { l: 8, r: 8, t: 8, b: 8 },
    showlegend: false,
    dragmode: false,
    hovermode: "closest",
    hoverlabel: { bgcolor: theme.surface, bordercolor: theme.grid, font },
    separators: ".,",
    paper_bgcolor: theme.background,
    plot_bgcolor: theme.background,
    font,
    ...more,
    xaxis: { ...axis, title: named(x.name), ...x.axis },
    yaxis: { ...axis, title: named(y.name), ...y.axis },
  };
}

// The share of finite values below which `part` of them lie.
export function quantile(values, part) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[Math.round(part * (sorted.length - 1))];
}

export function spanOf(values, pad = 0.05) {
  const known = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const more = pad * (high - low || Math.abs(high) || 1);
  return [low - more, high + more];
}
