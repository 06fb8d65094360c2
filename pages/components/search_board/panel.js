// The elements around the canvas: built once, then only their texts and states change.

const SWITCHES = [
  ["logY", "log y", "Logarithmic value axis: equal factors are equally high."],
  ["logX", "log x", "Logarithmic epoch axis: shows the first epochs in detail."],
];
const LISTED = 7;
let panels = 0;

function buildPanel(actions) {
  const parts = {};
  panels += 1;
  const toggles = SWITCHES.map(([name, words, tip]) => {
    const id = `lc-board-tip-${name}-${panels}`;
    parts[name] = element("button", { type: "button", class: "lc-toggle", onclick: () => actions.toggle(name), "aria-describedby": id }, words);
    return element("span", { class: "lc-tipped" }, parts[name], element("span", { class: "lc-tip", role: "tooltip", id }, tip));
  });
  parts.statusIcon = element("span", { class: "lc-status-icon" });
  parts.words = element("strong");
  parts.detail = element("span", { class: "lc-detail" });
  parts.offline = element("span", { class: "lc-offline", hidden: "" }, icon("offline"), "reconnecting…");
  parts.status = element("div", { class: "lc-status" }, parts.statusIcon, parts.words, parts.detail, parts.offline);
  parts.bar = element("div", { class: "lc-bar" });
  const percent = { role: "progressbar", "aria-label": "trainings done", "aria-valuemin": "0", "aria-valuemax": "100" };
  parts.progress = element("div", { class: "lc-progress", ...percent }, parts.bar);
  parts.error = element("p", { class: "lc-error", hidden: "" });
  parts.base = element("canvas", { class: "sb-canvas" });
  parts.focus = element("canvas", { class: "sb-canvas" });
  parts.tip = element("div", { class: "sb-tip", hidden: "" });
  parts.invitation = element("span");
  parts.empty = element("p", { class: "lc-empty" }, icon("empty"), parts.invitation);
  parts.plot = element("div", { class: "sb-plot", role: "img" }, parts.base, parts.focus, parts.tip);
  parts.list = element("ol", { class: "sb-list" });
  parts.side = element("div", { class: "sb-side" }, element("div", { class: "sb-title" }, "best so far"), parts.list);
  parts.announced = element("p", { class: "lc-hidden", role: "status" });
  parts.root = element(
    "section",
    { class: "lc sb-root", "aria-label": "all validation curves of the search" },
    element("div", { class: "lc-head" }, parts.status, element("div", { class: "lc-toggles" }, ...toggles)),
    parts.progress,
    parts.error,
    element("div", { class: "lc-stage sb-stage" }, parts.plot, parts.side, parts.empty),
    parts.announced,
  );
  return parts;
}

const setText = (node, text) => node.textContent !== text && (node.textContent = text);

function setIcon(holder, name) {
  if (holder.dataset.icon === name) return;
  holder.dataset.icon = name;
  holder.replaceChildren(icon(name));
}

function showStatus(parts, search, planned) {
  const status = statusOf(search, planned);
  parts.root.dataset.state = status.state;
  setIcon(parts.statusIcon, status.state);
  setText(parts.words, status.words);
  setText(parts.detail, status.detail);
  parts.status.title = joined(status.words, status.detail);
  parts.error.hidden = !status.error;
  setText(parts.error, status.error ?? "");
  setText(parts.announced, search ? `Search ${status.words}.` : "");
  const live = search?.run && !isFinal(search);
  const { share } = live ? progressOf(search, planned) : { share: 0 };
  parts.progress.classList.toggle("lc-live", Boolean(live));
  parts.progress.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  parts.bar.style.transform = `scaleX(${share})`;
}

// The best settings as buttons, from the top down.
function showList(parts, search, selected, actions) {
  const rows = search ? ranking(search).slice(0, LISTED) : [];
  parts.side.hidden = !rows.length;
  setText(parts.side.firstChild, isFinal(search) ? "best settings" : "best so far");
  const drawn = JSON.stringify([search?.id, selected, rows.map(({ setting, score }) => [setting.number, score, setting.status])]);
  if (drawn === parts.list.dataset.drawn) return;
  parts.list.dataset.drawn = drawn;
  parts.list.replaceChildren(
    ...rows.map(({ setting, score }, i) => {
      const values = setting.words.map((word, j) => (word === null ? null : `${search.axes[j]} ${word}`)).filter(Boolean);
      const words = joined(...values) || "as set on Tune";
      const pressed = String(setting.number === selected);
      const hooks = {
        onclick: () => actions.pick(setting.number),
        onpointerenter: () => actions.point(setting.number),
        onpointerleave: () => actions.point(null),
      };
      const value = element("span", { class: "sb-score" }, formatNumber(score));
      const name = element("span", { class: "sb-words" }, words);
      const button = element("button", { type: "button", "aria-pressed": pressed, title: words, ...hooks }, value, name);
      return element("li", { class: i ? "" : "sb-best" }, button);
    }),
  );
}

function showTip(parts, search, focus, place) {
  parts.tip.hidden = !focus || !place;
  if (parts.tip.hidden) return;
  const rows = focusWords(search, focus).filter(([, word]) => word !== null);
  parts.tip.replaceChildren(...rows.flatMap(([name, word]) => [element("span", {}, name), element("b", {}, word)]));
  const { clientWidth: width, clientHeight: height } = parts.plot;
  const { offsetWidth: wide, offsetHeight: high } = parts.tip;
  const left = place.x + 16 + wide > width ? place.x - 16 - wide : place.x + 16;
  parts.tip.style.left = `${Math.max(0, left)}px`;
  parts.tip.style.top = `${Math.min(Math.max(0, place.y - high / 2), Math.max(0, height - high))}px`;
}
