// The "?" beside a control is no stop on the way from one control to the next: there would be two stops for every control.
// Its words are shown by the key ? on the control itself, or by F1, also where one types; Escape or any other key goes back.

import { oncePerFrame } from "../shared/frames.js";

const MARK = '[data-testid="stTooltipIcon"] button[aria-label^="Help for"]';
const BOX = ".stElementContainer";
const KEY_WORDS = "F1 shows help.";
const TYPED = /^(text|number|search|email|url|password|)$/;

export class HelpKeys {
  // Once a frame: a page run changes thousands of nodes.
  schedule = oncePerFrame(() => {
    for (const mark of document.querySelectorAll(`${MARK}:not([tabindex="-1"])`)) skip(mark);
  });

  constructor() {
    this.pressed = (event) => this.press(event);
    document.addEventListener("keydown", this.pressed, true);
    this.watching = new MutationObserver(() => this.schedule());
    this.watching.observe(document.body, { childList: true, subtree: true });
  }

  update() {
    this.schedule();
  }

  press(event) {
    const { target } = event;
    if (this.shownFor) {
      const { control, mark } = this.shownFor;
      this.shownFor = null;
      if (target === mark) control.focus();
      if (target === mark && event.key === "Escape") event.stopPropagation();
      return;
    }
    if (!asksForHelp(event.key, target)) return;
    const mark = target.closest?.(BOX)?.querySelector(MARK);
    if (!mark) return;
    event.preventDefault();
    event.stopPropagation();
    this.shownFor = { control: target, mark };
    mark.focus();
  }

  end() {
    document.removeEventListener("keydown", this.pressed, true);
    this.watching.disconnect();
  }
}

// F1 asks everywhere; ? where it is not a letter to be typed.
export function asksForHelp(key, { tagName = "", type = "", isContentEditable = false }) {
  const typing = isContentEditable || tagName === "TEXTAREA" || (tagName === "INPUT" && TYPED.test(type));
  return key === "F1" || (key === "?" && !typing);
}

function skip(mark) {
  mark.tabIndex = -1;
  for (const control of mark.closest(BOX)?.querySelectorAll("input, select, textarea") ?? []) {
    if (!control.getAttribute("aria-description")) control.setAttribute("aria-description", KEY_WORDS);
  }
}
