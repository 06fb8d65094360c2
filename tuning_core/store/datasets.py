"""Uploaded tables and the setups (target, features, split) made from them."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuning_core.store.database import Database

SAMPLES = "samples"  # the workspace that everybody sees


@dataclass(frozen=True)
class StoredDataset:
    """status: queued | reading | ready | refused."""

    id: str
    workspace: str
    name: str
    options: dict[str, Any]
    status: str
    profile: dict[str, Any] | None
    error: dict[str, Any] | None
    created: float


@dataclass(frozen=True)
class StoredSetup:
    """status: queued | ready | refused."""

    id: str
    dataset_id: str
    spec: dict[str, Any]
    status: str
    summary: dict[str, Any] | None
    error: dict[str, Any] | None


def folder(db: Database, dataset_id: str) -> Path:
    """Where a dataset's files lie; the id is ours, an uploaded name never becomes a path."""
    return db.home / "datasets" / dataset_id


def add_dataset(
    db: Database, workspace: str, name: str, data: bytes, options: dict[str, Any] | None = None, dataset_id: str | None = None
) -> str:
    """Keep uploaded bytes and queue them for reading; returns the unguessable id."""
    dataset_id = dataset_id or secrets.token_urlsafe(9)
    path = folder(db, dataset_id)
    path.mkdir(parents=True, exist_ok=True)
    (path / "upload.bin").write_bytes(data)
    db.write(
        "INSERT INTO datasets (id, workspace, name, options, sha256) VALUES (?, ?, ?, ?, ?)",
        dataset_id,
        workspace,
        name,
        json.dumps(options or {}),
        hashlib.sha256(data).hexdigest(),
    )
    return dataset_id


def get_dataset(db: Database, dataset_id: str) -> StoredDataset | None:
    row = db.row("SELECT * FROM datasets WHERE id = ?", dataset_id)
    return _dataset(row) if row else None


def list_datasets(db: Database, workspace: str) -> list[StoredDataset]:
    """The samples, then the workspace's own, newest first; refused ones are left out."""
    rows = db.rows(
        """SELECT * FROM datasets WHERE workspace IN (?, ?) AND status != 'refused'
           ORDER BY workspace = ? DESC, CASE WHEN workspace = ? THEN created ELSE -created END""",
        SAMPLES,
        workspace,
        SAMPLES,
        SAMPLES,
    )
    return [_dataset(row) for row in rows]


def next_queued_dataset(db: Database) -> StoredDataset | None:
    row = db.row("SELECT * FROM datasets WHERE status = 'queued' ORDER BY created LIMIT 1")
    return _dataset(row) if row else None


def set_reading(db: Database, dataset_id: str) -> None:
    db.write("UPDATE datasets SET status = 'reading' WHERE id = ?", dataset_id)


def set_ready(db: Database, dataset_id: str, profile: dict[str, Any]) -> None:
    db.write("UPDATE datasets SET status = 'ready', profile = ?, error = NULL WHERE id = ?", json.dumps(profile), dataset_id)


def set_refused(db: Database, dataset_id: str, error: dict[str, Any]) -> None:
    db.write("UPDATE datasets SET status = 'refused', error = ? WHERE id = ?", json.dumps(error), dataset_id)


def requeue_reading(db: Database) -> None:
    """After an engine died in the middle of a reading: read again."""
    db.write("UPDATE datasets SET status = 'queued' WHERE status = 'reading'")


def setup_id(dataset_id: str, spec: dict[str, Any]) -> str:
    text = json.dumps([dataset_id, spec], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def request_setup(db: Database, dataset_id: str, spec: dict[str, Any]) -> str:
    """Ask the engine to check a setup; the same question is asked once."""
    identity = setup_id(dataset_id, spec)
    db.write("INSERT OR IGNORE INTO setups (id, dataset_id, spec) VALUES (?, ?, ?)", identity, dataset_id, json.dumps(spec))
    return identity


def get_setup(db: Database, identity: str) -> StoredSetup | None:
    row = db.row("SELECT * FROM setups WHERE id = ?", identity)
    return _setup(row) if row else None


def queued_setups(db: Database) -> list[StoredSetup]:
    """Those whose table has been read."""
    rows = db.rows(
        """SELECT setups.* FROM setups JOIN datasets ON datasets.id = dataset_id
           WHERE setups.status = 'queued' AND datasets.status = 'ready' ORDER BY setups.created LIMIT 8"""
    )
    return [_setup(row) for row in rows]


def answer_setup(
    db: Database, identity: str, *, summary: dict[str, Any] | None = None, error: dict[str, Any] | None = None
) -> None:
    status = "ready" if summary is not None else "refused"
    values = (status, json.dumps(summary) if summary else None, json.dumps(error) if error else None)
    db.write("UPDATE setups SET status = ?, summary = ?, error = ? WHERE id = ?", *values, identity)


def _dataset(row: Any) -> StoredDataset:
    return StoredDataset(
        row["id"], row["workspace"], row["name"], json.loads(row["options"]), row["status"], _json(row["profile"]),
        _json(row["error"]), row["created"],
    )  # fmt: skip


def _setup(row: Any) -> StoredSetup:
    spec = json.loads(row["spec"])
    return StoredSetup(row["id"], row["dataset_id"], spec, row["status"], _json(row["summary"]), _json(row["error"]))


def _json(text: str | None) -> Any:
    return json.loads(text) if text else None
