// Draws the recorded runs of a page to hand out. Pure functions first: they are exported for their tests.

const NARROW = typeof innerWidth !== "undefined" && innerWidth < 600; // a phone: the same letters on a smaller picture
const WIDTH = NARROW ? 480 : 920;
const HEIGHT = 420;
const PAD = { left: 62, right: NARROW ? 130 : 190, top: 20, bottom: 46 };

// The run nearest to the wanted places among those that have the moved axis where it was put; ties go to the earlier one.
export function nearestRun(runs, wanted, moved) {
  let best = -1;
  let least = Infinity;
  runs.forEach((run, i) => {
    const far = run.at.reduce((sum, place, axis) => sum + (axis === moved ? 1e6 : 1) * Math.abs(place - wanted[axis]), 0);
    if (far < least) [best, least] = [i, far];
  });
  return best;
}

// Round values from low to high, about `count` of them: steps of 1, 2 or 5 times a power of ten.
export function ticks(low, high, count = 5) {
  const rough = (high - low) / count;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((size) => size >= rough * 0.999);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i += 1) found.push(i * step);
  return found;
}

// Three significant digits, thousands separated, millions in short.
export function words(value) {
  const size = Math.abs(value);
  const [scale, letter] = [[1e12, "T"], [1e9, "B"], [1e6, "M"]].find(([least]) => size >= least * 0.9995) ?? [1, ""];
  if (size !== 0 && size < 1e-4) return value.toExponential(2);
  return Number((value / scale).toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 6 }) + letter;
}

