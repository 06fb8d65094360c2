"""Uploads and setups: reading in a sandbox, checking before anything is trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tuning_core.data import Dataset, ReadOptions, Table
from tuning_core.data.sandbox import error_to_json, read_sandboxed
from tuning_core.errors import UserError


def error_json(error: UserError) -> dict[str, Any]:
    return error_to_json(error)


def read(folder: Path, name: str, options: dict[str, Any]) -> dict[str, Any]:
    """Read the upload in `folder`: {"profile": ...} or {"error": ...}."""
    try:
        given = ReadOptions.from_json(options) if options else None
        return {"profile": read_sandboxed(folder / "upload.bin", folder / "table", name, given)}
    except UserError as problem:
        return {"error": error_to_json(problem)}


def check(folder: Path, spec: dict[str, Any]) -> dict[str, Any]:
    """Make the dataset that a setup asks for: {"summary": ...} or {"error": ...}."""
    try:
        return {"summary": Dataset.from_spec(Table.load(folder / "table"), spec).summary()}
    except UserError as problem:
        return {"error": error_to_json(problem)}


def table_files(folder: Path) -> dict[str, bytes]:
    """The cleaned table's files, for workers that do not see this machine's disk."""
    return {name: (folder / "table" / name).read_bytes() for name in ("frame.parquet", "table.json")}
