// One board on the page: what it shows, what it follows, when it draws.

import { sized } from "../shared/canvas.js";
import { setText } from "../shared/dom.js";
import { oncePerFrame } from "../shared/frames.js";
import { count, formatNumber } from "../shared/numbers.js";
import { Following } from "../shared/following.js";
import { Outbox } from "../shared/outbox.js";
import { showSwitches } from "../shared/panel.js";
import { isFinal } from "../shared/records.js";
import { storedSwitches, storeSwitches } from "../shared/switches.js";
import { readTheme } from "../shared/theme.js";
import { SteadyRange } from "../shared/value_range.js";

import { drawBoard, placesOf, valueRange } from "./canvas.js";
import { drawFocus } from "./focus.js";
import { nearest } from "./hit_test.js";
import { buildPanel, showList, showStatus, showTip, SWITCHES } from "./panel.js";
import { hasLines, lossName, mergeBoard, ranking, searches } from "./records.js";

const PAUSE_MS = 300; // between two questions while the search runs
const TELL_MS = 4_000; // the page's table follows no faster
const STORED = "tunescope.board";
const DEFAULTS = { logY: true, logX: false };

export class Board {
  schedule = oncePerFrame(() => {
    if (!this.ended && this.data) this.draw();
  });
  scheduleFocus = oncePerFrame(() => this.drawFocus());

  constructor(parent) {
    this.state = storedSwitches(STORED, DEFAULTS);
    this.steady = new Map();
    this.outbox = new Outbox();
    this.reported = new Set(); // ends that the page was told
    this.focus = null;
    this.following = new Following({
      merge: mergeBoard,
      news: (search) => this.news(search),
      offline: (offline) => ((this.offline = offline), this.schedule()),
      pause: PAUSE_MS,
    });
    this.actions = {
      toggle: (name) => this.toggle(name),
      pick: (number) => this.pick(number),
      point: (number) => this.point(number === null ? null : { setting: number }),
    };
    this.parts = buildPanel(this.actions);
    parent.append(this.parts.root);
    this.resized = new ResizeObserver(() => this.schedule());
    this.resized.observe(this.parts.plot);
    const { plot } = this.parts;
    plot.addEventListener("pointermove", (event) => this.moved(event));
    plot.addEventListener("pointerleave", () => this.point(null));
    plot.addEventListener("click", () => this.focus && this.pick(this.focus.setting));
  }

  // Called by Streamlit at every change of data or theme.
  update({ data, setTriggerValue }) {
    this.data = data;
    this.outbox.connect((messages) => setTriggerValue("messages", messages), data.heard);
    this.theme = null;
    this.selected = data.selected;
    this.parts.root.style.setProperty("--lc-height", `${data.height}px`);
    setText(this.parts.invitation, data.invitation);
    this.search = data.run_id ? searches.open(data.run_id) : null;
    if (this.search) this.search.axes = data.axes;
    const asked = JSON.stringify([data.run_id, data.live]);
    const goesOn = data.live && isFinal(this.search) && !this.following.active; // it may have been continued since it ended
    if (asked !== this.asked || goesOn) {
      this.asked = asked;
      this.start();
    }
    this.schedule();
  }

  start() {
    const { data, search } = this;
    this.offline = false;
    this.sawLive = Boolean(data.live);
    this.focus = null;
    this.following.start(search && (data.live || !isFinal(search)) ? search : null);
  }

  news(search) {
    if (search !== this.search) return;
    const over = isFinal(search) || search.gone;
    if (!over) this.sawLive = true;
    if (over) this.report(search);
    else this.tellProgress();
    this.schedule();
  }

  // Tells the page of each end once.
  report(search) {
    const status = search.gone ? "gone" : search.run.status;
    const end = [search.id, status, search.run?.finished].join();
    if (!this.sawLive || this.reported.has(end)) return;
    this.reported.add(end);
    this.outbox.tell("ended", { run_id: search.id, status });
  }

  // The page is told now and then that more settings have a score, so that its table follows.
  tellProgress() {
    const scored = [...this.search.settings.values()].filter((setting) => setting.mean !== null).length;
    if (scored === (this.scored ?? 0) || performance.now() - (this.toldAt ?? 0) < TELL_MS) return;
    this.scored = scored;
    this.toldAt = performance.now();
    this.outbox.tell("progress", scored);
  }

