"""Preparation: raw rows to float32 arrays, fitted on training rows only, kept as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data.dataset.feature_encoding import Block, Levels, Number, encode, feature_names, layout, numbers_of
from tuning_core.data.limits import MAX_ENCODED
from tuning_core.errors import DatasetError

UNSCALED = ("flag",)
FIT_CELLS = 10_000_000
"""Cells that are copied at once to be fitted: 80 MB."""


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
    target_transform : {None, "log"}
        What is done to the target before it is scaled.
    dropped : dict of str to str
        Features that say nothing in the training rows, with the reason.
    """

    blocks: tuple[Block, ...]
    task: str
    classes: tuple[str, ...] = ()
    target_offset: float = 0.0
    target_scale: float = 1.0
    dropped: dict[str, str] = field(default_factory=dict)
    target_transform: str | None = None

    @property
    def feature_names(self) -> tuple[str, ...]:
        return feature_names(self.blocks)

    @property
    def columns(self) -> tuple[str, ...]:
        """Raw columns that `transform` needs."""
        return tuple(dict.fromkeys(block.column for block in self.blocks))

    def transform(self, frame: pd.DataFrame, rows: np.ndarray | None = None) -> np.ndarray:
        """(rows, features) float32 of raw rows, all of the frame or those at these positions; no target is needed.

        DatasetError when a column is lacking.
        """
        lacking = [name for name in self.columns if name not in frame.columns]
        if lacking:
            raise DatasetError(
                f"The rows have no column named {lacking[0]!r}, which the model was trained on.",
                kind="unknown_column",
                remedy=f"Give all of: {', '.join(self.columns[:20])}.",
                column=lacking[0],
            )
        return encode(self.blocks, frame, rows)

    def transform_target(self, values: np.ndarray) -> np.ndarray:
        """(rows,) float32 scaled targets of target values in their own units, or int32 class indices as they are."""
        if self.task == "classification":
            return np.asarray(values).astype(np.int32)
        values = np.log(values) if self.target_transform == "log" else values
        return ((values - self.target_offset) / self.target_scale).astype(np.float32)

    def inverse_transform_target(self, outputs: np.ndarray) -> np.ndarray:
        """(rows,) float64 in the target's own units of a regression's outputs, scaled as in training."""
        values = np.asarray(outputs, dtype=np.float64) * self.target_scale + self.target_offset
        if self.target_transform != "log":
            return values
        with np.errstate(over="ignore"):
            return np.exp(values)

    def to_json(self) -> dict[str, Any]:
        """Plain numbers and words; `from_json` gives the same arrays."""
        values = {
            "version": 1,
            "task": self.task,
            "classes": list(self.classes),
            "target_offset": self.target_offset,
            "target_scale": self.target_scale,
            "dropped": dict(self.dropped),
            "blocks": [{"type": type(block).__name__.lower(), **asdict(block)} for block in self.blocks],
        }
        return values | ({"target_transform": self.target_transform} if self.target_transform else {})

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Preparation:
        return cls(
            blocks=tuple(_block(block) for block in values["blocks"]),
            task=values["task"],
            classes=tuple(values["classes"]),
            target_offset=values["target_offset"],
            target_scale=values["target_scale"],
            dropped=dict(values["dropped"]),
            target_transform=values.get("target_transform"),
        )


def _block(values: Mapping[str, Any]) -> Block:
    fields = {name: value for name, value in values.items() if name != "type"}
    if values["type"] == "number":
        return Number(**fields)
    return Levels(**{**fields, "levels": tuple(fields["levels"])})


