// One component on the page: what it shows, what it follows, when it draws.

const REPLAY_SECONDS = 5;
const OVERLAY_PAUSE_MS = 1500;
const WHOLE_MS = 50; // the whole curve is on the screen before its axes begin to glide
const PATIENCE_MS = 250; // a new run that brings epochs sooner is drawn with them, not once before
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
    this.axes = new Axes();
    this.zoom = null;
    this.offline = false;
    this.told = new Set();
    this.drawAt = 0;
    this.following = null;
    this.replay = { upto: null, playing: false };
    this.rules = null; // of early stopping, while they are tried out
    this.parts = buildPanel({
      stopping: this.stoppingActions(),
      set: (name, value) => this.change(name, value),
      toggle: (name) => this.change(name, !this.state[name]),
      unzoom: () => this.unzoom(),
      play: () => this.play(),
      scrub: (epoch) => this.scrub(epoch),
      expand: () => (document.fullscreenElement ? document.exitFullscreen() : this.parts.root.requestFullscreen()),
    });
    this.doctor = new Doctor({ wish: (wish) => this.tell("wish", wish), redraw: () => this.schedule() });
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
    if (this.wanted && this.shown && !hasCurve(this.wanted)) {
      this.drawAt = performance.now() + PATIENCE_MS;
      setTimeout(() => this.schedule(), PATIENCE_MS);
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
    if (!isFinal(record) && !record.gone) this.sawLive = true;
    if (hasCurve(record) || isFinal(record) || record.gone) this.drawAt = 0;
    this.schedule();
  }

  // Tells the page once, when the whole curve is on the screen: the rerun that follows would delay its last piece.
  report(record) {
    if (!record || !this.sawLive || this.told.has(record.id) || !(isFinal(record) || record.gone)) return;
    this.told.add(record.id);
    const words = { run_id: record.id, status: record.gone ? "gone" : record.run.status };
    requestAnimationFrame(() => setTimeout(() => this.ended || this.tell("ended", words), 0));
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

  stoppingActions() {
    const put = (rules) => ((this.rules = rules), this.schedule());
    return {
      open: () => {
        this.replay = { upto: null, playing: false };
        put(this.rules ? null : rulesOf(this.wanted));
      },
      rule: (name, value) => put({ ...this.rules, [name]: value }),
      delta: (position) => deltaAt(this.wanted, this.rules, position),
      take: () => this.tell("stopping", { action: "take", run_id: this.wanted.id, rules: this.rules }),
      record: () => this.tell("stopping", { action: "record", run_id: this.wanted.id, rules: this.rules }),
    };
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
    if (!data || performance.now() < this.drawAt) return;
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
    const replayed = this.rules && wanted && isFinal(wanted) && hasCurve(wanted) ? replayStopping(wanted, this.rules) : null;
    showStatus(parts, wanted, { replaying, upto, replayed });
    showEarlyStop(parts.early, { record: wanted, replayed, rules: this.rules });
    parts.root.dataset.run = wanted?.id ?? "";
    showReplay(parts, { record: wanted, upto, replaying, playing: this.replay.playing, hidden: Boolean(this.rules) });
    showStoppingSwitch(parts, wanted, this.rules);
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
    this.doctor.view.root.hidden = !data.verdict;
    const before = parts.root.dataset.complete;
    const gliding = this.plotly ? this.drawPlot({ facts, panel, upto, replaying, share, replayed }) : false;
    const whole = parts.root.dataset.complete && parts.root.dataset.complete !== before;
    this.report(wanted);
    if (data.verdict) this.doctor.show(wanted, data.ghost, state.panel);
    if (gliding && whole) setTimeout(() => this.schedule(), WHOLE_MS);
    else if (goesOn || gliding) this.schedule();
  }

  drawPlot({ facts, panel, upto, replaying, share, replayed }) {
    const { plot } = this.parts;
    if (this.dragging || !plot.clientWidth || !plot.clientHeight) return false;
    const began = performance.now();
    const [width, height] = [plot.clientWidth, plot.clientHeight];
    const theme = { ...this.theme, ...sizesFor(width, height) };
    const main = this.shown;
    const overlays = this.data.overlays.map(([id, label]) => ({ record: this.other(id), label })).filter((o) => o.record);
    const shown = { main, ghost: this.other(this.data.ghost), overlays, facts, panel, share, state: this.state };
    const settled = main === this.wanted && isFinal(main);
    const { x, y, gliding } = this.axes.ranges({ ...shown, settled, target: this.data.target });
    const ranges = this.zoom ?? { x, y };
    const stale = main !== this.wanted;
    const finding = this.data.verdict && !replaying && !stale && !replayed ? this.doctor.drawn(main) : null;
    const view = { ...shown, main: replayed ?? main, upto, replaying, stale, theme, width, height, ranges, finding };
    const { data, layout } = buildFigure(view);
    this.plotly.react(plot, data, layout, { displayModeBar: false, doubleClick: false, responsive: false, scrollZoom: false });
    if (!this.listening) this.listen(plot);
    this.parts.root.dataset.complete = main && isFinal(main) ? main.id : ""; // for whoever waits for the whole curve
    this.parts.root.dataset.drawMs = (performance.now() - began).toFixed(1);
    return gliding;
  }

  // A ghost or an overlay, if it has a curve that is measured as the shown one is.
  other(id) {
    const record = id && id !== this.shown?.id ? records.get(id) : null;
    if (!record || !hasCurve(record)) return null;
    const [a, b] = [record, this.shown ?? record].map(factsOf);
    return a.lossName === b.lossName && a.context.task === b.context.task ? record : null;
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
    this.following?.abort();
    this.resized.disconnect();
    window.removeEventListener("pointerup", this.released);
    if (this.plotly) this.plotly.purge(this.parts.plot);
    this.parts.root.remove();
  }
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
