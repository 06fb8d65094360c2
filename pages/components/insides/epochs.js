// Which of the epochs that were looked at belongs to an epoch of the curve. No DOM here.

// The place of the last one that is not later; the first where all are.
export function placeOf(epochs, epoch) {
  let place = 0;
  epochs.forEach((e, i) => e <= epoch && (place = i));
  return place;
}

export function epochWords(epoch, { kept, last }) {
  const words = `epoch ${epoch.toLocaleString("en-US")} of ${last.toLocaleString("en-US")}`;
  return epoch === kept ? `${words}, the one kept` : words;
}
