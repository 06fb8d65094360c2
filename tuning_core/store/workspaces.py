"""What pages remember for a workspace beyond a visit: sliders that were not trained yet, switches."""

from __future__ import annotations

import json
from typing import Any

from tuning_core.store.database import Database


def remembered(db: Database, workspace: str) -> dict[str, Any]:
    """What was remembered last; {} for a new workspace."""
    row = db.row("SELECT remembered FROM workspaces WHERE id = ?", workspace)
    return json.loads(row["remembered"]) if row else {}


def remember(db: Database, workspace: str, values: dict[str, Any]) -> None:
    """In place of what was remembered before."""
    db.write(
        "INSERT INTO workspaces (id, remembered) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET remembered = excluded.remembered",
        *(workspace, json.dumps(values)),
    )


def has_anything(db: Database, workspace: str) -> bool:
    """Whether somebody has worked there."""
    found = db.row(
        "SELECT 1 FROM runs WHERE workspace = ? UNION ALL SELECT 1 FROM datasets WHERE workspace = ? "
        "UNION ALL SELECT 1 FROM looks WHERE workspace = ? LIMIT 1",
        *(workspace, workspace, workspace),
    )
    return found is not None
