"""TestSetLook: one opening of a vault, the test rows of a split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class TestSetLook:
    """A model was scored on the test rows.

    Attributes
    ----------
    time : seconds since 1970.
    reason : why, in the person's words; may be empty for the first.
    what : the model that was examined, for a person ("trial 4").
    run_id, number : of the dashboard's run and trial; empty and None in scripts.
    """

    __test__: ClassVar[bool] = False  # pytest takes a class of such a name for tests

    time: float
    reason: str = ""
    what: str = ""
    run_id: str = ""
    number: int | None = None


def stamp(n: int, others: int = 0) -> str:
    """What every report carries: how often these test rows were used, and those of other splits of the same file."""
    said = "test set not used" if n == 0 else f"test set used {_times(n)}"
    return said if not others else f"{said}; test rows of other splits of this file used {_times(others)}"


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n} times"
