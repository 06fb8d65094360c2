// The weights of a network as lines, at one epoch: `network_svg` has drawn them, in the order of `lines`.

const LARGEST = 1.5; // of the largest weight of the layer in the kept network; later ones may be larger
const THICKEST = 5; // pixels, as in charts/network.py

// How the line of a weight looks; `weight` is a share of the largest of its layer in the kept network.
export function lineLook(weight, [up, down]) {
  const size = Math.min(Math.abs(weight), LARGEST);
  return {
    stroke: weight > 0 ? up : down,
    "stroke-dasharray": weight > 0 ? "none" : "5 3",
    "stroke-width": (THICKEST * size).toFixed(2),
    opacity: Math.min(0.25 + 0.6 * size, 1).toFixed(2),
  };
}

export function drawNetwork(plot, answer, place) {
  if (plot.drawn !== answer.svg) {
    plot.innerHTML = answer.svg; // of our own making, names escaped
    plot.drawn = answer.svg;
    plot.lines = plot.querySelectorAll("line");
  }
  answer.lines[place].forEach((weight, i) => {
    Object.entries(lineLook(weight, answer.hues)).forEach(([name, value]) => plot.lines[i].setAttribute(name, value));
  });
}

// For readers that do not see: how much of the kept network's weight there is already.
export function networkWords(answer, place) {
  const sizeOf = (weights) => weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
  const kept = sizeOf(answer.lines[answer.epochs.indexOf(answer.kept)]) || 1;
  const share = Math.round((100 * sizeOf(answer.lines[place])) / kept);
  return `The network's weights: together ${share} % of those that were kept.`;
}
