// One component on the page: what it shows, what it follows, when it draws.

const REPLAY_SECONDS = 5;
const OVERLAY_PAUSE_MS = 1500;
const STORED = "tunescope.curve";
const DEFAULTS = { panel: "loss", logY: false, logX: false, running: false, baselines: true };

const instances = new WeakMap(); // by the element that Streamlit gives; survives its reruns
const shownBefore = new Map(); // key -> id of the run shown last: a remounted component starts from there

function storedState() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(STORED) ?? "{}") };
  } catch {
    return { ...DEFAULTS }; // storage may be forbidden; the switches then live as long as the component
  }
}

class LiveCurve {
  constructor(parent) {
    this.state = storedState();
    this.ranges = new Map();
    this.limit = null;
    this.zoom = null;
    this.offline = false;
    this.told = new Set();
    this.following = null;
    this.replay = { upto: null, playing: false };
    this.parts = buildPanel({
      set: (name, value) => this.change(name, value),
      toggle: (name) => this.change(name, !this.state[name]),
      unzoom: () => this.unzoom(),
      play: () => this.play(),
      scrub: (epoch) => this.scrub(epoch),
      expand: () => (document.fullscreenElement ? document.exitFullscreen() : this.parts.root.requestFullscreen()),
    });
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
    this.tell = setTriggerValue;
    this.theme = null;
    this.parts.root.style.setProperty("--lc-height", `${data.height}px`);
    setText(this.parts.invitation, data.invitation);
    loadPlotly(data.plotly).then(
      (plotly) => ((this.plotly = plotly), this.schedule()),
      () => ((this.offline = true), this.schedule()),
    );
    this.wanted = data.run_id ? recordOf(data.run_id) : null;
    const asked = JSON.stringify([data.run_id, data.live, data.ghost, data.overlays]);
    if (asked !== this.asked) {
      this.asked = asked;
      this.start();
    }
    this.schedule();
  }

  start() {
    this.following?.abort();
    this.following = new AbortController();
    const { signal } = this.following;
    this.replay = { upto: null, playing: false };
    this.offline = false;
    this.sawLive = Boolean(this.data.live);
    if (this.sawLive) this.told.delete(this.data.run_id);
    if (this.shown === undefined) this.shown = records.get(shownBefore.get(this.data.key)) ?? null;
    const hooks = {
      news: (record) => this.news(record),
      offline: (offline) => ((this.offline = offline), this.schedule()),
      gone: (record) => ((record.gone = true), this.news(record)),
    };
    if (this.wanted) {
      if (this.data.live || !isFinal(this.wanted)) follow(this.wanted, hooks, signal);
      else this.news(this.wanted);
    }
    const others = [this.data.ghost, ...this.data.overlays.map(([id]) => id)].filter((id) => id && id !== this.data.run_id);
    for (const id of others) this.fetchOther(recordOf(id), signal);
  }

  // Ghost and overlays: read once, and now and then while they are live. They are not waited for.
  async fetchOther(record, signal) {
    while (!signal.aborted && !isFinal(record) && !record.gone) {
      await whenVisible(signal);
      try {
        const answer = await ask(record, 0, signal);
        if (answer === null) record.gone = true;
        else merge(record, answer);
        if (answer?.more) continue;
      } catch {
        if (signal.aborted) return; // else tried again below
      }
      this.schedule();
      if (!isFinal(record) && !record.gone) await sleep(OVERLAY_PAUSE_MS, signal);
    }
  }

  news(record) {
    if (record !== this.wanted) return;
    const over = isFinal(record) || record.gone;
    if (!over) this.sawLive = true;
    if (over && this.sawLive && !this.told.has(record.id)) {
      this.told.add(record.id);
      this.tell("ended", { run_id: record.id, status: record.gone ? "gone" : record.run.status });
    }
    this.schedule();
  }

  change(name, value) {
    this.state = { ...this.state, [name]: value };
    if (name !== "running" && name !== "baselines") this.zoom = null;
    try {
      localStorage.setItem(STORED, JSON.stringify(this.state));
    } catch {
      // storage is full or forbidden: see storedState
    }
    this.schedule();
  }

