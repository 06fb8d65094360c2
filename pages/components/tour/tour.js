// Steps that point at real controls, one after the other: a card beside each, a ring around it. Nothing is blocked meanwhile.

import { element, setText } from "../shared/dom.js";
import { Outbox } from "../shared/outbox.js";

import { isOnScreen, placeBeside } from "./place.js";

const STORED = "tunescope.tour"; // the tour that this tab has shown: coming back to the page is no new one
const FOLLOW_MS = 250; // controls move when the page is run again
const THEME = ["--st-background-color", "--st-text-color", "--st-primary-color", "--st-font"];

const screen = () => ({ width: document.documentElement.clientWidth, height: window.innerHeight });

export class Tour {
  constructor(parent) {
    this.parent = parent;
    this.outbox = new Outbox();
    this.at = null; // the step on screen
    this.onKey = (event) => event.key === "Escape" && this.close();
    this.onPress = (event) => this.card?.contains(event.target) || this.close();
    this.follow = () => this.at !== null && this.place();
  }

  // Called by Streamlit at every change of data or theme. data: {turn, steps: [{title, text, targets}], heard}.
  update({ data, setTriggerValue }) {
    this.data = data;
    this.outbox.connect((messages) => setTriggerValue("messages", messages), data.heard);
    if (data.turn && sessionStorage.getItem(STORED) !== data.turn) this.open();
  }

  open() {
    sessionStorage.setItem(STORED, this.data.turn);
    if (!this.card) this.build();
    const style = getComputedStyle(this.parent);
    for (const name of THEME) this.card.style.setProperty(name, style.getPropertyValue(name));
    this.ring.style.setProperty("--st-primary-color", style.getPropertyValue("--st-primary-color"));
    document.body.append(this.ring, this.card);
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("click", this.onPress, true);
    document.addEventListener("scroll", this.follow, true);
    window.addEventListener("resize", this.follow);
    this.timer = setInterval(this.follow, FOLLOW_MS);
    const isFree = document.activeElement === document.body;
    this.show(0);
    if (isFree) this.next.focus({ preventScroll: true }); // nobody is typing elsewhere
  }

  build() {
    const press = (words, act, more = {}) => element("button", { type: "button", onclick: act, ...more }, words);
    this.title = element("strong", { id: "tour-title" });
    this.text = element("p", { id: "tour-text" });
    this.count = element("span", { class: "tour-count" });
    this.back = press("Back", () => this.show(this.at - 1));
    this.next = press("Next", () => this.forward(), { class: "tour-next" });
    const about = { role: "dialog", "aria-labelledby": "tour-title", "aria-describedby": "tour-text", onkeydown: (e) => this.walk(e) };
    const row = element("div", { class: "tour-row" }, this.count, press("Skip", () => this.close(), { class: "tour-skip" }), this.back, this.next);
    this.card = element("div", { class: "tour-card", ...about }, element("div", { "aria-live": "polite" }, this.title, this.text), row);
    this.ring = element("div", { class: "tour-ring", "aria-hidden": "true" });
  }

  walk(event) {
    if (event.key === "ArrowRight") this.forward();
    else if (event.key === "ArrowLeft" && this.at > 0) this.show(this.at - 1);
  }

  forward() {
    if (this.at + 1 < this.data.steps.length) this.show(this.at + 1);
    else this.close();
  }

  show(at) {
    const { steps } = this.data;
    this.at = at;
    setText(this.title, steps[at].title);
    setText(this.text, steps[at].text);
    setText(this.count, `${at + 1} of ${steps.length}`);
    setText(this.next, at + 1 < steps.length ? "Next" : "Done");
    this.back.hidden = at === 0;
    this.card.dataset.step = String(at + 1);
    this.target()?.scrollIntoView({ block: "nearest" });
    this.place();
  }

  // The first of the step's controls that can be reached: on a phone those of the closed sidebar cannot.
  target() {
    const found = this.data.steps[this.at].targets.map((selector) => document.querySelector(selector)).filter(Boolean);
    const box = (node) => node.getBoundingClientRect();
    const reachable = ({ left, width, height }) => width > 0 && height > 0 && left + width > 0 && left < screen().width;
    return found.find((node) => isOnScreen(box(node), screen())) ?? found.find((node) => reachable(box(node)));
  }

  place() {
    const target = this.target();
    this.ring.hidden = !target;
    const { width, height } = this.card.getBoundingClientRect();
    const full = screen();
    const box = target?.getBoundingClientRect() ?? { left: 0, top: full.height, width: 0, height: 0 };
    const { left, top } = placeBeside(box, { width, height }, full);
    Object.assign(this.card.style, { left: `${left}px`, top: `${top}px` });
    const around = { left: box.left - 4, top: box.top - 4, width: box.width + 8, height: box.height + 8 };
    for (const [name, value] of Object.entries(around)) this.ring.style[name] = `${value}px`;
  }

  close() {
    if (this.at === null) return;
    this.remove();
    this.outbox.tell("over", this.data.turn);
  }

  remove() {
    this.at = null;
    this.card?.remove();
    this.ring?.remove();
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("click", this.onPress, true);
    document.removeEventListener("scroll", this.follow, true);
    window.removeEventListener("resize", this.follow);
    clearInterval(this.timer);
  }

  end() {
    this.outbox.rest();
    this.remove();
  }
}
