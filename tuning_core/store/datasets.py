"""Uploaded tables and the setups (target, features, split) made from them."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuning_core.store import questions
from tuning_core.store.database import Database
from tuning_core.store.free_space import disk_full_said
from tuning_core.store.limits import check_storage

SAMPLES = "samples"  # the workspace that everybody sees
LONGEST_NAME, LONGEST_NOTE = 120, 2000  # characters


@dataclass(frozen=True)
class StoredDataset:
    """status: queued | reading | ready | refused; `options` are the person's reading options, `sha256` is of the bytes."""

    id: str
    workspace: str
    name: str
    options: dict[str, Any]
    status: str
    profile: dict[str, Any] | None
    error: dict[str, Any] | None
    created: float
    sha256: str = ""
    note: str = ""
    shared: str | None = None


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
    """Keep uploaded bytes and queue them for reading; returns the unguessable id. UserError beyond the limits of a workspace."""
    dataset_id = dataset_id or secrets.token_urlsafe(9)
    digest = hashlib.sha256(data).hexdigest()
    return _add(db, dataset_id, workspace, name, options or {}, digest, lambda path: path.write_bytes(data), len(data))


def add_once(db: Database, workspace: str, name: str, data: bytes, dataset_id: str, shared: str) -> None:
    """Keep bytes under a known id and share them (`store.sharing`), unless they are there; of two that come at once one does."""
    digest = hashlib.sha256(data).hexdigest()
    with suppress(sqlite3.IntegrityError):
        _add(db, dataset_id, workspace, name, {}, digest, lambda path: path.write_bytes(data), len(data), shared)


def requeue_with_options(db: Database, workspace: str, dataset: StoredDataset, options: dict[str, Any]) -> str:
    """Queue the same upload for reading with other options; the reading that is there, and its runs, stay as they are."""
    source = folder(db, dataset.id) / "upload.bin"

    def put(path: Path) -> None:
        try:
            os.link(source, path)  # an upload is never changed, so both may share its bytes
        except OSError:
            shutil.copyfile(source, path)

    return _add(db, secrets.token_urlsafe(9), workspace, dataset.name, options, dataset.sha256, put, source.stat().st_size)


def _add(
    db: Database,
    dataset_id: str,
    workspace: str,
    name: str,
    options: dict[str, Any],
    sha256: str,
    put: Callable[[Path], Any],
    size: int = 0,
    shared: str | None = None,
) -> str:
    path = folder(db, dataset_id)
    if workspace != SAMPLES:
        check_storage(db.connection, workspace, _bytes_of(db, workspace), size)
    db.need_space(size)
    path.mkdir(parents=True, exist_ok=True)
    try:
        with disk_full_said():
            put(path / "upload.bin")
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise
    db.write(
        "INSERT INTO datasets (id, workspace, name, options, sha256, shared) VALUES (?, ?, ?, ?, ?, ?)",
        *(dataset_id, workspace, name, json.dumps(options), sha256, shared),
    )
    return dataset_id


def _bytes_of(db: Database, workspace: str) -> int:
    """Of all uploads of a workspace."""
    uploads = (folder(db, row["id"]) / "upload.bin" for row in db.rows("SELECT id FROM datasets WHERE workspace = ?", workspace))
    return sum(path.stat().st_size for path in uploads if path.exists())


def find_reading(db: Database, workspace: str, name: str, sha256: str, options: dict[str, Any]) -> str | None:
    """The id of these bytes read with these options already, by this workspace or as a sample."""
    rows = db.rows(
        "SELECT id, options FROM datasets WHERE workspace IN (?, ?) AND name = ? AND sha256 = ? AND status = 'ready'",
        *(workspace, SAMPLES, name, sha256),
    )
    return next((row["id"] for row in rows if json.loads(row["options"]) == options), None)


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


def rename_dataset(db: Database, dataset_id: str, name: str) -> None:
    db.write("UPDATE datasets SET name = ? WHERE id = ?", name[:LONGEST_NAME], dataset_id)


def annotate_dataset(db: Database, dataset_id: str, note: str) -> None:
    db.write("UPDATE datasets SET note = ? WHERE id = ?", note[:LONGEST_NOTE], dataset_id)


def delete_dataset(db: Database, dataset_id: str) -> None:
    """Forget a table with its setups and runs, and its files."""
    questions.forget(db, dataset_id, *(row["id"] for row in db.rows("SELECT id FROM runs WHERE dataset_id = ?", dataset_id)))
    db.write("DELETE FROM datasets WHERE id = ?", dataset_id)
    shutil.rmtree(folder(db, dataset_id), ignore_errors=True)  # a reader may still hold a file; nothing names it any more


def remove_strays(db: Database, older_than: float = 3600.0) -> int:
    """Delete folders that no row names, as a server leaves them that ended in the middle of an upload; returns how many."""
    known = {row["id"] for row in db.rows("SELECT id FROM datasets")}
    folders = [path for path in (db.home / "datasets").glob("*") if path.is_dir() and path.name not in known]
    strays = [path for path in folders if abs(time.time() - path.stat().st_mtime) > older_than]
    for path in strays:
        shutil.rmtree(path, ignore_errors=True)
    return len(strays)


def next_queued_dataset(db: Database) -> StoredDataset | None:
    """The oldest upload of somebody who has none in reading."""
    row = db.row(
        """SELECT * FROM datasets WHERE status = 'queued' AND workspace NOT IN
           (SELECT workspace FROM datasets WHERE status = 'reading') ORDER BY created LIMIT 1"""
    )
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
    """Ask the engine to check a setup; the same question is asked once, and where it is known no writer is waited for."""
    identity = setup_id(dataset_id, spec)
    if db.row("SELECT 1 FROM setups WHERE id = ?", identity) is not None:
        return identity
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
        _json(row["error"]), row["created"], row["sha256"] or "", row["note"], row["shared"],
    )  # fmt: skip


def _setup(row: Any) -> StoredSetup:
    spec = json.loads(row["spec"])
    return StoredSetup(row["id"], row["dataset_id"], spec, row["status"], _json(row["summary"]), _json(row["error"]))


def _json(text: str | None) -> Any:
    return json.loads(text) if text else None
