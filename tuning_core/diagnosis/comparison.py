"""Settings side by side: what differs, what each reached, and which numbers may be ranked together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tuning_core.diagnosis.difference import Difference, kept_score, paired_difference
from tuning_core.experiment import EarlyStopping, History, Hyperparameters
from tuning_core.experiment.band import Band, band_of

SERIES = {"loss": ("train_loss", "val_loss"), "rmse": ("train_loss", "val_loss"), "metric": ("metric", "val_metric")}
"""Training and validation series of each panel; the RMSE is the root of each training's own loss, before any median or mean."""


@dataclass(frozen=True, eq=False)
class Training:
    """One model of a contender: a seed, and a fold where the search was cross-validated.

    `held_out` is then the loss and the metric of the kept weights on the rows held out, NaN where it diverged: they are what
    counts, because other rows chose the epoch.
    """

    seed: int
    fold: int | None
    status: str
    history: History
    best_epoch: int | None = None
    held_out: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Contender:
    """One setting with all its trainings.

    Attributes
    ----------
    measured_on : what the validation numbers depend on apart from the model (table, target, split, folds), by name.
    seconds : how long the trainings took, where that is known.
    """

    hyperparameters: Hyperparameters
    trainings: tuple[Training, ...]
    measured_on: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = math.nan

    @property
    def context(self) -> Mapping[str, Any]:
        return self.trainings[0].history.context if self.trainings else {}

    @property
    def classifies(self) -> bool:
        return self.context.get("task") == "classification"

    @property
    def epochs(self) -> int:
        """Epochs trained in all."""
        return sum(len(training.history) for training in self.trainings)

    def lower_is_better(self, panel: str) -> bool:
        return panel != "metric" or not self.classifies

    @property
    def panels(self) -> tuple[str, ...]:
        """What can be drawn, the first in the target's own unit where there is one: as on the live curve."""
        loss = self.context.get("loss_name")
        if self.classifies or not loss:
            return ("loss", "metric")
        rooted = loss == "mse" and self.context.get("target_transform") != "log"  # of the logarithm, that root would be a factor
        return ("rmse", "loss", "metric") if rooted else ("metric", "loss")

    def band(self, panel: str, *, validation: bool = True) -> Band:
        """Of the curves of "loss", "rmse" or "metric"."""
        name = SERIES[panel][validation]
        return band_of([_in_unit(getattr(training.history, name), panel) for training in self.trainings])

    def kept(self, panel: str) -> np.ndarray:
        """What the model that each training keeps scores on the validation rows, shape (trainings,); NaN where it diverged."""
        name = SERIES[panel][1]
        values = [kept_score(training.history, self.hyperparameters, name) for training in self.trainings]
        return self._or_held_out(_in_unit(np.array(values), panel), panel)

    def _or_held_out(self, values: np.ndarray, panel: str) -> np.ndarray:
        held = [
            _in_unit(np.array(t.held_out[panel == "metric"]), panel) if t.held_out else v
            for t, v in zip(self.trainings, values, strict=True)
        ]
        return np.array(held, dtype=np.float64)

    def score(self, panel: str) -> float:
        """The one number of this setting, wherever it is shown: the mean of `kept` over seeds and folds, as a search ranks it.

        NaN where a training diverged.
        """
        values = self.kept(panel)
        return float(np.mean(values)) if len(values) and np.isfinite(values).all() else math.nan

    @property
    def measured(self) -> str:
        """What `score` is a mean of, in words: "validation rows, mean of 3 seeds", "mean of 5 folds"."""
        seeds = len({training.seed for training in self.trainings})
        folds = len({training.fold for training in self.trainings if training.fold is not None})
        several = f" and {seeds} seeds" if seeds > 1 else ""
        if folds:
            return f"mean of {folds} folds{several}"
        return f"validation rows, mean of {seeds} seeds" if seeds > 1 else "validation rows"

    def best(self, panel: str) -> np.ndarray:
        """The validation score at each training's best epoch, shape (trainings,): seen afterwards, so a little too good.

        Of a cross-validation the score on the rows held out.
        """
        return self._or_held_out(self._at([training.best_epoch for training in self.trainings], panel), panel)

    def final(self, panel: str) -> np.ndarray:
        """The validation score after each training's last epoch, shape (trainings,)."""
        return self._at([len(training.history) for training in self.trainings], panel)

    def _at(self, epochs: Sequence[int | None], panel: str) -> np.ndarray:
        name = SERIES[panel][1]
        pairs = zip(self.trainings, epochs, strict=True)
        values = [getattr(t.history, name)[e - 1] if e and len(t.history) else math.nan for t, e in pairs]
        return _in_unit(np.array([value if np.isfinite(value) else math.nan for value in values]), panel)

    def unit(self, panel: str) -> tuple:
        """Equal for contenders whose curves may share an axis."""
        loss = self.context.get("loss_name") if panel != "metric" else self.context.get("metric_name")
        return repr(self.measured_on.get("table")), repr(self.measured_on.get("target")), loss

    def yardstick(self, panel: str) -> tuple:
        """Equal for contenders whose numbers may be ranked together: the same rows, and for losses the same loss."""
        loss = self.context.get("loss_name") if panel != "metric" else None
        return (*sorted((name, repr(value)) for name, value in self.measured_on.items()), ("loss", repr(loss)))