  unzoom() {
    this.zoom = null;
    this.schedule();
  }

  scrub(epoch) {
    this.replay = { upto: epoch >= epochsOf(this.wanted) ? null : epoch, playing: false };
    this.schedule();
  }

  play() {
    if (this.replay.playing) {
      this.replay.playing = false;
      return this.schedule();
    }
    const length = epochsOf(this.wanted);
    const from = this.replay.upto ?? 1;
    const step = reducedMotion() ? Math.ceil(length / 10) : 0; // then ten still pictures, not a film
    this.replay = { upto: from, playing: true, from, start: performance.now(), step };
    this.schedule();
  }

  // Moves a playing replay on; returns whether it goes on.
  advance(length) {
    const { playing, from, start, step } = this.replay;
    if (!playing) return false;
    const gone = (performance.now() - start) / 1000;
    const epoch = step ? from + step * Math.floor(gone / 0.8) : from + Math.floor((gone / REPLAY_SECONDS) * length);
    this.replay.upto = Math.min(epoch, length);
    if (epoch >= length) this.replay = { upto: null, playing: false };
    return this.replay.playing;
  }

  schedule() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (!this.ended) this.draw();
    });
  }

  draw() {
    const { wanted, state, data, parts } = this;
    if (!data) return;
    if (wanted && hasCurve(wanted)) this.shown = wanted;
    else if (!wanted || isFinal(wanted)) this.shown = null; // nothing will come: the old curve would be a lie
    if (this.shown) shownBefore.set(data.key, this.shown.id);
    const goesOn = this.shown === wanted && wanted ? this.advance(epochsOf(wanted)) : false;
    const upto = this.replay.upto ?? Infinity;
    const replaying = this.replay.upto !== null;
    const facts = factsOf(this.shown ?? wanted);
    const panel = panelOf(state, facts, data.target);
    this.theme ??= readTheme(parts.root);
    showControls(parts, state, facts);
    showStatus(parts, wanted, { replaying, upto });
    showReplay(parts, { record: wanted, upto, replaying, playing: this.replay.playing });
    parts.offline.hidden = !this.offline;
    parts.reset.hidden = !this.zoom;
    const invite = !wanted || (!this.shown && isFinal(wanted));
    parts.empty.hidden = !invite;
    setText(parts.invitation, wanted ? "No epoch was recorded." : data.invitation);
    const share = state.panel === "metric" && facts.classification;
    const summary = summaryOf(this.shown, panel, share);
    setText(parts.summary, summary);
    parts.plot.setAttribute("aria-label", summary);
    parts.plot.classList.toggle("lc-blank", !this.shown);
    const gliding = this.plotly ? this.drawPlot({ facts, panel, upto, replaying, share }) : false;
    if (goesOn || gliding) this.schedule();
  }

  drawPlot({ facts, panel, upto, replaying, share }) {
    const { plot } = this.parts;
    if (this.dragging || !plot.clientWidth || !plot.clientHeight) return false;
    const began = performance.now();
    const [width, height] = [plot.clientWidth, plot.clientHeight];
    const theme = { ...this.theme, ...sizesFor(width, height) };
    const main = this.shown;
    const others = { ghost: this.other(this.data.ghost), overlays: this.data.overlays.map(([id, label]) => ({ record: this.other(id), label })).filter((o) => o.record) };
    const { ranges, gliding } = this.rangesFor({ main, ...others, facts, panel, share });
    const stale = main !== this.wanted;
    const view = { main, ...others, upto, replaying, stale, facts, panel, state: this.state, theme, width, height, ranges };
    const { data, layout } = buildFigure(view);
    this.plotly.react(plot, data, layout, { displayModeBar: false, doubleClick: false, responsive: false, scrollZoom: false });
    if (!this.listening) this.listen(plot);
    this.parts.root.dataset.drawMs = (performance.now() - began).toFixed(1);
    return gliding;
  }

  other(id) {
    const record = id && id !== this.shown?.id ? records.get(id) : null;
    return record && hasCurve(record) ? record : null;
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

  rangesFor({ main, ghost, overlays, facts, panel, share }) {
    const { state } = this;
    const scale = [state.panel, state.logY, facts.lossName, facts.context.task, this.data.target, facts.context.dummy_loss].join();
    if (!this.ranges.has(scale)) this.ranges.set(scale, new SteadyRange());
    const steady = this.ranges.get(scale);
    const fitted = {
      curves: [...(main ? this.curvesOf(main, panel, true) : []), ...overlays.flatMap(({ record }) => this.curvesOf(record, panel, false))],
      behind: ghost ? this.curvesOf(ghost, panel, false) : [],
      baselines: state.baselines ? [facts.context[panel.dummy], facts.context[panel.linear]] : [],
    };
    const settled = main === this.wanted && isFinal(main);
    const kind = { log: state.logY, share };
    const need = settled ? null : fitRange({ ...fitted, behind: [] }, kind);
    const y = steady.update(fitRange(fitted, kind), need, settled, Boolean(main));
    const earlier = Math.max(0, ...[ghost, ...overlays.map((o) => o.record)].map(epochsOf));
    const key = [facts.planned, facts.patience, this.data.target].join();
    const before = key === this.limitKey ? this.limit : null;
    this.limitKey = key;
    this.limit = epochLimit(before, { planned: facts.planned, patience: facts.patience, recorded: epochsOf(main), earlier });
    const x = state.logX ? [Math.log10(0.97), Math.log10(Math.max(2, this.limit))] : [0, Math.max(2, this.limit)];
    return { ranges: this.zoom ?? { x, y }, gliding: Boolean(steady.glide) };
  }

  // Curves that the value axis should hold. A diverging one only up to a few times where it began.
  curvesOf(record, panel, withBand) {
    const names = [panel.train, panel.validation, ...(withBand && this.state.running && panel.running ? [panel.running] : [])];
    const exploded = record.trials.some((trial) => trial.diverged_epoch !== null);
    return names.flatMap((name) => {
      const band = bandOf(record, name);
      const roof = exploded ? (band.middle.find((v) => v !== null) ?? 0) * 4 : Infinity;
      const curve = (row, reach) => ({ values: exploded ? row.map((v) => (v === null ? v : Math.min(v, roof))) : row, reach });
      const edges = withBand && record.series.size > 1 ? [curve(band.low, BAND_REACH), curve(band.high, BAND_REACH)] : [];
      return [curve(band.middle, REACH), ...edges];
    });
  }

  end() {
    this.ended = true;
    this.following?.abort();
    this.resized.disconnect();
    window.removeEventListener("pointerup", this.released);
    if (this.plotly) this.plotly.purge(this.parts.plot);
    this.parts.root.remove();
  }
}

