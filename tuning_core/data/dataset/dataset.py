"""Dataset: a table with a target, features and a split; everything about training data that is decided before training."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data.dataset import checks, feature_selection, split_rows, targets
from tuning_core.data.dataset.preparation import Preparation, encoded_width, fit_preparation
from tuning_core.data.dataset.split_rows import SplitRows
from tuning_core.data.notices import Notice, counted
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
        put = lambda name, value: object.__setattr__(self, name, value)  # noqa: E731
        put("target", feature_selection.resolve(self.table, self.target))
        put("kinds", feature_selection.checked_kinds(self.table, self.kinds))
        asked = None if self.features is None else tuple(feature_selection.resolve(self.table, name) for name in self.features)
        put("_spec", self._make_spec(asked))
        notices: list[Notice] = []
        put("frame", self._usable_rows(notices))
        self._set_target(put)
        chosen, left_out = feature_selection.choose(self.table, self.target, asked, self.kinds or {}, self.split.group)
        put("feature_kinds", chosen)
        put("features", tuple(chosen))
        put("left_out", left_out)
        put("groups", self._group_codes())
        rows, moved = self._draw()
        put("rows", rows)
        notices += checks.check_classes(self, moved)
        notices += checks.check_rows(self)
        notices += checks.check_features(self)
        put("own_notices", tuple(notices))
        put("notices", (*self.table.notices, *notices))
        put("fingerprint", _hash(self.table.sha256, self.spec()))

    def _make_spec(self, asked: tuple[str, ...] | None) -> dict[str, Any]:
        return {
            "target": self.target,
            "features": None if asked is None else list(asked),
            "split": self.split.to_json(),
            "task": self.task,
            "kinds": dict(self.kinds or {}),
        }

    def _usable_rows(self, notices: list[Notice]) -> pd.DataFrame:
        values = self.table.frame[self.target]
        targets.check_present(values, self.target)
        present = values.notna()
        lacking = int((~present).sum())
        if not lacking:
            return self.table.frame
        used = counted(int(present.sum()), "row")
        message = f"{counted(lacking, 'row')} dropped for want of a target ({self.target!r}); {used} used."
        notices.append(Notice("missing_target_rows_dropped", message, (self.target,), lacking))
        return self.table.frame.loc[present].reset_index(drop=True)

    def _set_target(self, put: Any) -> None:
        kind = (self.kinds or {}).get(self.target, self.table.column(self.target).kind)
        values = self.frame[self.target]
        put("task", targets.choose_task(values, kind, self.task))
        checks.check_enough_rows(len(values))
        if self.task == "regression":
            put("target_values", targets.regression_target(values, self.target, kind))
        else:
            codes, classes = targets.class_target(values, self.target, kind)
            put("target_values", codes)
            put("classes", classes)

    def _group_codes(self) -> np.ndarray | None:
        if self.split.method != "grouped":
            return None
        name = feature_selection.resolve(self.table, self.split.group)
        codes, _ = pd.factorize(self.frame[name], use_na_sentinel=False)
        checks.check_groups(name, len(np.unique(codes)))
        return codes.astype(np.int64)

    def _draw(self) -> tuple[SplitRows, list[int]]:
        strata = None
        if self.split.method == "stratified":
            strata = self.target_values if self.task == "classification" else split_rows.target_strata(self.target_values)
        rows = split_rows.split_rows(len(self.frame), self.split, strata, self.groups)
        if self.task == "classification" and self.split.method in ("random", "stratified"):
            return split_rows.move_into_training(rows, self.target_values)
        return rows, []

    @property
    def vault(self) -> str:
        """Identity of the test rows with their target: datasets that agree in it share what was seen of them."""
        facts = json.dumps([self.table.sha256, self.target, len(self.frame)]).encode()
        return hashlib.sha256(facts + np.sort(self.rows.test).astype("<i8").tobytes()).hexdigest()[:24]

    def prepare(
        self, fit_rows: np.ndarray | None = None, scale_target: bool = True, layout_rows: np.ndarray | None = None
    ) -> Preparation:
        """Arrays for the net, fitted on `fit_rows` only (default: the training rows); see `fit_preparation`."""
        return fit_preparation(self, fit_rows, scale_target, layout_rows)

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
            "encoded_features": encoded_width(self, self.rows.train),
            "left_out": dict(self.left_out),
            "notices": [notice.to_json() for notice in self.own_notices],
            "split": self.split.to_json(),
            "fingerprint": self.fingerprint,
            "vault": self.vault,
        }


def _hash(sha256: str, spec: Mapping[str, Any]) -> str:
    return hashlib.sha256((sha256 + json.dumps(spec, sort_keys=True)).encode()).hexdigest()
