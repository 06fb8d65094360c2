"""Column names: trimmed, freed of invisible signs, filled where empty, made unique; every change is said."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from tuning_core.data.notices import Notice, counted, quoted

_INVISIBLE = ("Cf", "Cc", "Cs", "Co", "Cn")


def clean_names(raw: Sequence[str]) -> tuple[list[str], list[Notice]]:
    """Unique non-empty names for the header's cells, and what was changed. Linear in the number of names."""
    visible = [_without_invisible(name) for name in raw]
    trimmed = [" ".join(name.split()) for name in visible]
    notices = []
    hidden = [name for name, before, after in zip(trimmed, raw, visible, strict=True) if before != after]
    if hidden:
        message = f"Invisible characters (direction marks, zero-width or control signs) were removed from {quoted(hidden)}."
        notices.append(Notice("invisible_characters_in_names", message, tuple(hidden), len(hidden)))
    blanks = [name for name, before in zip(trimmed, visible, strict=True) if name != before and name]
    if blanks:
        message = f"Blanks were removed from the names {quoted(blanks)}."
        notices.append(Notice("column_names_trimmed", message, tuple(blanks), len(blanks)))
    filled, named = _fill(trimmed)
    if named:
        message = f"{counted(len(named), 'column')} without a name, now called {quoted(named)}."
        notices.append(Notice("empty_column_names_filled", message, tuple(named), len(named)))
    names, renamed = _unique(filled)
    if renamed:
        said = ", ".join(f"{old[:40]!r} -> {new[:40]!r}" for old, new in renamed[:4]) + (", …" if len(renamed) > 4 else "")
        message = f"{counted(len(renamed), 'name')} changed because of an equal one before: {said}."
        notices.append(Notice("duplicate_columns_renamed", message, tuple(new for _, new in renamed), len(renamed)))
    return names, notices + _similar(names, {new: old for old, new in renamed})


def numbered_names(width: int) -> list[str]:
    return [f"column_{at}" for at in range(1, width + 1)]


def _without_invisible(name: str) -> str:
    """Line breaks, tabs and odd blanks become blanks; marks nobody sees go away (joiners inside emoji stay)."""
    if name.isascii() and name.isprintable():
        return name
    return unicodedata.normalize("NFC", "".join(sign for at, sign in enumerate(name) if _is_kept(name, at, sign)))


def _is_kept(name: str, at: int, sign: str) -> bool:
    if sign in "\t\n\r\x0b\x0c":
        return True  # blanks, which trimming turns into one
    if sign == "\u200d" and 0 < at < len(name) - 1:
        return unicodedata.category(name[at - 1]) in ("So", "Mn", "Sk")  # inside an emoji
    return unicodedata.category(sign) not in _INVISIBLE


def _fill(names: Sequence[str]) -> tuple[list[str], list[str]]:
    taken = set(names)
    filled, named = [], []
    for at, name in enumerate(names, start=1):
        if not name:
            name = f"column_{at}"
            while name in taken:
                name += "_"
            taken.add(name)
            named.append(name)
        filled.append(name)
    return filled, named


def _unique(names: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    taken = set(names)
    seen: set[str] = set()
    counters: dict[str, int] = defaultdict(lambda: 1)
    out, renamed = [], []
    for name in names:
        unique = name
        while unique in seen or (unique != name and unique in taken):
            counters[name] += 1
            unique = f"{name}_{counters[name]}"
        seen.add(unique)
        if unique != name:
            renamed.append((name, unique))
        out.append(unique)
    return out, renamed


def _similar(names: Sequence[str], renamed: dict[str, str]) -> list[Notice]:
    """Names that look alike: equal but for case, width of letters, blanks, hyphens or underscores."""
    groups = defaultdict(list)
    for name in names:
        key = re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", renamed.get(name, name)).casefold())
        groups[key].append(name)
    alike = [name for members in groups.values() if len(members) > 1 for name in members]
    if not alike:
        return []
    message = f"The names {quoted(alike, 6)} differ only in case, blanks or how they are typed; each stays a column of its own."
    return [Notice("similar_column_names", message, tuple(alike), len(alike))]
