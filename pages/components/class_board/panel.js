// The elements around the dots: built once, then only their texts and states change.

import { element, renew, setText } from "../shared/dom.js";
import { icon } from "../shared/icons.js";
import { count, formatNumber } from "../shared/numbers.js";
import { buildSwitches } from "../shared/panel.js";

const WALK_TIP = "Left and right walk along a student's settings, up and down go to a better or a worse student, Enter opens the curve.";
const TABLE = ["table", "table", "The same as a table of the students, in any order."];

export function buildPanel(actions) {
  const parts = {};
  const { buttons, placed } = buildSwitches([[...TABLE, actions.toggleTable]]);
  parts.table = buttons.table;
  parts.summary = element("strong");
  parts.offline = element("span", { class: "lc-offline", hidden: "" }, icon("offline"), "reconnecting…");
  parts.base = element("canvas", { class: "cb-canvas" });
  parts.focus = element("canvas", { class: "cb-canvas" });
  const walking = { role: "img", tabindex: "0", "aria-description": WALK_TIP };
  parts.plot = element("div", { class: "cb-plot lc-plot", ...walking }, parts.base, parts.focus);
  parts.values = element("div", { class: "lc-table", tabindex: "0", role: "region", "aria-label": "table of the students", hidden: "" });
  parts.invitation = element("span");
  parts.empty = element("p", { class: "lc-empty" }, icon("empty"), parts.invitation);
  parts.announced = element("p", { class: "lc-hidden", role: "status" });
  parts.root = element(
    "section",
    { class: "lc cb-root", "aria-label": "what the class has tried" },
    element("div", { class: "lc-head" }, element("div", { class: "lc-status" }, parts.summary, parts.offline), element("div", { class: "lc-toggles" }, ...placed)),
    element("div", { class: "lc-stage" }, parts.plot, parts.empty, parts.values),
    parts.announced,
  );
  return parts;
}

// "Ana, setting 7 of 12: 0.231. Best: 0.210, setting 4."
export function dotWords(row, student, name) {
  const score = Number.isFinite(row.score ?? NaN) ? formatNumber(row.score) : row.status;
  const { best } = student;
  const told = !best ? "" : best === row ? " The student's best." : ` Best: ${formatNumber(best.score)}, setting ${best.number}.`;
  return `${name}, setting ${row.number} of ${student.last.number}: ${score}.${told}`;
}

export function summaryWords(students, rows) {
  return rows ? `${count(students.length, "student")}, ${count(rows, "setting")} tried` : "";
}

const COLUMNS = [["student", "name"], ["settings tried", "tried"], ["best", "best"], ["at setting", "at"], ["last", "last"]];

// The students as a table; a press on a head sorts by it, a press on a name opens the curve of the student's best setting.
export function showTable(parts, students, sorted, { sort, pick, nameOf }) {
  if (parts.values.hidden) return;
  const cells = students.map((student, rank) => cellsOf(student, nameOf(student.name), rank));
  const by = COLUMNS.findIndex(([, name]) => name === sorted.by);
  const order = sortedBy(cells, by, sorted.down);
  renew(parts.values, [cells, sorted], () => {
    const heads = COLUMNS.map(([words, name], i) => {
      const state = i === by ? (sorted.down ? "descending" : "ascending") : "none";
      return element("th", { scope: "col", "aria-sort": state }, element("button", { type: "button", onclick: () => sort(name) }, words));
    });
    const row = ({ words, rank }) => {
      const open = element("button", { type: "button", onclick: () => pick(students[rank].best ?? students[rank].last) }, words[0]);
      return element("tr", {}, element("th", { scope: "row" }, open), ...words.slice(1).map((word) => element("td", {}, word)));
    };
    const caption = element("caption", {}, "Scores on the validation rows. A press on a name opens the curve of the best setting.");
    return [element("table", {}, caption, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...order.map(row)))];
  });
}

function cellsOf({ best, last, rows }, name, rank) {
  const score = (row) => (Number.isFinite(row?.score ?? NaN) ? formatNumber(row.score) : "–");
  const values = [name, last.number, rank, best?.number ?? Infinity, last.at];
  return { rank, values, words: [name, String(last.number), score(best), best ? String(best.number) : "–", score(rows.at(-1))] };
}

// Rows {values} by one column; the best and the newest are first values, too, so that down is the other way round everywhere.
export function sortedBy(cells, column, down) {
  const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b) : a === b ? 0 : a - b);
  return [...cells].sort((a, b) => (down ? -1 : 1) * compare(a.values[column], b.values[column]) || a.rank - b.rank);
}
