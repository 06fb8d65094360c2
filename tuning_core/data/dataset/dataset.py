"""Dataset: a table with a target, features and a split; everything about training data that is decided before training."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data.dataset.derived import derive
from tuning_core.data.dataset.feature_encoding import encoded_width
from tuning_core.data.dataset.preparation import Preparation, fit_preparation
from tuning_core.data.dataset.split_rows import SplitRows
from tuning_core.data.notices import Notice
from tuning_core.data.table import Table
from tuning_core.experiment import Split
from tuning_core.experiment.hyperparameters import check_known


@dataclass(frozen=True, eq=False)
class Dataset:
    """A table made ready to be learned from.

    Parameters
    ----------
    table : Table
    target : str or int
        The column to predict; a whole number is a position.
    features : sequence of str, optional
        Columns to predict it from; by default all but ids, free text, constant and empty ones.
    split : Split
    task : {"regression", "classification"}, optional
        By default what the target suggests.
    kinds : mapping of str to str, optional
        Columns that are to be taken as another kind than the reader found.

    Attributes
    ----------
    frame : pandas.DataFrame
        The usable rows: those with a target, in file order, index 0 to n - 1.
    target_values : (n,) float64, or int32 class indices
    classes : tuple of str
        In the order of the class indices; empty for a regression.
    left_out : dict of str to str
        Columns that are not used, with the reason.
    rows : SplitRows
        Positions in `frame`.
    groups : (n,) int64 or None
        Group of each usable row, for the grouped method.
    notices : tuple of Notice
        Those of the table, then those of this configuration (`own_notices`).

    Raises
    ------
    DatasetError, SettingsError
        When nothing can be learned this way; the message names the value, the rule and the remedy.
    """

    table: Table
    target: str
    features: tuple[str, ...] | Sequence[str] | None = None
    split: Split = field(default_factory=Split)
    task: str | None = None
    kinds: Mapping[str, str] | None = None

    frame: pd.DataFrame = field(init=False, repr=False)
    target_values: np.ndarray = field(init=False, repr=False)
    classes: tuple[str, ...] = field(init=False, default=())
    feature_kinds: dict[str, str] = field(init=False, repr=False)
    left_out: dict[str, str] = field(init=False, repr=False)
    rows: SplitRows = field(init=False, repr=False)
    groups: np.ndarray | None = field(init=False, repr=False, default=None)
    own_notices: tuple[Notice, ...] = field(init=False, repr=False, default=())
    notices: tuple[Notice, ...] = field(init=False, repr=False, default=())
    fingerprint: str = field(init=False, default="")

    def __post_init__(self) -> None:
        found = derive(self.table, self.target, self.features, self.split, self.task, self.kinds)
        spec = {
            "target": found.target,
            "features": None if found.asked is None else list(found.asked),
            "split": self.split.to_json(),
            "task": self.task,
            "kinds": dict(found.kinds),
        }
        attributes = {name: value for name, value in vars(found).items() if name != "asked"} | {
            "features": tuple(found.feature_kinds),
            "notices": (*self.table.notices, *found.own_notices),
            "fingerprint": _hash(self.table.sha256, spec),
            "_spec": spec,
        }
        for name, value in attributes.items():
            object.__setattr__(self, name, value)  # frozen from here on

    @property
    def vault(self) -> str:
        """Identity of the test rows with their target: datasets that agree in it share what was seen of them."""
        facts = json.dumps([self.table.sha256, self.target, len(self.frame)]).encode()
        return hashlib.sha256(facts + np.sort(self.rows.test).astype("<i8").tobytes()).hexdigest()[:24]

    def prepare(
        self, fit_rows: np.ndarray | None = None, scale_target: bool = True, layout_rows: np.ndarray | None = None
    ) -> Preparation:
        """Arrays for the net, fitted on `fit_rows` (default: the training rows) and on nothing else.

        `layout_rows` (default: `fit_rows`) decide which levels and features there are: folds that share them give arrays of
        one width, so that they can be trained in one stack. No statistic comes from them.
        """
        fit_rows = self.rows.train if fit_rows is None else np.asarray(fit_rows, dtype=np.int64)
        return fit_preparation(
            self.frame,
            self.feature_kinds,
            fit_rows,
            fit_rows if layout_rows is None else np.asarray(layout_rows, dtype=np.int64),
            task=self.task or "",
            classes=self.classes,
            target=self.target_values[fit_rows] if scale_target and self.task == "regression" else None,
        )

    def spec(self) -> dict[str, Any]:
        """The settings, JSON-able: `Dataset.from_spec(table, spec)` gives this dataset again."""
        return json.loads(json.dumps(self._spec))  # type: ignore[attr-defined]

    @classmethod
    def from_spec(cls, table: Table, spec: Mapping[str, Any]) -> Dataset:
        check_known("Dataset", spec, ("target", "features", "split", "task", "kinds"))
        return cls(
            table,
            target=spec["target"],
            features=spec.get("features"),
            split=Split.from_json(spec.get("split") or {}),
            task=spec.get("task"),
            kinds=spec.get("kinds"),
        )

    def summary(self) -> dict[str, Any]:
        """JSON-able facts for a page: rows and classes per part, encoded width, what is left out, notices."""
        counts = {}
        if self.task == "classification":
            for part, rows in self.rows.parts():
                found = np.bincount(self.target_values[rows], minlength=len(self.classes))
                counts[part] = dict(zip(self.classes, found.tolist(), strict=True))
        return {
            "target": self.target,
            "task": self.task,
            "classes": list(self.classes),
            "rows": {part: len(rows) for part, rows in self.rows.parts()},
            "usable_rows": len(self.frame),
            "class_counts": counts,
            "features": list(self.features or ()),
            "feature_kinds": dict(self.feature_kinds),
            "encoded_features": encoded_width(self.frame, self.feature_kinds, self.rows.train),
            "left_out": dict(self.left_out),
            "notices": [notice.to_json() for notice in self.own_notices],
            "split": self.split.to_json(),
            "fingerprint": self.fingerprint,
            "vault": self.vault,
        }


def _hash(sha256: str, spec: Mapping[str, Any]) -> str:
    return hashlib.sha256((sha256 + json.dumps(spec, sort_keys=True)).encode()).hexdigest()
