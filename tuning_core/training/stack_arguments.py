"""What a compiled program is given of a stack: the rows of its folds, and the settings of each trial as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tuning_core.experiment.score_names import GREATER_IS_BETTER
from tuning_core.training.fold import Fold
from tuning_core.training.specs import ModelShape
from tuning_core.training.stacked_trial import StackedTrial
from tuning_core.training.trial_results import record_scales


@dataclass(frozen=True, eq=False)
class StackTable:
    """The rows of all folds of a stack, one fold below the other: its training rows, then its validation rows.

    Attributes
    ----------
    first_row : of each fold, by its number.
    x, y : shape (rows, features) and (rows,); features that a fold does not have are zero.
    row_weight, score_weight : shape (rows,), of training and of evaluation; None where no row weighs more than another.
    """

    first_row: dict[int, int]
    x: np.ndarray
    y: np.ndarray
    row_weight: np.ndarray | None = None
    score_weight: np.ndarray | None = None

    @classmethod
    def of(cls, folds: Mapping[int, Fold], numbers: Sequence[int], shape: ModelShape) -> StackTable:
        """The table of these folds."""
        used = [folds[number] for number in numbers]
        starts = np.cumsum([0, *(len(f.x_train) + len(f.x_val) for f in used[:-1])])
        row_weight = score_weight = None
        if shape.weighted:
            weights = [part for f in used for part in (f.row_weights(shape.balanced), f.validation_weights(shape.balanced))]
            row_weight = np.concatenate(weights)
            score_weight = np.concatenate([f.evaluation_weights() for f in used])
        return cls(
            dict(zip(numbers, map(int, starts), strict=True)),
            np.concatenate([_with_columns(part, shape.n_features) for f in used for part in (f.x_train, f.x_val)]),
            np.concatenate([part for f in used for part in (f.y_train, f.y_val)]),
            row_weight,
            score_weight,
        )

    def arguments(self, rows: int) -> dict[str, np.ndarray]:
        """By the names that a program knows, with zeros below up to so many rows."""
        given = {"x": self.x, "y": self.y, "row_weight": self.row_weight, "score_weight": self.score_weight}
        return {name: _padded(array, rows) for name, array in given.items() if array is not None}


def trial_arguments(
    slots: Sequence[StackedTrial],
    streams: Sequence[int],
    folds: Mapping[int, Fold],
    table: StackTable,
    shape: ModelShape,
) -> dict[str, np.ndarray]:
    """The settings of the trials in their slots, arrays of shape (k,) unless said otherwise.

    Parameters
    ----------
    slots : the trials of a program, shape (k,).
    streams : place of each one's row order among those of the stack.
    """
    hps = [lane.leader.hyperparameters for lane in slots]
    own = [folds[lane.leader.fold] for lane in slots]
    starts = [table.first_row[lane.leader.fold] for lane in slots]
    arguments: dict[str, np.ndarray] = {
        "stream": np.array(streams, np.int32),
        "steps": np.array(shape.steps, np.int32),  # ()
        "batch": np.array(shape.batch_size, np.int32),  # ()
        "n_train": np.array([len(fold.x_train) for fold in own], np.int32),
        "n_val": np.array([len(fold.x_val) for fold in own], np.int32),
        "train_row": np.array(starts, np.int32),
        "val_row": np.array([start + len(fold.x_train) for start, fold in zip(starts, own, strict=True)], np.int32),
        "epochs": np.array([hp.epochs for hp in hps], np.int32),
        **_stopping_arguments(slots, own, shape),
    }
    if shape.dropout:
        arguments["seeds"] = np.array([lane.leader.seed % 2**32 for lane in slots], np.uint32)
        arguments["dropout"] = np.array([hp.dropout_rates for hp in hps], np.float32)  # (k, layers)
    if shape.log:
        arguments["log_scale"] = np.array([fold.target_scale for fold in own], np.float32)
    if shape.l2:
        arguments["l2"] = np.array([hp.l2 for hp in hps], np.float32)
    return arguments


def _stopping_arguments(slots: Sequence[StackedTrial], folds: Sequence[Fold], shape: ModelShape) -> dict[str, np.ndarray]:
    """Early stopping and the epoch to keep; `min_delta` in the unscaled units in which a program watches."""
    hps = [lane.leader.hyperparameters for lane in slots]
    stops = [hp.early_stopping for hp in hps]
    on_metric = np.array([stop is not None and stop.monitor == "val_metric" for stop in stops])
    scales = [record_scales(fold, shape.loss)[4 if metric else 2] for fold, metric in zip(folds, on_metric, strict=True)]
    upward = on_metric & (shape.task == "classification")
    if shape.scored:  # scores come in the target's own units
        scales = [1.0] * len(hps)
        upward = np.array([stop is not None and stop.monitor in GREATER_IS_BETTER for stop in stops])
    delta = [s.min_delta / c if s else 0.0 for s, c in zip(stops, scales, strict=True)]
    return {
        "monitor_metric": on_metric,
        "monitor_sign": np.where(upward, -1.0, 1.0).astype(np.float32),
        "patience": np.array([stop.patience if stop else 2**30 for stop in stops], np.int32),
        "min_delta": np.array(delta, np.float64 if shape.scored else np.float32),
        "start_from": np.array([stop.start_from_epoch if stop else 0 for stop in stops], np.int32),
        "restore": np.array([hp.keeps_best for hp in hps]),
    }


def _with_columns(x: np.ndarray, features: int) -> np.ndarray:
    """The array with columns of zeros behind, up to this many."""
    return np.pad(x, ((0, 0), (0, features - x.shape[1]))) if features > x.shape[1] else x


def _padded(array: np.ndarray, rows: int) -> np.ndarray:
    """The array with zeros below, up to this many rows."""
    return np.concatenate([array, np.zeros((rows - len(array), *array.shape[1:]), array.dtype)])
