// The elements around the canvas: built once, then only their texts and states change.

import { element, setText } from "../shared/dom.js";
import { formatNumber } from "../shared/numbers.js";
import { buildSwitches } from "../shared/panel.js";
import { isFinal } from "../shared/records.js";
import { buildStatusLine, showStatusLine } from "../shared/status_line.js";
import { joined } from "../shared/words.js";

import { focusWords } from "./focus.js";
import { ranking } from "./records.js";
import { progressOf, statusOf } from "./status.js";

export const SWITCHES = [
  ["logY", "log y", "Logarithmic value axis: equal factors are equally high."],
  ["logX", "log x", "Logarithmic epoch axis: shows the first epochs in detail."],
];
const LISTED = 7;

export function buildPanel(actions) {
  const parts = buildStatusLine("trainings done");
  const { buttons, placed } = buildSwitches(SWITCHES.map(([name, ...words]) => [name, ...words, () => actions.toggle(name)]));
  Object.assign(parts, buttons);
  parts.base = element("canvas", { class: "sb-canvas" });
  parts.focus = element("canvas", { class: "sb-canvas" });
  parts.tip = element("div", { class: "sb-tip", hidden: "" });
  parts.plot = element("div", { class: "sb-plot", role: "img" }, parts.base, parts.focus, parts.tip);
  parts.list = element("ol", { class: "sb-list" });
  parts.side = element("div", { class: "sb-side" }, element("div", { class: "sb-title" }, "best so far"), parts.list);
  parts.root = element(
    "section",
    { class: "lc sb-root", "aria-label": "all validation curves of the search" },
    element("div", { class: "lc-head" }, parts.status, element("div", { class: "lc-toggles" }, ...placed)),
    parts.progress,
    parts.error,
    element("div", { class: "lc-stage sb-stage" }, parts.plot, parts.side, parts.empty),
    parts.announced,
  );
  return parts;
}

export function showStatus(parts, search, planned) {
  const status = statusOf(search, planned);
  const live = search?.run && !isFinal(search);
  showStatusLine(parts, status, {
    share: live ? progressOf(search, planned).share : null,
    spoken: search ? `Search ${status.words}.` : "",
  });
}

// The best settings as buttons, from the top down.
export function showList(parts, search, selected, actions) {
  const rows = search ? ranking(search).slice(0, LISTED) : [];
  parts.side.hidden = !rows.length;
  setText(parts.side.firstChild, isFinal(search) ? "best settings" : "best so far");
  const drawn = JSON.stringify([search?.id, selected, rows.map(({ setting, score }) => [setting.number, score, setting.status])]);
  if (drawn === parts.list.dataset.drawn) return;
  parts.list.dataset.drawn = drawn;
  parts.list.replaceChildren(
    ...rows.map(({ setting, score }, i) => {
      const values = setting.words.map((word, j) => (word === null ? null : `${search.axes[j]} ${word}`)).filter(Boolean);
      const words = joined(...values) || "as set on Tune";
      const pressed = String(setting.number === selected);
      const hooks = {
        onclick: () => actions.pick(setting.number),
        onpointerenter: () => actions.point(setting.number),
        onpointerleave: () => actions.point(null),
      };
      const value = element("span", { class: "sb-score" }, formatNumber(score));
      const name = element("span", { class: "sb-words" }, words);
      const button = element("button", { type: "button", "aria-pressed": pressed, title: words, ...hooks }, value, name);
      return element("li", { class: i ? "" : "sb-best" }, button);
    }),
  );
}

export function showTip(parts, search, focus, place) {
  parts.tip.hidden = !focus || !place;
  if (parts.tip.hidden) return;
  const rows = focusWords(search, focus).filter(([, word]) => word !== null);
  parts.tip.replaceChildren(...rows.flatMap(([name, word]) => [element("span", {}, name), element("b", {}, word)]));
  const { clientWidth: width, clientHeight: height } = parts.plot;
  const { offsetWidth: wide, offsetHeight: high } = parts.tip;
  const left = place.x + 16 + wide > width ? place.x - 16 - wide : place.x + 16;
  parts.tip.style.left = `${Math.max(0, left)}px`;
  parts.tip.style.top = `${Math.min(Math.max(0, place.y - high / 2), Math.max(0, height - high))}px`;
}
