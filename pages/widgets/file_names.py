"""Names of files to take home: after the table, the run and the day, so that a folder of them can be told apart."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

import streamlit as st

from pages.state.database import database
from tuning_core.store import datasets
from tuning_core.store.runs import StoredRun

LONGEST = 40  # characters of a part


def file_name(run: StoredRun, kind: str) -> str:
    """`kind` is the plain name with its ending, "report.html": insurance-first-try-2026-11-26-report.html."""
    dataset = datasets.get_dataset(database(), run.dataset_id)
    table = PurePosixPath(dataset.name).stem if dataset else ""
    day = datetime.now(ZoneInfo(st.context.timezone or "UTC")).strftime("%Y-%m-%d")
    return "-".join(part for part in (_part(table), _part(run.name or run.id[:6]), day, kind) if part)


def _part(words: str) -> str:
    """Letters and digits of any script, with dashes between: safe in every file system."""
    return re.sub(r"[\W_]+", "-", words).strip("-").lower()[:LONGEST].strip("-")
