// Panels side by side on the page: which runs they follow, when they draw, and the pictures to take home.

import { chosenOf, sharedPanels } from "../live_curve/panel_names.js";
import { loadPlotly } from "../live_curve/plotly_loader.js";
import { epochLimit } from "../live_curve/ranges.js";
import { bandOf, epochsOf, factsOf, hasCurve, mergeCurves, records } from "../live_curve/records.js";
import { oncePerFrame } from "../shared/frames.js";
import { formatNumber, formatShare } from "../shared/numbers.js";
import { Outbox } from "../shared/outbox.js";
import { isFinal } from "../shared/records.js";
import { storedSwitches, storeSwitches } from "../shared/switches.js";
import { readTheme, sizesFor } from "../shared/theme.js";
import { SteadyRange } from "../shared/value_range.js";

import { buildFrame, showFrame } from "./frame.js";
import { panelsFigure, panelsInWords } from "./figure.js";
import { followAll } from "./follow_all.js";
import { columnsOf } from "./grid.js";
import { partOf } from "./parts.js";
import { commonRange } from "./range.js";
import { showTable } from "./table.js";

const STORED = "tunescope.side_by_side";
const DEFAULTS = { panel: "", logY: false, logX: false, baselines: true, spread: "both", table: false };
const ROW_PIXELS = 300; // of a panel at least where they stand one below the other
const PICTURE_SCALE = 2; // of PNG: for a slide

export class SideBySide {
  schedule = oncePerFrame(() => {
    if (!this.ended) this.draw();
  });

  constructor(parent) {
    this.state = storedSwitches(STORED, DEFAULTS);
    this.steady = new Map();
    this.outbox = new Outbox();
    this.parts = buildFrame({
      set: (name, value) => this.change(name, value),
      toggle: (name) => this.change(name, !this.state[name]),
      picture: (format) => this.picture(format),
      expand: () => (document.fullscreenElement ? document.exitFullscreen() : this.parts.root.requestFullscreen()),
    });
    parent.append(this.parts.root);
    this.resized = new ResizeObserver(() => this.schedule());
    this.resized.observe(this.parts.plot);
  }

  // Called by Streamlit at every change of data or theme.
  update({ data, setTriggerValue }) {
    this.data = data;
    this.theme = null;
    this.outbox.connect((messages) => setTriggerValue("messages", messages), data.heard);
    loadPlotly(data.plotly).then(
      (plotly) => ((this.plotly = plotly), this.schedule()),
      () => ((this.offline = true), this.schedule()),
    );
    const asked = JSON.stringify([data.panels, data.live]);
    if (asked !== this.asked) this.start(asked);
    this.schedule();
  }

  start(asked) {
    if (JSON.stringify(this.data.panels) !== this.panels) this.steady.clear();
    Object.assign(this, { asked, panels: JSON.stringify(this.data.panels), limit: null, sawLive: this.data.live });
    this.controller?.abort();
    this.controller = new AbortController();
    const { signal } = this.controller;
    const wanted = [...new Set(this.data.panels.map(([id]) => id))].map((id) => records.open(id));
    if (this.data.live) for (const record of wanted) if (isFinal(record)) record.run = null; // it may go on
    const news = () => this.schedule();
    const offline = (is) => ((this.offline = is), this.schedule());
    followAll(wanted, { merge: mergeCurves, news, offline }, signal).then(() => !signal.aborted && this.over());
  }

  // All runs have ended: the page is told once, when the whole drawing is on the screen.
  over() {
    this.settled = true;
    this.draw();
    if (this.sawLive) requestAnimationFrame(() => this.ended || this.outbox.tell("ended", true));
    this.sawLive = false;
  }

  change(name, value) {
    this.state = { ...this.state, [name]: value };
    storeSwitches(STORED, this.state);
    this.schedule();
  }

