// Best epoch, stopping epoch, divergence, and what lies above the view.

function addMarkers({ main, length, panel, theme, scale, plot, format, parts, replaying }) {
  const best = markedEpoch(main, "best_epoch");
  const stop = markedEpoch(main, "stopped_epoch");
  const lines = [];
  if (best && best.epoch <= length && (isFinal(main) || replaying)) {
    const value = bandOf(main, panel.validation).middle[best.epoch - 1] ?? NaN;
    lines.push({ marked: best, words: "best epoch", value: Number.isFinite(value) ? `: ${format(value)}` : "", colour: theme.best });
    addBestPoint({ value, best, theme, parts });
  }
  if (stop && stop.epoch <= length) lines.push({ marked: stop, words: "stopped", colour: theme.stop, dash: "5px,3px" });
  addEpochLines(lines, { main, theme, scale, plot, parts });
  addDiverged({ main, length, panel, theme, scale, plot, parts });
  addAbove({ main, length, panel, theme, scale, parts });
}

// Vertical lines with their words under the axis, where no curve is; the words make room for each other.
function addEpochLines(lines, { main, theme, scale, plot, parts }) {
  const many = main.series.size > 1 ? " (median)" : "";
  const labels = [];
  for (const { marked, words, value = "", colour, dash } of lines) {
    const x = scale.x(marked.epoch);
    if (!(x >= -0.5 && x <= plot.width + 0.5)) continue;
    const at = x / plot.width;
    const below = (theme.size * 1.75) / plot.height; // the line leads down past the ticks to its words
    const shape = { type: "line", xref: "paper", yref: "paper", x0: at, x1: at, y1: 1, layer: "below" };
    parts.shapes.push({ ...shape, y0: 0, line: { color: colour, width: 1.7, dash: dash ?? "solid" } });
    parts.shapes.push({ ...shape, y0: -below, y1: 0, line: { color: colour, width: 1, dash: dash ?? "solid" } });
    const text = `${words} ${whole(marked.epoch)}${value}${many}`;
    labels.push({ text, colour, at: x, height: theme.size * (0.5 * text.length + 2) });
  }
  for (const label of moveApart(labels, plot.width + plot.margin.r * 0.6)) {
    parts.annotations.push({
      text: `<span style="color:${label.colour}">●</span> ${label.text}`,
      xref: "paper",
      yref: "paper",
      x: label.placed / plot.width,
      y: 0,
      yshift: -theme.size * 1.62,
      xanchor: "center",
      yanchor: "top",
      showarrow: false,
      font: { size: theme.size, color: theme.text },
    });
  }
}

function addBestPoint({ value, best, theme, parts }) {
  if (!Number.isFinite(value)) return;
  const marker = { color: theme.best, size: theme.line * 4, line: { color: theme.background, width: 1.5 } };
  parts.traces.push({ type: "scatter", mode: "markers", x: [best.epoch], y: [value], marker, hoverinfo: "skip", cliponaxis: false });
}

// A cross where the loss stopped being a number, at the last height that could be seen.
function addDiverged({ main, length, panel, theme, scale, plot, parts }) {
  const lost = main.trials.filter((trial) => trial.diverged_epoch !== null && trial.diverged_epoch <= length + 1);
  if (!lost.length) return;
  const crosses = lost.map((trial) => {
    const values = main.series.get(trial.number)?.[panel.validation] ?? [];
    const last = lastFinite(values, Math.min(values.length, length));
    const y = last < 0 ? 0 : scale.y(values[last]);
    return { x: scale.x(trial.diverged_epoch), y: Number.isFinite(y) ? Math.min(Math.max(y, theme.size), plot.height - theme.size) : theme.size };
  });
  for (const cross of new Map(crosses.map((c) => [`${c.x},${Math.round(c.y)}`, c])).values()) {
    const arm = theme.size * 0.42;
    const [u, v] = [cross.x, cross.y];
    const stroke = { color: theme.text, width: 2.2 };
    for (const sign of [1, -1]) {
      parts.shapes.push({
        type: "line", xref: "paper", yref: "paper", line: stroke,
        x0: (u - arm) / plot.width, x1: (u + arm) / plot.width, y0: 1 - (v - sign * arm) / plot.height, y1: 1 - (v + sign * arm) / plot.height,
      });
    }
  }
  const epochs = [...new Set(lost.map((trial) => trial.diverged_epoch))].sort((a, b) => a - b);
  const when = epochs.length <= 3 ? `${epochs.length > 1 ? "epochs" : "epoch"} ${epochs.join(", ")}` : `epochs ${epochs[0]} to ${epochs.at(-1)}`;
  const who = main.trials.length > 1 ? `${lost.length} of ${main.trials.length} seeds diverged` : "diverged";
  const [from, to] = [Math.min(...crosses.map((c) => c.x)), Math.max(...crosses.map((c) => c.x))];
  const right = from > plot.width * 0.55;
  const y = Math.max(...crosses.map((c) => c.y));
  parts.annotations.push({
    text: `${who} at ${when}`, xref: "paper", yref: "paper", x: (right ? to : from) / plot.width, y: 1 - y / plot.height,
    xanchor: right ? "right" : "left", xshift: (right ? 1 : -1) * theme.size * 0.4, yanchor: "top", yshift: -theme.size * 0.6, showarrow: false,
    bgcolor: alpha(theme.background, 0.78), font: { size: theme.size, color: theme.text, weight: 600 },
  });
}

// The first epochs may lie far above the rest: they are told, not drawn, so that the rest can be read.
function addAbove({ main, length, panel, theme, scale, parts }) {
  const band = bandOf(main, panel.validation);
  const other = bandOf(main, panel.train);
  let above = 0;
  const high = (i) => Math.max(band.middle[i] ?? -Infinity, other.middle[i] ?? -Infinity);
  while (above < length && scale.y(high(above)) < -1) above += 1;
  if (!above || above === length || main.trials.some((trial) => trial.diverged_epoch !== null)) return;
  const most = Math.max(...Array.from({ length: above }, (_, i) => high(i)));
  parts.annotations.push({
    text: `↑ above the view: ${above === 1 ? "epoch 1 at" : `epochs 1 to ${above}, up to`} ${formatNumber(most)}`,
    xref: "paper", yref: "paper", x: 1, y: 1, xanchor: "right", yanchor: "bottom", yshift: 6,
    showarrow: false, font: { size: theme.size * 0.9, color: theme.grey },
  });
}
