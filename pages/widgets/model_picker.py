"""Which model is examined or used: a run of the same test rows, its setting, its seed; the best one unless somebody chooses."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from pages.state.contenders import Entry, entries_of
from pages.state.database import database
from pages.state.recorded import is_recorded
from pages.state.tune_settings import settings_in_words
from pages.state.view import View, current_view
from pages.widgets.contender_labels import metric_value, score_words, short_names, value_form
from pages.widgets.text import plain, unique_labels
from tuning_core.diagnosis.comparison import Training
from tuning_core.store import runs, test_set_looks
from tuning_core.store.runs import StoredRun


@dataclass(frozen=True, eq=False)
class Chosen:
    """A trained model: a trial of a run."""

    entry: Entry
    number: int
    training: Training
    score: float  # its validation metric; with cross-validation that of its setting, the mean over the folds

    @property
    def run(self) -> StoredRun:
        return self.entry.run

    @property
    def words(self) -> str:
        return model_words(self.entry.contender.hyperparameters.to_json(), self.training.seed)


@dataclass(frozen=True)
class Picked:
    """What somebody has chosen, and what was on screen then."""

    view: View
    run_id: str
    mark: str | None


def model_words(hyperparameters: dict[str, Any], seed: int) -> str:
    """One model in a line: its settings and its seed."""
    return settings_in_words({"hyperparameters": hyperparameters, "seeds": [seed]}).rsplit(" · ", 1)[0] + f" · seed {seed}"


def choose_model(view: View, vault_id: str, workspace_id: str) -> Chosen | None:
    """Select boxes for run, setting and seed; None when there is nothing trained on this split."""
    offered = _runs(view, vault_id, workspace_id)
    if not offered:
        return None
    ids = [run.id for run in offered]
    labels = dict(zip(ids, unique_labels(_label(run) for run in offered), strict=True))
    picked = st.session_state.get("picked_model")
    st.session_state.exam_run = (
        picked.run_id if picked and picked.view == view and picked.run_id in ids else _best_at_first(offered, view)
    )
    run_id = st.selectbox(
        "Run",
        ids,
        key="exam_run",
        format_func=labels.__getitem__,
        on_change=_pick_run,
        help="Runs and searches of this table, target and split. At first it is the best of what is on screen, else the best "
        "of all.",
    )
    entries = sorted(entries_of(offered[ids.index(run_id)]), key=_best_loss)
    names = unique_labels(f"{score_words(entry)} · {name}" for entry, name in zip(entries, short_names(entries), strict=True))
    entry = entries[0]
    if len(entries) > 1:
        key = f"exam_setting_{run_id}"
        if picked is not None and picked.mark is not None:
            st.session_state[key] = next((i for i, entry in enumerate(entries) if entry.mark == picked.mark), 0)
            st.session_state.picked_model = replace(picked, mark=None)
        place = st.selectbox(
            "Setting",
            range(len(entries)),
            key=key,
            format_func=names.__getitem__,
            help="The settings of this search, the best validation loss first.",
        )
        entry = entries[place]
    return _choose_seed(entry)


def pick_model(run_id: str, mark: str | None = None) -> None:
    """Take this run, and this setting of it, on the Exam and Predict pages, as long as the same things are on screen."""
    st.session_state.picked_model = Picked(current_view(), run_id, mark)


def _pick_run() -> None:
    pick_model(st.session_state.exam_run)


def best_trial(entry: Entry) -> int:
    """The number of the trial that stands for a setting: the final one after a cross-validation, else its best seed."""
    return entry.trials[_by_loss(entry)[0]] if entry.final is None else entry.final


def _by_loss(entry: Entry) -> list[int]:
    """Places of the trainings, the best first."""
    losses = _finite(entry.contender.kept("loss"))
    return sorted(range(len(losses)), key=lambda i: float(losses[i]))


def _choose_seed(entry: Entry) -> Chosen:
    """Of a cross-validated setting the seed is all that matters: its model is trained again on all training rows."""
    order = _by_loss(entry)
    trainings, seen = entry.contender.trainings, set()
    order = [i for i in order if trainings[i].seed not in seen and not seen.add(trainings[i].seed)]  # type: ignore[func-returns-value]
    values = entry.contender.kept("metric")
    form = value_form(entry, "metric")
    place = order[0]
    if len(order) > 1:
        place = st.selectbox(
            "Seed",
            order,
            key=f"exam_seed_{entry.mark}",
            format_func=lambda i: f"seed {trainings[i].seed} · {form(values[i])}",
            help="Each seed is a model of its own; the best on the validation rows comes first.",
        )
    number = entry.trials[place] if entry.final is None else entry.final
    score = float(values[place]) if entry.final is None else entry.contender.score("metric")
    return Chosen(entry, number, trainings[place], score)


def _runs(view: View, vault_id: str, workspace_id: str) -> list[StoredRun]:
    """What is on screen, the better first, then the workspace's own: those with the same test rows and a model."""
    on_screen = [run for run in (runs.get_run(database(), i or "") for i in (view.run_id, view.search_id)) if run is not None]
    shown = sorted((run for run in on_screen if _has_model(run, view, vault_id)), key=_best_of)
    ids = {run.id for run in shown}
    listed = runs.list_runs(database(), workspace_id, limit=200)
    return shown + [r for r in listed if r.id not in ids and r.kind != "gallery" and _has_model(r, view, vault_id)]


def _best_at_first(offered: list[StoredRun], view: View) -> str:
    """The best of what is on screen, which stands first; where that has no model, the best of all by its validation metric."""
    if offered[0].id in (view.run_id, view.search_id):
        return offered[0].id
    return min(offered, key=_metric_rank).id


def _metric_rank(run: StoredRun) -> float:
    """Lower is better. Of runs of one table and target metrics compare; losses may be of different kinds."""
    best = min(entries_of(run), key=_best_loss).contender
    value = best.score("metric")
    return math.inf if not math.isfinite(value) else -value if best.classifies else value


def _has_model(run: StoredRun, view: View, vault_id: str) -> bool:
    if run.live or run.dataset_id != view.dataset_id or is_recorded(run):
        return False
    same = test_set_looks.vault_of(database(), run.dataset_id, run.setup) == vault_id
    return same and math.isfinite(_best_of(run))


def _best_of(run: StoredRun) -> float:
    return min((_best_loss(entry) for entry in entries_of(run)), default=math.inf)


def _label(run: StoredRun) -> str:
    best = min(entries_of(run), key=_best_loss)
    what = run.name or (
        settings_in_words(run.spec) if run.kind == "manual" else f"{run.kind} of {len(entries_of(run)):,} settings"
    )
    several = best.contender.measured.removeprefix("validation rows").removeprefix(", ")
    return " · ".join(filter(None, (score_words(best), several, what)))


def _best_loss(entry: Entry) -> float:
    """What ranks a setting: its score, or where a training diverged that of its best model."""
    score = entry.contender.score("loss")
    return score if math.isfinite(score) else float(np.min(_finite(entry.contender.kept("loss"))))


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.inf)


def model_card(chosen: Chosen) -> None:
    """What is chosen, in a line."""
    name = f"**{plain(chosen.run.name)}** · " if chosen.run.name else ""
    word = "accuracy " if chosen.entry.contender.classifies else ""
    score = metric_value(chosen.score, chosen.entry.contender.classifies)
    on = "validation rows" if chosen.entry.final is None else chosen.entry.contender.measured
    st.markdown(f"**{word}{plain(score)}** on {plain(on)} · {name}{plain(chosen.words)}")
