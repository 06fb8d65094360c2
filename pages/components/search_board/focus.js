// What is under the pointer, or was chosen: everything of its setting drawn strong on a second canvas, and told in words.

import { formatNumber, whole } from "../shared/numbers.js";

import { drawSetting, placesOf } from "./canvas.js";
import { ranking } from "./records.js";

export function drawFocus(context, search, view, focus, selected) {
  const { theme, width, height } = view;
  context.clearRect(0, 0, width, height);
  const places = placesOf(view);
  context.save();
  context.beginPath();
  context.rect(places.box.x, places.box.y, places.box.width, places.box.height + 1);
  context.clip();
  for (const number of new Set([selected, focus?.setting])) {
    const setting = search.settings.get(number);
    if (!setting) continue;
    drawSetting(context, search, setting, places, { colour: theme.background, width: 5, opacity: 0.9, band: 0.5 });
    const best = setting.rank === 1;
    drawSetting(context, search, setting, places, { colour: best ? theme.best : theme.text, width: 2.2, opacity: 1, band: 0.16 });
  }
  const value = focus?.trial ? focus.trial.losses[focus.epoch - 1] : null;
  if (value !== null && value !== undefined) {
    context.fillStyle = theme.text;
    context.beginPath();
    context.arc(places.x(focus.epoch), places.y(value), 4, 0, 7);
    context.fill();
  }
  context.restore();
}

// What the pointer is told: [strong, plain] lines.
export function focusWords(search, focus) {
  const setting = search.settings.get(focus.setting);
  const total = ranking(search).length;
  const rank = setting.rank ? `rank ${setting.rank} of ${whole(total)}` : setting.status;
  const spread = Number.isFinite(setting.spread) && setting.spread !== null ? ` ± ${formatNumber(setting.spread)}` : "";
  const score = setting.rank ? `${formatNumber(setting.score)}${spread}` : "no score";
  const value = focus.trial?.losses[focus.epoch - 1];
  const here = Number.isFinite(value) ? [["epoch", `${focus.epoch}: ${formatNumber(value)}`]] : [];
  return [["setting", `${setting.number + 1}, ${rank}`], [search.facts?.score || "score", score], ...here, ...setting.words.map((word, i) => [search.axes[i], word])];
}
