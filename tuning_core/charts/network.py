"""A small network as a drawing: inputs, hidden units and outputs, joined by their weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tuning_core.charts.style import colours, hue_of, svg_text

MOST = 14  # of a layer; of more the strongest are drawn
WIDTH, ROW, TOP, LABEL = 760, 24, 34, 190
THICKEST = 5.0  # pixels, the largest weight of its layer
UP, DOWN = 0, 2  # hues of weights above and below 0
FAINTEST = 0.02  # of the largest; thinner lines are left out


def strongest(weights: Sequence[np.ndarray]) -> list[np.ndarray]:
    """For each layer the places of the up to 14 units with the most weight to and from them, in their own order.

    Parameters
    ----------
    weights : the kernels (in, out), one after the other.
    """
    strength = [np.zeros(size) for size in _sizes(weights)]
    for i, kernel in enumerate(weights):
        scale = np.abs(kernel) / (np.abs(kernel).max() or 1.0)
        strength[i] += scale.sum(axis=1)
        strength[i + 1] += scale.sum(axis=0)
    return [np.sort(np.argsort(-own, kind="stable")[:MOST]) for own in strength]


def network_svg(
    weights: Sequence[np.ndarray],
    inputs: Sequence[str],
    outputs: Sequence[str],
    *,
    dark: bool = False,
    sizes: Sequence[int] | None = None,
) -> str:
    """SVG text. A line's thickness is its weight's size within its layer; solid lines push up, dashed ones down.

    Parameters
    ----------
    weights : the kernels (in, out), one after the other; biases are not drawn.
    inputs, outputs : names, as many as the first kernel has rows and the last has columns.
    sizes : of the layers that the kernels are a part of. Then every line is there, also one of no weight, in the order of the
        kernels' cells: a replay changes how they look (`insides/network.js`).
    """
    of = colours(dark)
    whole = sizes or _sizes(weights)
    faintest = FAINTEST if sizes is None else -1.0
    shown = strongest(weights)
    height = TOP + ROW * max(len(places) for places in shown) + 10
    xs = np.linspace(LABEL, WIDTH - 120, len(shown))
    ys = [TOP + (height - TOP) / 2 + ROW * (np.arange(len(places)) - (len(places) - 1) / 2) for places in shown]
    up, down = hue_of(UP, dark), hue_of(DOWN, dark)
    parts = []
    for i, kernel in enumerate(weights):
        drawn = kernel[np.ix_(shown[i], shown[i + 1])]
        largest = np.abs(kernel).max() or 1.0
        for a, b in zip(*np.nonzero(np.abs(drawn) > faintest * largest), strict=True):
            size = float(drawn[a, b] / largest)
            look = f'stroke="{up}"' if size > 0 else f'stroke="{down}" stroke-dasharray="5 3"'
            ends = f'x1="{xs[i]:.0f}" y1="{ys[i][a]:.1f}" x2="{xs[i + 1]:.0f}" y2="{ys[i + 1][b]:.1f}"'
            parts.append(
                f'<line {ends} {look} stroke-width="{THICKEST * abs(size):.2f}" opacity="{0.25 + 0.6 * abs(size):.2f}"/>'
            )
    for x, own in zip(xs, ys, strict=True):
        parts += [f'<circle cx="{x:.0f}" cy="{y:.1f}" r="6" fill="{of.background}" stroke="{of.text}"/>' for y in own]
    for at, names, places, anchor, shift in ((0, inputs, shown[0], "end", -12), (-1, outputs, shown[-1], "start", 12)):
        for y, place in zip(ys[at], places, strict=True):
            spot = f'x="{xs[at] + shift:.0f}" y="{y + 4:.1f}" text-anchor="{anchor}" fill="{of.text}"'
            parts.append(f"<text {spot}>{svg_text(_short(names[place]))}</text>")
    parts += _heads(whole, shown, xs, of.grey)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13"'
    units = " to ".join(str(n) for n in whole)
    return f'{head} role="img" aria-label="the network of {units} units, joined by its weights">{"".join(parts)}</svg>'


def _sizes(weights: Sequence[np.ndarray]) -> list[int]:
    return [weights[0].shape[0], *(kernel.shape[1] for kernel in weights)]


def _heads(sizes: Sequence[int], shown: Sequence[np.ndarray], xs: np.ndarray, ink: str) -> list[str]:
    """Over each layer what it is, and how many of its units are drawn."""
    heads = []
    for i, (size, places) in enumerate(zip(sizes, shown, strict=True)):
        what = "inputs" if i == 0 else "output" if i == len(sizes) - 1 else f"layer {i}"
        some = f"{len(places)} of {size:,}" if len(places) < size else f"{size:,}"
        words = what if what == "output" and size == 1 else f"{what}: {some}"
        heads.append(f'<text x="{xs[i]:.0f}" y="16" text-anchor="middle" fill="{ink}">{svg_text(words)}</text>')
    return heads


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"
