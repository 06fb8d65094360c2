// Under the pointer: the nearest curve, and everything of its setting drawn strong on a second canvas.

const REACH_PX = 16;

// The trial whose curve is nearest to a place in pixels, with its epoch there; null when none is near.
function nearest(search, places, px, py, ranges, logX) {
  const { box } = places;
  if (px < box.x || px > box.x + box.width || py < box.y || py > box.y + box.height) return null;
  const share = ranges.x[0] + ((px - box.x) / box.width) * span(ranges.x);
  const at = logX ? 10 ** share : share;
  let found = null;
  for (const trial of search.trials.values()) {
    const last = trial.losses.length;
    if (!last || at > last + 0.5) continue;
    const epoch = Math.min(Math.max(Math.round(at), 1), last);
    const [low, high] = [Math.max(1, Math.floor(at)), Math.min(last, Math.ceil(at))];
    const [a, b] = [trial.losses[low - 1], trial.losses[high - 1]];
    const value = high > low && a !== null && b !== null ? a + (b - a) * (at - low) : trial.losses[epoch - 1];
    if (value === null || value === undefined) continue;
    const distance = Math.abs(places.y(value) - py);
    if (distance < (found?.distance ?? REACH_PX)) found = { trial, epoch, distance };
  }
  return found;
}

function drawFocus(context, search, view, focus, selected) {
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
    drawSetting(context, search, setting, places, { colour: theme.background, width: 5, opacity: 0.9 });
    const best = setting.rank === 1;
    drawSetting(context, search, setting, places, { colour: best ? theme.best : theme.text, width: 2.2, opacity: 1 });
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
function focusWords(search, focus) {
  const setting = search.settings.get(focus.setting);
  const total = ranking(search).length;
  const rank = setting.rank ? `rank ${setting.rank} of ${whole(total)}` : setting.status;
  const spread = Number.isFinite(setting.spread) && setting.spread !== null ? ` ± ${formatNumber(setting.spread)}` : "";
  const score = setting.rank ? `${formatNumber(setting.score)}${spread}` : "no score";
  const value = focus.trial?.losses[focus.epoch - 1];
  const here = Number.isFinite(value) ? [["epoch", `${focus.epoch}: ${formatNumber(value)}`]] : [];
  return [["setting", `${setting.number + 1}, ${rank}`], ["score", score], ...here, ...setting.words.map((word, i) => [search.axes[i], word])];
}
