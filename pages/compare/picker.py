"""Which runs and settings stand side by side: ticked in the sidebar, kept in the URL."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.state.contenders import MOST, Entry, entries_of, first_choice, listed_runs, same_data, set_compared
from pages.state.database import database
from pages.state.tune_settings import settings_in_words
from pages.state.view import View
from pages.widgets.contender_labels import letter, score_words, short_names
from pages.widgets.run_cards import ICONS
from pages.widgets.text import plain, unique_labels
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun

LISTED = 12
BEST = 5


def choose_contenders(view: View, workspace_id: str) -> tuple[str, ...]:
    """The sidebar's list; returns the marks that are chosen, in their order."""
    everywhere = st.toggle(
        "Runs of other tables too",
        st.session_state.get("compare_everywhere", False),
        key="compare_everywhere",
        help="What was measured on other rows stands beside the rest, but is never ranked with it.",
    )
    shown = st.session_state.get("compare_listed", LISTED)
    listed = [run for run in listed_runs(workspace_id) if everywhere or same_data(run, view)]
    marks = view.compared if view.compared is not None else first_choice(view, listed)
    if len(marks) > MOST:
        st.caption(f":material/info: One comparison holds at most {MOST} settings; the first of {len(marks):,} are shown.")
        marks = marks[:MOST]
    for run in [*_runs_beyond_list(marks, listed[:shown]), *listed[:shown]]:
        _run_row(run, marks)
    if len(listed) > shown:
        st.button("Older runs", icon=":material/expand_more:", type="tertiary", on_click=_more)
    if not listed and not marks:
        st.caption("No runs of this table yet. Train some on the Tune page; they are listed here.")
    if marks:
        st.button(
            "Choose none", icon=":material/close:", type="tertiary", on_click=set_compared, args=((),), help="Start afresh."
        )
    return marks


def _runs_beyond_list(marks: tuple[str, ...], listed: list[StoredRun]) -> list[StoredRun]:
    """Chosen runs that are not in the list: older ones, those of other tables, and what a link brought."""
    here = {run.id for run in listed}
    wanted = dict.fromkeys(mark.partition(".")[0] for mark in marks)
    found = (runs.get_run(database(), run_id) for run_id in wanted if run_id not in here)
    return [run for run in found if run is not None]


def _run_row(run: StoredRun, marks: tuple[str, ...]) -> None:
    if run.live:
        _checkbox(run.id, marks, "still training", "Its curve joins the others when it has ended.", icon=ICONS[run.status])
        return
    entries = entries_of(run)
    if len(entries) == 1:
        entry = entries[0]
        hint = settings_in_words({"hyperparameters": entry.contender.hyperparameters.to_json(), "seeds": entry.trials})
        _checkbox(entry.mark, marks, f"{plain(run.name) or score_words(entry)} · {_short(entry)}", plain(hint))
    elif entries:
        _search_row(run, entries, marks)


def _checkbox(mark: str, marks: tuple[str, ...], words: str, hint: str, icon: str = "") -> None:
    key = f"compare_{mark}"
    st.session_state[key] = mark in marks
    place = f"**{letter(marks.index(mark))}** " if mark in marks else ""
    full = len(marks) >= MOST and mark not in marks
    st.checkbox(f"{place}{icon} {words}", key=key, on_change=_toggle, args=(mark, marks), help=hint, disabled=full)


def _search_row(run: StoredRun, entries: tuple[Entry, ...], marks: tuple[str, ...]) -> None:
    """All settings of a search in one list, best first."""
    ranked = sorted(entries, key=_rank)
    words = unique_labels(f"{score_words(entry)} · {name}" for entry, name in zip(ranked, short_names(ranked), strict=True))
    names = dict(zip((entry.mark for entry in ranked), words, strict=True))
    key = f"compare_many_{run.id}"
    st.session_state[key] = [mark for mark in marks if mark in names]
    st.multiselect(
        plain(run.name) or f"{run.kind.capitalize()} of {len(entries):,} settings",
        list(names),
        key=key,
        format_func=names.__getitem__,
        on_change=_choose_many,
        args=(run.id, tuple(names), marks),
        max_selections=MOST,
        placeholder="Choose settings, best first",
        help="The settings of this run, the best validation loss first.",
    )
    best = tuple(mark for mark in names if mark not in marks)[:BEST]
    st.button(
        f"Add the best {len(best)}", key=f"compare_best_{run.id}", type="tertiary", on_click=set_compared, args=(marks + best,)
    )


def _rank(entry: Entry) -> tuple[bool, float]:
    score = entry.contender.score("loss")
    return not np.isfinite(score), score


def _short(entry: Entry) -> str:
    hp = entry.contender.hyperparameters
    layers = "-".join(str(u) for u in hp.hidden_units) or "linear"
    return plain(f"{hp.optimizer} {hp.learning_rate:g} · {hp.batch_size} · {layers}")


def _toggle(mark: str, marks: tuple[str, ...]) -> None:
    set_compared(tuple(m for m in marks if m != mark) if mark in marks else (*marks, mark))


def _choose_many(run_id: str, offered: tuple[str, ...], marks: tuple[str, ...]) -> None:
    wanted = st.session_state[f"compare_many_{run_id}"]
    kept = [mark for mark in marks if mark not in offered or mark in wanted]
    set_compared((*kept, *(mark for mark in wanted if mark not in kept)))


def _more() -> None:
    st.session_state.compare_listed = st.session_state.get("compare_listed", LISTED) + LISTED
