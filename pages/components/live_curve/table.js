// The curves as a table: epoch by epoch, with the baselines above.

import { element, renew } from "../shared/dom.js";
import { formatFull, formatShare, whole } from "../shared/numbers.js";

import { bandOf, bandWords, epochsOf, markedEpoch } from "./records.js";

const ROWS = 100; // of more epochs, evenly many; the first, the last and the best are always there

export function showTable(node, record, panel, facts) {
  if (node.hidden) return;
  renew(node, [record?.id, record?.cursor, record?.run?.status, panel.key], () => (record ? tableOf(record, panel, facts) : []));
}

// Epochs from 1 that have a row.
export function epochsShown(length, marked) {
  const step = Math.max(1, Math.ceil(length / ROWS));
  const epochs = new Set([1, length, ...(marked ? [marked] : [])]);
  for (let epoch = step; epoch <= length; epoch += step) epochs.add(epoch);
  return [...epochs].filter((epoch) => epoch >= 1 && epoch <= length).sort((a, b) => a - b);
}

function tableOf(record, panel, facts) {
  const format = panel.share ? formatShare : formatFull;
  const words = (value) => (value === null || value === undefined ? "–" : format(value));
  const many = record.series.size > 1;
  const lines = [["training", panel.train], ["validation", panel.validation], ...(panel.running ? [["running loss", panel.running]] : [])];
  const names = lines.flatMap(([name]) => (many ? [`${name}, median`, bandWords(record)] : [name]));
  const cellsOf = (band, i) => (many ? [words(band.middle[i]), `${words(band.low[i])} to ${words(band.high[i])}`] : [words(band.middle[i])]);
  const best = markedEpoch(record, "best_epoch")?.epoch ?? null;
  const row = (epoch) => {
    const cells = lines.flatMap(([, series]) => cellsOf(bandOf(record, series), epoch - 1));
    const head = element("th", { scope: "row" }, epoch === best ? `${whole(epoch)}, best` : whole(epoch));
    return element("tr", {}, head, ...cells.map((cell) => element("td", {}, cell)));
  };
  const head = element("tr", {}, ...["epoch", ...names].map((name) => element("th", { scope: "col" }, name)));
  const rows = epochsShown(epochsOf(record), best).map(row);
  const caption = element("caption", {}, [`${panel.name}.`, ...baselinesOf(panel, facts, words)].join(" "));
  return [element("table", {}, caption, element("thead", {}, head), element("tbody", {}, ...rows))];
}

function baselinesOf(panel, facts, words) {
  const named = [["a constant", panel.dummy], ["a linear model", panel.linear], ["trees", panel.tree]];
  const known = named.filter(([, name]) => Number.isFinite(facts.context[name] ?? NaN));
  return known.length ? [`Without tuning: ${known.map(([who, name]) => `${who} ${words(facts.context[name])}`).join(", ")}.`] : [];
}
