// What lies past the value axis: told with one click to show it, because the axis follows the medians.

import { bandOf, epochsOf } from "./records.js";

// {up, down}: the furthest value above and below the axis of all that is drawn, null where there is none.
export function pastAxis({ main, ghost, overlays, panel, state, ranges, upto = Infinity }) {
  if (!main || !ranges.y) return { up: null, down: null };
  const rows = [
    ...rowsOf(main, panel, { spread: state.spread, running: state.running }),
    ...[ghost, ...overlays.map(({ record }) => record)].filter(Boolean).flatMap((record) => rowsOf(record, panel, {})),
  ];
  const [low, high] = extremes(rows, Math.min(upto, Math.max(epochsOf(main), ...overlays.map(({ record }) => epochsOf(record)))));
  const [bottom, top] = state.logY ? ranges.y.map((v) => 10 ** v) : ranges.y;
  const slack = state.logY ? 0.02 * (top - bottom) : 0.01 * (top - bottom);
  return { up: high > top + slack ? high : null, down: low < bottom - (state.logY ? 0.02 * bottom : slack) ? low : null };
}

// The series of a record that are drawn: medians, and what `spread` shows of the single seeds.
export function rowsOf(record, panel, { spread = "", running = false }) {
  const names = [panel.train, panel.validation];
  const medians = [...names, ...(running && panel.running ? [panel.running] : [])].map((name) => bandOf(record, name).middle);
  if (record.series.size < 2) return medians;
  const bands = spread === "seeds" ? [] : names.flatMap((name) => [bandOf(record, name).low, bandOf(record, name).high]);
  const seeds = spread === "band" ? [] : [...record.series.values()].flatMap((series) => names.map((name) => series[name]));
  return [...medians, ...(spread ? [...bands, ...seeds] : [])];
}

function extremes(rows, length) {
  let [low, high] = [Infinity, -Infinity];
  for (const row of rows) {
    for (let i = 0; i < Math.min(length, row.length); i++) {
      const value = row[i];
      if (value === null || value === undefined) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}
