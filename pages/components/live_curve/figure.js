// From records to a Plotly figure: traces, shapes and annotations. No DOM here.

const DASHES = ["dash", "dot", "dashdot", "longdash", "longdashdot"];
const POINTS_DRAWN = 1500; // of one line; above that the extremes of equal buckets are drawn

// Names of what each panel shows. `source` is the series of training, validation and the running mean.
function panelOf(state, facts, target) {
  const of = target ? ` of ${target}` : "";
  if (state.panel === "metric") {
    const name = facts.classification ? "Accuracy" : `Mean absolute error${of}`;
    return { name, train: "metric", validation: "val_metric", running: null, dummy: "dummy_metric", linear: "linear_metric" };
  }
  const losses = { mse: `Loss: mean squared error${of}`, mae: `Loss: mean absolute error${of}` };
  const name = losses[facts.lossName] ?? (facts.lossName ? "Loss: cross-entropy" : "Loss");
  return { name, train: "train_loss", validation: "val_loss", running: "loss", dummy: "dummy_loss", linear: "linear_loss" };
}

// A line with many points as the lowest and highest of each bucket: no spike is lost. Returns indices.
function drawnIndices(values, from, to) {
  const n = to - from;
  if (n <= POINTS_DRAWN) return Array.from({ length: n }, (_, i) => from + i);
  const indices = [from];
  const bucket = (n - 2) / (POINTS_DRAWN / 2);
  for (let start = from + 1; start < to - 1; start += bucket) {
    const [a, b] = [Math.floor(start), Math.min(Math.floor(start + bucket), to - 1)];
    let [low, high] = [a, a];
    for (let i = a; i < b; i++) {
      if (values[i] < values[low]) low = i;
      if (values[i] > values[high]) high = i;
    }
    indices.push(Math.min(low, high));
    if (low !== high) indices.push(Math.max(low, high));
  }
  return [...indices, to - 1];
}

function lineTrace(band, length, line, extra = {}) {
  const at = drawnIndices(band.middle, 0, length);
  return {
    type: "scatter",
    mode: at.length === 1 ? "markers" : "lines",
    x: at.map((i) => i + 1),
    y: at.map((i) => band.middle[i]),
    line,
    marker: { color: line.color, size: 6 },
    hoverinfo: "skip",
    ...extra,
  };
}

// Where fewer than half of the seeds still train, the median is of a changing crowd: that part is drawn faint.
function medianTraces(band, length, seeds, line, hover) {
  let whole = length;
  while (whole > 0 && band.seeds[whole - 1] * 2 < seeds) whole -= 1;
  const traces = [lineTrace(band, whole, line, hover(band, 0, whole))];
  if (whole < length) {
    const rest = Object.fromEntries(Object.entries(band).map(([k, v]) => [k, Array.isArray(v) ? v.slice() : v]));
    for (let i = 0; i < whole - 1; i++) rest.middle[i] = null;
    const extra = hover(rest, 0, length);
    traces.push(lineTrace(rest, length, { ...line, width: line.width * 0.6, dash: "4px,3px" }, { ...extra, opacity: 0.75 }));
  }
  return traces.filter((trace) => trace.x.length);
}

// The band as one closed shape per stretch without gaps.
function bandTrace(band, length, colour, opacity) {
  const [x, y] = [[], []];
  for (let start = 0; start < length; start++) {
    if (band.low[start] === null) continue;
    let end = start;
    while (end + 1 < length && band.low[end + 1] !== null) end += 1;
    const stretch = { low: drawnIndices(band.low, start, end + 1), high: drawnIndices(band.high, start, end + 1).reverse() };
    x.push(...stretch.low.map((i) => i + 1), ...stretch.high.map((i) => i + 1), null);
    y.push(...stretch.low.map((i) => band.low[i]), ...stretch.high.map((i) => band.high[i]), null);
    start = end;
  }
  const fillcolor = alpha(colour, opacity);
  return { type: "scatter", mode: "lines", x, y, line: { width: 0 }, fill: "toself", fillcolor, hoverinfo: "skip" };
}

function alpha(hex, opacity) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  return `rgba(${r},${g},${b},${opacity})`;
}

