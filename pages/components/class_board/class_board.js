// The class's board on the page: what it shows, how it follows the class, when it draws.

import { sized } from "../shared/canvas.js";
import { setText } from "../shared/dom.js";
import { Following } from "../shared/following.js";
import { oncePerFrame } from "../shared/frames.js";
import { Outbox } from "../shared/outbox.js";
import { showSwitches } from "../shared/panel.js";
import { readTheme, sizesFor } from "../shared/theme.js";
import { SteadyRange } from "../shared/value_range.js";

import { drawBoard, drawFocus } from "./canvas.js";
import { buildPanel, dotWords, showTable, summaryWords } from "./panel.js";
import { aside, lastColumn, nearestDot, placesOf, scoreRange } from "./places.js";
import { bestLine, hasEnded, keyOf, mergeRows, stepped, studentsOf, tried } from "./rows.js";

const PAUSE_MS = { classroom: 500, class_board: 3_000 }; // between two questions of a teacher, and of each of many students
const TELL_MS = 10_000; // the page beside the board follows no faster
const REACH_PX = 22;
const ALL_NAMED = 8; // of more students only the best ones are named without a look at them
const NAMED = 5;

export class ClassBoard {
  schedule = oncePerFrame(() => {
    if (!this.ended && this.data) this.draw();
  });
  scheduleFocus = oncePerFrame(() => this.drawFocus());

  constructor(parent) {
    this.state = { table: false, sorted: { by: "best", down: false } };
    this.outbox = new Outbox();
    this.rows = new Map();
    this.following = new Following({
      merge: (record, answer) => this.merge(record, answer),
      news: () => this.schedule(),
      offline: (offline) => ((this.offline = offline), this.schedule()),
    });
    const toggleTable = () => ((this.state.table = !this.state.table), this.schedule());
    this.parts = buildPanel({ toggleTable });
    this.actions = { sort: (by) => this.sort(by), pick: (row) => this.pick(row), nameOf: (name) => this.nameOf(name) };
    parent.append(this.parts.root);
    this.resized = new ResizeObserver(() => this.schedule());
    this.resized.observe(this.parts.plot);
    const { plot } = this.parts;
    plot.addEventListener("pointermove", (event) => this.moved(event));
    plot.addEventListener("pointerleave", () => this.look(null));
    plot.addEventListener("click", () => this.seen && this.pick(this.seen.row));
    plot.addEventListener("keydown", (event) => this.pressed(event));
    plot.addEventListener("blur", () => this.look(null));
  }

  // Called by Streamlit at every change of data or theme.
  update({ data, setTriggerValue }) {
    this.outbox.connect((messages) => setTriggerValue("messages", messages), data.heard);
    this.theme = null;
    const follows = JSON.stringify([data.classroom, data.feed, data.sight]);
    this.data = data;
    if (follows !== this.follows) {
      Object.assign(this, { follows, rows: new Map(), steady: new SteadyRange(true) });
      this.following.hooks.pause = PAUSE_MS[data.feed];
      this.following.start({ id: data.classroom, feed: data.feed, cursor: 0 });
    }
    this.parts.root.style.setProperty("--lc-height", `${data.height}px`);
    this.parts.root.style.setProperty("--cb-above", `${data.above}px`);
    setText(this.parts.invitation, data.invitation);
    this.schedule();
  }

  // An answer of the server: new rows are drawn at once. A teacher's page hears of what the teacher did and of who came at once, of
  // the rest now and then; a student's of the own rows.
  merge(record, answer) {
    const { version, members, answers } = answer;
    Object.assign(record, { cursor: answer.cursor, state: answer.state });
    if (answer.whole) this.rows.clear();
    mergeRows(this.rows, answer.rows);
    const told = JSON.stringify([version, members]);
    const shown = JSON.stringify([this.data.version, this.data.members]);
    const teaches = this.data.feed === "classroom";
    if (teaches && told !== shown && told !== this.told) {
      this.told = told;
      this.outbox.tell("changed", version);
    } else if (teaches ? answer.rows.length || answers !== this.answers : record.heard && answer.rows.some(({ nickname }) => nickname === this.data.own)) {
      this.timer ??= setTimeout(() => ((this.timer = null), this.outbox.tell("progress", this.rows.size)), TELL_MS);
    }
    this.answers = answers;
    record.heard = true; // the first answer is what the page knows
  }

  sort(by) {
    const { sorted } = this.state;
    this.state.sorted = { by, down: sorted.by === by && !sorted.down };
    this.schedule();
  }

  pick(row) {
    if (this.data.pickable && !row.deleted) this.outbox.tell("picked", keyOf(row));
  }

