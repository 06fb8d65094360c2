"""Which epoch's weights a run kept, and why, in one sentence."""

from __future__ import annotations

import streamlit as st

from pages.state.database import database
from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.scores import SCORES
from tuning_core.store.runs import StoredRun
from tuning_core.store.trials import StoredTrial, get_trials


def kept_epochs(run: StoredRun | None) -> None:
    """Under the curve of a run that has ended."""
    if run is None or run.live or run.kind != "manual":
        return
    trials = [trial for trial in get_trials(database(), run.id) if trial.status.has_model and trial.epochs]
    if trials:
        st.caption(kept_words(Hyperparameters.from_json(run.spec["hyperparameters"]), trials))


def kept_words(hp: Hyperparameters, trials: list[StoredTrial]) -> str:
    """The sentence; with several seeds the range of epochs."""
    watched = [trial for trial in trials if trial.best_epoch]
    if not hp.keeps_best:
        return f"Kept: the weights of the last epoch, {_span([t.epochs for t in trials])}, as chosen in the sidebar."
    if not watched:
        return f"Kept: the weights of the last epoch, {_span([t.epochs for t in trials])}: watching was to begin only later."
    best = [trial.best_epoch or trial.epochs for trial in trials]
    monitor = hp.early_stopping.monitor if hp.early_stopping else "val_loss"
    value = SCORES[monitor].words if monitor in SCORES else monitor.removeprefix("val_")
    return f"Kept: the weights of the epoch with the best validation {value}, {_span(best)}."


def _span(epochs: list[int]) -> str:
    low, high = min(epochs), max(epochs)
    return f"{low:,}" if low == high else f"{low:,} to {high:,} over the seeds"