// Hover texts of a median line: value, band, and how many seeds when not all. Kept with the band: they cost more than
// the drawing.
function hoverOf(label, record, format) {
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

// All that is drawn: view = {main, ghost, overlays, upto, state, facts, panel, theme, width, height, ranges}.
function buildFigure(view) {
  const { main, ghost, overlays, upto, state, panel, theme, facts } = view;
  const share = state.panel === "metric" && facts.classification;
  const format = share ? formatShare : formatNumber;
  const full = share ? formatShare : formatFull;
  const parts = { traces: [], labels: [], shapes: [], annotations: [] };
  const plot = plotArea(view);
  const scale = scaleOf(view, plot);
  const context = { ...view, plot, scale, format, full, share, parts };
  if (state.baselines) addBaselines(context);
  if (ghost) addGhost(context, ghost);
  overlays.forEach((overlay, i) => addOverlay(context, overlay, i));
  if (main && Math.min(upto, epochsOf(main)) > 0) addMain(context);
  if (main) addEvidence(context, view.finding);
  addTitle(context);
  const ends = endLabels(parts.labels, plot, { size: theme.size, veil: alpha(theme.background, 0.78) });
  return { data: parts.traces, layout: layoutOf(context, [...ends, ...parts.annotations]) };
}

function addMain(context) {
  const { main, upto, state, panel, theme, full, parts, stale } = context;
  const length = Math.min(upto, epochsOf(main));
  const seeds = main.series.size;
  const hideOutside = main.trials.some((trial) => trial.diverged_epoch !== null);
  const opacity = stale ? 0.4 : 1;
  const lines = [
    ["training", panel.train, theme.train, { width: theme.line }],
    ["validation", panel.validation, theme.validation, { width: theme.line }],
  ];
  for (const [, name, colour] of seeds > 1 ? lines : []) {
    parts.traces.push({ ...bandTrace(bandOf(main, name), length, colour, 0.18), opacity, name: `band ${name}` });
  }
  const dotted = { width: theme.line * 0.6, dash: "1.5px,2.5px" };
  if (state.running && panel.running) lines.unshift(["running loss", panel.running, theme.train, dotted]);
  for (const [label, name, color, line] of lines) {
    const band = bandOf(main, name);
    const traces = medianTraces(band, length, seeds, { color, ...line }, hoverOf(label, main, full));
    for (const [i, trace] of traces.entries()) {
      parts.traces.push({ ...trace, name: i ? `${label}, fewer seeds` : label, opacity: (trace.opacity ?? 1) * opacity });
    }
    addEndLabel(context, { label, band, length, color, seeds, hideOutside, faint: label === "running loss" || stale });
  }
  addReplayedStop(context);
  if (!stale) addMarkers({ ...context, length });
}

function lastFinite(values, length) {
  for (let i = length - 1; i >= 0; i--) if (values[i] !== null && values[i] !== undefined) return i;
  return -1;
}

function addEndLabel({ scale, plot, format, parts }, { label, band, length, color, faint, bare, hideOutside, seeds }) {
  const last = lastFinite(band.middle, length);
  const y = last < 0 ? NaN : scale.y(band.middle[last]);
  if (Number.isNaN(y)) return;
  if (hideOutside && (y < 0 || y > plot.height)) return; // the words at the cross say it
  const arrow = y < -1 ? "↑ " : y > plot.height + 1 ? "↓ " : "";
  const name = plotlyText(label);
  // A median of the last few seeds is not the median: its value would be taken for the result.
  const few = seeds && band.seeds[last] * 2 < seeds;
  const value = few ? `, ${band.seeds[last]} of ${seeds} seeds` : bare ? "" : ` ${arrow}${format(band.middle[last])}`;
  const place = { x: Math.min(scale.x(last + 1), plot.width), y: Math.min(Math.max(y, 0), plot.height) };
  parts.labels.push({ ...place, text: name + value, colour: color, faint: faint || few });
}

function addGhost(context, ghost) {
  const { panel, theme, parts } = context;
  const length = epochsOf(ghost);
  for (const [name, color] of [[panel.train, theme.train], [panel.validation, theme.validation]]) {
    const line = { color, width: theme.line * 0.8 };
    parts.traces.push(lineTrace(bandOf(ghost, name), length, line, { opacity: 0.32, name: `ghost ${name}` }));
  }
  const band = bandOf(ghost, panel.validation);
  addEndLabel(context, { label: "previous", band, length, color: theme.grey, faint: true, bare: true });
}

function addOverlay(context, { record, label }, i) {
  const { panel, theme, full, parts } = context;
  const dash = DASHES[i % DASHES.length];
  const length = epochsOf(record);
  for (const [name, color, weight] of [[panel.train, theme.train, 0.6], [panel.validation, theme.validation, 0.85]]) {
    const band = bandOf(record, name);
    const told = name === panel.validation; // the hover box would grow too long with both
    const hover = told ? hoverOf(shortened(label, 28), record, full)(band, 0, length) : {};
    const extra = { opacity: weight, ...hover, name: `overlay ${i + 1} ${name}` };
    parts.traces.push(lineTrace(band, length, { color, width: theme.line * weight, dash }, extra));
    if (told) addEndLabel(context, { label: shortened(label, 16), band, length, color, bare: true });
  }
}

// Baselines are dashes across the plot; one that is out of view is told in the margin, with an arrow.
function addBaselines({ facts, panel, theme, scale, plot, format, parts }) {
  const line = { color: theme.grey, width: 1.3, dash: "7px,5px" };
  for (const [words, value] of [["constant", facts.context[panel.dummy]], ["linear model", facts.context[panel.linear]]]) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    const y = scale.y(value);
    const inside = y >= 0 && y <= plot.height;
    if (inside) parts.shapes.push(segment(plot, [0, y], [plot.width, y], line));
    const arrow = inside ? "" : y > plot.height ? "↓ " : "↑ ";
    const place = { x: plot.width, y: Math.min(Math.max(y || 0, 0), plot.height) };
    parts.labels.push({ ...place, text: `${words} ${arrow}${format(value)}`, colour: theme.grey, faint: true });
  }
}
