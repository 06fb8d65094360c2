"""ExamReport: what the exam found; frozen, JSON both ways."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from tuning_core.exam.classes import CalibrationBin, ClassScore, RocCurve
from tuning_core.exam.ledger import Step
from tuning_core.exam.scores import Estimate, Scored
from tuning_core.experiment import TestSetLook
from tuning_core.experiment.test_set_look import stamp

MOST_ROWS = 5_000  # rows that travel to a page; a script has them all


@dataclass(frozen=True, eq=False)
class ExamReport:
    """A model on the test rows, beside a constant, a linear model and trees on the same rows.

    Attributes
    ----------
    task : "regression" or "classification"; `classes` in the order of the class indices.
    target, loss_name, metric_name : `metric_name` is "mae" or "accuracy".
    n_rows : test rows.
    models : the model, then the baselines that could be computed; see `Scored`.
    ledger, loss_ledger : baseline -> train -> validation -> test, in the metric and in the loss. A model that was trained on
        the validation rows, too, has no step of that name.
    predicted, actual : regression: (rows,) each, in the target's own units. Classification: shares (rows, classes) and class
        indices (rows,). `rows` are their positions in `dataset.frame`.
    confusion : (classes, classes), rows actual, columns guessed; None for a regression, as are the following. Like scores and
        ledgers they count rows by the dataset's weights where it has some (`weighted`), as scikit-learn's `sample_weight`.
    class_scores, roc, calibration, calibration_error : see `tuning_core.exam.classes`.
    seed, kept_epoch, n_fit : of the model: its seed, the epoch whose weights it has, and the rows that it was trained on; None in
        reports from before they were written down. `refitted`: these are training and validation rows.
    unknown : by metric, a sentence why these rows cannot tell it; its value is then NaN.
    seed_scores : the metric on the validation rows of every seed of the same setting, at the epoch that each keeps; () where
        only this one is known.
    tried : configurations that this one was chosen from.
    looks : all looks at these test rows, oldest first; the last one gave this report.
    other_looks : looks at test rows of other splits of the same file.
    vault, fingerprint, sha256 : identities of the test rows, of the dataset's configuration and of the file.
    """

    task: str
    target: str
    classes: tuple[str, ...]
    loss_name: str
    metric_name: str
    n_rows: int
    models: tuple[Scored, ...]
    ledger: tuple[Step, ...]
    loss_ledger: tuple[Step, ...]
    predicted: np.ndarray = field(repr=False)
    actual: np.ndarray = field(repr=False)
    rows: np.ndarray = field(repr=False)
    confusion: np.ndarray | None = None
    weighted: bool = False
    class_scores: tuple[ClassScore, ...] = ()
    roc: tuple[RocCurve, ...] = ()
    calibration: tuple[CalibrationBin, ...] = ()
    calibration_error: float = math.nan
    seed: int | None = None
    kept_epoch: int | None = None
    n_fit: int | None = None
    refitted: bool = False
    unknown: Mapping[str, str] = field(default_factory=dict)
    seed_scores: tuple[float, ...] = ()
    tried: int = 1
    looks: tuple[TestSetLook, ...] = ()
    other_looks: int = 0
    vault: str = ""
    fingerprint: str = ""
    sha256: str = ""

    @property
    def scores(self) -> Mapping[str, Estimate]:
        """The model's own."""
        return self.models[0].scores

    @property
    def residuals(self) -> np.ndarray:
        """Actual - predicted of a regression, (rows,)."""
        if self.task != "regression":
            raise ValueError("Only a regression has residuals.")
        return self.actual - self.predicted

    @property
    def stamp(self) -> str:
        """ "test set used once", "test set used 2 times"."""
        return stamp(len(self.looks), self.other_looks)

    def to_json(self) -> dict[str, Any]:
        """Plain values, NaN as None; of more than 5,000 rows evenly spaced ones."""
        values = {name: value for name, value in vars(self).items() if name not in ("predicted", "actual", "rows", "confusion")}
        at = np.unique(np.linspace(0, self.n_rows - 1, min(self.n_rows, MOST_ROWS)).astype(int))
        plain = {name: _plain(value) for name, value in values.items()}
        arrays = {name: getattr(self, name)[at].tolist() for name in ("predicted", "actual", "rows")}
        return {**plain, **arrays, "confusion": None if self.confusion is None else self.confusion.tolist(), "stamp": self.stamp}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ExamReport:
        """Read what `to_json` wrote."""
        given = {name: value for name, value in values.items() if name != "stamp"}
        lists: dict[str, Callable[[Any], Any]] = {
            "models": _scored,
            "ledger": lambda v: Step(**_numbers(v)),
            "loss_ledger": lambda v: Step(**_numbers(v)),
            "class_scores": lambda v: ClassScore(**_numbers(v)),
            "roc": lambda v: RocCurve(v["name"], tuple(v["false_positive"]), tuple(v["true_positive"]), v["area"]),
            "calibration": lambda v: CalibrationBin(**v),
            "looks": lambda v: TestSetLook(**v),
            "classes": str,
            "seed_scores": _number,
        }
        for name, make in lists.items():
            given[name] = tuple(make(value) for value in given.get(name, ()))
        for name in ("predicted", "actual", "rows"):
            given[name] = np.asarray(given[name])
        given["confusion"] = None if given["confusion"] is None else np.asarray(given["confusion"])
        given["calibration_error"] = _number(given["calibration_error"])
        return cls(**given)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return _plain(asdict(value)) if hasattr(value, "__dataclass_fields__") else value


def _number(value: Any) -> Any:
    return math.nan if value is None else value


def _numbers(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _number(value) for name, value in values.items()}


def _scored(values: Mapping[str, Any]) -> Scored:
    parts = {name: {m: Estimate(**_numbers(e)) for m, e in values[name].items()} for name in ("scores", "lead")}
    return Scored(values["name"], parts["scores"], parts["lead"])
