// The runs behind the one on screen, ghost and overlays: read once, and now and then while they are live.

import { ask, sleep, whenVisible } from "../shared/poll.js";
import { isFinal } from "../shared/records.js";

import { mergeCurves } from "./records.js";

const PAUSE_MS = 1500;

// Until the record's run has ended or `signal` aborts; `news` is called after each answer.
export async function readOther(record, news, signal) {
  while (!signal.aborted && !isFinal(record) && !record.gone) {
    await whenVisible(signal);
    try {
      const answer = await ask(record, false, signal);
      if (answer === null) record.gone = true;
      else mergeCurves(record, answer);
      if (answer?.more) continue;
    } catch {
      if (signal.aborted) return; // else tried again below
    }
    news();
    if (!isFinal(record) && !record.gone) await sleep(PAUSE_MS, signal);
  }
}
