// The elements around the panels: built once, then only their texts and states change.

import { element, renew, setText } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { buildSwitches, showSwitches } from "../shared/panel.js";

const SWITCHES = [
  ["logY", "log y", "Logarithmic value axis: equal factors are equally high."],
  ["logX", "log x", "Logarithmic epoch axis: shows the first epochs in detail."],
  ["baselines", "baselines", "Two models that need no tuning: a constant, and a linear model."],
];
const SPREADS = { both: "band + seeds", band: "band", seeds: "seeds" };
const SPREAD_TIP = "What the single seeds do, beside their median: a band, every seed as a thin line, or both.";
const PICTURE_TIP = "All panels as they stand here, as a picture file.";

const nextSpread = (name) => Object.keys(SPREADS)[(Object.keys(SPREADS).indexOf(name) + 1) % 3];

export function buildFrame(actions) {
  const parts = {};
  const press = (kind, onclick, more = {}) => ({ type: "button", class: kind, onclick, ...more });
  parts.choose = (key) => actions.set("panel", key);
  parts.tabs = element("div", { class: "lc-tabs", role: "group", "aria-label": "what is drawn" });
  const { buttons, placed } = buildSwitches([
    ...SWITCHES.map(([name, ...words]) => [name, ...words, () => actions.toggle(name)]),
    ["spread", SPREADS.both, SPREAD_TIP, () => actions.set("spread", nextSpread(parts.spread.dataset.spread))],
    ["table", "table", "The values of these curves, epoch by epoch.", () => actions.toggle("table")],
    ["png", "PNG", PICTURE_TIP, () => actions.picture("png")],
    ["svg", "SVG", PICTURE_TIP, () => actions.picture("svg")],
  ]);
  Object.assign(parts, buttons);
  const full = { title: "full screen", "aria-label": "full screen" };
  const expand = element("button", press("lc-toggle lc-expand", actions.expand, full), icon("expand"));
  parts.plot = element("div", { class: "lc-plot", role: "img", tabindex: "0" });
  parts.values = element("div", { class: "lc-table", tabindex: "0", role: "region", "aria-label": "table of the curves", hidden: "" });
  parts.offline = element("span", { class: "lc-offline", hidden: "" }, icon("offline"), "reconnecting…");
  parts.spoken = element("p", { class: "lc-hidden", role: "status" });
  parts.root = element(
    "section",
    { class: "lc sbs-root", "aria-label": "learning curves side by side" },
    element(
      "div",
      { class: "lc-head" },
      parts.tabs,
      parts.offline,
      element("div", { class: "lc-toggles", role: "group", "aria-label": "how it is drawn" }, ...placed, expand),
    ),
    element("div", { class: "lc-stage" }, parts.plot, parts.values),
    parts.spoken,
  );
  return parts;
}

export function showFrame(parts, { tabs, panel, state, panels }, { offline, words, ready }) {
  renew(parts.tabs, tabs.map(({ key, tab }) => [key, tab]), () =>
    tabs.map(({ key, tab }) => element("button", { type: "button", class: "lc-tab", "data-panel": key, onclick: () => parts.choose(key) }, tab)),
  );
  for (const tab of parts.tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.panel === panel.key));
  showSwitches(parts, [...SWITCHES.map(([name]) => name), "table"], state);
  parts.values.hidden = !state.table;
  parts.spread.dataset.spread = state.spread;
  parts.spread.setAttribute("aria-pressed", "true");
  setText(parts.spread, SPREADS[state.spread]);
  parts.spread.hidden = panels.every(({ part }) => (part?.series.size ?? 0) < 2);
  parts.png.disabled = parts.svg.disabled = !ready;
  parts.offline.hidden = !offline;
  parts.plot.setAttribute("aria-label", words);
}
