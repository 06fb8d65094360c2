// What a stroke does to the heights of a line, without a page.

// The heights after a stroke from one point to another: each {column, height}; columns between them lie on the way.
export function stroked(heights, from, to, top) {
  const steps = Math.max(1, Math.abs(to.column - from.column));
  const after = [...heights];
  for (let i = 0; i <= steps; i += 1) {
    const at = from.column + Math.round(((to.column - from.column) * i) / steps);
    const height = i === steps ? to.height : from.height + ((to.height - from.height) * i) / steps;
    if (at in after && (i > 0 || steps === 1)) after[at] = within(height, top);
  }
  return after;
}

// The heights after a key on one point; null where the key moves nothing.
export function keyed(heights, column, key, top) {
  const by = { ArrowUp: 0.05, ArrowDown: -0.05, PageUp: 0.25, PageDown: -0.25 }[key];
  if (by === undefined) return null;
  const after = [...heights];
  after[column] = within(heights[column] + by, top);
  return after;
}

const within = (height, top) => Math.round(1000 * Math.min(Math.max(height, 0), top)) / 1000;
