// One component on the page: what it shows, what it follows, when it draws.

import { reducedMotion, setText } from "../shared/dom.js";
import { EpochChannel } from "../shared/epoch_channel.js";
import { Following } from "../shared/following.js";
import { oncePerFrame } from "../shared/frames.js";
import { formatNumber, formatShare } from "../shared/numbers.js";
import { Outbox } from "../shared/outbox.js";
import { isFinal } from "../shared/records.js";
import { storedSwitches, storeSwitches } from "../shared/switches.js";
import { readTheme, sizesFor } from "../shared/theme.js";

import { pastAxis } from "./clipping.js";
import { Doctor } from "./doctor.js";
import { deltaAt, replayStopping, rulesOf } from "./early_stop.js";
import { showEarlyStop } from "./early_stop_controls.js";
import { buildFigure } from "./figure.js";
import { buildPanel, showControls, showPast, showReplay, showStatus, showStoppingSwitch } from "./panel.js";
import { readOther } from "./others.js";
import { panelOf, panelsOf } from "./panel_names.js";
import { loadPlotly } from "./plotly_loader.js";
import { Axes } from "./ranges.js";
import { epochsOf, factsOf, hasCurve, mergeCurves, records } from "./records.js";
import { Replay } from "./replay.js";
import { summaryOf } from "./summary.js";
import { showTable } from "./table.js";
import { epochWords, steppedTo } from "./walk.js";

const WHOLE_MS = 50; // the whole curve is on the screen before its axes begin to glide
const PATIENCE_MS = 250; // a new run that brings epochs sooner is drawn with them, not once before
const STORED = "tunescope.curve";
const DEFAULTS = { panel: "", logY: false, logX: false, running: false, baselines: true, spread: "both", table: false };

const shownBefore = new Map(); // key -> id of the run shown last: a remounted component starts from there

export class LiveCurve {
  schedule = oncePerFrame(() => {
    if (!this.ended) this.draw();
  });

  constructor(parent) {
    this.state = storedSwitches(STORED, DEFAULTS);
    this.axes = new Axes();
    this.zoom = null;
    this.all = false; // whether the axis holds all, or follows the medians
    this.epoch = null; // that was walked to by keys
    this.offline = false;
    this.outbox = new Outbox();
    this.reported = new Set(); // ends that the page was told
    this.drawAt = 0;
    this.following = new Following({
      merge: mergeCurves,
      news: (record) => this.news(record),
      offline: (offline) => ((this.offline = offline), this.schedule()),
    });
    this.replay = new Replay();
    this.channel = new EpochChannel((run, epoch) => run === this.wanted?.id && this.scrub(epoch));
    this.rules = null; // of early stopping, while they are tried out
    this.parts = buildPanel({
      stopping: this.stoppingActions(),
      set: (name, value) => this.change(name, value),
      toggle: (name) => this.change(name, !this.state[name]),
      unzoom: () => this.unzoom(),
      showAll: () => ((this.all = !this.all), this.unzoom()),
      walk: (event) => this.walk(event),
      leave: () => this.leave(),
      play: () => this.play(),
      scrub: (epoch) => this.scrub(epoch),
      expand: () => (document.fullscreenElement ? document.exitFullscreen() : this.parts.root.requestFullscreen()),
    });
    this.doctor = new Doctor({ wish: (wish) => this.outbox.tell("wish", wish), redraw: () => this.schedule() });
    this.parts.early.row.after(this.doctor.view.root);
    parent.append(this.parts.root);
    this.resized = new ResizeObserver(() => this.schedule());
    this.resized.observe(this.parts.plot);
    this.parts.plot.addEventListener("pointerdown", () => (this.dragging = true));
    this.released = () => {
      if (this.dragging) setTimeout(() => ((this.dragging = false), this.schedule()), 0);
    };
    window.addEventListener("pointerup", this.released);
  }

  // Called by Streamlit at every change of data or theme.
  update({ data, setTriggerValue }) {
    this.data = data;
    this.outbox.connect((messages) => setTriggerValue("messages", messages), data.heard);
    this.theme = null;
    this.parts.root.style.setProperty("--lc-height", `${data.height}px`);
    setText(this.parts.invitation, data.invitation);
    loadPlotly(data.plotly).then(
      (plotly) => ((this.plotly = plotly), this.schedule()),
      () => ((this.offline = true), this.schedule()),
    );
    this.wanted = data.run_id ? records.open(data.run_id) : null;
    const asked = JSON.stringify([data.run_id, data.live, data.ghost, data.overlays]);
    // A run that ended may have been continued since: it is followed again whenever the page takes it for live.
    const goesOn = data.live && isFinal(this.wanted) && !this.following.active;
    if (asked !== this.asked || goesOn) {
      this.asked = asked;
      this.start();
    }
    if (this.wanted && this.shown && !hasCurve(this.wanted)) {
      this.drawAt = performance.now() + PATIENCE_MS;
      setTimeout(() => this.schedule(), PATIENCE_MS);
    }
    this.schedule();
  }

