"""Pieces of generated Python: sections with a title, calls broken over lines, names and cells as literals."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 100


@dataclass(frozen=True)
class Section:
    """One step of a script or a notebook.

    Attributes
    ----------
    title : a few words.
    why : a sentence or two for a reader who learns; plain Markdown without anybody else's words in it.
    code : Python source. Words of the table appear in it as string literals only.
    """

    title: str
    why: str
    code: str


def literal(value: Any) -> str:
    """The value as a Python literal; strings in double quotes where that needs no escapes."""
    if isinstance(value, str):
        shown = repr(value)
        return '"' + shown[1:-1] + '"' if shown[0] == "'" and '"' not in shown and "\\'" not in shown else shown
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(literal, value)) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return repr(value)


def wrapped(prefix: str, items: Sequence[str], suffix: str) -> str:
    """`prefix` items `suffix` on one line when that fits, else a line each, or many short ones a line in a long list."""
    line = prefix + ", ".join(items) + suffix
    if len(line) <= WIDTH and "\n" not in line:
        return line
    lines = list(items)
    if len(items) > 8 and not any("\n" in item for item in items):
        lines = [""]
        for item in items:
            if lines[-1] and len(lines[-1]) + len(item) + 7 > WIDTH:
                lines.append("")
            lines[-1] += f", {item}" if lines[-1] else item
    return prefix + "\n" + "".join(textwrap.indent(line, "    ") + ",\n" for line in lines) + suffix


def names(values: Sequence[str]) -> str:
    """A list of strings as source."""
    return wrapped("[", [literal(value) for value in values], "]")
