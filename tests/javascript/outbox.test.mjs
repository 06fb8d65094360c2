import assert from "node:assert/strict";
import test, { afterEach, beforeEach, mock } from "node:test";

import { Outbox } from "../../pages/components/shared/outbox.js";

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

const kinds = (messages) => messages.map(({ kind }) => kind);

test("each message carries all that the page has not confirmed", () => {
  const [sent, outbox] = [[], new Outbox()];
  const send = (messages) => sent.push(messages);
  outbox.connect(send, []);
  outbox.tell("wish", { back: true });
  outbox.tell("ended", { run_id: "r" });
  assert.deepEqual(sent.map(kinds), [["wish"], ["wish", "ended"]]);
  outbox.connect(send, [sent[0][0].id]);
  outbox.tell("ended", { run_id: "s" });
  assert.deepEqual(kinds(sent[2]), ["ended", "ended"]);
  assert.equal(new Set(sent[2].map(({ id }) => id)).size, 2);
});

test("what is confirmed is not said again", () => {
  const [sent, outbox] = [[], new Outbox()];
  outbox.connect((messages) => sent.push(messages), []);
  outbox.tell("picked", 3);
  outbox.connect((messages) => sent.push(messages), [sent[0][0].id]);
  assert.equal(outbox.waiting.length, 0);
  assert.equal(sent.length, 1);
});

test("a message that an old page run did not bring is said again with the next page run", () => {
  const [sent, outbox] = [[], new Outbox()];
  const send = (messages) => sent.push(messages);
  outbox.connect(send, []);
  outbox.tell("wish", {});
  outbox.connect(send, []);
  assert.equal(sent.length, 1); // it may still be on its way
  outbox.waiting[0].sent -= 60_000;
  outbox.connect(send, []);
  assert.deepEqual(kinds(sent[1]), ["wish"]);
  assert.equal(sent[1][0].id, sent[0][0].id);
});

test("a message that no page run confirms is said again, ever more seldom, until it is or the component goes", () => {
  const [sent, outbox] = [[], new Outbox()];
  const send = (messages) => sent.push(messages);
  outbox.connect(send, []);
  outbox.tell("wish", {});
  mock.timers.tick(3_999);
  assert.equal(sent.length, 1);
  mock.timers.tick(1);
  assert.equal(sent.length, 2);
  mock.timers.tick(7_999);
  assert.equal(sent.length, 2);
  mock.timers.tick(1);
  assert.equal(sent.length, 3);
  assert.deepEqual(new Set(sent.map(([{ id }]) => id)).size, 1);
  outbox.connect(send, [sent[0][0].id]);
  mock.timers.tick(600_000);
  assert.equal(sent.length, 3);
  outbox.tell("wish", {});
  outbox.rest();
  mock.timers.tick(600_000);
  assert.equal(sent.length, 4);
});

test("two components on one page do not share ids", () => {
  const ids = [0, 1].map(() => {
    let id = null;
    const outbox = new Outbox();
    outbox.connect((messages) => (id = messages[0].id), []);
    outbox.tell("wish", {});
    return id;
  });
  assert.notEqual(ids[0], ids[1]);
});
