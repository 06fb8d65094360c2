// Where the panels stand: rows and columns, and the room of each in pixels.

const NARROW = 600; // pixels: below, one panel a row

// Two or three in a row, four two by two, more in rows of three; on a narrow drawing one below the other.
export function columnsOf(panels, width) {
  if (width < NARROW) return 1;
  return panels === 4 ? 2 : Math.min(panels, 3);
}

// {columns, rows, margin, boxes: [{left, top, width, height, first, last}]} in pixels of the whole drawing; `first` in its row,
// `last` in its column.
export function gridOf(panels, { width, height, size }) {
  const letters = (n) => Math.round(size * n);
  const columns = columnsOf(panels, width);
  const rows = Math.ceil(panels / columns);
  const margin = { l: letters(4.6), r: letters(1), t: letters(2.2), b: letters(2.9) };
  const [between, titles] = [letters(1.6), letters(3.4)];
  const wide = Math.max(40, (width - margin.l - margin.r - (columns - 1) * between) / columns);
  const high = Math.max(40, (height - margin.t - margin.b - rows * titles) / rows);
  const boxes = Array.from({ length: panels }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const left = margin.l + column * (wide + between);
    const top = margin.t + titles + row * (high + titles);
    return { left, top, width: wide, height: high, first: column === 0, last: i + columns >= panels };
  });
  return { columns, rows, margin, boxes };
}
