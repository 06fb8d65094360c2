"""predict: new rows in, predictions and notices out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from tuning_core.data import Notice, Table
from tuning_core.data.safe_csv import to_csv_bytes
from tuning_core.experiment import Trial
from tuning_core.prediction.model import Model
from tuning_core.prediction.rows import read_rows, type_rows


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a model says of new rows.

    Attributes
    ----------
    frame : the rows as they were given, then "predicted <target>" and for classes one "probability of <class>" each.
    values : (rows,) in the target's own units, or shares (rows, classes).
    notices : missing, unreadable, unseen and far-off cells; columns that were not used.
    """

    frame: pd.DataFrame
    values: np.ndarray
    notices: tuple[Notice, ...]

    def to_csv(self) -> bytes:
        """UTF-8 CSV in which no cell is a formula for a spreadsheet."""
        return to_csv_bytes(self.frame)


def predict(
    model: Model | Trial, rows: pd.DataFrame | Table | str | Path | bytes | IO[bytes], filename: str | None = None
) -> Predictions:
    """Predict new rows with the columns that the model was trained on, in any order; the target is not needed.

    Parameters
    ----------
    model : Model or Trial
    rows : a data frame, a Table, or a CSV file (path, bytes or binary file); missing cells are filled as in training.

    Raises
    ------
    DatasetError, TableError
        When a column is lacking or the file is no table. Everything milder is a notice.
    """
    model = Model.from_trial(model) if isinstance(model, Trial) else model
    if isinstance(rows, Table):
        given = rows.frame
    elif isinstance(rows, pd.DataFrame):
        given = rows.reset_index(drop=True)
    else:
        given = read_rows(rows, model.header, filename, model.columns[0] if len(model.columns) == 1 else None)
    typed, notices = type_rows(given, model.fields, model.target)
    values = model.predict(typed)
    return Predictions(_with_values(given, values, model), values, notices)


def _with_values(given: pd.DataFrame, values: np.ndarray, model: Model) -> pd.DataFrame:
    new: dict[str, object] = {}
    if model.task == "classification":
        new[f"predicted {model.target}"] = np.array(model.classes, dtype=object)[values.argmax(axis=1)]
        new |= {f"probability of {name}": values[:, k] for k, name in enumerate(model.classes)}
    else:
        new[f"predicted {model.target}"] = values
    return pd.concat([given, pd.DataFrame(new)], axis=1)
