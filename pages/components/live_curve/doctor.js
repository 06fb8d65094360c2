// The curve doctor beside a curve: asks the server what it says of a run, and knows which finding is looked at.

import { appRoot } from "../shared/app_root.js";
import { isFinal } from "../shared/records.js";

import { epochsOf, records } from "./records.js";
import { buildVerdict, showVerdict } from "./verdict.js";

const FIRST_LIVE_LOOK_MS = 1_500; // a run that is over sooner is judged once, at its end
const BETWEEN_LOOKS_MS = 1_000;
const ASK_AGAIN_MS = 2_500; // after a failure
const FIRST_LIVE_EPOCH = 12;
const ONE_PRESS_MS = 1_500; // a double click is one wish

export class Doctor {
  // hooks: wish(object) tells the page, redraw() after news
  constructor({ wish, redraw }) {
    this.redraw = redraw;
    this.answer = null;
    this.chosen = 0; // null: nothing is drawn on the curve
    this.previewed = null;
    this.asked = { key: "", at: -Infinity };
    this.wished = { words: "", at: -Infinity };
    const wishOnce = (wanted) => {
      const [words, at] = [JSON.stringify(wanted), performance.now()];
      if (words === this.wished.words && at - this.wished.at < ONE_PRESS_MS) return;
      this.wished = { words, at };
      wish(wanted);
    };
    this.view = buildVerdict({
      choose: (i) => this.look({ chosen: this.chosen === i ? null : i }),
      preview: (i) => this.look({ previewed: i }),
      attempt: (remedy) => wishOnce({ run_id: this.answer.run, changes: remedy.changes }),
      back: () => wishOnce({ back: true }),
    });
  }

  look(change) {
    Object.assign(this, change);
    this.redraw();
  }

  // The finding whose evidence is drawn on a record's curve, if any.
  drawn(record) {
    if (!record || this.answer?.run !== record.id) return null;
    return this.answer.findings[this.previewed ?? this.chosen] ?? null;
  }

  // held: why nothing may be trained now, "" where it may.
  show(record, ghostId, panel, held) {
    const stale = Boolean(record && this.answer && this.answer.run !== record.id);
    const answer = record ? this.answer : null;
    const at = this.previewed ?? this.chosen ?? 0;
    showVerdict(this.view, { answer, at, pressed: this.chosen, stale, panel, held });
    if (record?.run && !record.gone) this.ask(record, ghostId);
  }

  // Asks when there may be something new to hear: at the end, and at the looks of a run that takes long.
  ask(record, ghostId) {
    const ghost = ghostId ? records.peek(ghostId) : null;
    const final = isFinal(record);
    const looks = this.answer?.run === record.id ? this.answer.next : FIRST_LIVE_EPOCH;
    const key = [record.id, ghostId, final, ghost ? isFinal(ghost) : "", final ? "" : looks].join();
    if (key === this.asked.key && performance.now() - this.asked.at < (this.failed ? ASK_AGAIN_MS : Infinity)) return;
    if (!final) {
      const age = (record.run.now - (record.run.started ?? record.run.now)) * 1000;
      const early = age < FIRST_LIVE_LOOK_MS || epochsOf(record) < looks;
      if (early || performance.now() - this.asked.at < BETWEEN_LOOKS_MS) return;
    }
    this.asked = { key, at: performance.now() };
    this.failed = false;
    this.fetch(record.id, ghostId, key);
  }

  async fetch(runId, ghostId, key) {
    const query = ghostId ? `?ghost=${encodeURIComponent(ghostId)}` : "";
    try {
      const response = await fetch(`${appRoot()}api/verdicts/${encodeURIComponent(runId)}${query}`);
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const answer = await response.json();
      if (key === this.asked.key) this.take(answer);
    } catch {
      if (key !== this.asked.key) return;
      this.failed = true; // the curve's own feed tells the reader that the server is away
      setTimeout(this.redraw, ASK_AGAIN_MS + 50);
    }
  }

  // What is looked at stays looked at where the new answer has it too; a curve that was cleared stays clear.
  take(answer) {
    const same = this.answer?.run === answer.run;
    const kind = same && this.chosen !== null ? this.answer.findings[this.chosen]?.kind : null;
    if (this.chosen !== null) this.chosen = Math.max(0, answer.findings.findIndex((finding) => finding.kind === kind));
    this.previewed = null;
    this.answer = answer;
    this.redraw();
  }
}
