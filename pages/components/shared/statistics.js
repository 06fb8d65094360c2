// Order statistics; values that are missing (null) are left out by `median` and `lastFinite`.

export function median(values) {
  const sorted = values.filter((v) => v !== null && v !== undefined).sort((a, b) => a - b);
  if (!sorted.length) return null;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// Of values in rising order, as NumPy interpolates.
export function quantile(sorted, q) {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  return sorted[below] + (at - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
}

export const mean = (values) => (values.length ? values.reduce((sum, v) => sum + v, 0) / values.length : NaN);

// Place of the last value that is there among the first `length`; -1 for none.
export function lastFinite(values, length) {
  for (let i = length - 1; i >= 0; i--) if (values[i] !== null && values[i] !== undefined) return i;
  return -1;
}
