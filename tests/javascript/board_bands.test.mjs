import assert from "node:assert/strict";
import test from "node:test";

import { reachOf } from "../../pages/components/search_board/canvas.js";

test("folds of a setting are one line with a reach, also where some have ended or diverged", () => {
  const reach = reachOf([[5, 4, 3], [7, null, 1], [6, 2]]);
  assert.deepEqual(reach, { low: [5, 2, 1], middle: [6, 3, 2], high: [7, 4, 3] });
  assert.deepEqual(reachOf([[null], [null]]), { low: [null], middle: [null], high: [null] });
});
