"""The glossary: one term, its sentence, its picture, and the chapter that shows it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("glossary.toml")


@dataclass(frozen=True)
class Term:
    """One entry; `chapter` is the name of a chapter, `picture` the shapes of `charts.term_picture`."""

    name: str
    text: str
    chapter: str
    picture: tuple[str, ...]


@lru_cache(maxsize=1)
def glossary() -> dict[str, Term]:
    """All terms by name, in the order of the alphabet."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))
    terms = [Term(name, entry["text"], entry["chapter"], tuple(entry["picture"])) for name, entry in entries.items()]
    return {term.name: term for term in sorted(terms, key=lambda term: term.name.lower())}


def term_places(text: str) -> list[tuple[int, int, str]]:
    """(start, end, name) of every place where a text uses a term, a plural too; of two that overlap the longer one."""
    known = {name.casefold(): name for name in glossary()}
    return [(*found.span(), known[found[1].casefold()]) for found in _pattern().finditer(text)]


def terms_in(text: str) -> list[str]:
    """The names of terms that a text uses, in the order of their first places."""
    return list(dict.fromkeys(name for _, _, name in term_places(text)))


def with_meanings(text: str) -> list[tuple[str, str]]:
    """The text in pieces, each with "" or, at the first place of a term, with the sentence of the glossary."""
    seen: set[str] = set()
    pieces, at = [], 0
    for start, end, name in term_places(text):
        if name not in seen:
            seen.add(name)
            pieces += [(text[at:start], ""), (text[start:end], glossary()[name].text)]
            at = end
    return [(words, meaning) for words, meaning in [*pieces, (text[at:], "")] if words]


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    names = sorted(glossary(), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(re.escape(name) for name in names)})(?:s|es)?\b", re.IGNORECASE)
