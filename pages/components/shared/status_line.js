// The line of a run's state, the bar of its progress, and the places for an error, an invitation and what is spoken.

import { element, setText } from "./dom.js";
import { icon, setIcon } from "./icons.js";
import { joined } from "./words.js";

// `counted` is what the bar counts: "epochs done".
export function buildStatusLine(counted) {
  const line = {};
  line.statusIcon = element("span", { class: "lc-status-icon" });
  line.words = element("strong");
  line.detail = element("span", { class: "lc-detail" });
  line.offline = element("span", { class: "lc-offline", hidden: "" }, icon("offline"), "reconnecting…");
  line.status = element("div", { class: "lc-status" }, line.statusIcon, line.words, line.detail, line.offline);
  line.bar = element("div", { class: "lc-bar" });
  const percent = { role: "progressbar", "aria-label": counted, "aria-valuemin": "0", "aria-valuemax": "100" };
  line.progress = element("div", { class: "lc-progress", ...percent }, line.bar);
  line.error = element("p", { class: "lc-error", hidden: "" });
  line.invitation = element("span");
  line.empty = element("p", { class: "lc-empty" }, icon("empty"), line.invitation);
  line.announced = element("p", { class: "lc-hidden", role: "status" });
  return line;
}

// status: of `statusOf`; share: of what is done, null when nothing goes on; spoken: null to leave what was said.
export function showStatusLine(parts, status, { share, spoken }) {
  parts.root.dataset.state = status.state;
  setIcon(parts.statusIcon, status.state);
  setText(parts.words, status.words);
  setText(parts.detail, status.detail);
  parts.status.title = joined(status.words, status.detail);
  parts.error.hidden = !status.error;
  setText(parts.error, status.error ?? "");
  if (spoken !== null) setText(parts.announced, spoken);
  parts.progress.classList.toggle("lc-live", share !== null);
  parts.progress.setAttribute("aria-valuenow", String(Math.round((share ?? 0) * 100)));
  parts.bar.style.transform = `scaleX(${share ?? 0})`;
}