  start() {
    const { data, wanted } = this;
    this.replay.stop();
    this.offline = false;
    this.sawLive = Boolean(data.live);
    if (this.shown === undefined) this.shown = records.peek(shownBefore.get(data.key));
    const others = [data.ghost, ...data.overlays.map(([id]) => id)].filter((id) => id && id !== data.run_id);
    const follows = wanted && (data.live || !isFinal(wanted));
    const signal = this.following.start(follows ? wanted : null);
    for (const id of others) readOther(records.open(id), () => this.schedule(), signal);
    if (wanted && !follows) this.news(wanted);
  }

  news(record) {
    if (record !== this.wanted) return;
    if (!isFinal(record) && !record.gone) this.sawLive = true;
    if (hasCurve(record) || isFinal(record) || record.gone) this.drawAt = 0;
    this.schedule();
  }

  // Tells the page of each end once, when the whole curve is on the screen: the rerun that follows would delay its last piece.
  report(record) {
    if (!record || !this.sawLive || !(isFinal(record) || record.gone)) return;
    const status = record.gone ? "gone" : record.run.status;
    const end = [record.id, status, record.run?.finished].join();
    if (this.reported.has(end)) return;
    this.reported.add(end);
    requestAnimationFrame(() => setTimeout(() => this.ended || this.outbox.tell("ended", { run_id: record.id, status }), 0));
  }

  change(name, value) {
    this.state = { ...this.state, [name]: value };
    if (!["running", "baselines", "table"].includes(name)) this.zoom = null;
    storeSwitches(STORED, this.state);
    this.schedule();
  }

  stoppingActions() {
    const put = (rules) => ((this.rules = rules), this.schedule());
    return {
      open: () => {
        this.replay.stop();
        put(this.rules ? null : rulesOf(this.wanted));
      },
      rule: (name, value) => put({ ...this.rules, [name]: value }),
      delta: (position) => deltaAt(this.wanted, this.rules, position),
      take: () => this.outbox.tell("stopping", { action: "take", run_id: this.wanted.id, rules: this.rules }),
      record: () => this.outbox.tell("stopping", { action: "record", run_id: this.wanted.id, rules: this.rules }),
    };
  }

  unzoom() {
    this.zoom = null;
    this.schedule();
  }

  // Arrow keys on the drawing: the hover goes along, and the values are spoken.
  walk(event) {
    const { parts, shown, state, data } = this;
    if (event.key === "Escape") return this.leave();
    const epoch = steppedTo(event.key, this.epoch, shown && this.plotly ? epochsOf(shown) : 0);
    if (epoch === undefined) return undefined;
    event.preventDefault();
    this.epoch = epoch;
    const panel = panelOf(state, factsOf(shown), data.target);
    setText(parts.spoken, epochWords(shown, panel, epoch, panel.share));
    return this.plotly.Fx.hover(parts.plot, { xval: epoch }, "xy");
  }

  leave() {
    this.epoch = null;
    this.plotly?.Fx.unhover(this.parts.plot);
  }

  scrub(epoch) {
    this.replay.scrub(epoch, epochsOf(this.wanted));
    this.schedule();
  }

  play() {
    this.replay.toggle(epochsOf(this.wanted), reducedMotion(), performance.now());
    this.schedule();
  }

