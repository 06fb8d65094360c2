// Several runs followed at once over one connection: browsers keep few to one host, and the rest of the page needs them.

import { ask, sleep, whenVisible } from "../shared/poll.js";
import { isFinal } from "../shared/records.js";

const WAIT_MS = 250; // for news of a run that trains, before the next one is asked
const QUEUE_EVERY = 4; // rounds between two looks at a run that waits for its turn

const over = (record) => isFinal(record) || record.gone;

// hooks: merge(record, answer), news(), offline(boolean). Ends when all runs have ended, or when `signal` aborts.
export async function followAll(records, hooks, signal) {
  for (let round = 0; !signal.aborted && !records.every(over); round++) {
    await whenVisible(signal);
    let waited = false;
    for (const record of records.filter((r) => !over(r))) {
      const trains = record.run?.status === "running";
      if (signal.aborted || (!trains && round % QUEUE_EVERY && record.run)) continue;
      waited ||= trains;
      await askOnce(record, trains ? WAIT_MS : 0, hooks, signal);
    }
    if (!waited) await sleep(WAIT_MS, signal);
  }
}

async function askOnce(record, wait, hooks, signal) {
  try {
    for (let more = true; more && !signal.aborted; ) {
      const answer = await ask(record, wait, signal);
      if (signal.aborted) return;
      more = Boolean(answer?.more);
      if (answer === null) record.gone = true;
      else hooks.merge(record, answer);
    }
    hooks.offline(false);
    hooks.news();
  } catch {
    if (signal.aborted) return;
    hooks.offline(true);
    await sleep(4 * WAIT_MS, signal);
  }
}
