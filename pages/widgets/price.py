"""About how long a training would take, said before it is begun; nothing where it is a matter of seconds."""

from __future__ import annotations

from typing import Any

from pages.state.queueing import modelled_duration
from tuning_core.charts.style import duration
from tuning_core.config import read_config
from tuning_core.engine.runs.run_duration import Duration

QUIET = 10.0  # seconds up to which nobody needs a warning
ALIKE = 1.25  # up to this ratio one number is enough


def price(dataset_id: str, setup: dict[str, Any] | None, kind: str, spec: dict[str, Any] | None) -> str:
    """The words, such as "about 3 min"; "" where it is short or not known yet."""
    found = modelled_duration(dataset_id, setup, kind, spec) if setup is not None and spec is not None else None
    return price_words(found) if found is not None else ""


def price_words(found: Duration) -> str:
    """What it takes where trainings stop as early as they have done so far; at most, where none does; and whether that may be."""
    if found.seconds <= QUIET:
        return ""
    if found.seconds > 60.0 * read_config().run_minutes:
        return f"about {duration(found.seconds)}: too long"
    words = f"about {duration(found.seconds)}"
    return words if found.most_seconds <= ALIKE * found.seconds else f"{words}, at most {duration(found.most_seconds)}"
