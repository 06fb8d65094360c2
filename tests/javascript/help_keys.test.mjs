import assert from "node:assert/strict";
import test from "node:test";

import { asksForHelp } from "../../pages/components/page_frame/help_keys.js";

test("F1 asks for help everywhere, ? where it is not typed", () => {
  assert.ok(asksForHelp("F1", { tagName: "INPUT", type: "text" }));
  assert.ok(asksForHelp("?", { tagName: "INPUT", type: "range" }));
  assert.ok(asksForHelp("?", { tagName: "INPUT", type: "checkbox" }));
  assert.ok(!asksForHelp("?", { tagName: "INPUT", type: "text" }));
  assert.ok(!asksForHelp("?", { tagName: "TEXTAREA" }));
  assert.ok(!asksForHelp("a", { tagName: "INPUT", type: "range" }));
});
