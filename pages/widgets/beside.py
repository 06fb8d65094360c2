"""Curves side by side: from marks of runs and settings to panels that are titled by what differs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pages.components.side_by_side import LivePanel
from pages.state.database import database
from pages.widgets.contender_labels import value_words
from tuning_core.diagnosis.comparison import flat_settings, what_differs
from tuning_core.experiment import Hyperparameters
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun
from tuning_core.store.trials import get_trials

MOST_IN_TITLE = 3  # settings that a title tells
NAMES = {"hidden_units": "hidden units", "l2": "L2", "early_stopping": "early stopping"}


@dataclass(frozen=True, eq=False)
class Beside:
    """A curve that stands beside others; `numbers` are its trials in the run, None for all of them."""

    mark: str
    run: StoredRun
    hyperparameters: Hyperparameters
    numbers: tuple[int, ...] | None = None


def find_beside(marks: Sequence[str]) -> list[Beside]:
    """What the marks name and is on this server, in their order; runs that still train are among them."""
    found = (_find(mark) for mark in marks)
    return [one for one in found if one is not None]


def _find(mark: str) -> Beside | None:
    run_id, _, setting = mark.partition(".")
    run = runs.get_run(database(), run_id)
    if run is None or run.deleted is not None:
        return None
    if not setting:
        hp = run.spec.get("hyperparameters")
        return Beside(mark, run, Hyperparameters.from_json(hp)) if hp else None
    own = [trial for trial in get_trials(database(), run_id) if str(trial.setting) == setting]
    folds = [trial for trial in own if trial.fold is not None]
    if not own:
        return None
    numbers = tuple(trial.number for trial in folds or own)
    return Beside(mark, run, Hyperparameters.from_json(own[0].hyperparameters), numbers)


def panels_of(curves: Sequence[Beside]) -> list[LivePanel]:
    """One panel a curve, with the title that tells it from the others."""
    return [LivePanel(c.run.id, title, c.numbers) for c, title in zip(curves, titles(curves), strict=True)]


def titles(curves: Sequence[Beside]) -> list[str]:
    """A run's own name, or what differs: "learning rate 0.01"; the number where nothing does."""
    differing = what_differs([flat_settings(c.hyperparameters) for c in curves]) if len(curves) > 1 else {}
    found = []
    for i, curve in enumerate(curves):
        told = [_words(name, values[i]) for name, values in differing.items() if values[i] is not None]
        own = curve.run.name if curve.numbers is None else ""
        found.append(own or ", ".join(told[:MOST_IN_TITLE]) or f"curve {i + 1}")
    return found


def _words(name: str, value: object) -> str:
    short = re.sub(r"e([+-])0+", r"e\1", value_words(value))  # 1e-7, as people write it
    return f"{NAMES.get(name, name.replace('_', ' '))} {short}"
