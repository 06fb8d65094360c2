// Keys, the whole screen, and the sheet of settings: one listener each, for as long as the page is open.

import { Outbox } from "../shared/outbox.js";

import { meaningOf } from "./keys.js";

const NARROW = "(max-width: 768px)"; // Streamlit's own: its sidebar then covers the page
const FIELD = "textarea, select, [contenteditable=true], input:not([type=range], [type=checkbox], [type=radio], [type=button])";
const MOVED = "[role=slider], input[type=range], input[type=radio], [role=radiogroup], [role=listbox], [role=tablist], .lc-plot";
const OPENED = '[role="dialog"]:not([hidden]), [data-baseweb="popover"]';
const OPEN = '[data-testid="stExpandSidebarButton"]';
const CLOSE = '[data-testid="stSidebar"][data-collapsed="false"] [data-testid="stSidebarCollapseButton"] button';
const TRAINS = ".st-key-train button, .st-key-beside_train button";

export class Presenter {
  constructor() {
    this.outbox = new Outbox();
    this.controller = new AbortController();
    const { signal } = this.controller;
    window.addEventListener("keydown", (event) => this.pressed(event), { signal });
    document.addEventListener("fullscreenchange", () => this.screenChanged(), { signal });
    document.addEventListener("click", (event) => this.clicked(event.target), { signal, capture: true });
  }

  // Called by Streamlit at every change of data.
  update({ data, setTriggerValue }) {
    this.outbox.connect((messages) => setTriggerValue("messages", messages), data.heard);
    this.presented = data.presented;
    if (!data.presented) this.leaveScreen();
  }

  pressed(event) {
    const at = event.target instanceof Element ? event.target : document.body;
    const [typing, moving, open] = [at.closest(FIELD), at.closest(MOVED), document.querySelector(OPENED)].map(Boolean);
    const where = { presented: this.presented, typing, moving, open };
    const meaning = meaningOf(event, where);
    if (!meaning) return;
    event.preventDefault();
    if ("step" in meaning) this.outbox.tell("step", meaning.step);
    else this.present(meaning.present);
  }

  present(wanted) {
    this.presented = wanted;
    if (wanted) this.enterScreen();
    else this.leaveScreen();
    this.outbox.tell("present", wanted);
  }

  enterScreen() {
    if (!document.fullscreenElement) document.documentElement.requestFullscreen?.().then(() => (this.whole = true), () => {});
  }

  leaveScreen() {
    if (this.whole && document.fullscreenElement === document.documentElement) document.exitFullscreen();
    this.whole = false;
  }

  // Esc leaves the whole screen without a key for the page: it leaves the view, too.
  screenChanged() {
    if (document.fullscreenElement || !this.whole) return;
    this.whole = false;
    if (this.presented) this.present(false);
  }

  clicked(target) {
    if (!(target instanceof Element)) return;
    if (target.closest(".st-key-present button")) this.enterScreen();
    if (!matchMedia(NARROW).matches) return;
    if (target.closest(".st-key-open_settings button")) setTimeout(() => document.querySelector(OPEN)?.click(), 0);
    if (target.closest(TRAINS)) setTimeout(() => document.querySelector(CLOSE)?.click(), 0);
  }

  end() {
    this.outbox.rest();
    this.controller.abort();
    this.leaveScreen();
  }
}
