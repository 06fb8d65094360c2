"""How often the doctor is right: measured on tables that were not used for choosing its numbers, to be shown beside a verdict."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("rates.json")  # written by `python -m benchmarks.doctor report`


@dataclass(frozen=True)
class Rate:
    """One verdict's record.

    Attributes
    ----------
    recall : share of the runs that had it in which it was found.
    false_alarms : share of the runs that did not have it in which it was claimed.
    sick, others : how many runs of each kind there were.
    """

    recall: float
    false_alarms: float
    sick: int
    others: int

    def sentence(self) -> str:
        """The record for a person."""
        found, claimed = (f"{100 * share:.0f} %" for share in (self.recall, self.false_alarms))
        return (
            f"On {self.sick + self.others:,} runs over tables that it had not seen, the doctor found {found} of the "
            f"{self.sick:,} that had this, and claimed it in {claimed} of the {self.others:,} that did not."
        )


@lru_cache(maxsize=1)
def error_rates() -> dict[str, Rate]:
    """The record of every calibrated verdict; notes are rules without one."""
    stored = json.loads(FILE.read_text())["verdicts"]
    return {kind: Rate(r["recall"], r["false_alarms"], r["sick"], r["others"]) for kind, r in stored.items()}
