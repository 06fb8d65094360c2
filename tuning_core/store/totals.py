"""What is in the store, in numbers: for those who run the server, and about nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tuning_core.store.database import Database


@dataclass(frozen=True)
class Totals:
    """How much waits, goes on and has ended.

    Attributes
    ----------
    runs : by (kind, status).
    questions, uploads : that wait or are worked on.
    run_counts : of the runs that ended by themselves, how many took at most each of the asked seconds; the last is all.
    run_seconds : what all of these took together.
    """

    runs: dict[tuple[str, str], int]
    questions: int
    uploads: int
    run_counts: tuple[int, ...]
    run_seconds: float


def totals(db: Database, bounds: Sequence[float]) -> Totals:
    """Counted now; `bounds` are the seconds of `Totals.run_counts`, in rising order."""
    took = [
        row["seconds"]
        for row in db.rows(
            """SELECT max(0.0, finished - started) AS seconds FROM runs
               WHERE status IN ('finished', 'diverged', 'failed') AND started IS NOT NULL AND finished IS NOT NULL"""
        )
    ]
    row = db.row(
        """SELECT (SELECT count(*) FROM questions WHERE status IN ('queued', 'working')) AS questions,
                  (SELECT count(*) FROM datasets WHERE status IN ('queued', 'reading')) AS uploads"""
    )
    assert row is not None
    by_kind = db.rows("SELECT kind, status, count(*) AS n FROM runs GROUP BY kind, status")
    return Totals(
        {(found["kind"], found["status"]): found["n"] for found in by_kind},
        row["questions"],
        row["uploads"],
        (*(sum(seconds <= bound for seconds in took) for bound in bounds), len(took)),
        sum(took),
    )
