"""What a class has tried, and its exam, as tables for a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from tuning_core.data.safe_csv import to_csv_bytes
from tuning_core.diagnosis.comparison import flat_settings
from tuning_core.experiment import Hyperparameters
from tuning_core.store.class_board import BoardRow, Measure
from tuning_core.store.class_exam import ExamRow


def class_csv(rows: Sequence[BoardRow], settings: Mapping[tuple[str, int], Mapping[str, Any]], measure: Measure) -> bytes:
    """One line for each setting that was begun, in the order tried; `settings` are hyperparameters by (run id, setting)."""
    lines = []
    for row in rows:
        if row.number:
            hyperparameters = settings.get((row.run_id, row.setting))
            lines.append(
                {
                    "nickname": row.nickname,
                    "number": row.number,
                    "asked for (UTC)": datetime.fromtimestamp(row.at, UTC).strftime("%Y-%m-%d %H:%M:%S"),
                    "status": row.status,
                    f"{measure.words} (validation)": row.score,
                    "cross-validated": "yes" if row.cross_validated else "no",
                    **(_words(hyperparameters) if hyperparameters else {}),
                }
            )
    return to_csv_bytes(pd.DataFrame(lines))


def exam_csv(rows: Sequence[ExamRow], measure: Measure) -> bytes:
    """One line for each member who was examined, in the order in which they joined; `problem` says why there is no number."""
    lines = [
        {
            "nickname": row.nickname,
            "settings tried": row.tried,
            f"{measure.words} (validation)": row.validation,
            f"{measure.words} (test)": row.test,
            "worse on test by": row.gap,
            "own looks before": row.looks_before,
            "models": row.seeds,
            "problem": row.error,
            **(_words(row.hyperparameters) if row.hyperparameters else {}),
        }
        for row in rows
    ]
    return to_csv_bytes(pd.DataFrame(lines))


def _words(hyperparameters: Mapping[str, Any]) -> dict[str, Any]:
    flat = flat_settings(Hyperparameters.from_json(hyperparameters))
    return {name: ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value for name, value in flat.items()}
