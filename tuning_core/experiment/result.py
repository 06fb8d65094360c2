"""Trial and Run: what a training or a search gives back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tuning_core.errors import SettingsError
from tuning_core.experiment.history import History
from tuning_core.experiment.hyperparameters import Hyperparameters
from tuning_core.experiment.scores import Score
from tuning_core.experiment.statuses import TrialStatus


@dataclass(frozen=True, eq=False)
class Trial:
    """One trained model: one setting, one seed, one set of rows. Epochs are counted from 1.

    Attributes
    ----------
    number : int
        Position in the run.
    status : TrialStatus
        "finished"; "stopped_early" by early stopping, "diverged" when the loss became non-finite, "stopped" by request, "failed".
    best_epoch : int or None
        Epoch with the best monitored value (validation loss unless early stopping watches the metric).
    stopped_epoch : int or None
        Epoch after which early stopping ended the training; None when it did not.
    diverged_epoch : int or None
        First epoch with a non-finite loss.
    weights : tuple of ndarray
        kernel (in, out) and bias (out,) of each layer in turn, as `keras.Sequential.get_weights()` orders them.
    dataset, preparation : object or None
        The Dataset and the fitted Preparation that the trial was trained with.
    chosen_from : int
        Configurations that it was chosen from by its validation score; `Run.best_trial` says so.
    score : float
        What ranks it in its search, in the direction and unit of `scored_by`; NaN where none does.
    refitted : bool
        Trained on training and validation rows together (`tc.refit`): its curves have no validation side.
    """

    number: int
    hyperparameters: Hyperparameters
    seed: int
    history: History
    status: TrialStatus
    best_epoch: int | None = None
    stopped_epoch: int | None = None
    diverged_epoch: int | None = None
    fold: int | None = None
    weights: tuple[np.ndarray, ...] = ()
    error: str = ""
    dataset: Any = field(default=None, repr=False)
    preparation: Any = field(default=None, repr=False)
    chosen_from: int = 1
    refitted: bool = False
    score: float = float("nan")
    scored_by: Score | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "status", TrialStatus(self.status))

    @property
    def kept_epoch(self) -> int | None:
        """The epoch whose weights the trial has: the best one where that is kept and any was watched, else the last."""
        return self.best_epoch if self.hyperparameters.keeps_best and self.best_epoch else len(self.history) or None

    def check_model(self) -> None:
        """Raise SettingsError where there is no model to use: the training failed or diverged, or its data are not known."""
        if self.dataset is None or self.kept_epoch is None or not self.status.has_model:
            raise no_model(self.number, self.status)


def no_model(number: int, status: TrialStatus) -> SettingsError:
    """What everybody is told who asks for the model of such a trial."""
    wait = status in (TrialStatus.QUEUED, TrialStatus.RUNNING, TrialStatus.INTERRUPTED)
    return SettingsError(
        f"Trial {number} has no model: its status is '{status}'.",
        kind="no_model",
        remedy="Wait until it has ended, or choose another trial." if wait else "Choose a trial that was trained to its end.",
    )


@dataclass(frozen=True, eq=False)
class Run:
    """The trials of one `tc.train` or `tc.search`."""

    trials: tuple[Trial, ...]
    dataset: Any = field(default=None, repr=False)

    @property
    def best_trial(self) -> Trial:
        """The trial whose kept weights have the lowest validation loss; diverged and failed ones come last."""
        return replace(min(self.trials, key=_score), chosen_from=len(self.trials))


def _score(trial: Trial) -> tuple[int, float]:
    if trial.kept_epoch is None:
        return (1, float("inf"))
    value = float(trial.history.val_loss[trial.kept_epoch - 1])
    return (int(not trial.status.has_model), value if np.isfinite(value) else float("inf"))
