"""What is on screen: a dataset, its setup, a run, a search, what is compared. It lives in the URL; the session remembers it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.state.database import database
from pages.state.rights import REFUSED, is_closed_run, is_closed_table, seen_run
from pages.state.samples import SAMPLES, sample_target
from pages.state.waiting import ask_impatiently
from pages.state.workspace import workspace
from tuning_core.data.dataset.targets import suggest_target
from tuning_core.experiment import Split
from tuning_core.store import datasets, runs
from tuning_core.store.runs import StoredRun

LOST = ("The link names a dataset or run that is not on this server.", "The sample data are shown instead.")
BETWEEN_MARKS = "~"  # neither in an id nor escaped in a URL


@dataclass(frozen=True)
class View:
    """dataset id, setup (the JSON of `Dataset.spec()`, None until a target is chosen), run id and the run before it.

    `compared` holds the marks of what is compared (`pages.state.contenders`), None until somebody has chosen; `reference` is one.
    `search_id` is the search on the Search page, `chapter` the name of the one on the Lessons page. `beside` holds the marks of
    the curves that stand side by side on Tune, instead of the run. `presented` is the step of a presenter's view, else None.
    `guide` is a teacher's link (`pages.state.guide`), `join` the code of a class that asks to be joined.
    """

    dataset_id: str
    setup: dict[str, Any] | None
    run_id: str | None = None
    ghost_id: str | None = None
    compared: tuple[str, ...] | None = None
    reference: str | None = None
    search_id: str | None = None
    chapter: str | None = None
    beside: tuple[str, ...] | None = None
    presented: int | None = None
    guide: str | None = None
    join: str | None = None


def current_view() -> View:
    """The session's view, at first made from the URL; the URL leads to it from then on."""
    if "view" not in st.session_state:
        st.session_state.view = view_from_url() if st.query_params else _bare()
    view: View = st.session_state.view
    _to_url(view)
    return view


def follow_history() -> None:
    """At the top of every page: after the browser's Back or Forward, the address says what is on screen."""
    context = get_script_run_ctx()
    if context is not None and context.is_history_navigation:
        st.session_state.view = view_from_url() if st.query_params else _bare()
        st.session_state.went_back = True


def _bare() -> View:
    """What the address without a query means in this visit: what it showed at first."""
    if "bare_view" not in st.session_state:
        st.session_state.bare_view = view_from_url()
    return st.session_state.bare_view


def keep_to_rights() -> None:
    """At the top of every page: what its owner shares no longer goes off the screen, and so does what was never shared."""
    view: View | None = st.session_state.get("view")
    if view is None:
        return  # an address is judged when it is read
    if is_closed_table(view.dataset_id):
        _say_refused()
        st.session_state.view = View(SAMPLES[0].id, default_setup(SAMPLES[0].id), guide=view.guide)
        return
    closed = [name for name in ("run_id", "ghost_id", "search_id") if is_closed_run(getattr(view, name) or "")]
    compared, beside = (marks and tuple(mark for mark in marks if not _is_closed(mark)) for marks in (view.compared, view.beside))
    if closed or (compared, beside) != (view.compared, view.beside):
        _say_refused()
        shown: dict[str, Any] = {"compared": compared, "beside": beside or None}
        st.session_state.view = replace(view, **shown | dict.fromkeys(closed))


def _is_closed(mark: str) -> bool:
    return is_closed_run(mark.partition(".")[0])


def _say_refused() -> None:
    st.session_state.lost_link = REFUSED


def change_view(**changes: Any) -> View:
    """Show something else from now on; a search of other data goes off the screen, as do curves side by side for a chosen run."""
    before = current_view()
    view = replace(before, **changes)
    if "beside" not in changes and {"run_id", "dataset_id", "setup"} & set(changes):
        view = replace(view, beside=None)
    if "search_id" not in changes and (view.dataset_id, view.setup) != (before.dataset_id, before.setup):
        view = replace(view, search_id=None)
    st.session_state.view = view
    _to_url(st.session_state.view)
    return st.session_state.view


def open_dataset(dataset_id: str) -> View:
    """Show a dataset with the setup that suits it; the run of another dataset goes off the screen."""
    return change_view(dataset_id=dataset_id, setup=default_setup(dataset_id), run_id=None, ghost_id=None)


def default_setup(dataset_id: str) -> dict[str, Any] | None:
    """The sample's own target, or the one that the table suggests; 70/20/10 at random. None while the table is not read."""
    target = sample_target(dataset_id)
    if target is None:
        dataset = datasets.get_dataset(database(), dataset_id)
        if dataset is None or dataset.profile is None:
            return None
        target = suggest_target(dataset.profile["columns"])
        if target is None:
            return None
    return {"target": target, "features": None, "split": Split().to_json(), "task": None, "kinds": {}}


