// What a key means to a presenter. No DOM here.

// {present: boolean} or {step: 1 | -1}, null for a key that is not ours. `typing`: it goes into a field; `moving`: it moves
// a slider or a curve's epoch; `open`: something is open that Esc closes.
export function meaningOf({ key, ctrlKey, metaKey, altKey }, { presented, typing, moving, open }) {
  if (ctrlKey || metaKey || altKey || typing) return null;
  if (key === "p" || key === "P") return { present: !presented };
  if (!presented) return null;
  if (key === "Escape") return open ? null : { present: false };
  if (moving) return null;
  if (key === "ArrowRight" || key === "PageDown") return { step: 1 };
  if (key === "ArrowLeft" || key === "PageUp") return { step: -1 };
  return null;
}
