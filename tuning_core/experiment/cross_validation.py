"""CrossValidation: how the rows outside the test set take turns at scoring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from tuning_core.experiment.hyperparameters import _choice, _integer, check_known

CV_METHODS = ("auto", "kfold", "stratified", "grouped", "forward")


@dataclass(frozen=True)
class CrossValidation:
    """k folds; each is held out once and scored by a model trained on the others, or forward in time on those before it.

    Parameters
    ----------
    folds : int
        At least 2.
    repeats : int
        Times that all folds are drawn anew; above 1 the rows are shuffled.
    method : {"auto", "kfold", "stratified", "grouped", "forward"}
        "auto" is what scikit-learn does with a number of folds ("stratified" for classification, else "kfold"), except that
        a dataset split by groups keeps its groups together here, too, and one in file order or by time trains on the past
        only: "forward" holds out each of the later k of k + 1 stretches and trains on all before it (`TimeSeriesSplit`).
    shuffle : bool
        Shuffle before cutting. Rows of a random split are in random order anyway; rows in file order keep it.
    seed : int
        Of the shuffling.
    """

    folds: int = 5
    repeats: int = 1
    method: str = "auto"
    shuffle: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "folds", _integer("folds", self.folds, 2, 100))
        put(self, "repeats", _integer("repeats", self.repeats, 1, 100))
        _choice("method", self.method, CV_METHODS)
        put(self, "seed", _integer("seed", self.seed, 0, 2**32 - 1))

    @property
    def n_divisions(self) -> int:
        """Trainings that one setting needs."""
        return self.folds * self.repeats

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> CrossValidation:
        check_known("CrossValidation", values, tuple(f.name for f in fields(cls)))
        return cls(**values)
