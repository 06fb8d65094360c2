"""Split: how rows are divided into training, validation and test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment.hyperparameters import _choice, _flag, _integer, _real, check_known

SPLIT_METHODS = ("random", "stratified", "ordered", "time", "grouped", "copies")
IN_TIME = ("ordered", "time")
"""Methods by which training rows come before those that judge."""


@dataclass(frozen=True)
class Split:
    """Fractions of the rows, and how they are drawn.

    Parameters
    ----------
    train, validation, test : float
        Fractions that sum to 1. `train` and `validation` are above 0, `test` may be 0.
    seed : int
        Same seed, same rows.
    method : {"random", "stratified", "ordered", "time", "grouped", "copies"}
        "stratified" keeps the share of each class (regression: of each fifth of the target);
        "ordered" keeps file order: first rows train, last rows test; "time" does so after sorting by a date or a number;
        "grouped" keeps the rows of a group together, "copies" rows with the same cells.
    group : str or None
        The column that names the group; for "grouped" only.
    column : str or None
        The column that says when; for "time" only.
    keras_validation_split : bool
        Take the test rows by `method`, then the *last* validation/(train + validation) of the remaining rows,
        in the order they were drawn and not shuffled again, as `fit(validation_split=...)` does.
    """

    train: float = 0.7
    validation: float = 0.2
    test: float = 0.1
    seed: int = 0
    method: str = "random"
    group: str | None = None
    keras_validation_split: bool = False
    column: str | None = None

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "train", _real("train", self.train, 0.0, 1.0, open_low=True))
        put(self, "validation", _real("validation", self.validation, 0.0, 1.0, open_low=True))
        put(self, "test", _real("test", self.test, 0.0, 1.0))
        put(self, "seed", _integer("seed", self.seed, 0, 2**32 - 1))
        _choice("method", self.method, SPLIT_METHODS)
        put(self, "keras_validation_split", _flag("keras_validation_split", self.keras_validation_split))
        total = self.train + self.validation + self.test
        if abs(total - 1.0) > 1e-6:
            raise SettingsError(
                f"The split is {self.train:g} + {self.validation:g} + {self.test:g} = {total:g}, but fractions must sum to 1.",
                kind="split_sum",
                remedy="Change one of them, for example to 0.7, 0.2 and 0.1.",
            )
        if self.method == "grouped" and not self.group:
            raise SettingsError(
                "The split method is 'grouped', but no group column is given.",
                kind="group_missing",
                remedy="Name the column that says which rows belong together.",
            )
        if (self.method == "time") != bool(self.column):
            raise SettingsError(
                f"The split method is {self.method!r} and column is {self.column!r}, but 'time' alone goes by a column.",
                kind="time_column_missing",
                remedy='Write Split(method="time", column="day") with the column that says when.',
            )

    def to_json(self) -> dict[str, Any]:
        """What is not set is not written, so that splits from before there were dates keep their identity."""
        values = asdict(self)
        return values if self.column else {name: value for name, value in values.items() if name != "column"}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Split:
        check_known("Split", values, tuple(f.name for f in fields(cls)))
        return cls(**values)