  draw() {
    const { wanted, state, data, parts } = this;
    if (!data || performance.now() < this.drawAt) return;
    if (wanted && hasCurve(wanted)) this.shown = wanted;
    else if (!wanted || isFinal(wanted)) this.shown = null; // nothing will come: the old curve would be a lie
    if (this.shown) shownBefore.set(data.key, this.shown.id);
    const goesOn = this.shown === wanted && wanted ? this.replay.advance(epochsOf(wanted), performance.now()) : false;
    const upto = this.replay.upto ?? Infinity;
    const replaying = this.replay.going;
    this.channel.tell(wanted?.id, this.replay.upto);
    const facts = factsOf(this.shown ?? wanted);
    const panel = panelOf(state, facts, data.target);
    const { share } = panel;
    this.theme ??= readTheme(parts.root);
    showControls(parts, state, { panel, panels: panelsOf(facts, data.target), seeds: this.shown?.series.size ?? 0 });
    const replayed = this.rules && wanted && isFinal(wanted) && hasCurve(wanted) ? replayStopping(wanted, this.rules) : null;
    showStatus(parts, wanted, { replaying, upto, replayed });
    showEarlyStop(parts.early, { record: wanted, replayed, rules: this.rules, held: this.data.held });
    parts.root.dataset.run = wanted?.id ?? "";
    showReplay(parts, { record: wanted, upto, replaying, playing: this.replay.playing, hidden: Boolean(this.rules) });
    showStoppingSwitch(parts, wanted, this.rules);
    parts.offline.hidden = !this.offline;
    parts.reset.hidden = !this.zoom;
    const invite = !wanted || (!this.shown && isFinal(wanted));
    parts.empty.hidden = !invite;
    setText(parts.invitation, wanted ? "No epoch was recorded." : data.invitation);
    const summary = summaryOf(this.shown, panel, share);
    setText(parts.summary, summary);
    parts.plot.setAttribute("aria-label", summary);
    parts.plot.classList.toggle("lc-blank", !this.shown);
    parts.values.hidden = !state.table || !this.shown;
    showTable(parts.values, this.shown, panel, facts);
    this.doctor.view.root.hidden = !data.verdict;
    const before = parts.root.dataset.complete;
    const gliding = this.plotly ? this.drawPlot({ facts, panel, upto, replaying, share, replayed }) : false;
    const whole = parts.root.dataset.complete && parts.root.dataset.complete !== before;
    this.report(wanted);
    if (data.verdict) this.doctor.show(wanted, data.ghost, panel.key, data.held);
    if (gliding && whole) setTimeout(() => this.schedule(), WHOLE_MS);
    else if (goesOn || gliding) this.schedule();
  }

  drawPlot({ facts, panel, upto, replaying, share, replayed }) {
    const { plot } = this.parts;
    if (this.dragging || !plot.clientWidth || !plot.clientHeight) return false;
    const began = performance.now();
    const [width, height] = [plot.clientWidth, plot.clientHeight];
    const theme = { ...this.theme, ...sizesFor(width, height, this.data.large) };
    const main = this.shown;
    const overlays = this.data.overlays.map(([id, label]) => ({ record: this.other(id), label })).filter((o) => o.record);
    const shown = { main, ghost: this.other(this.data.ghost), overlays, facts, panel, share, state: this.state };
    const settled = main === this.wanted && isFinal(main);
    const { x, y, gliding } = this.axes.ranges({ ...shown, settled, target: this.data.target, all: this.all });
    const ranges = this.zoom ?? { x, y };
    const stale = main !== this.wanted;
    const finding = this.data.verdict && !replaying && !stale && !replayed ? this.doctor.drawn(main) : null;
    const view = { ...shown, main: replayed ?? main, upto, replaying, stale, theme, width, height, ranges, finding };
    const { data, layout } = buildFigure(view);
    showPast(this.parts, pastAxis({ ...view, main }), { all: this.all, format: share ? formatShare : formatNumber });
    this.plotly.react(plot, data, layout, { displayModeBar: false, doubleClick: false, responsive: false, scrollZoom: false });
    if (!this.listening) this.listen(plot);
    this.parts.root.dataset.complete = main && isFinal(main) ? main.id : ""; // for whoever waits for the whole curve
    this.parts.root.dataset.drawMs = (performance.now() - began).toFixed(1);
    return gliding;
  }

  // A ghost or an overlay, if it has a curve that is measured as the shown one is.
  other(id) {
    const record = id && id !== this.shown?.id ? records.peek(id) : null;
    if (!record || !hasCurve(record)) return null;
    const [a, b] = [record, this.shown ?? record].map(factsOf);
    return a.lossName === b.lossName && a.context.target_transform === b.context.target_transform && a.context.task === b.context.task ? record : null;
  }

  listen(plot) {
    this.listening = true;
    plot.on("plotly_relayout", (change) => {
      if (!("xaxis.range[0]" in change) && !("yaxis.range[0]" in change)) return;
      const { xaxis, yaxis } = plot.layout;
      this.zoom = { x: [...xaxis.range], y: [...yaxis.range] };
      this.schedule();
    });
    plot.on("plotly_doubleclick", () => this.unzoom());
  }

  end() {
    this.ended = true;
    this.outbox.rest();
    this.following.stop();
    this.channel.end();
    this.resized.disconnect();
    window.removeEventListener("pointerup", this.released);
    if (this.plotly) this.plotly.purge(this.parts.plot);
    this.parts.root.remove();
  }
}
