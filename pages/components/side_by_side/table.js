// The panels as one table: the medians epoch by epoch, a pair of columns for each panel.

import { bandOf, epochsOf, hasCurve } from "../live_curve/records.js";
import { epochsShown } from "../live_curve/table.js";
import { element, renew } from "../shared/dom.js";
import { formatFull, formatShare, whole } from "../shared/numbers.js";

import { keptEpoch, noteOf } from "./parts.js";

export function showTable(node, { panels, panel, format }) {
  if (node.hidden) return;
  const made = panels.map(({ title, part }) => [title, part?.cursor, part?.run?.status]);
  renew(node, [panel.key, made], () => tableOf(panels.filter(({ part }) => hasCurve(part)), panel, format));
}

function tableOf(drawn, panel, format) {
  const write = panel.share ? formatShare : formatFull;
  const words = (value) => (value === null || value === undefined ? "–" : write(value));
  const longest = Math.max(0, ...drawn.map(({ part }) => epochsOf(part)));
  const kept = new Set(drawn.map(({ part }) => keptEpoch(part)).filter(Boolean));
  const columns = drawn.flatMap(({ title, part }) =>
    [["training", panel.train], ["validation", panel.validation]].map(([name, series]) => [`${title}, ${name}`, bandOf(part, series).middle]),
  );
  const cell = (tag, text, scope) => element(tag, scope ? { scope } : {}, text);
  const epochs = [...new Set([...epochsShown(longest), ...kept])].filter((epoch) => epoch <= longest).sort((a, b) => a - b);
  const row = (epoch) =>
    element("tr", {}, cell("th", whole(epoch), "row"), ...columns.map(([, values]) => cell("td", words(values[epoch - 1]))));
  const head = element("tr", {}, ...["epoch", ...columns.map(([name]) => name)].map((name) => cell("th", name, "col")));
  const told = drawn.map(({ title, part }) => `${title}: ${noteOf(part, panel, format)}.`);
  const caption = element("caption", {}, [`${panel.name}, medians over the seeds.`, ...told].join(" "));
  return [element("table", {}, caption, element("thead", {}, head), element("tbody", {}, ...epochs.map(row)))];
}
