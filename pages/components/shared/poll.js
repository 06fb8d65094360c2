// News of runs from the server, by long poll. Nothing is asked for while the tab is hidden.
// A record has {id, feed: the route that tells of it, cursor, state}.

import { appRoot } from "./app_root.js";
import { isFinal } from "./records.js";

const PATIENCE_MS = 12_000; // a server that has not answered then is not there; it waits far shorter for news
const FIRST_RETRY_MS = 400;
const LAST_RETRY_MS = 8_000;
const NOTE_AFTER = 2; // failures in a row before the reader is told

export const sleep = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });

export function whenVisible(signal) {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", done);
      resolve();
    };
    document.addEventListener("visibilitychange", done);
    signal.addEventListener("abort", done, { once: true });
  });
}

// The server answers at once where `wait` is false or the record has no state, else when there is news, or when it thinks fit.
export async function ask(record, wait, signal) {
  const query = new URLSearchParams({ after: record.cursor });
  if (!wait) query.set("wait", 0);
  if (record.state) query.set("state", record.state);
  if (record.known !== undefined) query.set("known", record.known);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const response = await fetch(`${appRoot()}api/${record.feed}/${encodeURIComponent(record.id)}?${query}`, { signal: patience });
  if (response.status === 403) record.closed = true; // its owner shares it no longer
  if (record.closed) return null;
  if (response.status === 404 && (response.headers.get("content-type") ?? "").includes("json")) return null;
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}

// Keeps a record up to date until its run is final (or gone), or until `signal` aborts.
// hooks: merge(record, answer) takes an answer in, news(record) comes after it; offline(boolean), gone(record), and pause:
// milliseconds between two questions.
export async function follow(record, hooks, signal) {
  let failures = 0;
  while (!signal.aborted) {
    await whenVisible(signal);
    if (signal.aborted) return;
    try {
      const answer = await ask(record, true, signal);
      if (signal.aborted) return;
      if (failures >= NOTE_AFTER) hooks.offline(false);
      failures = 0;
      if (answer === null) return hooks.gone(record);
      hooks.merge(record, answer);
      hooks.news(record);
      if (isFinal(record) && !answer.more) return;
      if (hooks.pause && !answer.more) await sleep(hooks.pause, signal);
    } catch {
      if (signal.aborted) return;
      failures += 1;
      if (failures === NOTE_AFTER) hooks.offline(true);
      await sleep(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)), signal);
    }
  }
}
