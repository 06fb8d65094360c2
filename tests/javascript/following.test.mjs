import assert from "node:assert/strict";
import test from "node:test";

import { Following } from "../../pages/components/shared/following.js";

globalThis.document = { hidden: false, querySelector: () => null, baseURI: "http://localhost/" };

const answers = (list) => async () => {
  const status = list.shift();
  return { ok: true, status: 200, headers: new Headers(), json: async () => ({ run: { status }, more: false }) };
};
const merge = (record, answer) => Object.assign(record, answer, { state: "s" });
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test("a run is followed until it has ended, and again when it goes on", async () => {
  const record = { id: "r", feed: "curves", cursor: 0, state: null };
  const heard = [];
  const following = new Following({ merge, news: ({ run }) => heard.push(run.status), offline: () => {} });
  globalThis.fetch = answers(["running", "stopped"]);
  following.start(record);
  assert.equal(following.active, true);
  await settled();
  assert.equal(following.active, false);
  globalThis.fetch = answers(["queued", "running", "finished"]);
  following.start(record);
  await settled();
  assert.deepEqual(heard, ["running", "stopped", "queued", "running", "finished"]);
});

test("only one run is followed at a time", async () => {
  const heard = [];
  let release = null;
  globalThis.fetch = () => new Promise((resolve) => (release = resolve));
  const following = new Following({ merge, news: ({ id }) => heard.push(id), offline: () => {} });
  const first = following.start({ id: "a", feed: "curves", cursor: 0, state: null });
  await settled();
  const late = release;
  globalThis.fetch = answers(["finished"]);
  following.start({ id: "b", feed: "curves", cursor: 0, state: null });
  late({ ok: true, status: 200, headers: new Headers(), json: async () => ({ run: { status: "running" } }) });
  await settled();
  assert.equal(first.aborted, true);
  assert.deepEqual(heard, ["b"]);
  assert.equal(following.active, false);
});

test("a run that is gone is news", async () => {
  const record = { id: "a", feed: "curves", cursor: 0, state: null };
  globalThis.fetch = async () => ({ ok: false, status: 404, headers: new Headers({ "content-type": "application/json" }) });
  let news = 0;
  new Following({ merge, news: () => (news += 1), offline: () => {} }).start(record);
  await settled();
  assert.deepEqual([record.gone, news], [true, 1]);
});
