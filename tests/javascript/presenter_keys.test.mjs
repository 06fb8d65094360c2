import assert from "node:assert/strict";
import test from "node:test";

import { meaningOf } from "../../pages/components/presenter/keys.js";

const key = (name, more = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("one key shows the view and hides it; Esc and arrows work only in it", () => {
  assert.deepEqual(meaningOf(key("p"), { presented: false }), { present: true });
  assert.deepEqual(meaningOf(key("P"), { presented: true }), { present: false });
  assert.deepEqual(meaningOf(key("Escape"), { presented: true }), { present: false });
  assert.deepEqual(meaningOf(key("ArrowRight"), { presented: true }), { step: 1 });
  assert.deepEqual(meaningOf(key("PageUp"), { presented: true }), { step: -1 });
  for (const name of ["Escape", "ArrowRight", "x"]) assert.equal(meaningOf(key(name), { presented: false }), null);
});

test("what is typed, printed or moved is no presenter's key", () => {
  assert.equal(meaningOf(key("p"), { presented: false, typing: true }), null);
  assert.equal(meaningOf(key("p", { ctrlKey: true }), { presented: false }), null);
  assert.equal(meaningOf(key("ArrowRight"), { presented: true, moving: true }), null);
  assert.equal(meaningOf(key("Escape"), { presented: true, open: true }), null);
  assert.deepEqual(meaningOf(key("Escape"), { presented: true, moving: true }), { present: false });
});