def fit_preparation(
    frame: pd.DataFrame,
    kinds: Mapping[str, str],
    fit_rows: np.ndarray,
    layout_rows: np.ndarray,
    *,
    task: str,
    classes: tuple[str, ...] = (),
    target: np.ndarray | None = None,
    scale_target: bool = True,
    weights: np.ndarray | None = None,
    transform: str | None = None,
) -> Preparation:
    """Fit on `fit_rows` of the frame and on nothing else.

    Parameters
    ----------
    kinds : the features, and as what each is encoded.
    layout_rows : decide which levels and features there are; no statistic comes from them.
    target : (len(fit_rows),) float64 in its own units; None of classes.
    weights : (len(fit_rows),) float64 by which the target's mean and scale are weighted; features are scaled as by a
        StandardScaler that knows no weights.
    transform : see `Preparation.target_transform`.
    """
    blocks, dropped = layout(frame, kinds, layout_rows)
    fitted = _fit(blocks, frame, fit_rows)
    names = feature_names(fitted)
    if not names or len(names) > MAX_ENCODED:
        raise _bad_width(len(names), dropped)
    offset, scale = 0.0, 1.0
    if target is not None and scale_target:
        offset, scale = _target_scale(np.log(target) if transform == "log" else target, weights)
    return Preparation(tuple(fitted), task, classes, offset, scale, dropped, transform)


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


def _fit(blocks: Sequence[Block], frame: pd.DataFrame, rows: np.ndarray) -> list[Block]:
    """The blocks with the statistics of `rows`; numbers are fitted many at a time, as scikit-learn likes it."""
    fitted = list(blocks)
    numeric = [at for at, block in enumerate(blocks) if isinstance(block, Number)]
    step = max(1, FIT_CELLS // max(1, len(rows)))
    for start in range(0, len(numeric), step):
        places = numeric[start : start + step]
        chosen = [block for at in places if isinstance(block := blocks[at], Number)]
        columns = [numbers_of(frame[block.column].iloc[rows], block.part) for block in chosen]
        medians, means, scales = standardise(np.column_stack(columns))
        for at, block, median, mean, scale in zip(places, chosen, medians, means, scales, strict=True):
            if block.part in UNSCALED:
                fitted[at] = replace(block, median=float(median > 0.5))
            else:
                fitted[at] = replace(block, median=float(median), mean=float(mean), scale=float(scale))
    return fitted


def standardise(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(median, mean, scale) of each column of (n, p) numbers, for any finite magnitude; NaN is missing.

    scikit-learn's SimpleImputer and StandardScaler do the work. Columns of extreme size are first divided by a power of two
    near their largest number: that is exact, and squares of 1e200 or 1e-200 then neither overflow nor vanish. A column without
    spread or without values gets a scale by which it becomes zero.
    """
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import StandardScaler

    largest = np.nanmax(np.abs(numbers), axis=0, initial=0.0)
    extreme = (largest > 0) & ~((largest > 1e-100) & (largest < 1e100))
    exponent = np.where(extreme, np.frexp(largest)[1], 0)
    imputer = SimpleImputer(strategy="median", keep_empty_features=True).fit(np.ldexp(numbers, -exponent))
    filled = imputer.transform(np.ldexp(numbers, -exponent))
    scaler = StandardScaler().fit(filled)
    scale = np.where(np.ptp(filled, axis=0) > 0, np.ldexp(scaler.scale_, exponent), 0.0)
    dead = ~(scale > np.finfo(np.float64).tiny)  # 1/scale would overflow
    scale = np.where(dead, np.maximum(1.0, largest), scale)
    return np.ldexp(imputer.statistics_, exponent), np.ldexp(scaler.mean_, exponent), scale


def _target_scale(values: np.ndarray, weights: np.ndarray | None) -> tuple[float, float]:
    """(mean, standard deviation), weighted where there are weights; the scale of what never varies is 1."""
    if weights is not None and np.ptp(values) > 0:
        mean = np.average(values, weights=weights)
        unit = np.abs(values - mean).max()  # squares of 1e200 overflow
        return float(mean), float(np.sqrt(np.average(((values - mean) / unit) ** 2, weights=weights)) * unit)
    _, mean, scale = standardise(values[:, None])
    return float(mean[0]), float(scale[0]) if np.ptp(values) > 0 else 1.0
