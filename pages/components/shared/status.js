// A run's state in words and a picture, never in colour alone: {state, words, detail, error}. `state` names an icon and a
// style; `words` are bold, `detail` is not; all are plain text.

import { formatSeconds } from "./numbers.js";

// Of what has not begun, and of nothing at all; null once there is more to tell. `noun` is "run" or "search".
export function waitingStatus(record, noun) {
  if (!record) return { state: "empty", words: `no ${noun} yet`, detail: "" };
  if (record.closed) return { state: "gone", words: "not shared", detail: `its owner does not share this ${noun} with you` };
  if (record.gone) return { state: "gone", words: "deleted", detail: `this ${noun} is no longer stored` };
  if (!record.run) return { state: "queued", words: "loading", detail: "" };
  return record.run.status === "queued" ? queuedStatus(record.engine, noun) : null;
}

function queuedStatus(engine, noun) {
  if (engine === "ready") return { state: "queued", words: "queued", detail: "starts when the runs before it are done" };
  if (engine === "down") {
    return { state: "warming", words: "queued", detail: `the training engine is not running; the ${noun} waits for it` };
  }
  return { state: "warming", words: "warming up", detail: "the training engine is starting, which takes some seconds" };
}

export const PREPARING = { state: "warming", words: "preparing", detail: "the first epoch of a new model shape takes a moment" };

export const errorText = ({ error }) => (error ? [error.message, error.remedy].filter(Boolean).join(" ") : "");

export const duration = ({ started, finished }) => (started && finished ? formatSeconds(finished - started) : "");
