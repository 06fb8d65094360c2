import assert from "node:assert/strict";
import test from "node:test";

import { epochsShown } from "../../pages/components/live_curve/table.js";

test("a table has every epoch, or evenly many with the first, the last and the best", () => {
  assert.deepEqual(epochsShown(4, 3), [1, 2, 3, 4]);
  assert.deepEqual(epochsShown(0, null), []);
  const many = epochsShown(10_000, 4321);
  assert.ok(many.length <= 103 && many.includes(1) && many.includes(10_000) && many.includes(4321));
});
