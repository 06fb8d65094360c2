// Colours, fonts and sizes, as Streamlit's theme has them now.

// Okabe-Ito, as everywhere in the app: the same names as tuning_core/charts/style.py.
const COLOURS = {
  light: { train: "#0072B2", validation: "#D55E00", best: "#009E73", stop: "#CC79A7" },
  dark: { train: "#56B4E9", validation: "#E69F00", best: "#009E73", stop: "#CC79A7" },
};

// Of words in these colours, where the line's own has less than 4.5:1 against the background.
const INK = { light: { validation: "#B34E00" }, dark: {} };

export function readTheme(node) {
  const style = getComputedStyle(node);
  const of = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const background = of("--st-background-color", "#ffffff");
  const text = of("--st-text-color", "#31333f");
  const dark = luminance(background) < 0.4;
  const colours = COLOURS[dark ? "dark" : "light"];
  return {
    ...colours,
    ink: { ...colours, ...INK[dark ? "dark" : "light"] },
    dark,
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

// Larger letters and lines on a large drawing: it may be a projector. `large` when it is for sure.
export function sizesFor(width, height, large = false) {
  const by = Math.min(Math.max(Math.min(width / 900, height / 420), 1), 1.6) * (large ? 1.3 : 1);
  return { size: 13 * by, line: (large ? 3 : 2.2) * by };
}

export function alpha(hex, opacity) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  return `rgba(${r},${g},${b},${opacity})`;
}
