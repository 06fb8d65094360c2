// What if training had stopped earlier? Keras's rules of early stopping, replayed on a recorded run with no retraining.

const RULES = { patience: 20, min_delta: 0, start_from_epoch: 0, restore_best_weights: true, monitor: "val_loss" };
const DELTA_STEPS = 60; // positions of the slider of min_delta: 0, then four decades up to the whole fall of the curve

const rulesOf = (record) => ({ ...RULES, ...record?.trials[0]?.hyperparameters?.early_stopping });

// The same as `stop_point` in tuning_core/diagnosis/early_stop.py; a test compares them. Epochs from 1, null for none.
function stopPoint(series, rules, classification) {
  const length = trainedEpochs(series);
  const sign = rules.monitor === "val_metric" && classification ? -1 : 1; // lower is better
  let [best, bestEpoch, wait, stopped] = [Infinity, null, 0, null];
  for (let epoch = rules.start_from_epoch; epoch < length; epoch++) {
    const recorded = series[rules.monitor][epoch];
    if (recorded === null || recorded === undefined) continue;
    const value = sign * recorded;
    wait += 1;
    if (bestEpoch === null || value + rules.min_delta < best) [best, bestEpoch, wait] = [value, epoch + 1, 0];
    else if (wait >= rules.patience && epoch > 0) {
      stopped = epoch + 1;
      break;
    }
  }
  const last = stopped ?? length;
  return { stopped, last, best: bestEpoch, kept: ((rules.restore_best_weights && bestEpoch) || last) || null };
}

// Epochs up to and with the first one in which a recorded series is not finite.
function trainedEpochs(series) {
  const recorded = Object.values(series).filter((values) => values.some((v) => v !== null && v !== undefined));
  const length = Math.max(0, ...Object.values(series).map((values) => values.length));
  for (let i = 0; i < length; i++) if (recorded.some((values) => values[i] === null || values[i] === undefined)) return i + 1;
  return length;
}

// The run as it would have ended under these rules: the same curves, other marks on them.
function replayStopping(record, rules) {
  const { classification } = factsOf(record);
  const trials = record.trials.filter((trial) => record.series.has(trial.number)).map((trial) => {
    const point = stopPoint(record.series.get(trial.number), rules, classification);
    point.open = !point.stopped && trial.diverged_epoch === null && point.last < (trial.hyperparameters?.epochs ?? 0);
    return { ...trial, best_epoch: point.open ? null : point.kept, stopped_epoch: point.stopped, point };
  });
  return { ...record, trials, isReplayed: true };
}

// Trials whose recording ends before these rules would have ended them: what would come next, and be kept, is not known.
const untold = (replayed) => replayed.trials.filter(({ point }) => point.open);

function replayedStatus(replayed) {
  const { trials } = replayed;
  const short = untold(replayed);
  const stopped = trials.filter(({ point }) => point.stopped);
  const keeps = keptWords(replayed);
  const who = (some) => (trials.length > 1 ? `${some.length} of ${trials.length} seeds` : "");
  if (short.length) {
    const end = whole(median(short.map(({ point }) => point.last)));
    const detail = joined(who(short), `the recording ends at epoch ${end}, before these rules would stop it`);
    return { state: "early_stop", words: "too short to tell", detail };
  }
  if (!stopped.length) return { state: "early_stop", words: "does not stop", detail: joined("trains to the end", keeps) };
  const epoch = whole(Math.round(median(stopped.map(({ point }) => point.stopped))));
  const all = stopped.length === trials.length;
  const sum = (of) => trials.reduce((total, trial) => total + of(trial), 0);
  const saved = 1 - sum(({ point }) => point.last) / sum(({ number }) => replayed.series.get(number).loss.length);
  const detail = joined(all ? "" : who(stopped), `${Math.round(100 * saved)} % of the epochs saved`, keeps);
  return { state: "early_stop", words: `stops at epoch ${epoch}`, detail };
}

// "keeps epoch 33, validation loss 0.123: 1.2 % above the best, epoch 83": medians over the seeds.
function keptWords({ trials, series }) {
  const found = trials.flatMap(({ number, point }) => {
    const losses = series.get(number).val_loss;
    const lowest = losses.reduce((low, v, i) => (v !== null && (low < 0 || v < losses[low]) ? i : low), -1);
    const kept = point.kept ? losses[point.kept - 1] : null;
    return lowest < 0 || kept === null || kept === undefined ? [] : [{ kept, epoch: point.kept, best: losses[lowest], lowest: lowest + 1 }];
  });
  if (!found.length) return "";
  const middle = (of) => median(found.map(of));
  const above = 100 * middle(({ kept, best }) => (kept - best) / Math.max(Math.abs(best), 1e-300));
  const best = above < 0.05 ? "the best" : `${above.toPrecision(2)} % above the best (epoch ${whole(Math.round(middle((f) => f.lowest)))})`;
  return `keeps epoch ${whole(Math.round(middle((f) => f.epoch)))}: validation loss ${formatNumber(middle((f) => f.kept))}, ${best}`;
}