def view_from_url() -> View:
    """What the address names. A bare one shows the last run at Tune, else the first sample, as does one of what is not here."""
    query = st.query_params
    step = query.get("present", "")
    return replace(
        _shown_by_url(),
        compared=_marks("compare"),
        reference=query.get("reference"),
        chapter=query.get("chapter"),
        guide=query.get("guide"),
        join=query.get("join"),
        beside=_marks("beside") or None,
        presented=int(step) if step.isascii() and step.isdigit() and len(step) < 4 else None,
    )


def _marks(name: str) -> tuple[str, ...] | None:
    marks = st.query_params.get(name)
    if marks is None:
        return None
    named = dict.fromkeys(mark for mark in marks.split(BETWEEN_MARKS) if mark)
    seen = tuple(mark for mark in named if not _is_closed(mark))
    if len(seen) < len(named):
        _say_refused()
    return seen


def _shown_by_url() -> View:
    db = database()
    last = runs.last_run(db, workspace()) if not st.query_params and _comes_to_tune() else None
    if last is not None and not is_closed_run(last.id):
        return View(last.dataset_id, last.setup, last.id)
    run, search = (_kept_run(st.query_params.get(name, "")) for name in ("run", "search"))
    if run is not None and run.kind == "search":
        run, search = None, run
    if run is not None:
        before = _kept_run(st.query_params.get("before", ""))
        same = search is not None and search.setup == run.setup and search.dataset_id == run.dataset_id
        beside = search.id if search is not None and same else None
        return View(run.dataset_id, run.setup, run.id, before.id if before else None, search_id=beside)
    if search is not None and search.kind == "search":
        return View(search.dataset_id, search.setup, search_id=search.id)
    beside = (_kept_run(mark.partition(".")[0]) for mark in _marks("beside") or ())
    first = next((found for found in beside if found is not None), None)
    if first is not None:
        return View(first.dataset_id, first.setup)
    setup = datasets.get_setup(db, st.query_params.get("setup", ""))
    if setup is not None and not is_closed_table(setup.dataset_id):
        return View(setup.dataset_id, setup.spec)
    wanted = setup.dataset_id if setup is not None else st.query_params.get("dataset", "")
    known = None if is_closed_table(wanted) else datasets.get_dataset(db, wanted)
    if known is None and any(st.query_params.get(name) for name in ("run", "search", "setup", "dataset")):
        st.session_state.setdefault("lost_link", REFUSED if is_closed_table(wanted) else LOST)
    dataset_id = known.id if known else SAMPLES[0].id
    return View(dataset_id, default_setup(dataset_id))


def _comes_to_tune() -> bool:
    path = urlsplit(st.context.url or "").path
    return path.endswith(("/", "/tune", "/start")) or not path


def _kept_run(run_id: str) -> StoredRun | None:
    if is_closed_run(run_id):
        _say_refused()
    return seen_run(run_id)


def _to_url(view: View) -> None:
    wanted = {"dataset": view.dataset_id}
    if view.setup is not None:
        setup_id = datasets.setup_id(view.dataset_id, view.setup)
        if st.session_state.get("asked_setup") != setup_id:
            dataset_id, setup = view.dataset_id, view.setup
            if ask_impatiently(lambda: datasets.request_setup(database(), dataset_id, setup)):
                st.session_state.asked_setup = setup_id
        wanted["setup"] = setup_id
    if view.run_id:
        wanted["run"] = view.run_id
        if view.ghost_id:
            wanted["before"] = view.ghost_id
    if view.compared is not None:
        wanted["compare"] = BETWEEN_MARKS.join(view.compared)
    if view.reference:
        wanted["reference"] = view.reference
    if view.chapter:
        wanted["chapter"] = view.chapter
    if view.beside:
        wanted["beside"] = BETWEEN_MARKS.join(view.beside)
    if view.presented is not None:
        wanted["present"] = str(view.presented)
    if view.search_id:
        wanted["search"] = view.search_id
    if view.guide:
        wanted["guide"] = view.guide
    if view.join:
        wanted["join"] = view.join
    if st.query_params.to_dict() != wanted and not _leads_to(view, wanted):
        st.query_params.from_dict(wanted)


def _leads_to(view: View, wanted: dict[str, str]) -> bool:
    """Whether the address does already, as / and short links do: one that is written anew is a step of the browser's history."""
    here = (st.query_params.to_dict(), view)
    if not here[0].items() <= wanted.items():
        return False
    if not here[0] and view.run_id and "went_back" not in st.session_state:
        return False  # what only this visitor finds there has an address that others can be given
    if st.session_state.get("leads_to") != here:
        if (view_from_url() if here[0] else _bare()) != view:
            return False
        st.session_state.leads_to = here
    return True
