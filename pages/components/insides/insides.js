// The insides of one run at one epoch, which its own slider and the replay of the curve share.

import { loadPlotly } from "../live_curve/plotly_loader.js";
import { element, setText } from "../shared/dom.js";
import { EpochChannel } from "../shared/epoch_channel.js";
import { oncePerFrame } from "../shared/frames.js";
import { readTheme, sizesFor } from "../shared/theme.js";

import { epochWords, placeOf } from "./epochs.js";
import { landscapeFigure, landscapeWords } from "./landscape.js";
import { drawNetwork, networkWords } from "./network.js";
import { heldFigure, surfaceFigure, surfaceWords } from "./prediction.js";

const QUIET = { displayModeBar: false, doubleClick: false, responsive: false, scrollZoom: false };

// What is drawn of each kind of answer: [figure(answer, place, epoch, look), words(answer, place, epoch)] a plot; null: no figure.
const DRAWINGS = {
  prediction: [
    [(answer, place, epoch, look) => surfaceFigure(answer, place, look), surfaceWords],
    [(answer, place, epoch, look) => heldFigure(answer, place, look), () => "Predicted against actual values."],
  ],
  landscape: [[(answer, place, epoch, look) => landscapeFigure(answer, epoch, look), (answer, place, epoch) => landscapeWords(answer, epoch)]],
  weights: [[null, networkWords]],
};

export class Insides {
  schedule = oncePerFrame(() => {
    if (!this.ended && this.data) this.draw();
  });

  constructor(parent) {
    this.plots = [];
    this.frames = element("div", { class: "ins-plots" });
    const scale = { type: "range", min: "0", step: "1", class: "lc-scrub", "aria-label": "insides: epoch" };
    this.scrub = element("input", { ...scale, oninput: (event) => this.move(Number(event.target.value)) });
    this.at = element("output", { class: "lc-at" });
    this.root = element(
      "section",
      { class: "lc ins-root", "aria-label": "insides of the run" },
      this.frames,
      element("div", { class: "lc-replay" }, this.scrub, this.at),
    );
    parent.append(this.root);
    this.channel = new EpochChannel((run, epoch) => {
      if (run === this.data?.run_id) this.show(placeOf(this.epochs, epoch ?? this.data.last));
    });
    this.resized = new ResizeObserver(() => this.schedule());
    this.resized.observe(this.frames);
  }

  // Called by Streamlit at every change of data or theme.
  update({ data }) {
    const another = data.shown !== this.data?.shown || data.run_id !== this.data?.run_id;
    const epoch = this.data?.run_id === data.run_id ? this.epochs?.[this.place] : (this.channel.now(data.run_id) ?? data.kept); // the epoch stays where it was
    this.data = data;
    this.epochs = data.shown === "landscape" ? data.answer.paths[0].epochs : data.answer.epochs;
    this.theme = null;
    this.root.style.setProperty("--lc-height", `${data.height}px`);
    this.root.dataset.shown = data.shown;
    this.scrub.max = String(this.epochs.length - 1);
    if (another) this.rebuild();
    this.titles.forEach((title, i) => setText(title, data.titles[i]));
    this.place = placeOf(this.epochs, epoch);
    loadPlotly(data.plotly).then((plotly) => ((this.plotly = plotly), this.schedule()));
    this.schedule();
  }

  rebuild() {
    for (const plot of this.plots) this.plotly?.purge(plot);
    this.titles = DRAWINGS[this.data.shown].map(() => element("figcaption"));
    this.plots = this.titles.map(() => element("div", { class: "ins-plot", role: "img", tabindex: "0" }));
    this.frames.replaceChildren(...this.plots.map((plot, i) => element("figure", {}, this.titles[i], plot)));
  }

  // By the own slider: the curve goes along.
  move(place) {
    this.show(place);
    this.channel.tell(this.data.run_id, Math.max(1, this.epochs[this.place]));
  }

  show(place) {
    this.place = place;
    this.schedule();
  }

  draw() {
    const { data, place, scrub } = this;
    const epoch = this.epochs[place];
    const words = epochWords(epoch, data);
    scrub.value = String(place);
    scrub.setAttribute("aria-valuetext", words);
    scrub.style.setProperty("--lc-done", `${(100 * place) / Math.max(1, this.epochs.length - 1)}%`);
    setText(this.at, words);
    if (!this.plotly) return;
    this.theme ??= readTheme(this.root);
    DRAWINGS[data.shown].forEach(([figure, spoken], i) => {
      const plot = this.plots[i];
      plot.setAttribute("aria-label", spoken(data.answer, place, epoch));
      if (!figure) {
        drawNetwork(plot, data.answer, place);
        return;
      }
      const [width, height] = [plot.clientWidth, plot.clientHeight];
      if (!width || !height) return;
      const look = { theme: { ...this.theme, ...sizesFor(width, height) }, width, height };
      const { data: traces, layout } = figure(data.answer, place, epoch, look);
      this.plotly.react(plot, traces, layout, QUIET);
    });
    this.root.dataset.epoch = String(epoch); // for whoever waits for it
  }

  end() {
    this.ended = true;
    this.channel.end();
    this.resized.disconnect();
    for (const plot of this.plots) this.plotly?.purge(plot);
    this.root.remove();
  }
}
