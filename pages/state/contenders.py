"""What can be compared: each setting of each run, with all its seeds and folds.

A mark names one in the URL: `run` for a manual run, `run.number` for a setting of a search or a sweep.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from pages.state.database import database
from pages.state.recorded import is_recorded
from pages.state.view import View, change_view, current_view
from tuning_core.diagnosis.comparison import Contender, Training
from tuning_core.experiment import History, Hyperparameters
from tuning_core.store import curves, datasets, runs
from tuning_core.store.runs import StoredRun
from tuning_core.store.trials import StoredTrial, get_trials

MOST = 50  # trials that one comparison holds


@dataclass(frozen=True, eq=False)
class Entry:
    """A setting on the Compare page; `trials` are the numbers of its trials in the run.

    `final` is the trial that was trained on all training rows after a cross-validation, where there is one.
    """

    mark: str
    run: StoredRun
    contender: Contender
    trials: tuple[int, ...]
    final: int | None = None


def entries_of(run: StoredRun) -> tuple[Entry, ...]:
    """The settings of a run that have recorded epochs, in the order tried."""
    return _entries(run.id, run.status, run.finished, run.name)


def mark_of(run: StoredRun, setting: int = 0) -> str:
    """What names a setting of a run in a comparison."""
    return run.id if run.kind == "manual" else f"{run.id}.{setting}"


def find_entries(marks: tuple[str, ...]) -> tuple[dict[str, Entry], list[StoredRun], list[str]]:
    """(entries by mark, runs that are still training, marks of what is not there any more), in the order of the marks."""
    found: dict[str, Entry] = {}
    live: dict[str, StoredRun] = {}
    lost: list[str] = []
    for mark in marks:
        run = runs.get_run(database(), mark.partition(".")[0])
        if run is not None and run.live:
            live[run.id] = run
            continue
        known = {entry.mark: entry for entry in entries_of(run)} if run is not None else {}
        entry = known.get(mark)
        if entry is None:
            lost.append(mark)
        elif entry not in found.values():
            found[mark] = entry
    return found, list(live.values()), lost


@lru_cache(maxsize=64)
def _entries(run_id: str, *_version: object) -> tuple[Entry, ...]:
    """Kept per run and its state: a run that has ended does not change until it is continued or renamed."""
    run = runs.get_run(database(), run_id)
    if run is None:
        return ()
    recorded = curves.histories(database(), run_id)
    settings: dict[int, list[StoredTrial]] = {}
    for trial in get_trials(database(), run_id):
        if trial.number in recorded:
            settings.setdefault(trial.setting, []).append(trial)
    total = sum(len(history) for history in recorded.values())
    seconds = run.finished - run.started if run.started and run.finished else math.nan
    found = []
    for number, trials in sorted(settings.items()):
        folds = [trial for trial in trials if trial.fold is not None]
        final = next((trial.number for trial in trials if folds and trial.fold is None), None)
        counted = folds or trials
        share = sum(trial.epochs for trial in trials) / total if total else math.nan
        contender = _contender(run, counted, recorded, seconds * share)
        found.append(Entry(mark_of(run, number), run, contender, tuple(trial.number for trial in counted), final))
    return tuple(found)


def _contender(run: StoredRun, trials: list[StoredTrial], recorded: dict[int, History], seconds: float) -> Contender:
    trainings = tuple(
        Training(t.seed, t.fold, t.status, recorded[t.number], t.best_epoch, _held_out(t, run, recorded[t.number]))
        for t in trials
    )
    setup = run.setup
    dataset = datasets.get_dataset(database(), run.dataset_id)
    measured_on = {
        "table": (run.dataset_id, dataset.name if dataset else ""),
        "target": (setup["target"], setup["task"], (setup["kinds"] or {}).get(setup["target"]), setup.get("target_transform")),
        "split": (setup["split"], setup.get("part"), setup.get("sample_weight")),
        "folds": run.spec.get("cv") if trials[0].fold is not None else None,
    }
    return Contender(Hyperparameters.from_json(trials[0].hyperparameters), trainings, measured_on, seconds)


def _held_out(trial: StoredTrial, run: StoredRun, history: History) -> tuple[float, float] | None:
    """Of a fold: loss and metric of its kept weights on the rows held out; NaN for a loss that was not measured there."""
    if trial.fold is None:
        return None
    own = trial.context.get("loss_name")
    ranked_by_loss = run.spec.get("score") in (None, own if own in ("mse", "mae") else "cross_entropy")
    loss = trial.score if ranked_by_loss else None
    if not ranked_by_loss and trial.hyperparameters["early_stopping"] is None and trial.score is not None:
        loss = float(history.val_loss[-1])  # nothing watched, so the curve is that of the rows held out
    return math.nan if loss is None else loss, math.nan if trial.metric is None else trial.metric


def add_to_comparison(mark: str, workspace_id: str) -> None:
    """Put a run or a setting beside what is compared already."""
    view = current_view()
    listed = [run for run in listed_runs(workspace_id) if same_data(run, view)]
    before = view.compared if view.compared is not None else first_choice(view, listed)
    set_compared(tuple(dict.fromkeys((*before[: MOST - 1], mark))))


def listed_runs(workspace_id: str) -> list[StoredRun]:
    return [run for run in runs.list_runs(database(), workspace_id, limit=400) if run.kind != "gallery"]


def same_data(run: StoredRun, view: View) -> bool:
    return run.dataset_id == view.dataset_id and (view.setup is None or run.setup["target"] == view.setup["target"])


def first_choice(view: View, listed: list[StoredRun]) -> tuple[str, ...]:
    """Before anybody has chosen: the run that the address names and the one before it, whoever trained them, but for recorded
    examples; what is pinned; or else the two newest."""
    single = [run.id for run in listed if run.kind == "manual"]
    linked = [run_id for run_id in (view.ghost_id, view.run_id) if run_id and (run_id in single or _is_single(run_id))]
    pinned = [run.id for run in listed if run.pinned and run.kind == "manual"]
    chosen = list(dict.fromkeys([*linked, *pinned]))
    return tuple(chosen if len(chosen) > 1 else list(dict.fromkeys([*chosen, *single]))[:2])


def _is_single(run_id: str) -> bool:
    run = runs.get_run(database(), run_id)
    return run is not None and run.kind == "manual" and not is_recorded(run)


def set_compared(marks: tuple[str, ...]) -> None:
    change_view(compared=marks[:MOST])
