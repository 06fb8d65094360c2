// The row of controls in which rules of early stopping are tried on a recorded curve.

import { element, setText } from "../shared/dom.js";
import { formatTick, whole } from "../shared/numbers.js";

import { DELTA_STEPS, deltaPosition, untold } from "./early_stop.js";
import { epochsOf, factsOf } from "./records.js";

const RULE_TIPS = {
  patience: "Epochs without improvement to wait before stopping.",
  min_delta: "An improvement counts only if it is larger than this, in the units of what is watched.",
  start_from_epoch: "Epochs at the start that early stopping does not look at.",
  monitor: "What early stopping watches.",
  restore: "Keep the weights of the best epoch. Off: the last ones, past the best, as Keras does by default.",
  take: "Put these rules on the sliders at the left.",
  record: "Train these settings again without early stopping: then every rule can be tried on the whole curve.",
};

export function earlyStopRow(actions) {
  const parts = {};
  const slider = (name, words, read) => {
    const input = element("input", { type: "range", class: "lc-scrub", step: "1", min: "0", max: "1", "aria-label": words });
    input.addEventListener("input", () => actions.rule(name, read ? read(Number(input.value)) : Number(input.value)));
    const value = element("output");
    parts[name] = { input, value };
    return element("label", { class: "lc-rule", title: RULE_TIPS[name] }, words, input, value);
  };
  const choice = (value) => element("option", { value });
  parts.monitor = element("select", { "aria-label": "what early stopping watches" }, choice("val_loss"), choice("val_metric"), choice(""));
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
    button("take", "Load settings"),
  );
  return parts;
}

export function showEarlyStop(parts, { record, replayed, rules, held }) {
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
  const own = record?.trials[0]?.hyperparameters?.early_stopping?.monitor ?? "val_loss"; // a score that this run has watched
  const score = own.startsWith("val_") ? null : own;
  ["validation loss", metric, (score ?? "").replaceAll("_", " ")].forEach((text, i) => setText(parts.monitor.options[i], text));
  parts.monitor.options[2].hidden = parts.monitor.options[2].disabled = !score;
  if (score) parts.monitor.options[2].value = score;
  parts.monitor.value = rules.monitor;
  parts.restore.checked = rules.restore_best_weights;
  parts.record.hidden = !replayed || !untold(replayed).length;
  parts.record.disabled = Boolean(held); // nothing may be trained now
  parts.record.title = held || RULE_TIPS.record;
  parts.take.disabled = !replayed;
}
