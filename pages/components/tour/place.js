// Where the card of a step stands: beside what it is about, never on it, and inside of what fills the screen.

const GAP = 12;
const EDGE = 8;
const LARGE = 0.25; // of the screen: beside a control of this size a card would stand on others

const within = (value, low, high) => Math.max(low, Math.min(value, Math.max(low, high)));

// target: {left, top, width, height} of the control; card: {width, height}; screen likewise. Returns {left, top}.
export function placeBeside(target, card, screen) {
  const right = target.left + target.width;
  const bottom = target.top + target.height;
  const left = within(target.left, EDGE, screen.width - card.width - EDGE);
  const top = within(target.top, EDGE, screen.height - card.height - EDGE);
  const inside = {
    left: within(right - card.width - 4 * GAP, EDGE, screen.width - card.width - EDGE),
    top: within(target.top + 2 * GAP, EDGE, screen.height - card.height - EDGE),
  };
  const isLarge = target.width * target.height > LARGE * screen.width * screen.height && target.width > 2 * card.width;
  if (isLarge) return inside;
  if (right + GAP + card.width + EDGE <= screen.width) return { left: right + GAP, top };
  if (bottom + GAP + card.height + EDGE <= screen.height) return { left, top: bottom + GAP };
  if (target.top - GAP - card.height >= EDGE) return { left, top: target.top - GAP - card.height };
  if (target.left - GAP - card.width >= EDGE) return { left: target.left - GAP - card.width, top };
  return inside;
}

// Whether some of a control can be seen: a sidebar that is closed lies beside the screen.
export const isOnScreen = ({ left, top, width, height }, screen) =>
  width > 0 && height > 0 && left + width > 0 && left < screen.width && top + height > 0 && top < screen.height;