def _in_unit(values: np.ndarray, panel: str) -> np.ndarray:
    """Recorded values of a panel's series as the panel shows them."""
    return np.sqrt(values) if panel == "rmse" else values


def shared_panels(contenders: Sequence[Contender]) -> tuple[str, ...]:
    """What can be drawn of all of them, in the order of the one that has fewest."""
    fewest = min((contender.panels for contender in contenders), key=len)
    return tuple(panel for panel in fewest if all(panel in other.panels for other in contenders))


def difference(reference: Contender, other: Contender, panel: str) -> Difference:
    """How much better `other` is than `reference`, over the seeds and folds that both were trained with."""
    before, after = (
        {(t.seed, t.fold): score for t, score in zip(c.trainings, c.kept(panel).tolist(), strict=True)}
        for c in (reference, other)
    )
    shared = [key for key in before if key in after]
    return paired_difference(
        [before[key] for key in shared], [after[key] for key in shared], lower_is_better=other.lower_is_better(panel)
    )


def level_with(best: Contender, others: Sequence[Contender], panel: str) -> list[int]:
    """Places of the others that cannot be told from the best: other seeds or rows could turn the order round."""
    found = [difference(best, other, panel).verdict for other in others]
    return [i for i, verdict in enumerate(found) if verdict in ("luck", "rows", "one_seed")]


def apart(one: Contender, other: Contender, panel: str) -> list[str]:
    """Names of what the numbers of two contenders were measured differently on; empty when they may be ranked together."""
    pairs = zip(one.yardstick(panel), other.yardstick(panel), strict=True)
    return [a[0] for a, b in pairs if a != b]


def what_differs(settings: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The settings that are not the same for all, by name, with everyone's value; None where one has no such setting.

    Where somebody has no such setting (a patience without early stopping), it counts as the default: it differs only if
    others have chosen something else.
    """
    names = list(dict.fromkeys(name for values in settings for name in values))
    found = {}
    for name in names:
        counted = [values.get(name, _DEFAULTS.get(name)) for values in settings]
        if any(value != counted[0] for value in counted):
            found[name] = [values.get(name) for values in settings]
    return found


_DEFAULTS = Hyperparameters().to_json() | EarlyStopping().to_json()


def flat_settings(hp: Hyperparameters) -> dict[str, Any]:
    """Hyperparameters on one level; what has no effect is left out (momentum of adam, the activation of a linear model)."""
    flat = hp.to_json()
    stop = flat.pop("early_stopping")
    for name, optimizer in (("momentum", "sgd"), ("weight_decay", "adamw")):
        if hp.optimizer != optimizer:
            del flat[name]
    if not hp.hidden_units:
        del flat["activation"], flat["dropout"]
    return flat | ({"early_stopping": True, **stop} if stop else {"early_stopping": False})