// ---- on the curve ---------------------------------------------------------------------------------------------------

// Epochs that would not be trained are veiled; every seed has a small mark of its own.
function addReplayedStop({ main, scale, plot, theme, parts }) {
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

// ---- the controls ---------------------------------------------------------------------------------------------------

const RULE_TIPS = {
  patience: "Epochs without improvement to wait before stopping.",
  min_delta: "An improvement counts only if it is larger than this, in the units of what is watched.",
  start_from_epoch: "Epochs at the start that early stopping does not look at.",
  monitor: "What early stopping watches.",
  restore: "Keep the weights of the best epoch. Off: the last ones, past the best, as Keras does by default.",
  take: "Put these rules on the sliders at the left.",
  record: "Train these settings again without early stopping: then every rule can be tried on the whole curve.",
};

function earlyStopRow(actions) {
  const parts = {};
  const slider = (name, words, read) => {
    const input = element("input", { type: "range", class: "lc-scrub", step: "1", min: "0", max: "1", "aria-label": words });
    input.addEventListener("input", () => actions.rule(name, read ? read(Number(input.value)) : Number(input.value)));
    const value = element("output");
    parts[name] = { input, value };
    return element("label", { class: "lc-rule", title: RULE_TIPS[name] }, words, input, value);
  };
  const choice = (value) => element("option", { value });
  parts.monitor = element("select", { "aria-label": "what early stopping watches" }, choice("val_loss"), choice("val_metric"));
  parts.monitor.addEventListener("change", () => actions.rule("monitor", parts.monitor.value));
  parts.restore = element("input", { type: "checkbox" });
  parts.restore.addEventListener("change", () => actions.rule("restore_best_weights", parts.restore.checked));
  const button = (name, words) =>
    (parts[name] = element("button", { type: "button", class: "lc-action", title: RULE_TIPS[name], onclick: actions[name] }, words));
  parts.row = element(
    "div",
    { class: "lc-rules", role: "group", "aria-label": "early stopping, replayed", hidden: "" },
    slider("patience", "patience"),
    slider("min_delta", "smallest improvement", (position) => actions.delta(position)),
    slider("start_from_epoch", "not before epoch"),
    element("label", { class: "lc-rule", title: RULE_TIPS.monitor }, "watch", parts.monitor),
    element("label", { class: "lc-rule", title: RULE_TIPS.restore }, parts.restore, "keep the best epoch"),
    button("record", "Record the whole curve"),
    button("take", "To sliders"),
  );
  return parts;
}

function showEarlyStop(parts, { record, replayed, rules }) {
  parts.row.hidden = !rules;
  if (!rules) return;
  const length = Math.max(1, epochsOf(record));
  const place = { patience: rules.patience, start_from_epoch: rules.start_from_epoch, min_delta: deltaPosition(record, rules) };
  const words = { patience: whole(rules.patience), min_delta: formatTick(rules.min_delta), start_from_epoch: whole(rules.start_from_epoch) };
  for (const [name, { input, value }] of Object.entries({ ...parts }).filter(([name]) => name in place)) {
    input.max = String(name === "min_delta" ? DELTA_STEPS : Math.max(length, rules[name]));
    if (Number(input.value) !== place[name]) input.value = String(place[name]);
    input.style.setProperty("--lc-done", `${(100 * place[name]) / Number(input.max)}%`);
    input.disabled = !replayed;
    setText(value, words[name]);
  }
  const metric = factsOf(record).classification ? "validation accuracy" : "validation MAE";
  ["validation loss", metric].forEach((text, i) => setText(parts.monitor.options[i], text));
  parts.monitor.value = rules.monitor;
  parts.restore.checked = rules.restore_best_weights;
  parts.record.hidden = !replayed || !untold(replayed).length;
  parts.take.disabled = !replayed;
}

// How far what is watched falls in all, median over the seeds: the largest improvement that could be asked for.
function wholeFall(record, rules) {
  const values = bandOf(record, rules.monitor).middle.filter((v) => v !== null);
  return values.length ? Math.max(...values) - Math.min(...values) : 0;
}

function deltaAt(record, rules, position) {
  return position ? Number((wholeFall(record, rules) * 10 ** ((position - DELTA_STEPS) / 15)).toPrecision(2)) : 0;
}

function deltaPosition(record, rules) {
  const share = rules.min_delta / wholeFall(record, rules);
  if (!(share > 0)) return 0;
  return Math.min(DELTA_STEPS, Math.max(1, Math.round(DELTA_STEPS + 15 * Math.log10(share))));
}
