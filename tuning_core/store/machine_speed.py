"""How fast this machine trains, as the engine has measured it: named numbers."""

from __future__ import annotations

from collections.abc import Mapping

from tuning_core.store.database import Database


def load(db: Database) -> dict[str, float]:
    """What was kept last; {} before the first measurement."""
    return {row["name"]: row["value"] for row in db.rows("SELECT * FROM pace")}


def save(db: Database, values: Mapping[str, float]) -> None:
    with db.transaction() as connection:
        connection.executemany("INSERT OR REPLACE INTO pace VALUES (?, ?)", list(values.items()))
