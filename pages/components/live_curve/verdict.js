// The doctor's words under the curve: findings, the sentence, what to try, and the difference to the run before. The place
// is reserved, and elements are made anew only when what they say has changed.

import { element, renew, setText } from "../shared/dom.js";
import { icon } from "../shared/icons.js";

const TRY_TIP = "Train with this change on the same split and seeds. It is put on the sliders too, and can be undone.";
const UNDO_TIP = "Show the previous run again and put its settings on the sliders. Pressed twice, nothing has changed.";

// actions: choose(i), preview(i or null), attempt(remedy), back()
export function buildVerdict(actions) {
  const v = { actions };
  v.findings = element("div", { class: "lc-findings", role: "group", "aria-label": "findings, what to fix first at the head" });
  v.open = element("button", { type: "button", class: "lc-toggle", "aria-expanded": "false" }, icon("info"), "evidence");
  v.more = element("div", { class: "lc-more", role: "dialog", "aria-label": "evidence and error rate", hidden: "" });
  const toggle = (open) => {
    v.more.hidden = !open;
    v.open.setAttribute("aria-expanded", String(open));
  };
  v.open.addEventListener("click", () => toggle(v.more.hidden));
  v.message = element("p", { class: "lc-message" });
  v.remedies = element("div", { class: "lc-remedies", role: "group", "aria-label": "experiments to try" });
  v.difference = element("div", { class: "lc-difference" });
  v.said = element("p", { class: "lc-hidden", role: "status" });
  v.root = element(
    "div",
    { class: "lc-verdict" },
    element("div", { class: "lc-verdict-head" }, v.findings, element("span", { class: "lc-evidence" }, v.open, v.more)),
    v.message,
    v.remedies,
    v.difference,
    v.said,
  );
  v.root.addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
  v.root.addEventListener("focusout", (event) => {
    if (!v.root.querySelector(".lc-evidence").contains(event.relatedTarget)) toggle(false);
  });
  return v;
}

// view: {answer, at: position of the finding that is looked at, pressed: of the chosen one, stale, panel, held: why none may train}
export function showVerdict(v, { answer, at, pressed, stale, panel, held }) {
  v.root.classList.toggle("lc-stale", stale);
  v.root.inert = stale;
  v.root.classList.toggle("lc-off", !answer);
  const finding = answer?.findings[at] ?? null;
  renew(v.findings, [answer?.findings], () => findingButtons(v, answer?.findings ?? []));
  [...v.findings.querySelectorAll("button")].forEach((button, i) => button.setAttribute("aria-pressed", String(i === pressed)));
  renew(v.message, [finding?.words, answer?.note], () => (finding ? finding.words.map(pieceOfWords) : [answer?.note ?? ""]));
  v.message.classList.toggle("lc-muted", !finding);
  v.root.dataset.kind = finding?.kind ?? "";
  v.open.hidden = !finding?.evidence.length;
  renew(v.more, [finding, answer?.trees], () => (finding ? evidenceTable(finding, answer.trees) : []));
  renew(v.remedies, [finding?.remedies, held], () => remedyButtons(v, finding?.remedies ?? [], held));
  renew(v.difference, [answer?.difference, panel], () => differenceLine(v, answer?.difference, panel));
  if (!stale) setText(v.said, answer?.findings.map((f) => f.title).join(", ") ?? "");
}

function findingButtons(v, findings) {
  const notes = new Set(findings.filter((f) => f.severity === "info").map((f) => f.kind));
  const open = findings.some((f) => f.severity === "perhaps"); // the curve allows two readings
  const sick = findings.filter((f) => f.severity !== "info" && f.severity !== "healthy").length;
  return findings.flatMap((finding, i) => {
    const isNote = notes.has(finding.kind);
    const firstNote = isNote && i > 0 && !notes.has(findings[i - 1].kind);
    const word = isNote ? (firstNote ? "also" : "") : open ? (i ? "or" : "") : sick > 1 ? (i ? "then" : "fix first") : "";
    const name = isNote ? "note" : finding.severity;
    const button = element(
      "button",
      {
        type: "button",
        class: `lc-finding lc-is-${name}`,
        onclick: () => v.actions.choose(i),
        onpointerenter: () => v.actions.preview(i),
        onpointerleave: () => v.actions.preview(null),
      },
      icon(name),
      finding.title,
    );
    return word ? [element("span", { class: "lc-muted" }, word), button] : [button];
  });
}

// [text, meaning]: a word of the glossary says what it means under the pointer and the focus, as it does in running text.
function pieceOfWords([text, meaning]) {
  if (!meaning) return text;
  return element("span", { class: "word", tabindex: "0" }, text, element("span", { class: "word-tip", role: "tooltip" }, meaning));
}

function evidenceTable({ title, evidence, rate }, trees) {
  const row = ({ name, value, threshold }) =>
    element("tr", {}, element("td", {}, name), element("td", {}, value), element("td", { class: "lc-muted" }, threshold));
  const names = ["measured", "here", `${title.replace("?", "").toLowerCase()} when`];
  const head = element("tr", { class: "lc-muted" }, ...names.map((name) => element("th", {}, name)));
  const words = [rate, trees].filter(Boolean).map((sentence) => element("p", {}, sentence));
  return [element("table", {}, head, ...evidence.map(row)), ...words];
}

function remedyButtons(v, remedies, held) {
  if (!remedies.length) return [];
  const reason = element("span", { class: "lc-reason lc-muted" });
  const tell = ({ reason: why, gain }) => {
    setText(reason, gain ? `Usual gain ${gain}. ${why}` : why);
    reason.title = gain ? `${why} Runs like this one lowered the loss on unseen rows by about ${gain} with it.` : why;
  };
  if (held) setText(reason, held);
  else tell(remedies[0]);
  const buttons = remedies.map((remedy) => {
    const hints = { title: held || TRY_TIP, disabled: held ? "" : undefined, onpointerenter: () => tell(remedy), onfocus: () => tell(remedy) };
    const press = { type: "button", class: "lc-try", onclick: () => v.actions.attempt(remedy), ...hints };
    return element("button", press, icon("play"), element("span", {}, "Try it: "), remedy.words);
  });
  return [...buttons, reason];
}

function differenceLine(v, difference, panel) {
  if (!difference) return [];
  const found = difference[panel] ?? difference.loss;
  const words = difference.refusal || found?.sentence || "";
  const name = { better: "better", worse: "worse" }[found?.verdict] ?? "luck";
  const undo = { type: "button", class: "lc-toggle lc-undo", title: UNDO_TIP, onclick: () => v.actions.back() };
  const line = element("span", { class: "lc-difference-words" }, words ? element("strong", {}, words) : "", words ? ` · ${difference.words}` : difference.words);
  return [element("span", { class: `lc-side lc-is-${name}` }, icon(name)), line, element("button", undo, icon("undo"), "Undo")];
}
