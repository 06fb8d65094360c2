"""Looks at test rows: append-only. They outlive the runs and datasets that they belong to, because what was seen was seen."""

from __future__ import annotations

import json
from typing import Any

from tuning_core.experiment import TestSetLook
from tuning_core.store.database import Database
from tuning_core.store.datasets import setup_id
from tuning_core.store.runs import StoredRun
from tuning_core.store.search_configurations import trial_words


def add_look(db: Database, look_id: str, run: StoredRun, number: int, vault: str, reason: str) -> None:
    """Record a look by the run's workspace; the same id is one look, however often a fault makes it be written."""
    db.write(
        """INSERT OR IGNORE INTO looks (id, workspace, vault, sha256, run_id, number, name, reason)
           VALUES (?, ?, ?, (SELECT sha256 FROM datasets WHERE id = ?), ?, ?, ?, ?)""",
        look_id,
        run.workspace,
        vault,
        run.dataset_id,
        run.id,
        number,
        run.name,
        reason[:500],
    )


def looks(db: Database, workspace: str, vault: str, until: str | None = None) -> tuple[TestSetLook, ...]:
    """What a workspace has seen of a vault, oldest first; `until` is the id of the last look to list."""
    rows = db.rows(
        """SELECT * FROM looks WHERE workspace = ? AND vault = ?
           AND (? IS NULL OR rowid <= (SELECT rowid FROM looks WHERE id = ?)) ORDER BY rowid""",
        workspace,
        vault,
        until,
        until,
    )
    return tuple(
        TestSetLook(row["created"], row["reason"], row["name"] or trial_words(row["number"]), row["run_id"], row["number"])
        for row in rows
    )


def other_looks(db: Database, workspace: str, dataset_id: str, vault: str) -> int:
    """Looks of a workspace at test rows of other splits of the same file, uploaded once or several times."""
    row = db.row(
        """SELECT count(*) AS n FROM looks WHERE workspace = ? AND vault != ?
           AND sha256 = (SELECT sha256 FROM datasets WHERE id = ?)""",
        workspace,
        vault,
        dataset_id,
    )
    return row["n"] if row else 0


def tried(db: Database, workspace: str, dataset_id: str, vault: str) -> int:
    """Different configurations that a workspace has trained while it kept these test rows aside; at least 1."""
    found: set[str] = set()
    for row in db.rows("SELECT id, setup FROM runs WHERE workspace = ? AND dataset_id = ?", workspace, dataset_id):
        if vault_of(db, dataset_id, json.loads(row["setup"])) == vault:
            found |= {t["hyperparameters"] for t in db.rows("SELECT hyperparameters FROM trials WHERE run_id = ?", row["id"])}
    return max(1, len(found))


def vault_of(db: Database, dataset_id: str, setup: dict[str, Any]) -> str | None:
    """The vault of a setup that the engine has checked; None before that."""
    row = db.row("SELECT json_extract(summary, '$.vault') AS vault FROM setups WHERE id = ?", setup_id(dataset_id, setup))
    return row["vault"] if row else None
