// A run's state in words and a picture, never in colour alone: {state, words, detail, error}. `state` names an icon and a
// style; `words` are bold, `detail` is not; all are plain text.

import { count, formatSeconds, whole } from "./numbers.js";

// Of what has not begun, and of nothing at all; null once there is more to tell. `noun` is "run" or "search".
export function waitingStatus(record, noun) {
  if (!record) return { state: "empty", words: `no ${noun} yet`, detail: "" };
  if (record.closed) return { state: "gone", words: "not shared", detail: `its owner does not share this ${noun} with you` };
  if (record.gone) return { state: "gone", words: "deleted", detail: `this ${noun} is no longer stored` };
  if (!record.run) return { state: "queued", words: "loading", detail: "" };
  return record.run.status === "queued" ? queuedStatus(record.engine, noun, record.turn) : null;
}

function queuedStatus(engine, noun, turn) {
  if (engine === "ready") return { state: "queued", words: "queued", detail: turn ? turnWords(turn) : "starts when it is its turn" };
  if (engine === "down") {
    return { state: "warming", words: "queued", detail: `the training engine is not running; the ${noun} waits for it` };
  }
  return { state: "warming", words: "warming up", detail: "the training engine is starting, which takes some seconds" };
}

// What is before it in the engine's line: how many runs of others, of one's own, and the seconds until a worker is free for it.
function turnWords([others, own, seconds]) {
  const runs = [others && `${count(others, "run")} of others`, own && `${whole(own)} of your own`].filter(Boolean);
  return `waits for ${[...runs, "a free worker"].join(" and ")}: about ${formatSeconds(seconds).replace(".0 s", " s")}`;
}

export const PREPARING = { state: "warming", words: "preparing", detail: "the first epoch of a new model shape takes a moment" };

export const errorText = ({ error }) => (error ? [error.message, error.remedy].filter(Boolean).join(" ") : "");

export const duration = ({ started, finished }) => (started && finished ? formatSeconds(finished - started) : "");