  moved(event) {
    if (!this.view) return;
    const frame = this.parts.plot.getBoundingClientRect();
    this.look(nearestDot(this.dots, event.clientX - frame.left, event.clientY - frame.top, REACH_PX));
  }

  pressed(event) {
    if (event.key === "Enter" && this.seen) this.pick(this.seen.row);
    if (event.key === "Escape") this.look(null);
    const row = stepped(event.key, this.students, this.seen?.row);
    if (!row) return;
    event.preventDefault();
    this.look(this.dots?.find((dot) => dot.row === row) ?? null, true);
  }

  look(dot, aloud = false) {
    this.seen = dot;
    this.parts.plot.style.cursor = dot && this.data.pickable ? "pointer" : "";
    if (aloud && dot) setText(this.parts.announced, this.wordsOf(dot.row));
    this.scheduleFocus();
  }

  wordsOf(row) {
    return dotWords(row, this.students.find(({ name }) => name === row.nickname), this.nameOf(row.nickname));
  }

  nameOf(nickname) {
    return this.data.named || nickname === this.data.own ? nickname : "A student";
  }

  draw() {
    const { parts, data } = this;
    const rows = tried(this.rows.values());
    this.theme ??= readTheme(parts.root);
    this.students = studentsOf(rows, data.greater);
    showSwitches(parts, ["table"], this.state);
    parts.values.hidden = !this.state.table || !rows.length;
    parts.offline.hidden = !this.offline;
    parts.empty.hidden = rows.length > 0;
    this.summary = summaryWords(this.students, rows.length);
    parts.plot.setAttribute("aria-label", rows.length ? `${this.summary}.` : data.invitation);
    showTable(parts, this.students, this.state.sorted, this.actions);
    this.drawDots(rows);
    parts.root.dataset.rows = rows.length; // for whoever waits for them
  }

  drawDots(rows) {
    const { plot, base, focus } = this.parts;
    const [width, height] = [plot.clientWidth, plot.clientHeight];
    const fit = scoreRange(rows.map(({ score }) => score), this.data.greater);
    if (width < 120 || height < 90 || !fit) {
      this.view = null;
      setText(this.parts.summary, this.summary);
      for (const canvas of [base, focus]) canvas.width = canvas.height = 0;
      return;
    }
    this.view = this.viewOf(width, height, rows, this.steady.update(fit, fit, false, false));
    this.dots = this.dotsOf(rows);
    if (this.seen) this.seen = this.dots.find(({ row }) => keyOf(row) === keyOf(this.seen.row)) ?? null; // rows come anew
    drawBoard(sized(base, width, height), this.view, this.dots, bestLine(rows, this.data.greater));
    this.drawFocus();
  }

  viewOf(width, height, rows, range) {
    const { data, theme } = this;
    const { size, line } = sizesFor(width, height, data.large);
    const box = { x: 4.4 * size, y: 2 * size, width: width - 5.2 * size, height: height - 5.4 * size };
    const last = lastColumn(Math.max(1, ...rows.map(({ number }) => number)));
    const radius = Math.min(0.42 * size, Math.max(3, 60 / Math.sqrt(rows.length)) * (data.large ? 1.7 : 1));
    const opacity = rows.length > 150 ? 0.5 : 0.75;
    const places = placesOf(box, last, range, data.greater);
    return { width, height, theme, size, line, range, last, radius, opacity, places, name: data.score, up: !data.greater };
  }

  // Dots {row, x, y, beyond, best, own, text}; the ones of the best students come first among those with a name.
  dotsOf(rows) {
    const { places } = this.view;
    const students = new Map(this.students.map((student, rank) => [student.name, { ...student, rank }]));
    const named = students.size > ALL_NAMED ? NAMED : ALL_NAMED;
    const dots = rows.filter(hasEnded).map((row) => {
      const { best, place, rank } = students.get(row.nickname);
      const [x, y] = [places.x(row.number, aside(place, students.size)), places.y(row.score)];
      const own = row.nickname === this.data.own;
      const text = row === best && (own || (this.data.named && rank < named)) ? row.nickname : "";
      return { row, x, y, rank, own, text, best: row === best, beyond: places.beyond(row.score) };
    });
    return dots.sort((a, b) => b.own - a.own || a.rank - b.rank);
  }

  drawFocus() {
    if (this.ended || !this.view) return;
    const { width, height } = this.view;
    const selected = this.dots.find(({ row }) => keyOf(row) === this.data.selected) ?? null;
    drawFocus(sized(this.parts.focus, width, height), this.view, this.dots, { focus: this.seen, selected });
    setText(this.parts.summary, this.seen ? this.wordsOf(this.seen.row) : this.summary); // over the dots, so that it hides none
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
    this.outbox.rest();
    this.following.stop();
    this.resized.disconnect();
    this.parts.root.remove();
  }
}
