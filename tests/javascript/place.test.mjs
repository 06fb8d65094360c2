import assert from "node:assert/strict";
import test from "node:test";

import { isOnScreen, placeBeside } from "../../pages/components/tour/place.js";

const SCREEN = { width: 1280, height: 720 };
const CARD = { width: 320, height: 160 };
const box = (left, top, width, height) => ({ left, top, width, height });
const apart = (a, b) => a.left + a.width <= b.left || b.left + b.width <= a.left || a.top + a.height <= b.top || b.top + b.height <= a.top;

test("a card never stands on its control where there is room beside it, and always on the screen", () => {
  for (const target of [box(20, 60, 100, 40), box(1180, 60, 90, 40), box(300, 620, 950, 90), box(20, 690, 240, 28), box(1000, 300, 270, 300)]) {
    const card = { ...placeBeside(target, CARD, SCREEN), ...CARD };
    assert.ok(apart(card, target), JSON.stringify([card, target]));
    assert.ok(card.left >= 8 && card.top >= 8 && card.left + 320 <= 1272 && card.top + 160 <= 712, JSON.stringify(card));
  }
});

test("in what fills the screen it stands inside, in the corner; so it does on a phone", () => {
  for (const curve of [box(305, 120, 950, 560), box(305, 260, 950, 350)]) {
    const { left, top } = placeBeside(curve, CARD, { width: 1280, height: 720 });
    assert.ok(left > 800 && left + 320 <= 1255 && top >= curve.top && top + 160 <= curve.top + curve.height);
  }
  const phone = { width: 390, height: 844 };
  assert.deepEqual(placeBeside(box(16, 200, 358, 420), CARD, phone), { left: 16, top: 632 });
});

test("a closed sidebar and what is scrolled away are not on the screen", () => {
  assert.ok(isOnScreen(box(10, 10, 50, 20), SCREEN));
  assert.ok(!isOnScreen(box(-300, 10, 300, 700), SCREEN));
  assert.ok(!isOnScreen(box(10, 900, 50, 20), SCREEN));
  assert.ok(!isOnScreen(box(10, 10, 0, 0), SCREEN));
});
