"""Preparation: raw rows to float32 arrays, fitted on training rows only, kept as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tuning_core.data.encoding import Block, Levels, Number, encode, feature_names, layout, numbers_of
from tuning_core.data.limits import MAX_ENCODED
from tuning_core.errors import DatasetError

if TYPE_CHECKING:
    from tuning_core.data.dataset import Dataset

UNSCALED = ("flag",)


@dataclass(frozen=True, eq=False)
class Preparation:
    """How raw rows become the net's input, and how its output becomes the target's units.

    Parameters
    ----------
    blocks : tuple of Number or Levels
        One or several encoded features each.
    task : {"regression", "classification"}
    classes : tuple of str
        Of a classification, in the order of the class indices.
    target_offset, target_scale : float
        target = scaled * target_scale + target_offset; 0 and 1 when the target is not scaled.
    dropped : dict of str to str
        Features that say nothing in the training rows, with the reason.
    """

    blocks: tuple[Block, ...]
    task: str
    classes: tuple[str, ...] = ()
    target_offset: float = 0.0
    target_scale: float = 1.0
    dropped: dict[str, str] = field(default_factory=dict)
    _dataset: Dataset | None = field(default=None, repr=False)

    @property
    def feature_names(self) -> tuple[str, ...]:
        return feature_names(self.blocks)

    @property
    def columns(self) -> tuple[str, ...]:
        """Raw columns that `transform` needs."""
        return tuple(dict.fromkeys(block.column for block in self.blocks))

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """(rows, features) float32 of raw rows that need no target; DatasetError when a column is lacking."""
        lacking = [name for name in self.columns if name not in frame.columns]
        if lacking:
            raise DatasetError(
                f"The rows have no column named {lacking[0]!r}, which the model was trained on.",
                kind="unknown_column",
                remedy=f"Give all of: {', '.join(self.columns[:20])}.",
                column=lacking[0],
            )
        return encode(self.blocks, frame)

    def X(self, rows: np.ndarray) -> np.ndarray:
        """(len(rows), features) float32 of the dataset's usable rows at these positions."""
        dataset = self._bound()
        return encode(self.blocks, dataset.frame[list(self.columns)].iloc[np.asarray(rows)])

    def y(self, rows: np.ndarray) -> np.ndarray:
        """(len(rows),) float32 scaled targets, or int32 class indices."""
        values = self._bound().target_values[np.asarray(rows)]
        if self.task == "classification":
            return values.astype(np.int32)
        return ((values - self.target_offset) / self.target_scale).astype(np.float32)

    def _bound(self) -> Dataset:
        if self._dataset is None:
            raise DatasetError(
                "This preparation was loaded without its dataset.",
                kind="no_dataset",
                remedy="Use transform(frame) for new rows, or dataset.prepare().",
            )
        return self._dataset

    def to_json(self) -> dict[str, Any]:
        """Plain numbers and words; `from_json` gives the same arrays."""
        return {
            "version": 1,
            "task": self.task,
            "classes": list(self.classes),
            "target_offset": self.target_offset,
            "target_scale": self.target_scale,
            "dropped": dict(self.dropped),
            "blocks": [{"type": type(block).__name__.lower(), **asdict(block)} for block in self.blocks],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Preparation:
        return cls(
            blocks=tuple(_block(block) for block in values["blocks"]),
            task=values["task"],
            classes=tuple(values["classes"]),
            target_offset=values["target_offset"],
            target_scale=values["target_scale"],
            dropped=dict(values["dropped"]),
        )


def _block(values: Mapping[str, Any]) -> Block:
    fields = {name: value for name, value in values.items() if name != "type"}
    if values["type"] == "number":
        return Number(**fields)
    return Levels(**{**fields, "levels": tuple(fields["levels"])})


def fit_preparation(
    dataset: Dataset, fit_rows: np.ndarray | None = None, scale_target: bool = True, layout_rows: np.ndarray | None = None
) -> Preparation:
    """Fit on `fit_rows` (default: training rows) and on nothing else.

    `layout_rows` (default: `fit_rows`) decide which levels and features there are: folds that share them give arrays of
    one width, so that they can be trained in one stack. No statistic comes from them.
    """
    fit_rows = dataset.rows.train if fit_rows is None else np.asarray(fit_rows, dtype=np.int64)
    shape_rows = fit_rows if layout_rows is None else np.asarray(layout_rows, dtype=np.int64)
    blocks, dropped = layout(dataset.frame, dataset.feature_kinds, shape_rows)
    fitted = [_fit(block, dataset.frame[block.column].iloc[fit_rows]) for block in blocks]
    names = feature_names(fitted)
    if not names or len(names) > MAX_ENCODED:
        raise _bad_width(len(names), dropped)
    offset, scale = _target_scale(dataset, fit_rows) if scale_target and dataset.task == "regression" else (0.0, 1.0)
    return Preparation(tuple(fitted), dataset.task or "", dataset.classes, offset, scale, dropped, dataset)


def _bad_width(width: int, dropped: Mapping[str, str]) -> DatasetError:
    if width:
        return DatasetError(
            f"The features become {width:,} columns after encoding; at most {MAX_ENCODED:,} can be trained on.",
            kind="too_many_columns",
            remedy="Leave features out.",
        )
    return DatasetError(
        f"None of the {len(dropped):,} features varies in the training rows.",
        kind="no_usable_features",
        remedy="Choose other features or another split.",
    )


def _fit(block: Block, values: pd.Series) -> Block:
    if isinstance(block, Levels):
        return block
    numbers = numbers_of(values, block.part)
    present = numbers[~np.isnan(numbers)]
    if not len(present):
        return block
    if block.part in UNSCALED:
        return replace(block, median=float(np.median(present) > 0.5))
    median, mean, scale = standardise(numbers)
    return replace(block, median=median, mean=mean, scale=scale)


def standardise(numbers: np.ndarray) -> tuple[float, float, float]:
    """(median, mean, scale) of scikit-learn's SimpleImputer and StandardScaler, for any finite magnitude.

    The numbers are first divided by a power of two near the largest of them: exact, and squares of 1e200 or 1e-200 then
    neither overflow nor vanish.
    """
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import StandardScaler

    largest = np.nanmax(np.abs(numbers))
    exponent = int(np.frexp(largest)[1]) if largest > 0 and not 1e-100 < largest < 1e100 else 0
    column = np.ldexp(numbers, -exponent)[:, None]  # (n, 1)
    imputer = SimpleImputer(strategy="median").fit(column)
    scaler = StandardScaler().fit(imputer.transform(column))
    median, mean, scale = (float(np.ldexp(v[0], exponent)) for v in (imputer.statistics_, scaler.mean_, scaler.scale_))
    if np.ptp(numbers[~np.isnan(numbers)]) == 0 or not np.isfinite(1.0 / scale):
        return median, mean, 1.0 if largest < 1e30 else float(largest)  # no spread to divide by: all zeros
    return median, mean, scale


def _target_scale(dataset: Dataset, fit_rows: np.ndarray) -> tuple[float, float]:
    values = dataset.target_values[fit_rows]
    _, mean, scale = standardise(values)
    return mean, scale if np.ptp(values) > 0 else 1.0


def encoded_width(dataset: Dataset, rows: Sequence[int] | np.ndarray) -> int:
    """Features after encoding, found without scikit-learn."""
    blocks, _ = layout(dataset.frame, dataset.feature_kinds, np.asarray(rows))
    return len(feature_names(blocks))