  // What is drawn now: titles with their part of a run, and everything that they share.
  view(width, height) {
    const { data, state } = this;
    const panels = data.panels.map(([id, title, numbers]) => {
      const record = records.peek(id);
      return { title, part: record && partOf(record, numbers) };
    });
    const drawn = panels.filter(({ part }) => hasCurve(part));
    const facts = factsOf((drawn[0] ?? panels[0])?.part);
    const tabs = sharedPanels((drawn.length ? drawn : panels.slice(0, 1)).map(({ part }) => factsOf(part)), data.target);
    const panel = chosenOf(tabs, state);
    const { share } = panel;
    this.theme ??= readTheme(this.parts.root);
    const theme = { ...this.theme, ...sizesFor(width, height, data.large) };
    const format = share ? formatShare : formatNumber;
    return { panels, tabs, facts, panel, share, format, state, theme, width, height, ranges: this.ranges(drawn, panel, share, facts) };
  }

  ranges(drawn, panel, share, facts) {
    const { state } = this;
    const parts = drawn.map(({ part }) => part);
    const settled = parts.length > 0 && this.data.panels.every(([id]) => isFinal(records.peek(id)));
    const curves = parts.flatMap((part) => [panel.train, panel.validation].map((name) => bandOf(part, name).middle));
    const scale = [panel.key, state.logY].join();
    if (!this.steady.has(scale)) this.steady.set(scale, new SteadyRange(state.logY));
    const fit = commonRange(curves, { log: state.logY, share });
    const growing = this.steady.get(scale).update(fit, fit, settled, false);
    const y = settled ? fit : growing; // whoever opens the link sees the same axes
    const longest = Math.max(2, ...parts.map(epochsOf));
    for (const part of parts) this.limit = epochLimit(this.limit, factsOf(part), { recorded: epochsOf(part), earlier: 0, settled: false });
    const last = settled ? longest * 1.01 : Math.max(longest, this.limit ?? facts.planned);
    return { x: state.logX ? [Math.log10(0.97), Math.log10(last)] : [0, last], y };
  }

  draw() {
    const { parts, data } = this;
    if (!data) return;
    const rows = Math.ceil(data.panels.length / columnsOf(data.panels.length, parts.plot.clientWidth));
    const stacked = columnsOf(data.panels.length, parts.plot.clientWidth) === 1 && rows > 1;
    parts.root.style.setProperty("--lc-height", `${stacked ? Math.max(data.height, rows * ROW_PIXELS + 90) : data.height}px`);
    parts.root.classList.toggle("sbs-stacked", stacked);
    const [width, height] = [parts.plot.clientWidth, parts.plot.clientHeight];
    if (!width || !height) return;
    const view = this.view(width, height);
    showFrame(parts, view, { offline: this.offline, words: panelsInWords(view), ready: Boolean(this.plotly) });
    showTable(parts.values, view);
    if (!this.plotly) return;
    const { data: traces, layout } = panelsFigure(view);
    this.plotly.react(parts.plot, traces, layout, { displayModeBar: false, doubleClick: false, responsive: false, scrollZoom: false });
    const all = data.panels.every(([id]) => isFinal(records.peek(id)));
    parts.root.dataset.complete = String(all); // for whoever waits for the whole drawing
  }

  // Drawn anew by Plotly in this browser; nothing is asked of any server.
  async picture(format) {
    const [width, height] = [this.parts.plot.clientWidth, this.parts.plot.clientHeight];
    const { data, layout } = panelsFigure(this.view(width, height));
    const scale = format === "png" ? PICTURE_SCALE : 1;
    const url = await this.plotly.toImage({ data, layout }, { format, width, height, scale });
    const link = document.createElement("a");
    Object.assign(link, { href: url, download: `${this.data.file}.${format}` });
    link.click();
  }

  end() {
    this.ended = true;
    this.outbox.rest();
    this.controller?.abort();
    this.resized.disconnect();
    if (this.plotly) this.plotly.purge(this.parts.plot);
    this.parts.root.remove();
  }
}
