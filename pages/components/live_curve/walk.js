// Walking along the epochs by keys: where one comes to, and what is said there.

import { formatFull, formatShare, whole } from "../shared/numbers.js";

import { bandOf, epochsOf } from "./records.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };

// The epoch that a key leads to from `epoch` (null: nowhere yet); undefined for keys that lead nowhere.
export function steppedTo(key, epoch, length) {
  if (!(key in STEPS) || !length) return undefined;
  if (epoch === null && Number.isFinite(STEPS[key])) return STEPS[key] < 0 ? length : 1;
  return Math.min(Math.max((epoch ?? 1) + STEPS[key], 1), length);
}

// "Epoch 12 of 60: training 3.20, validation 4.10. 4 of 5 seeds."
export function epochWords(record, panel, epoch, share) {
  const format = share ? formatShare : formatFull;
  const [train, validation] = [panel.train, panel.validation].map((name) => bandOf(record, name));
  const value = (band) => (Number.isFinite(band.middle[epoch - 1] ?? NaN) ? format(band.middle[epoch - 1]) : "not measured");
  const seeds = record.series.size;
  const there = train.seeds[epoch - 1] ?? 0;
  const crowd = seeds > 1 ? ` Median of ${there < seeds ? `${there} of ${seeds}` : seeds} seeds.` : "";
  return `Epoch ${whole(epoch)} of ${whole(epochsOf(record))}: training ${value(train)}, validation ${value(validation)}.${crowd}`;
}
