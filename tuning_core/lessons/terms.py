"""The glossary: one term, its sentence, and the chapter that shows it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("glossary.toml")


@dataclass(frozen=True)
class Term:
    """One entry; `chapter` is the name of a chapter."""

    name: str
    text: str
    chapter: str


@lru_cache(maxsize=1)
def glossary() -> dict[str, Term]:
    """All terms by name, in the order of the alphabet."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))
    terms = [Term(name, entry["text"], entry["chapter"]) for name, entry in entries.items()]
    return {term.name: term for term in sorted(terms, key=lambda term: term.name.lower())}
