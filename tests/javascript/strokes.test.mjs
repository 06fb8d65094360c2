import assert from "node:assert/strict";
import test from "node:test";

import { keyed, stroked } from "../../pages/components/sketch/strokes.js";

test("a stroke sets every column that it passes, on the straight way between two looks at the pointer", () => {
  const flat = [1, 1, 1, 1, 1];
  assert.deepEqual(stroked(flat, { column: 1, height: 1 }, { column: 4, height: 0.4 }, 1.5), [1, 1, 0.8, 0.6, 0.4]);
  assert.deepEqual(stroked(flat, { column: 3, height: 0.5 }, { column: 1, height: 0.1 }, 1.5), [1, 0.1, 0.3, 1, 1]);
  assert.deepEqual(stroked(flat, { column: 2, height: 0.2 }, { column: 2, height: 0.3 }, 1.5), [1, 1, 0.3, 1, 1]);
  assert.deepEqual(stroked(flat, { column: 0, height: 9 }, { column: 0, height: 9 }, 1.5), [1.5, 1, 1, 1, 1]);
});

test("keys move one point and stop at the ends of the axis", () => {
  assert.deepEqual(keyed([1, 1], 1, "ArrowDown", 1.5), [1, 0.95]);
  assert.deepEqual(keyed([1, 0.1], 1, "PageDown", 1.5), [1, 0]);
  assert.deepEqual(keyed([1.4, 0], 0, "PageUp", 1.5), [1.5, 0]);
  assert.equal(keyed([1, 1], 0, "Tab", 1.5), null);
});
