// The elements around the drawing: built once, then only their texts and states change.

import { element, renew, setText } from "../shared/dom.js";
import { icon, setIcon } from "../shared/icons.js";
import { whole } from "../shared/numbers.js";
import { buildSwitches, showSwitches } from "../shared/panel.js";
import { isFinal } from "../shared/records.js";
import { buildStatusLine, showStatusLine } from "../shared/status_line.js";
import { joined } from "../shared/words.js";

import { earlyStopRow } from "./early_stop_controls.js";
import { epochsOf, hasCurve } from "./records.js";
import { statusOf } from "./status.js";

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

const SPREADS = { both: "band + seeds", band: "band", seeds: "seeds" };
const SPREAD_TIP =
  "What the single seeds do, beside their median: a band, every seed as a thin line, or both. A median can be calm where " +
  "every seed swings.";

const nextSpread = (name) => Object.keys(SPREADS)[(Object.keys(SPREADS).indexOf(name) + 1) % 3];

const TAB_TIPS = {
  rmse: "How far predictions are off, in the unit of the target: the root of the loss. Large errors count more than in the MAE.",
  loss: "What training makes small, and what the doctor's percentages are of.",
  metric: "What a person understands: how far predictions are off on average, or the share of right classes.",
};

const WALK_TIP = "Arrow keys walk along the epochs; Home and End go to the first and the last.";
const press = (kind, onclick, more = {}) => ({ type: "button", class: kind, onclick, ...more });

export function buildPanel(actions) {
  const parts = buildStatusLine("epochs done");
  parts.tabs = element("div", { class: "lc-tabs", role: "group", "aria-label": "what is drawn" });
  parts.choose = (key) => actions.set("panel", key);
  const { buttons, placed } = buildSwitches([
    ...SWITCHES.map(([name, ...words]) => [name, ...words, () => actions.toggle(name)]),
    ["spread", SPREADS.both, SPREAD_TIP, () => actions.set("spread", nextSpread(parts.spread.dataset.spread))],
    [...REPLAY_SWITCH, actions.stopping.open],
    ["table", "table", "The values of these curves, epoch by epoch.", () => actions.toggle("table")],
  ]);
  buttons.running.append(icon("info"));
  Object.assign(parts, buttons);
  const full = { title: "full screen", "aria-label": "full screen" };
  parts.expand = element("button", press("lc-play lc-expand", actions.expand, full), icon("expand"));
  const walking = { role: "img", tabindex: "0", "aria-description": WALK_TIP, onkeydown: actions.walk, onblur: actions.leave };
  parts.plot = element("div", { class: "lc-plot", ...walking });
  parts.reset = element("button", press("lc-toggle lc-reset", actions.unzoom, { hidden: "" }), icon("reset"), "whole curve");
  parts.past = element("button", press("lc-toggle lc-past", actions.showAll, { hidden: "" }));
  parts.values = element("div", { class: "lc-table", tabindex: "0", role: "region", "aria-label": "table of the curves", hidden: "" });
  parts.spoken = element("p", { class: "lc-hidden", role: "status" });
  parts.summary = element("p", { class: "lc-hidden" });
  buildReplayRow(parts, actions);
  parts.early = earlyStopRow(actions.stopping);
  parts.root = element(
    "section",
    { class: "lc lc-root", "aria-label": "learning curves" },
    element(
      "div",
      { class: "lc-head" },
      parts.tabs,
      element("div", { class: "lc-toggles", role: "group", "aria-label": "how it is drawn" }, ...placed, parts.expand),
    ),
    parts.status,
    parts.progress,
    parts.error,
    element("div", { class: "lc-stage" }, parts.plot, parts.values, parts.empty, parts.reset, parts.past),
    parts.replay,
    parts.early.row,
    parts.summary,
    parts.spoken,
    parts.announced,
  );
  return parts;
}

function tabOf(parts, key, words) {
  return element("button", press("lc-tab", () => parts.choose(key), { "data-panel": key, title: TAB_TIPS[key] }), words);
}

function buildReplayRow(parts, actions) {
  parts.play = element("button", press("lc-play", actions.play));
  const scale = { type: "range", min: "1", max: "1", step: "1", "aria-label": "replay: epoch" };
  parts.scrub = element("input", { ...scale, class: "lc-scrub", oninput: (event) => actions.scrub(Number(event.target.value)) });
  parts.at = element("output", { class: "lc-at" });
  parts.replay = element("div", { class: "lc-replay" }, parts.play, parts.scrub, parts.at);
}

export function showControls(parts, state, { panel, panels, seeds }) {
  renew(parts.tabs, panels.map(({ key, tab }) => [key, tab]), () => panels.map(({ key, tab }) => tabOf(parts, key, tab)));
  for (const tab of parts.tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.panel === panel.key));
  showSwitches(parts, SWITCHES.map(([name]) => name), state);
  parts.running.disabled = !panel.running;
  parts.table.setAttribute("aria-pressed", String(Boolean(state.table)));
  parts.spread.dataset.spread = state.spread;
  setText(parts.spread, SPREADS[state.spread]);
  parts.spread.setAttribute("aria-pressed", "true");
  parts.spread.hidden = seeds < 2;
}

export function showStatus(parts, record, view) {
  const status = statusOf(record, view);
  const { run } = record ?? {};
  const done = run?.epochs_total ? run.epochs_done / run.epochs_total : 0;
  const spoken = view.replaying ? null : record ? `Run ${status.words}.` : "";
  showStatusLine(parts, status, { share: run && !isFinal(record) ? done : null, spoken });
}

// What the axis does not show, with one click to show it; null: everything is shown, and may be fitted again.
export function showPast(parts, past, { all, format }) {
  const arrows = [past.up === null ? "" : `↑ goes to ${format(past.up)}`, past.down === null ? "" : `↓ goes to ${format(past.down)}`];
  parts.past.hidden = !all && !arrows.some(Boolean);
  setText(parts.past, all ? "fit to the medians" : `${joined(...arrows)} · show all`);
}

// Early stopping can be tried on what has ended.
export function showStoppingSwitch(parts, record, rules) {
  parts.stopping.disabled = !rules && !(record && isFinal(record) && hasCurve(record));
  parts.stopping.setAttribute("aria-pressed", String(Boolean(rules)));
}

export function showReplay(parts, { record, upto, playing, replaying, hidden }) {
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
