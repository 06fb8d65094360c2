// What the component follows on the server: the run on screen, and the runs behind it.

import { ask, follow, sleep, whenVisible } from "../shared/poll.js";
import { isFinal } from "../shared/records.js";

import { mergeCurves } from "./records.js";

const OTHERS_PAUSE_MS = 1500;

// hooks: news(record) and offline(boolean), of the run on screen; others() when one behind it has something new.
export class Following {
  constructor(hooks) {
    this.hooks = hooks;
    this.controller = null;
  }

  // From now on `record`, if it has not ended, and `others`, which are read once, and now and then while they are live.
  start(record, others) {
    this.stop();
    this.controller = new AbortController();
    const { signal } = this.controller;
    const { news, offline } = this.hooks;
    const gone = (record) => ((record.gone = true), news(record));
    if (record) follow(record, { merge: mergeCurves, news, offline, gone }, signal);
    for (const other of others) this.fetchOther(other, signal);
  }

  stop() {
    this.controller?.abort();
  }

  async fetchOther(record, signal) {
    while (!signal.aborted && !isFinal(record) && !record.gone) {
      await whenVisible(signal);
      try {
        const answer = await ask(record, 0, signal);
        if (answer === null) record.gone = true;
        else mergeCurves(record, answer);
        if (answer?.more) continue;
      } catch {
        if (signal.aborted) return; // else tried again below
      }
      this.hooks.others();
      if (!isFinal(record) && !record.gone) await sleep(OTHERS_PAUSE_MS, signal);
    }
  }
}
