"""Uploads and setups: reading in a sandbox, checking before anything is trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tuning_core.config import read_config
from tuning_core.data import Dataset, ReadOptions, Table
from tuning_core.data.sandbox.parent import read_sandboxed
from tuning_core.engine.worker.messages import TableSource
from tuning_core.errors import UserError
from tuning_core.store import Database, datasets


def read(folder: Path, name: str, options: dict[str, Any]) -> dict[str, Any]:
    """Read the upload in `folder`: {"profile": ...} or {"error": ...}."""
    try:
        given = ReadOptions.from_json(options) if options else None
        return {"profile": read_sandboxed(folder / "upload.bin", folder / "table", name, given)}
    except UserError as problem:
        return {"error": problem.to_json()}


def check(folder: Path, spec: dict[str, Any]) -> dict[str, Any]:
    """Make the dataset that a setup asks for: {"summary": ...} or {"error": ...}."""
    try:
        return {"summary": Dataset.from_spec(Table.load(folder / "table"), spec).summary()}
    except UserError as problem:
        return {"error": problem.to_json()}


def table_source(db: Database, dataset_id: str) -> TableSource:
    """Where workers find a cleaned table: its folder, or its bytes for workers that do not see this machine's disk."""
    folder = datasets.folder(db, dataset_id)
    if read_config().scheduler is None:
        return TableSource(dataset_id, folder)
    names = ("frame.parquet", "table.json")
    return TableSource(dataset_id, Path(), {name: (folder / "table" / name).read_bytes() for name in names})
