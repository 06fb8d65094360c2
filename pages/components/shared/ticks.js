// Round values for an axis: 1, 2 or 5 times a power of ten, or even steps of such a size.

const CROWDED = 1.5; // times as many ticks as wanted

// About `wanted` values in a range, which is in powers of ten on a logarithmic axis.
export function roundTicks([low, high], log, wanted) {
  if (!log) return evenTicks(low, high, wanted);
  const every = Math.max(1, Math.ceil((high - low) / wanted)); // decades
  for (const digits of [[1, 2, 5], [1]]) {
    const values = every > 1 && digits.length > 1 ? [] : decadeTicks(low, high, digits, every);
    if (values.length >= 3 && values.length <= CROWDED * wanted) return values;
  }
  return high - low < 2 ? evenTicks(10 ** low, 10 ** high, wanted) : decadeTicks(low, high, [1], every);
}

function decadeTicks(low, high, digits, every) {
  const values = [];
  for (let power = every * Math.floor(low / every); power <= high; power += every) {
    for (const digit of digits) {
      const at = power + Math.log10(digit);
      if (at >= low - 1e-9 && at <= high + 1e-9) values.push(Number(`${digit}e${power}`));
    }
  }
  return values;
}

function evenTicks(low, high, wanted) {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((digit) => digit * power >= rough / 1.25);
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

// The words of ticks: short where three digits say what they are, else with as many digits as it takes.
export function tickWords(values, format) {
  if (values.every((value) => Number(value.toPrecision(3)) === value)) return values.map(format);
  const step = Math.min(...values.slice(1).map((value, i) => value - values[i]));
  const digits = Math.min(12, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  return values.map((value) => value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }));
}
