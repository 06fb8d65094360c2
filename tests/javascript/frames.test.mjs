import assert from "node:assert/strict";
import test from "node:test";

import { oncePerFrame } from "../../pages/components/shared/frames.js";

test("many wishes are one drawing in the next frame, and a wish while it draws is one more", () => {
  const frames = [];
  globalThis.requestAnimationFrame = (callback) => frames.push(callback);
  let drawn = 0;
  const schedule = oncePerFrame(() => {
    drawn += 1;
    if (drawn === 1) schedule();
  });
  schedule();
  schedule();
  assert.equal(drawn, 0);
  assert.equal(frames.length, 1);
  frames.shift()();
  assert.equal(drawn, 1);
  frames.shift()();
  assert.equal(drawn, 2);
  assert.equal(frames.length, 0);
});