// Colours and fonts as Streamlit's theme has them now.
function readTheme(node) {
  const style = getComputedStyle(node);
  const of = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const background = of("--st-background-color", "#ffffff");
  const text = of("--st-text-color", "#31333f");
  const dark = luminance(background) < 0.4;
  return {
    ...COLOURS[dark ? "dark" : "light"],
    background: toHex(background),
    surface: of("--st-secondary-background-color", dark ? "#262730" : "#f0f2f6"),
    text,
    grey: dark ? "#a6abb5" : "#5f6570",
    grid: dark ? "rgba(250,250,250,0.10)" : "rgba(49,51,63,0.10)",
    font: of("--st-font", "sans-serif"),
  };
}

function toHex(colour) {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = colour;
  return canvas.fillStyle.startsWith("#") ? canvas.fillStyle : "#ffffff";
}

function luminance(colour) {
  const hex = toHex(colour);
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// Larger letters and lines on a large drawing: it may be a projector.
function sizesFor(width, height) {
  const by = Math.min(Math.max(Math.min(width / 900, height / 420), 1), 1.6);
  return { size: 13 * by, line: 2.2 * by };
}

export default function (component) {
  const { parentElement } = component;
  const root = parentElement.querySelector?.(".lc-mount") ?? parentElement;
  if (!instances.has(root)) instances.set(root, new LiveCurve(root));
  instances.get(root).update(component);
  return () => {
    instances.get(root)?.end();
    instances.delete(root);
  };
}
