"""The runs of this workspace as a strip of small curves; pinned ones first and overlaid on the big one."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np
import streamlit as st

from pages.state.contenders import entries_of
from pages.state.database import database, is_dark
from pages.state.tune_settings import settings_in_words
from pages.state.view import View, change_view, current_view
from pages.state.workspace import workspace
from pages.widgets.contender_labels import score_words
from pages.widgets.run_cards import open_button, run_cards
from tuning_core.charts.sparkline import picture_html, sparkline_svg
from tuning_core.experiment import History
from tuning_core.store import curves, runs
from tuning_core.store.runs import StoredRun

PER_ROW = 6


def overlays(view: View) -> list[tuple[str, str]]:
    """(run id, label) of up to five pinned runs on the same data and target, apart from the ones on screen."""
    found = []
    for run in runs.list_runs(database(), workspace(), kind="manual", limit=12):
        same = run.dataset_id == view.dataset_id and view.setup is not None and run.setup["target"] == view.setup["target"]
        if run.pinned and same and run.id not in (view.run_id, view.ghost_id):
            found.append((run.id, run.name or settings_in_words(run.spec)))
    return found[:5]


def history_strip(view: View, workspace_id: str) -> None:
    """Small curves, newest first; a click shows the run."""
    card = partial(_card, chosen_id=view.run_id)
    run_cards("manual", workspace_id, card, per_row=PER_ROW, state="history_shown", older="Older runs")


def _card(run: StoredRun, chosen_id: str | None) -> None:
    score, measured, svg = _small(run.id, run.status, is_dark())
    st.html(picture_html(svg))
    hint = "; ".join(filter(None, (measured, settings_in_words(run.spec))))
    open_button(run, score, hint, key=f"open_{run.id}", chosen=run.id == chosen_id, on_click=_open)


@lru_cache(maxsize=512)
def _small(run_id: str, status: str, dark: bool) -> tuple[str, str, str]:
    """The score in words, of what it is the mean, and the median curves as a small picture; kept per run and status."""
    found = [h for h in curves.histories(database(), run_id).values() if len(h)]
    if not found:
        return status, "", sparkline_svg([], [], dark=dark)
    train, val = (_median(found, name) for name in ("train_loss", "val_loss"))
    run = runs.get_run(database(), run_id)
    entry = next(iter(entries_of(run)), None) if run is not None and not run.live else None
    picture = sparkline_svg(train, val, dark=dark)
    return (status, "", picture) if entry is None else (score_words(entry), entry.contender.measured, picture)


def _median(histories: list[History], name: str) -> list[float]:
    """Over the seeds that got as far, epoch by epoch."""
    longest = max(len(h) for h in histories)
    return [float(np.median([getattr(h, name)[e] for h in histories if len(h) > e])) for e in range(longest)]


def _open(run_id: str) -> None:
    run = runs.get_run(database(), run_id)
    if run is not None:
        view = current_view()
        same = run.dataset_id == view.dataset_id
        change_view(dataset_id=run.dataset_id, setup=run.setup, run_id=run.id, ghost_id=view.run_id if same else None)
