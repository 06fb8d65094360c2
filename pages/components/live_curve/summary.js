// The curves in words.

import { formatFull, formatShare } from "../shared/numbers.js";
import { lastFinite } from "../shared/statistics.js";

import { bandOf, epochsOf, hasCurve, markedEpoch } from "./records.js";

// What somebody who does not see the curves should know.
export function summaryOf(record, panel, share) {
  if (!record || !hasCurve(record)) return "No learning curve yet.";
  const format = share ? formatShare : formatFull;
  const epoch = epochsOf(record);
  const [train, validation] = [panel.train, panel.validation].map((name) => bandOf(record, name).middle);
  const [t, v] = [lastFinite(train, epoch), lastFinite(validation, epoch)];
  const best = markedEpoch(record, "best_epoch");
  const value = best ? bandOf(record, panel.validation).middle[best.epoch - 1] : null;
  const seeds = record.series.size > 1 ? `, median of ${record.series.size} seeds` : "";
  return [
    `Learning curves, ${panel.name}${seeds}.`,
    t < 0 ? "" : `Training: ${format(train[0])} after the first epoch, ${format(train[t])} after epoch ${t + 1}.`,
    v < 0 ? "" : `Validation: ${format(validation[0])} after the first epoch, ${format(validation[v])} after epoch ${v + 1}.`,
    best && Number.isFinite(value) ? `Best epoch ${best.epoch}, validation ${format(value)}.` : "",
  ].filter(Boolean).join(" ");
}
