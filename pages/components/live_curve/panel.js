// The elements around the drawing: built once, then only their texts and states change.

const RUNNING_TIP =
  "What Keras prints while it trains: the mean over the epoch's batches, with weights that still move and dropout on. " +
  "It looks back half an epoch, so it can lie above the validation curve. The solid training curve is measured " +
  "at the end of the epoch, in the same way as validation.";

const SWITCHES = [
  ["logY", "log y", "Logarithmic value axis: equal factors are equally high."],
  ["logX", "log x", "Logarithmic epoch axis: shows the first epochs in detail."],
  ["running", "running loss", RUNNING_TIP],
  ["baselines", "baselines", "Two models that need no tuning: a constant, and a linear model."],
];

const REPLAY_SWITCH = [
  "stopping",
  "early stop?",
  "Drag patience and the other rules of early stopping over this curve, and see where training would have stopped and " +
    "what it would have kept. Nothing is trained for it.",
];

let panels = 0;

function buildPanel(actions) {
  const parts = {};
  panels += 1;
  const press = (kind, onclick, more = {}) => ({ type: "button", class: kind, onclick, ...more });
  const tab = (name) => (parts[name] = element("button", press("lc-tab", () => actions.set("panel", name))));
  const toggles = [...SWITCHES, REPLAY_SWITCH].map(([name, words, tip]) => {
    const id = `lc-tip-${name}-${panels}`;
    const onclick = name === "stopping" ? actions.stopping.open : () => actions.toggle(name);
    const button = element("button", press("lc-toggle", onclick, { "aria-describedby": id }), words);
    if (name === "running") button.append(icon("info"));
    parts[name] = button;
    return element("span", { class: "lc-tipped" }, button, element("span", { class: "lc-tip", role: "tooltip", id }, tip));
  });
  parts.statusIcon = element("span", { class: "lc-status-icon" });
  parts.words = element("strong");
  parts.detail = element("span", { class: "lc-detail" });
  parts.offline = element("span", { class: "lc-offline", hidden: "" }, icon("offline"), "reconnecting…");
  parts.status = element("div", { class: "lc-status" }, parts.statusIcon, parts.words, parts.detail, parts.offline);
  parts.bar = element("div", { class: "lc-bar" });
  const percent = { role: "progressbar", "aria-label": "epochs done", "aria-valuemin": "0", "aria-valuemax": "100" };
  parts.progress = element("div", { class: "lc-progress", ...percent }, parts.bar);
  parts.error = element("p", { class: "lc-error", hidden: "" });
  parts.plot = element("div", { class: "lc-plot", role: "img" });
  parts.invitation = element("span");
  parts.empty = element("p", { class: "lc-empty" }, icon("empty"), parts.invitation);
  parts.reset = element("button", press("lc-toggle lc-reset", actions.unzoom, { hidden: "" }), icon("reset"), "whole curve");
  parts.summary = element("p", { class: "lc-hidden" });
  parts.announced = element("p", { class: "lc-hidden", role: "status" });
  parts.play = element("button", press("lc-play", actions.play));
  const scale = { type: "range", min: "1", max: "1", step: "1", "aria-label": "replay: epoch" };
  parts.scrub = element("input", { ...scale, class: "lc-scrub", oninput: (event) => actions.scrub(Number(event.target.value)) });
  parts.at = element("output", { class: "lc-at" });
  parts.replay = element("div", { class: "lc-replay" }, parts.play, parts.scrub, parts.at);
  parts.early = earlyStopRow(actions.stopping);
  const full = { title: "full screen", "aria-label": "full screen" };
  parts.expand = element("button", press("lc-play lc-expand", actions.expand, full), icon("expand"));
  parts.root = element(
    "section",
    { class: "lc lc-root", "aria-label": "learning curves" },
    element(
      "div",
      { class: "lc-head" },
      element("div", { class: "lc-tabs", role: "group", "aria-label": "what is drawn" }, tab("loss"), tab("metric")),
      element("div", { class: "lc-toggles", role: "group", "aria-label": "how it is drawn" }, ...toggles, parts.expand),
    ),
    parts.status,
    parts.progress,
    parts.error,
    element("div", { class: "lc-stage" }, parts.plot, parts.empty, parts.reset),
    parts.replay,
    parts.early.row,
    parts.summary,
    parts.announced,
  );
  return parts;
}

const setText = (node, text) => node.textContent !== text && (node.textContent = text);

function setIcon(holder, name) {
  if (holder.dataset.icon === name) return;
  holder.dataset.icon = name;
  holder.replaceChildren(icon(name));
}

function showControls(parts, state, facts) {
  const metric = facts.context.task ? (facts.classification ? "Accuracy" : "MAE") : "Metric";
  setText(parts.loss, "Loss");
  setText(parts.metric, metric);
  for (const name of ["loss", "metric"]) parts[name].setAttribute("aria-pressed", String(state.panel === name));
  for (const [name] of SWITCHES) parts[name].setAttribute("aria-pressed", String(state[name]));
  parts.running.disabled = state.panel === "metric";
}

function showStatus(parts, record, view) {
  const status = statusOf(record, view);
  parts.root.dataset.state = status.state;
  setIcon(parts.statusIcon, status.state === "loading" ? "queued" : status.state);
  setText(parts.words, status.words);
  setText(parts.detail, status.detail);
  parts.status.title = joined(status.words, status.detail);
  parts.error.hidden = !status.error;
  setText(parts.error, status.error ?? "");
  if (!view.replaying) setText(parts.announced, record ? `Run ${status.words}.` : "");
  const run = record?.run;
  const live = run && !isFinal(record);
  const share = live && run.epochs_total ? run.epochs_done / run.epochs_total : 0;
  parts.progress.classList.toggle("lc-live", Boolean(live));
  parts.progress.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  parts.bar.style.transform = `scaleX(${share})`;
}

// Early stopping can be tried on what has ended.
function showStoppingSwitch(parts, record, rules) {
  parts.stopping.disabled = !rules && !(record && isFinal(record) && hasCurve(record));
  parts.stopping.setAttribute("aria-pressed", String(Boolean(rules)));
}

function showReplay(parts, { record, upto, playing, replaying, hidden }) {
  parts.replay.hidden = hidden;
  const length = record && isFinal(record) ? epochsOf(record) : 0;
  const usable = length > 1;
  parts.replay.classList.toggle("lc-off", !usable);
  parts.play.disabled = parts.scrub.disabled = !usable;
  setIcon(parts.play, playing ? "pause" : "play");
  parts.play.setAttribute("aria-label", playing ? "pause the replay" : "replay the training");
  parts.play.title = playing ? "pause" : "replay the training epoch by epoch";
  parts.scrub.max = String(Math.max(1, length));
  const at = replaying ? upto : length;
  if (Number(parts.scrub.value) !== at) parts.scrub.value = String(Math.max(1, at));
  parts.scrub.style.setProperty("--lc-done", `${length > 1 ? ((at - 1) / (length - 1)) * 100 : 100}%`);
  setText(parts.at, usable ? `epoch ${whole(at)}` : "");
}