  toggle(name) {
    this.state = { ...this.state, [name]: !this.state[name] };
    storeSwitches(STORED, this.state);
    this.schedule();
  }

  pick(number) {
    this.selected = number;
    this.outbox.tell("picked", number);
    this.schedule();
  }

  moved(event) {
    if (!this.view) return;
    const frame = this.parts.plot.getBoundingClientRect();
    const place = { x: event.clientX - frame.left, y: event.clientY - frame.top };
    const found = nearest(this.search, placesOf(this.view), place.x, place.y, this.view.ranges, this.view.logX);
    this.point(found && { setting: found.trial.setting, trial: found.trial, epoch: found.epoch }, place);
  }

  point(focus, place) {
    this.focus = focus;
    this.place = place;
    this.parts.plot.style.cursor = focus ? "pointer" : "";
    this.scheduleFocus();
  }

  draw() {
    const { parts, search, data } = this;
    const began = performance.now();
    this.theme ??= readTheme(parts.root);
    showSwitches(parts, SWITCHES.map(([name]) => name), this.state);
    showStatus(parts, search, data.planned);
    showList(parts, search, this.selected, this.actions);
    parts.offline.hidden = !this.offline;
    const lines = hasLines(search);
    parts.empty.hidden = lines || Boolean(search && !isFinal(search) && !search.gone);
    setText(parts.invitation, search ? "No epoch was recorded." : data.invitation);
    parts.plot.setAttribute("aria-label", this.summary(lines));
    const gliding = lines ? this.drawLines() : this.blank();
    parts.root.dataset.run = search?.id ?? "";
    parts.root.dataset.complete = isFinal(search) ? search.id : ""; // for whoever waits for the whole board
    parts.root.dataset.cursor = search?.cursor ?? 0;
    parts.root.dataset.drawMs = (performance.now() - began).toFixed(1);
    if (gliding) this.schedule();
  }

  blank() {
    this.view = null;
    for (const canvas of [this.parts.base, this.parts.focus]) canvas.width = canvas.height = 0;
    return false;
  }

  drawLines() {
    const { plot, base } = this.parts;
    const [width, height] = [plot.clientWidth, plot.clientHeight];
    if (width < 120 || height < 90) return this.blank();
    const { logX } = this.state;
    const lowest = Math.min(...[...this.search.trials.values()].map((trial) => trial.lowest ?? Infinity));
    const logY = this.state.logY && lowest > 0;
    const scale = `${this.search.id} ${logY}`;
    if (!this.steady.has(scale)) this.steady.set(scale, new SteadyRange(logY));
    const steady = this.steady.get(scale);
    const fit = valueRange(this.search, logY);
    const y = steady.update(fit, fit, isFinal(this.search), true);
    const last = Math.max(2, this.lastEpoch());
    const x = logX ? [Math.log10(0.97), Math.log10(last)] : [0, last];
    const name = lossName(this.search, this.data.target);
    this.view = { width, height, logX, logY, name: `validation: ${name}`, theme: this.theme, ranges: { x, y } };
    drawBoard(sized(base, width, height), this.search, this.view);
    this.drawFocus();
    return Boolean(steady.glide);
  }

  lastEpoch() {
    const trials = [...this.search.trials.values()];
    const recorded = trials.reduce((most, trial) => Math.max(most, trial.losses.length), 1);
    return isFinal(this.search) ? recorded : trials.reduce((most, trial) => Math.max(most, trial.planned), recorded);
  }

  drawFocus() {
    if (this.ended || !this.view) return;
    const { width, height } = this.view;
    drawFocus(sized(this.parts.focus, width, height), this.search, this.view, this.focus, this.selected);
    showTip(this.parts, this.search, this.focus, this.place);
  }

  summary(lines) {
    const best = lines ? ranking(this.search)[0] : null;
    const of = this.search?.facts?.score ? `${this.search.facts.score} ` : "";
    const score = best ? ` Best so far: setting ${best.setting.number + 1} with ${of}${formatNumber(best.score)}.` : "";
    return lines ? `Validation curves of ${count(this.search.settings.size, "setting")}.${score}` : "No curve yet.";
  }

  end() {
    this.ended = true;
    this.outbox.rest();
    this.following.stop();
    this.resized.disconnect();
    this.parts.root.remove();
  }
}
