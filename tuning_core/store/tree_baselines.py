"""What trees reach on the validation rows of a setup (see `data.dataset.tree_baseline`), worked out once by the engine.

Trials of the setup's own split carry it in their context as "tree_loss" and "tree_metric", whether they were trained before it
was known or after. A fold of a cross-validation has other rows, so it carries none.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from tuning_core.store.database import Database
from tuning_core.store.datasets import setup_id


def get_scores(db: Database, dataset_id: str, setup: Mapping[str, Any]) -> dict[str, float] | None:
    """By the name of the loss, and "metric"; {} where there are no such trees, None where nobody has worked it out."""
    row = db.row("SELECT scores FROM tree_baselines WHERE setup_id = ?", setup_id(dataset_id, dict(setup)))
    return json.loads(row["scores"]) if row else None


def put_scores(db: Database, dataset_id: str, setup: Mapping[str, Any], scores: Mapping[str, float]) -> None:
    """Keep them, and add them to the trials that are there."""
    with db.transaction() as connection:
        known = connection.execute("SELECT 1 FROM datasets WHERE id = ?", (dataset_id,)).fetchone()
        if known is None:
            return  # deleted meanwhile
        identity = setup_id(dataset_id, dict(setup))
        connection.execute(
            "INSERT OR REPLACE INTO tree_baselines (setup_id, dataset_id, scores) VALUES (?, ?, ?)",
            (identity, dataset_id, json.dumps(dict(scores))),
        )
        runs = connection.execute("SELECT id, setup FROM runs WHERE dataset_id = ?", (dataset_id,)).fetchall()
        for run_id in [row["id"] for row in runs if json.loads(row["setup"]) == dict(setup)]:
            trials = connection.execute(
                "SELECT number, context FROM trials WHERE run_id = ? AND fold IS NULL AND context != '{}'", (run_id,)
            ).fetchall()
            connection.executemany(
                "UPDATE trials SET context = ? WHERE run_id = ? AND number = ?",
                [(json.dumps(_with(json.loads(t["context"]), scores)), run_id, t["number"]) for t in trials],
            )


def add_to_context(connection: sqlite3.Connection, run_id: str, number: int, context: Mapping[str, Any]) -> dict[str, Any]:
    """The context of a trial with what trees reach on its rows, where that is known."""
    run = connection.execute("SELECT dataset_id, setup FROM runs WHERE id = ?", (run_id,)).fetchone()
    trial = connection.execute("SELECT fold FROM trials WHERE run_id = ? AND number = ?", (run_id, number)).fetchone()
    if run is None or trial is None or trial["fold"] is not None:
        return dict(context)
    identity = setup_id(run["dataset_id"], json.loads(run["setup"]))
    row = connection.execute("SELECT scores FROM tree_baselines WHERE setup_id = ?", (identity,)).fetchone()
    return _with(context, json.loads(row["scores"])) if row else dict(context)


def _with(context: Mapping[str, Any], scores: Mapping[str, float]) -> dict[str, Any]:
    weighed = "balanced_" if context.get("loss_weights") == "balanced" else ""
    loss = scores.get(f"{weighed}{context.get('loss_name')}")
    return dict(context) if loss is None else {**context, "tree_loss": loss, "tree_metric": scores.get("metric")}
