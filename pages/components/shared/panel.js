// Switches with a hint beneath, as both panels have them.

import { element } from "./dom.js";

let panels = 0;

// From [name, words, hint, press] of each: the buttons by name, and the elements to place.
export function buildSwitches(switches) {
  panels += 1;
  const buttons = {};
  const placed = switches.map(([name, words, hint, press]) => {
    const id = `lc-tip-${name}-${panels}`;
    buttons[name] = element("button", { type: "button", class: "lc-toggle", onclick: press, "aria-describedby": id }, words);
    return element("span", { class: "lc-tipped" }, buttons[name], element("span", { class: "lc-tip", role: "tooltip", id }, hint));
  });
  return { buttons, placed };
}

export function showSwitches(parts, names, state) {
  for (const name of names) parts[name].setAttribute("aria-pressed", String(state[name]));
}
