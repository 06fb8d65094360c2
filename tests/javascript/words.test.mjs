import assert from "node:assert/strict";
import test from "node:test";

import { joined, plotlyText, shortened } from "../../pages/components/shared/words.js";

test("what users wrote cannot become markup or a template", () => {
  const text = plotlyText("<b>x</b> %{y} $\\alpha$ &lt; \"q\" 'p'\nnext");
  assert.doesNotMatch(text, /[<>{}$"'\n]/);
  const decoded = text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
  assert.equal(decoded, "<b>x</b> %{y} $\\alpha$ &lt; \"q\" 'p' next");
});

test("words are cut between characters, not inside one", () => {
  assert.equal(shortened("abcdef", 4), "abc…");
  assert.equal(shortened("abcd", 4), "abcd");
  assert.equal(shortened("😀😀😀", 2), "😀…");
});

test("what is empty is left out", () => assert.equal(joined("a", "", null, "b"), "a · b"));
