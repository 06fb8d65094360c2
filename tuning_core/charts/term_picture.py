"""The small picture of a word of the glossary, from its shapes: data in glossary.toml, SVG here."""

from __future__ import annotations

from collections.abc import Sequence

from tuning_core.charts.style import colours, svg_text

WIDTH, HEIGHT = 120, 56
ROLES = ("training", "validation", "best", "stop", "grey", "text", "faint")
KINDS = ("line", "dash", "area", "dots", "big", "bar", "box")
RADII = {"dots": 3, "big": 5.5}


def term_picture(shapes: Sequence[str], words: str, *, dark: bool = False) -> str:
    """SVG text.

    Parameters
    ----------
    shapes : each a kind of `KINDS`, a role of `ROLES` and numbers: points x y of line, dash, area, dots and big; x y width height
        of bar (filled) and box.
    words : for readers that do not see.
    """
    inner = "".join(_shape(shape, dark) for shape in shapes)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'{head} role="img" aria-label="{svg_text(words)}">{inner}</svg>'


def _shape(shape: str, dark: bool) -> str:
    kind, role, *texts = shape.split()
    numbers = [float(text) for text in texts]
    of = colours(dark)
    colour = of.grid if role == "faint" else getattr(of, role)
    if kind in ("bar", "box"):
        x, y, width, height = numbers
        look = f'fill="{colour}"' if kind == "bar" else f'fill="none" stroke="{colour}" stroke-width="1.5"'
        return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="2" {look}/>'
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    if kind in RADII:
        return "".join(f'<circle cx="{x:g}" cy="{y:g}" r="{RADII[kind]}" fill="{colour}"/>' for x, y in points)
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    if kind == "area":
        return f'<polygon points="{path}" fill="{colour}" opacity="0.22"/>'
    dash = ' stroke-dasharray="4 4"' if kind == "dash" else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round"{dash}/>'
