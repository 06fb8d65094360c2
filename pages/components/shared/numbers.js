// Numbers, times and counts as people read them.

// Three significant digits with separated thousands; millions and more, and very small values, in a short form.
// The same as `number` in tuning_core/charts/style.py.
export function formatNumber(value) {
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

export const formatFull = (value) => (Number.isFinite(value) && Math.abs(value) < 1e15 ? threeDigits(value) : formatNumber(value));

export const formatShare = (value) => (Number.isFinite(value) ? `${threeDigits(value * 100)} %` : "not a number");

// On axes, where the values are round: 20M, 0.5, 1,000.
export const formatTick = (value) => formatNumber(value).replace(/(\.\d*?)0+(?=\D|$)/, "$1").replace(/\.(?=\D|$)/, "");

export const formatTickShare = (value) => `${formatTick(Number((100 * value).toPrecision(12)))} %`;

export function formatSeconds(seconds) {
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function count(n, noun) {
  return `${n.toLocaleString("en-US")} ${noun}${n === 1 ? "" : "s"}`;
}

export const whole = (n) => n.toLocaleString("en-US");
