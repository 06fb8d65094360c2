"""What training said of each chapter's claims, recorded: how often they held on three tables, and how long it took.

`python -m benchmarks.lessons` trains it all and writes measured.json. An entry counts only for the experiment it was made of.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from tuning_core.lessons.chapter import Chapter, Claim

FILE = Path(__file__).with_name("measured.json")


@dataclass(frozen=True)
class MeasuredChapter:
    """One chapter's record.

    Attributes
    ----------
    first_seconds, seconds : wall time of the experiment on the sample with its own seeds, with and without compiling.
    keras_seconds : of the same trainings by `keras.Model.fit`, one after another, worked out from a few epochs of each setting.
    shown : by table, for each claim (seeds that show it, seeds), or None where the table cannot show it.
    """

    first_seconds: float
    seconds: float
    keras_seconds: float
    shown: dict[str, tuple[tuple[int, int] | None, ...]]

    def sentence(self, chapter: Chapter, claim: Claim) -> str:
        """On which tables a claim of the chapter held, and with how many seeds."""
        place = chapter.claims.index(claim)
        counts = {table: shown[place] for table, shown in self.shown.items()}
        tried = {table: count for table, count in counts.items() if count is not None}
        held = sum(seen >= claim.share * seeds for seen, seeds in tried.values())
        each = ", ".join(
            f"{table} {seen} of {seeds} {'seeds' if chapter.panels else 'searches'}" for table, (seen, seeds) in tried.items()
        )
        cannot = [table for table, count in counts.items() if count is None]
        rest = f"; {' and '.join(cannot)} cannot show it" if cannot else ""
        return f"Trained before, it held on {held} of {len(tried)} tables: {each}{rest}."


def experiment_digest(chapter: Chapter) -> str:
    """Changes with whatever decides what a chapter's training says."""
    search = chapter.search
    facts = {
        "sample": [chapter.sample, *chapter.features] if chapter.features else chapter.sample,
        "panels": [[panel.title, panel.hyperparameters.to_json()] for panel in chapter.panels],
        "search": [search.space.to_json(), search.cv.to_json() if search.cv else None] if search else None,
        "claims": [{name: value for name, value in asdict(claim).items() if name != "text"} for claim in chapter.claims],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def measured_chapter(chapter: Chapter) -> MeasuredChapter | None:
    """The record of just this experiment; None for another one, such as a teacher's own."""
    entry = _entries().get(chapter.name)
    if entry is None or entry["experiment"] != experiment_digest(chapter):
        return None
    shown = {table: tuple(None if pair is None else tuple(pair) for pair in pairs) for table, pairs in entry["shown"].items()}
    return MeasuredChapter(entry["first_seconds"], entry["seconds"], entry["keras_seconds"], shown)


@lru_cache(maxsize=1)
def _entries() -> dict[str, dict]:
    return json.loads(FILE.read_text(encoding="utf-8"))