// An SVG path through the points; a value that is missing breaks the line, one far above the picture leaves it steeply.
export function pathOf(epochs, values, x, y) {
  let pen = "M";
  let path = "";
  values.forEach((value, i) => {
    if (value === null) {
      pen = "M";
      return;
    }
    path += `${pen}${x(epochs[i]).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = "L";
  });
  return path;
}

// Of one run alone: its lines after the first tenth of the epochs, with a little air.
export function rangeOf(run) {
  const from = Math.floor(run.epochs.length / 10);
  const values = [...run.train.slice(from), ...run.validation.slice(from)].filter((value) => value !== null);
  if (!values.length) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = 0.06 * (high - low || Math.abs(high) || 1);
  return [low - air, high + air];
}

export function scales(range, last) {
  const [low, high] = range;
  const across = WIDTH - PAD.left - PAD.right;
  const down = HEIGHT - PAD.top - PAD.bottom;
  const x = (epoch) => PAD.left + (across * (epoch - 1)) / Math.max(1, last - 1);
  const y = (value) => PAD.top + down * (1 - Math.min(Math.max((value - low) / (high - low), -2), 12));
  return { x, y };
}

// Heights at least `gap` apart, in the order of the wanted ones, none below `floor`.
export function apart(wanted, gap, floor) {
  const order = wanted.map((height, i) => [height, i]).sort((a, b) => a[0] - b[0]);
  order.forEach((item, i) => {
    if (i) item[0] = Math.max(item[0], order[i - 1][0] + gap);
  });
  const over = order.length ? Math.max(0, order.at(-1)[0] - floor) : 0;
  const placed = [];
  order.forEach(([height, i]) => {
    placed[i] = height - over;
  });
  return placed;
}

// ---- the page ----------------------------------------------------------------------------------------------------------

function element(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  if (text !== undefined) made.textContent = text;
  return made;
}

function lastValue(values) {
  return values.filter((value) => value !== null).at(-1);
}

function drawFrame(picture, range, loss, last, { x, y }) {
  ticks(...range).forEach((value) => {
    const at = y(value);
    picture.append(element("line", { x1: PAD.left, x2: WIDTH - PAD.right, y1: at, y2: at, class: "grid" }));
    picture.append(element("text", { x: PAD.left - 8, y: at + 4, "text-anchor": "end", class: "tick" }, words(value)));
  });
  ticks(1, last, 6).concat(1).filter((epoch, i, all) => epoch >= 1 && Number.isInteger(epoch) && all.indexOf(epoch) === i)
    .forEach((epoch) => {
      picture.append(element("text", { x: x(epoch), y: HEIGHT - 24, "text-anchor": "middle", class: "tick" }, words(epoch)));
    });
  const middle = (PAD.left + WIDTH - PAD.right) / 2;
  picture.append(element("text", { x: middle, y: HEIGHT - 6, "text-anchor": "middle", class: "tick" }, "epoch"));
  picture.append(element("text", { x: 6, y: 13, class: "tick" }, loss));
  const clip = element("clipPath", { id: "frame" });
  clip.append(element("rect", { x: PAD.left, y: PAD.top, width: WIDTH - PAD.left - PAD.right, height: HEIGHT - PAD.top - PAD.bottom }));
  picture.append(clip);
}

function drawRun(picture, range, baselines, run, { x, y }) {
  const inside = element("g", { "clip-path": "url(#frame)" });
  const ends = [];
  baselines.forEach(([name, value], i) => {
    if (value > range[1] || value < range[0]) return;
    inside.append(element("line", { x1: PAD.left, x2: WIDTH - PAD.right, y1: y(value), y2: y(value), class: `baseline b${i}` }));
    ends.push([y(value), `${name} ${words(value)}`, "tick"]);
  });
  run.seeds.forEach(([train, validation]) => {
    inside.append(element("path", { d: pathOf(run.epochs, train, x, y), class: "train seed" }));
    inside.append(element("path", { d: pathOf(run.epochs, validation, x, y), class: "validation seed" }));
  });
  inside.append(element("path", { d: pathOf(run.epochs, run.train, x, y), class: "train" }));
  inside.append(element("path", { d: pathOf(run.epochs, run.validation, x, y), class: "validation" }));
  const at = run.kept ? run.epochs.findIndex((epoch) => epoch >= run.kept) : -1;
  if (at >= 0 && run.validation[at] !== null) {
    inside.append(element("circle", { cx: x(run.epochs[at]), cy: y(run.validation[at]), r: 6, class: "kept" }));
  }
  picture.append(inside);
  [["training", run.train], ["validation", run.validation]].forEach(([name, values]) => {
    const value = lastValue(values);
    if (value !== undefined) ends.push([y(Math.min(value, range[1])), `${name} ${words(value)}`, name === "training" ? "train" : name]);
  });
  apart(ends.map(([height]) => height + 4), 17, HEIGHT - PAD.bottom).forEach((height, i) => {
    picture.append(element("text", { x: WIDTH - PAD.right + 8, y: height, class: `label ${ends[i][2]}` }, ends[i][1]));
  });
}

function spoken(data, run) {
  const setting = data.axes.map((axis, i) => `${axis.label} ${axis.values[run.at[i]]}`).join(", ");
  const [train, validation] = [lastValue(run.train), lastValue(run.validation)];
  const said = (value) => (value === undefined ? "not a number" : words(value));
  return `${setting || "One setting"}. After ${run.epochs.at(-1)} epochs: training ${said(train)}, validation ${said(validation)}`
    + `${run.kept ? `, kept epoch ${run.kept}` : ""}${run.n > 1 ? `, ${run.n} seeds` : ""}.`;
}

function start() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const [picture, sliders, quiz] = ["picture", "sliders", "quiz"].map((id) => document.getElementById(id));
  const [summary, verdict, feedback] = ["summary", "verdict", "feedback"].map((id) => document.getElementById(id));
  const last = Math.max(...data.runs.map((run) => run.epochs.at(-1)));
  const [axes, lines] = [element("g", {}), element("g", {})];
  picture.append(axes, lines);
  let shown = 0;
  let framed = "";
  let frame = null;

  // However many steps a slider takes within a frame, the last one is drawn.
  function schedule() {
    frame ??= requestAnimationFrame(() => {
      frame = null;
      draw();
    });
  }

  function draw() {
    const run = data.runs[shown];
    const range = document.getElementById("same").checked ? data.range : rangeOf(run);
    const place = scales(range, last);
    if (framed !== range.join()) {
      framed = range.join();
      axes.replaceChildren();
      drawFrame(axes, range, data.loss, last, place);
    }
    lines.replaceChildren();
    drawRun(lines, range, data.baselines, run, place);
    summary.textContent = spoken(data, run);
    picture.setAttribute("aria-label", `Learning curve. ${summary.textContent}`);
    data.axes.forEach((axis, i) => {
      const input = sliders.querySelector(`#axis${i}`);
      input.value = run.at[i];
      input.setAttribute("aria-valuetext", axis.values[run.at[i]]);
      sliders.querySelector(`#value${i}`).textContent = axis.values[run.at[i]];
    });
    const asks = document.getElementById("ask").checked && run.verdict !== null;
    quiz.hidden = !asks;
    feedback.textContent = "";
    quiz.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-pressed"));
    verdict.hidden = asks || run.verdict === null;
    if (run.verdict) {
      verdict.querySelector("strong").textContent = run.verdict.title;
      verdict.querySelector("span").textContent = run.verdict.message;
    }
  }

  data.axes.forEach((axis, i) => {
    const row = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "range", id: `axis${i}`, min: 0, max: axis.values.length - 1, step: 1 });
    const name = document.createElement("span");
    name.textContent = axis.label;
    const value = document.createElement("output");
    value.id = `value${i}`;
    row.append(name, input, value);
    sliders.append(row);
    input.addEventListener("input", () => {
      const wanted = data.runs[shown].at.map((at, axisAt) => (axisAt === i ? Number(input.value) : at));
      shown = nearestRun(data.runs, wanted, i);
      schedule();
    });
  });
  picture.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  ["ask", "same"].forEach((id) => document.getElementById(id).addEventListener("change", draw));
  quiz.querySelectorAll("button").forEach((button) => {
    button.addEventListener("click", () => {
      const { kind, title } = data.runs[shown].verdict;
      button.setAttribute("aria-pressed", "true");
      feedback.textContent = button.dataset.kind === kind ? `Right: ${title}.` : `You said ${button.textContent}. It is: ${title}.`;
      verdict.hidden = false;
    });
  });
  draw();
}

if (typeof document !== "undefined") start();
