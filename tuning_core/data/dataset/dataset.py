"""Dataset: a table with a target, features and a split; everything about training data that is decided before training."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data.dataset.derived import derive
from tuning_core.data.dataset.feature_encoding import encoded_width
from tuning_core.data.dataset.preparation import Preparation, fit_preparation
from tuning_core.data.dataset.settings import DatasetSettings
from tuning_core.data.dataset.split_rows import SplitRows
from tuning_core.data.dataset.usable_rows import UsableRows
from tuning_core.data.notices import Notice
from tuning_core.data.table import Table
from tuning_core.experiment import Split


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
    sample_weight : str or int, optional
        The column that says how much each row counts, in training and in every score: 2 like two rows, 0 like none.
    target_transform : {None, "log"}
        Learn the logarithm of a target above 0. Predictions and mean absolute errors are in the target's own units; losses are
        those of the logarithm, which is what is minimised.
    part : str or int, optional
        The column that names the part of each row (train, validation, test), in place of `split`.

    Attributes
    ----------
    frame : pandas.DataFrame
        The usable rows, in file order, index 0 to n - 1: those with a target, a weight above 0, a part and a time.
    target_values : (n,) float64, or int32 class indices
    classes : tuple of str
        In the order of the class indices; empty for a regression.
    left_out : dict of str to str
        Columns that are not used, with the reason.
    rows : SplitRows
        Positions in `frame`.
    weights : (n,) float64 or None
        How much each usable row counts.
    groups : (n,) int64 or None
        Group of each usable row, for the methods that keep rows together.
    order : (n,) int64 or None
        Place of each usable row in time, for the methods that go by it; the rows of each part are in this order.
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
    sample_weight: str | int | None = None
    target_transform: str | None = None
    part: str | int | None = None

    frame: pd.DataFrame = field(init=False, repr=False)
    target_values: np.ndarray = field(init=False, repr=False)
    classes: tuple[str, ...] = field(init=False, default=())
    feature_kinds: dict[str, str] = field(init=False, repr=False)
    left_out: dict[str, str] = field(init=False, repr=False)
    rows: SplitRows = field(init=False, repr=False)
    weights: np.ndarray | None = field(init=False, repr=False, default=None)
    groups: np.ndarray | None = field(init=False, repr=False, default=None)
    order: np.ndarray | None = field(init=False, repr=False, default=None)
    own_notices: tuple[Notice, ...] = field(init=False, repr=False, default=())
    notices: tuple[Notice, ...] = field(init=False, repr=False, default=())
    fingerprint: str = field(init=False, default="")

    def __post_init__(self) -> None:
        given = {f.name: getattr(self, f.name) for f in fields(DatasetSettings)}
        settings = DatasetSettings(**given).resolved(self.table)
        found = derive(self.table, settings)
        attributes = {
            **{f.name: getattr(settings, f.name) for f in fields(settings)},
            **{f.name: getattr(found, f.name) for f in fields(found) if f.name not in ("usable", "notices")},
            "features": tuple(found.feature_kinds),
            "frame": found.usable.frame,
            "own_notices": found.notices,
            "notices": (*self.table.notices, *found.notices),
            "fingerprint": _hash(self.table.sha256, settings.to_json()),
            "_settings": settings,
            "_usable": found.usable,
        }
        for name, value in attributes.items():
            object.__setattr__(self, name, value)  # frozen from here on

    @property
    def vault(self) -> str:
        """Identity of the test rows with their target: datasets that agree in it share what was seen of them.

        Rows are counted among those with a target, so that a weight column that leaves some out is no new vault.
        """
        usable: UsableRows = self._usable  # type: ignore[attr-defined]
        facts = json.dumps([self.table.sha256, self.target, usable.n_with_target]).encode()
        return hashlib.sha256(facts + np.sort(usable.places[self.rows.test]).astype("<i8").tobytes()).hexdigest()[:24]

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
            target=self.target_values[fit_rows] if self.task == "regression" else None,
            scale_target=scale_target,
            weights=None if self.weights is None else self.weights[fit_rows],
            transform=self.target_transform,
        )

    def spec(self) -> dict[str, Any]:
        """The settings, JSON-able: `Dataset.from_spec(table, spec)` gives this dataset again."""
        settings: DatasetSettings = self._settings  # type: ignore[attr-defined]
        return json.loads(json.dumps(settings.to_json()))

    @classmethod
    def from_spec(cls, table: Table, spec: Mapping[str, Any]) -> Dataset:
        settings = DatasetSettings.from_json(spec)
        return cls(table, **{f.name: getattr(settings, f.name) for f in fields(settings)})

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
            "sample_weight": self.sample_weight,
            "target_transform": self.target_transform,
            "part": self.part,
            "fingerprint": self.fingerprint,
            "vault": self.vault,
        }


def _hash(sha256: str, spec: Mapping[str, Any]) -> str:
    return hashlib.sha256((sha256 + json.dumps(spec, sort_keys=True)).encode()).hexdigest()
