"""History: what was recorded of one training, one value per epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

SERIES = ("loss", "train_loss", "val_loss", "metric", "val_metric")
SCORE_SERIES = "val_score"  # beside them where early stopping watches a score


@dataclass(frozen=True, eq=False)
class History:
    """Learning curves in the target's own units, arrays of shape (epochs,), float64.

    Attributes
    ----------
    loss : Keras's running mean over the batches of the epoch, dropout on, weights moving.
    train_loss : the training rows evaluated again at the end of the epoch, dropout off; the fair partner of `val_loss`.
    val_loss : the validation rows at the end of the epoch.
    metric, val_metric : mean absolute error (regression) or accuracy (classification) on training
        (end of the epoch) and validation rows.
    val_score : the score that early stopping watched, of the validation rows at the end of the epoch; None where it watched none.
    context : facts for reading the curves, where known: task, n_classes, n_train, n_validation, n_features, n_params,
        dummy_loss, dummy_metric, linear_loss, linear_metric, tree_loss, tree_metric (on validation rows), loss_name, metric_name,
        hyperparameters.

    Losses and their baselines count rows as training does ("balanced" class weights too: a constant then costs ln 2 where there
    are two classes), metrics do not weigh classes. No series includes the L2 penalty. A series that was not recorded is all NaN.
    """

    loss: np.ndarray
    train_loss: np.ndarray
    val_loss: np.ndarray
    metric: np.ndarray
    val_metric: np.ndarray
    context: Mapping[str, Any] = field(default_factory=dict)
    val_score: np.ndarray | None = None

    @classmethod
    def from_arrays(
        cls,
        loss: Any = None,
        train_loss: Any = None,
        val_loss: Any = None,
        metric: Any = None,
        val_metric: Any = None,
        context: Mapping[str, Any] | None = None,
        val_score: Any = None,
    ) -> History:
        """Build from sequences; None inside a sequence is NaN, a missing sequence is all NaN, lengths may not differ."""
        given = {"loss": loss, "train_loss": train_loss, "val_loss": val_loss, "metric": metric, "val_metric": val_metric}
        given[SCORE_SERIES] = val_score
        arrays = {name: _series(values) for name, values in given.items() if values is not None}
        lengths = {name: len(values) for name, values in arrays.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"The series differ in length: {lengths}. Give one value per epoch in each.")
        epochs = next(iter(lengths.values()), 0)
        blank = np.full(epochs, np.nan)
        series = {name: arrays.get(name, blank) for name in SERIES}
        return cls(**series, context=dict(context or {}), val_score=arrays.get(SCORE_SERIES))

    @classmethod
    def from_matrix(cls, values: np.ndarray, context: Mapping[str, Any] | None = None) -> History:
        """Build from an array of shape (5, epochs) in the order of `SERIES`, or of (6, epochs) with `val_score` below."""
        loss, train_loss, val_loss, metric, val_metric, *score = np.asarray(values, dtype=np.float64)
        return cls(loss, train_loss, val_loss, metric, val_metric, dict(context or {}), *score)

    def matrix(self) -> np.ndarray:
        """Shape (5, epochs) in the order of `SERIES`; (6, epochs) with `val_score` below where there is one."""
        return np.stack([getattr(self, name) for name in self.series])

    @property
    def series(self) -> tuple[str, ...]:
        """The names of the rows of `matrix`."""
        return SERIES if self.val_score is None else (*SERIES, SCORE_SERIES)

    def __len__(self) -> int:
        return len(self.loss)

    @property
    def epochs(self) -> np.ndarray:
        """1, 2, ..., shape (epochs,)."""
        return np.arange(1, len(self) + 1)

    def to_json(self) -> dict[str, Any]:
        series = {name: [v if np.isfinite(v) else None for v in getattr(self, name).tolist()] for name in self.series}
        return {**series, "context": dict(self.context)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> History:
        return cls.from_arrays(**{name: values.get(name) for name in (*SERIES, SCORE_SERIES)}, context=values.get("context"))


def _series(values: Any) -> np.ndarray:
    array = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"A series must have one value per epoch, shape (epochs,), not {array.shape}.")
    return array
