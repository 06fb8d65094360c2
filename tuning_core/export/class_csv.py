"""What a class has tried, as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from tuning_core.data.safe_csv import to_csv_bytes
from tuning_core.diagnosis.comparison import flat_settings
from tuning_core.experiment import Hyperparameters
from tuning_core.store.class_board import BoardRow, Measure


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


def _words(hyperparameters: Mapping[str, Any]) -> dict[str, Any]:
    flat = flat_settings(Hyperparameters.from_json(hyperparameters))
    return {name: ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value for name, value in flat.items()}
