"""The gallery in the store: asked for, found again, and read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pages.state.database import database
from pages.state.queueing import queue_run
from pages.state.recorded import recorded_file
from pages.state.view import View, current_view
from pages.state.workspace import workspace
from tuning_core.diagnosis import Finding, clearest, gallery_settings
from tuning_core.experiment import History, Hyperparameters, RunStatus
from tuning_core.store import curves, runs
from tuning_core.store.runs import StoredRun
from tuning_core.store.trials import StoredTrial, get_trials

SETTINGS = len(gallery_settings())
REMEMBERED = 12  # galleries that are looked through for one of these rows


@dataclass(frozen=True, eq=False)
class Example:
    """One trained setting and what the doctor says of it."""

    hyperparameters: Hyperparameters
    history: History
    finding: Finding


def begin_gallery() -> None:
    """Queue the training of the gallery on the rows in view."""
    view = current_view()
    if view.setup is not None:
        spec = {"settings": [hp.to_json() for hp in gallery_settings()], "seeds": [0]}
        queue_run(view.dataset_id, view.setup, "gallery", spec)


def newest_gallery(view: View) -> StoredRun | None:
    """The newest one on the rows in view; one that was stopped only where there is no other."""
    ids = runs.newest(database(), workspace(), "gallery", view.dataset_id, REMEMBERED)
    found = [run for run_id, _ in ids if (run := runs.get_run(database(), run_id)) is not None and run.setup == view.setup]
    whole = [run for run in found if run.status not in (RunStatus.STOPPED, RunStatus.INTERRUPTED)]
    return next(iter([*whole, *found]), None)


@lru_cache(maxsize=16)
def examples(run_id: str) -> dict[str, Example]:
    """The clearest example of each verdict in a gallery that has ended, kept because reading so many curves takes a moment."""
    recorded = curves.histories(database(), run_id)
    trials = {trial.number: trial for trial in get_trials(database(), run_id)}
    numbers = sorted(recorded)
    found = clearest([recorded[number] for number in numbers])
    return {kind: _example(trials[numbers[i]], recorded[numbers[i]], finding) for kind, (i, finding) in found.items()}


@lru_cache(maxsize=1)
def recorded_examples() -> dict[str, Example]:
    """Those that come with the sample."""
    trials = recorded_file("gallery").trials
    found = clearest([trial.history for trial in trials])
    return {kind: _of(trials[i].hyperparameters, trials[i].history, finding) for kind, (i, finding) in found.items()}


def _example(trial: StoredTrial, history: History, finding: Finding) -> Example:
    return _of(Hyperparameters.from_json(trial.hyperparameters), history, finding)


def _of(hp: Hyperparameters, history: History, finding: Finding) -> Example:
    rows = history.context.get("n_train") or hp.batch_size  # a batch larger than the table is all of its rows
    return Example(hp.replace(batch_size=min(hp.batch_size, rows)), history, finding)
