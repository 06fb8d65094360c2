// What a word of the glossary means is shown by styles alone, under the pointer and the focus; Escape closes it without moving
// either of them, until they have been elsewhere.

const SHOWN = ".word:is(:hover, :focus):not([data-closed])";

export class WordTips {
  constructor() {
    this.pressed = (event) => event.key === "Escape" && closeWords(document.querySelectorAll(SHOWN)) && event.stopPropagation();
    document.addEventListener("keydown", this.pressed, true);
  }

  end() {
    document.removeEventListener("keydown", this.pressed, true);
  }
}

// Whether there was one to close: the key then means nothing else.
export function closeWords(words) {
  for (const word of words) {
    word.dataset.closed = "";
    for (const left of ["pointerleave", "blur"]) word.addEventListener(left, () => delete word.dataset.closed, { once: true });
  }
  return words.length > 0;
}
