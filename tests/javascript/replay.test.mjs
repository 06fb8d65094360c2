import assert from "node:assert/strict";
import test from "node:test";

import { Replay } from "../../pages/components/live_curve/replay.js";

test("plays from the start to the whole curve", () => {
  const replay = new Replay();
  replay.toggle(100, false, 0);
  const seen = [];
  for (let now = 0; replay.advance(100, now) && seen.length < 1000; now += 100) seen.push(replay.upto);
  assert.equal(seen[0], 1);
  assert.ok(seen.every((epoch, i) => !i || epoch >= seen[i - 1]) && seen.at(-1) < 100);
  assert.deepEqual([replay.upto, replay.going, replay.playing], [null, false, false]);
});

test("stands still when paused, and goes on from there", () => {
  const replay = new Replay();
  replay.toggle(100, false, 0);
  replay.advance(100, 1000);
  const at = replay.upto;
  replay.toggle(100, false, 1000);
  assert.equal(replay.advance(100, 9000), false);
  assert.equal(replay.upto, at);
  replay.toggle(100, false, 9000);
  replay.advance(100, 9100);
  assert.ok(replay.upto >= at && replay.upto < at + 5);
});

test("ten still pictures where motion is unwelcome", () => {
  const replay = new Replay();
  replay.toggle(100, true, 0);
  const seen = new Set();
  for (let now = 0; replay.advance(100, now); now += 50) seen.add(replay.upto);
  assert.deepEqual([...seen], [1, 11, 21, 31, 41, 51, 61, 71, 81, 91]);
});

test("scrubbing to the end is the whole curve", () => {
  const replay = new Replay();
  replay.scrub(5, 10);
  assert.equal(replay.upto, 5);
  replay.scrub(10, 10);
  assert.equal(replay.going, false);
});
