// Where other rules of early stopping would have ended a run, drawn on its curve.

import { median } from "../shared/statistics.js";
import { alpha } from "../shared/theme.js";

import { untold } from "./early_stop.js";
import { segment } from "./places.js";

// Epochs that would not be trained are veiled; every seed has a small mark of its own.
export function addReplayedStop({ main, scale, plot, theme, parts }) {
  if (!main.isReplayed || !main.trials.length) return;
  const cut = scale.x(median(main.trials.map(({ point }) => point.last)));
  if (cut < plot.width && !untold(main).length) {
    const corners = { x0: Math.max(cut, 0) / plot.width, x1: 1, y0: 0, y1: 1 };
    const veil = { type: "rect", xref: "paper", yref: "paper", ...corners, fillcolor: alpha(theme.background, 0.62) };
    parts.shapes.push({ ...veil, line: { width: 0 }, layer: "above" });
  }
  if (main.trials.length < 2) return;
  for (const [name, colour] of [["kept", theme.best], ["stopped", theme.stop]]) {
    for (const x of main.trials.filter(({ point }) => point[name] && !point.open).map(({ point }) => scale.x(point[name]))) {
      const ends = [[x, plot.height - theme.size * 0.7], [x, plot.height]];
      if (x >= 0 && x <= plot.width) parts.shapes.push(segment(plot, ...ends, { color: colour, width: 2 }, "above"));
    }
  }
}
