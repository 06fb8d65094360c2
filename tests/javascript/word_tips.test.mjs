import assert from "node:assert/strict";
import test from "node:test";

import { closeWords } from "../../pages/components/page_frame/word_tips.js";

// An element that can be heard, as far as this needs one.
class Word extends EventTarget {
  dataset = {};
}

for (const left of ["pointerleave", "blur"]) {
  test(`what a word means stays closed until ${left}`, () => {
    const word = new Word();
    assert.ok(closeWords([word]));
    assert.ok("closed" in word.dataset);
    word.dispatchEvent(new Event(left));
    assert.ok(!("closed" in word.dataset));
  });
}

test("where no word is open the key has its other meanings", () => assert.ok(!closeWords([])));
