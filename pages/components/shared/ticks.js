// Round values for an axis.

const FINE = [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9];
const TICK_DIGITS = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], FINE];

// Ticks of a logarithmic axis at round values, enough of them at any zoom. range in powers of ten.
export function logTicks([low, high], format) {
  for (const digits of TICK_DIGITS) {
    const values = [];
    for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
      for (const digit of digits) {
        const at = power + Math.log10(digit);
        if (at >= low - 1e-9 && at <= high + 1e-9) values.push(Number((digit * 10 ** power).toPrecision(6)));
      }
    }
    if (values.length >= 4) return { tickmode: "array", tickvals: values, ticktext: values.map(format) };
  }
  return { tickmode: "auto" };
}
