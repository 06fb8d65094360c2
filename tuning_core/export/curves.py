"""Learning curves as one long table: a row for each trial and epoch."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data.safe_csv import to_csv_bytes
from tuning_core.experiment import Trial


def curves_frame(trials: Sequence[Trial]) -> pd.DataFrame:
    """Columns trial, seed, fold, epoch (from 1), the five series (and the score that was watched), and settings that differ."""
    settings = [trial.hyperparameters.to_json() for trial in trials]
    differ = [name for name in (settings[0] if settings else {}) if len({str(values[name]) for values in settings}) > 1]
    parts = []
    for trial, values in zip(trials, settings, strict=True):
        n = len(trial.history)
        facts: dict[str, Any] = {"trial": trial.number, "seed": trial.seed, "fold": trial.fold}
        facts |= {name: values[name] if isinstance(values[name], (int, float, bool)) else str(values[name]) for name in differ}
        part = {name: np.repeat(np.array([value], dtype=object), n) for name, value in facts.items()}
        part |= {"epoch": trial.history.epochs, **{name: getattr(trial.history, name) for name in trial.history.series}}
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True).infer_objects() if parts else pd.DataFrame()


def export_curves(trials: Sequence[Trial], form: str = "csv") -> bytes:
    """The long table as "csv" (no cell is a formula for a spreadsheet) or "parquet"."""
    frame = curves_frame(trials)
    if form == "csv":
        return to_csv_bytes(frame)
    packed = io.BytesIO()
    frame.to_parquet(packed, index=False)
    return packed.getvalue()
