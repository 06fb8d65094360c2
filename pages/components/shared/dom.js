// Small things that every other part uses. The files of this folder are joined into one ES module, in the order of
// __init__.py; names are shared.

const SVG = "http://www.w3.org/2000/svg";

// Okabe-Ito, as everywhere in the app: the same names as tuning_core/charts/style.py.
const COLOURS = {
  light: { train: "#0072B2", validation: "#D55E00", best: "#009E73", stop: "#CC79A7" },
  dark: { train: "#56B4E9", validation: "#E69F00", best: "#009E73", stop: "#CC79A7" },
};

// 24 x 24 outlines, drawn with a stroke of 2.
const ICONS = {
  empty: "M4 19V5M4 19h16M7 15c3 0 3-8 6-8s3 5 6 5",
  queued: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.5V12l3 2",
  warming: "M12 3v4M12 17v4M3 12h4M17 12h4M5.6 5.6l2.8 2.8M15.6 15.6l2.8 2.8M5.6 18.4l2.8-2.8M15.6 8.4l2.8-2.8",
  running: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8",
  finished: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 12.3l2.8 2.8L16 9.5",
  stopped_early: "M6 21V4M6 5h11l-2.5 4L17 13H6",
  stopped: "M7 7h10v10H7z",
  early_stop: "M6 21V4M6 5h11l-2.5 4L17 13H6M19 16v5M15.5 18.5h7",
  diverged: "M3 20c7 0 9-3 10-13M9.5 9.5L13.2 5l2.6 5.2M19 15l-4 4M15 15l4 4",
  failed: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M9 9l6 6M15 9l-6 6",
  interrupted: "M4 12h4l2-3M20 12h-4l-2 3M13 5l-1 3M11 19l1-3",
  gone: "M5 7h14M9 7V4.5h6V7M7 7l1 13h8l1-13",
  offline: "M4 9c5-4 11-4 16 0M7 12.5c3-2.4 7-2.4 10 0M12 17v.5M4 4l16 16",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5M12 7.8v.4",
  expand: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  reset: "M5 5v5h5M5.5 10a7.5 7.5 0 1 1-.6 5",
};

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("lc-icon", `lc-icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// element("button", {class: "x", onclick: f}, "text", child...): text is data and never parsed as HTML.
function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// Plotly reads a little HTML, and %{...} in hover texts: both are shown verbatim for what users named.
function plotlyText(text) {
  return String(text).replace(/[&<>"'{}$\n\r]/g, (c) => (c < " " ? " " : `&#${c.charCodeAt(0)};`));
}

function shortened(text, length) {
  const points = [...String(text)];
  return points.length > length ? points.slice(0, length - 1).join("") + "…" : points.join("");
}

// Three significant digits with separated thousands; millions and more, and very small values, in a short form.
// The same as `number` in tuning_core/charts/style.py.
function formatNumber(value) {
  if (!Number.isFinite(value)) return "not a number";
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return value.toExponential(2).replace("e+", "e");
  for (const [unit, letter] of [[1e12, "T"], [1e9, "B"], [1e6, "M"]]) {
    if (size >= unit * 0.9995) return `${threeDigits(value / unit)}${letter}`;
  }
  return threeDigits(value);
}

const THREE_DIGITS = new Intl.NumberFormat("en-US", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const threeDigits = (value) => (value === 0 ? "0" : THREE_DIGITS.format(value));

const formatFull = (value) => (Number.isFinite(value) && Math.abs(value) < 1e15 ? threeDigits(value) : formatNumber(value));

const formatShare = (value) => (Number.isFinite(value) ? `${threeDigits(value * 100)} %` : "not a number");

// On axes, where the values are round: 20M, 0.5, 1,000.
const formatTick = (value) => formatNumber(value).replace(/(\.\d*?)0+(?=\D|$)/, "$1").replace(/\.(?=\D|$)/, "");

function formatSeconds(seconds) {
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function count(n, noun) {
  return `${n.toLocaleString("en-US")} ${noun}${n === 1 ? "" : "s"}`;
}

function median(values) {
  const sorted = values.filter((v) => v !== null && v !== undefined).sort((a, b) => a - b);
  if (!sorted.length) return null;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function quantile(sorted, q) {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  return sorted[below] + (at - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
}

const whole = (n) => n.toLocaleString("en-US");
const joined = (...parts) => parts.filter(Boolean).join(" · ");
