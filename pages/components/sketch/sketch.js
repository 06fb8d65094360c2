// Axes to draw a line on: one point a column, moved by strokes or by keys; and the real curve over it, once it is known.

import { element } from "../shared/dom.js";
import { Outbox } from "../shared/outbox.js";
import { readTheme } from "../shared/theme.js";

import { keyed, stroked } from "./strokes.js";

const BOX = { width: 640, height: 280, left: 46, right: 626, top: 16, bottom: 238 };
const SVG = "http://www.w3.org/2000/svg";

export class Sketch {
  constructor(parent) {
    this.parent = parent;
    this.outbox = new Outbox();
    this.svg = shape("svg", { viewBox: `0 0 ${BOX.width} ${BOX.height}` });
    this.root = element("div", { class: "sketch-root" }, this.svg);
    this.root.addEventListener("pointerdown", (event) => this.begin(event));
    this.root.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) this.root.addEventListener(name, () => this.finish());
    parent.append(this.root);
  }

  // Called by Streamlit at every change of data or theme.
  update({ data, setTriggerValue }) {
    this.outbox.connect((messages) => setTriggerValue("messages", messages), data.heard);
    this.data = data;
    if (!this.heights || !this.isOpen) this.heights = data.drawn ?? data.epochs.map(() => 1);
    this.touched = this.touched || data.drawn !== null;
    this.draw();
  }

  get isOpen() {
    return this.data.real === null;
  }

  x(epoch) {
    const last = this.data.epochs.at(-1);
    return BOX.left + ((BOX.right - BOX.left) * epoch) / last;
  }

  y(height) {
    return BOX.bottom - ((BOX.bottom - BOX.top) * Math.min(height, this.data.top)) / this.data.top;
  }

  // Letters and points keep their size on a narrow screen, where the picture shrinks.
  get scale() {
    return Math.max(1, BOX.width / (this.root.clientWidth || BOX.width));
  }

  draw() {
    const theme = readTheme(this.parent);
    const focused = this.svg.contains(document.activeElement) ? document.activeElement.dataset.column : undefined;
    this.svg.replaceChildren(...this.axes(theme), ...(this.isOpen ? [] : [this.real(theme)]), this.line(theme), ...this.points(theme));
    if (focused !== undefined) this.svg.querySelector(`[data-column="${focused}"]`)?.focus();
    this.svg.setAttribute("class", this.isOpen ? "sketch-open" : "");
    if (this.isOpen) this.svg.setAttribute("aria-label", "Draw the loss over the epochs");
    this.svg.setAttribute("role", this.isOpen ? "group" : "img");
    if (!this.isOpen) this.svg.setAttribute("aria-label", "Your line and the real curve");
  }

  axes(theme) {
    const one = this.y(1);
    const words = (text, at) => label(text, { fill: theme.grey, "font-size": 13 * this.scale, ...at });
    const rule = (y, more) => shape("line", { x1: BOX.left, x2: BOX.right, y1: y, y2: y, stroke: theme.grey, ...more });
    return [
      rule(BOX.bottom, { "stroke-width": 1 }),
      rule(one, { "stroke-width": 1.2, "stroke-dasharray": "6 5" }),
      words("constant predictor", { x: BOX.right, y: one - 10 * this.scale, "text-anchor": "end" }),
      words("0", { x: BOX.left - 8, y: BOX.bottom + 4, "text-anchor": "end" }),
      words("loss", { x: 2, y: BOX.top + 8 }),
      words("epoch", { x: (BOX.left + BOX.right) / 2, y: BOX.bottom + 5 + 13 * this.scale, "text-anchor": "middle" }),
      words("1", { x: this.x(1), y: BOX.bottom + 5 + 13 * this.scale, "text-anchor": "middle" }),
      words(String(this.data.epochs.at(-1)), { x: BOX.right, y: BOX.bottom + 5 + 13 * this.scale, "text-anchor": "end" }),
    ];
  }

  line(theme) {
    const at = this.data.epochs.map((epoch, i) => `${this.x(epoch)},${this.y(this.heights[i])}`);
    const look = { stroke: theme.text, "stroke-width": 2.5, "stroke-dasharray": "2 6", "stroke-linecap": "round", fill: "none" };
    return shape("polyline", { points: at.join(" "), ...look, opacity: this.isOpen && !this.touched ? 0.35 : 1 });
  }

  real(theme) {
    const at = this.data.real.map((height, i) => (height === null ? null : `${this.x(i + 1)},${this.y(height)}`));
    const colour = this.data.part === "training" ? theme.train : theme.validation;
    return shape("polyline", { points: at.filter(Boolean).join(" "), stroke: colour, "stroke-width": 2.5, fill: "none" });
  }

  points(theme) {
    if (!this.isOpen) return [];
    return this.data.epochs.map((epoch, i) => {
      const percent = Math.round(100 * this.heights[i]);
      const point = shape("circle", {
        cx: this.x(epoch), cy: this.y(this.heights[i]), r: 6 * this.scale, fill: theme.background, stroke: theme.text, "stroke-width": 2,
        role: "slider", tabindex: 0, "data-column": i, "aria-orientation": "vertical",
        "aria-label": `Loss at epoch ${epoch}`, "aria-valuemin": 0, "aria-valuemax": Math.round(100 * this.data.top),
        "aria-valuenow": percent, "aria-valuetext": `${percent} % of the constant predictor's loss`,
      }); // prettier-ignore
      point.addEventListener("keydown", (event) => this.pressed(event, i));
      return point;
    });
  }

  begin(event) {
    if (!this.isOpen || event.button !== 0) return;
    event.preventDefault();
    this.root.setPointerCapture(event.pointerId);
    this.last = this.pointOf(event);
    this.stroke(this.last);
  }

  move(event) {
    if (this.last) this.stroke(this.pointOf(event));
  }

  stroke(to) {
    this.heights = stroked(this.heights, this.last, to, this.data.top);
    this.last = to;
    this.touched = true;
    this.draw();
  }

  finish() {
    if (!this.last) return;
    this.last = null;
    this.outbox.tell("drawn", this.heights);
  }

  pressed(event, column) {
    const after = keyed(this.heights, column, event.key, this.data.top);
    if (!after) return;
    event.preventDefault();
    event.stopPropagation(); // a presenter's keys turn pages
    this.heights = after;
    this.touched = true;
    this.draw();
    this.outbox.tell("drawn", this.heights);
  }

  // The column and height under the pointer.
  pointOf(event) {
    const box = this.svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * BOX.width;
    const y = ((event.clientY - box.top) / box.height) * BOX.height;
    const gaps = this.data.epochs.map((epoch) => Math.abs(this.x(epoch) - x));
    const height = ((BOX.bottom - y) / (BOX.bottom - BOX.top)) * this.data.top;
    return { column: gaps.indexOf(Math.min(...gaps)), height };
  }

  end() {
    this.outbox.rest();
    this.root.remove();
  }
}

function shape(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function label(text, attributes) {
  const node = shape("text", attributes);
  node.textContent = text;
  return node;
}
