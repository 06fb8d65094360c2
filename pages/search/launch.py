"""Starting and extending a search: what it will cost, and a way out where that is absurd."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from pages.search.axis_widgets import show_mistake
from pages.search.form import Form, has_mistaken_axis, spec_of_form, trainings
from pages.state.database import database
from pages.state.queueing import extend_search, queue_run
from pages.state.view import View, change_view
from pages.state.workspace import workspace
from pages.widgets.engine_answer import answer_to
from pages.widgets.errors import show_error
from pages.widgets.train_button import train_button
from tuning_core.charts.style import duration
from tuning_core.config import read_config
from tuning_core.engine.runs.run_limit import too_long_search
from tuning_core.errors import SettingsError
from tuning_core.experiment import Hyperparameters, SearchSpace
from tuning_core.experiment.space import MAX_TRIALS, too_many
from tuning_core.search_strategies.default_ranges import further
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun
from tuning_core.store.search_configurations import list_settings

WAY_OUT = 200  # settings at random instead of an absurd number
LONG = 600.0  # seconds from which a time budget is proposed
SHORT = 60.0
MANY = 8  # stacks from which it is worth a word that they could be fewer


def launch_buttons(view: View, form: Form, base: Hyperparameters, *, ready: bool) -> None:
    """Search and Extend, with the price under them; a space that cannot be searched says why and what would do."""
    spec, problem = None, None
    try:
        spec = checked_spec(form, base)
    except SettingsError as found:
        problem = found
    shown = runs.get_run(database(), view.search_id or "")
    with st.container(horizontal=True, vertical_alignment="center"):
        train_button(
            "Search",
            view.dataset_id,
            type="primary",
            icon=":material/search:",
            disabled=spec is None or not ready,
            on_click=launch,
            args=(spec,),
            help="Train every setting and watch all curves grow.",
        )
        train_button(
            "Extend",
            view.dataset_id,
            icon=":material/add:",
            disabled=spec is None or not ready or not may_extend(shown, view),
            on_click=extend,
            args=(view.search_id, spec and spec["space"]),
            help="Keep what the search on screen has tried and add these settings; its folds and seeds stay as they are.",
        )
    if problem is not None:
        _refusal(problem, form, base)
    elif spec is not None and ready:
        _price(view, spec, form)


def checked_spec(form: Form, base: Hyperparameters) -> dict[str, Any]:
    """The spec of the form; SettingsError also for more trainings than one search may have."""
    spec = spec_of_form(form, base)
    settings, total = trainings(spec)
    if total > MAX_TRIALS and (form["n_iter"] is not None or form["strategy"] == "grid"):
        raise too_many(f"{settings:,} settings with {total // settings:,} trainings each")
    return spec


def launch(spec: dict[str, Any]) -> None:
    """Queue the search and show it."""
    view = change_view()
    if view.setup is not None:
        search_id = queue_run(view.dataset_id, view.setup, "search", spec)
        if search_id is not None:
            change_view(search_id=search_id)
            st.session_state.search_selected = None


def may_extend(run: StoredRun | None, view: View) -> bool:
    """Whether a search is this browser's own, has ended, and is of the data on screen."""
    return run is not None and not run.live and run.workspace == workspace() and run.setup == view.setup


def extend(run_id: str, space_json: dict[str, Any]) -> None:
    """Queue a search again with another space; with the same axes, its sequence of settings goes on."""
    run = runs.get_run(database(), run_id)
    if run is None:
        return
    before, space = SearchSpace.from_json(run.spec["space"]), SearchSpace.from_json(space_json)
    if replace(before, n_iter=space.n_iter, seconds=space.seconds, include=space.include) == space and space.n_iter is not None:
        tried = len(list_settings(database(), run_id))
        space = replace(further(before, space.n_iter, tried), seconds=space.seconds, include=space.include)
    extend_search(run, space.to_json())


def _refusal(problem: SettingsError, form: Form, base: Hyperparameters) -> None:
    if has_mistaken_axis(form, base):
        st.caption(":material/error: Mend what is marked below.")
        return
    show_mistake(problem)
    if problem.kind == "too_many_trials":
        st.button(
            f"Take {WAY_OUT} at random",
            icon=":material/casino:",
            on_click=lambda: form.update(
                strategy="random", n_iter=WAY_OUT, cv=form["cv"] and form["folds"] * form["repeats"] <= 50
            ),
            help="The same ranges, tried at random: nearly as good, and done today.",
        )


def _time_words(seconds: float, most: float) -> str:
    """What it takes where trainings stop as early as they have done so far, and where none does."""
    words = f"about **{duration(seconds)}**"
    return words if most <= 1.25 * seconds else f"{words}, up to **{duration(most)}** if no training stops early"


def _price(view: View, spec: dict[str, Any], form: Form) -> None:
    """Settings, trainings, stacks and seconds: counted here, estimated by the engine."""
    settings, total = trainings(spec)
    each = f" × {total // settings:,} = {total:,} trainings" if total > settings else ""
    open_ended = spec["space"]["n_iter"] is None and spec["space"]["strategy"] != "grid"
    words = "As many settings as there is time for" if open_ended else f"{settings:,} setting{'s' if settings != 1 else ''}{each}"
    question = answer_to("estimate", {"dataset_id": view.dataset_id, "setup": view.setup, **spec})
    if question is None or question.answer is None:
        st.caption(f"{words} :material/hourglass_top:")
        return
    answer = question.answer
    if open_ended:
        words = f"About {answer['settings']:,} settings"
    stacks, budget = answer["stacks"], spec["space"]["seconds"] or float("inf")
    seconds = min(answer["seconds"], budget)
    if seconds > 60.0 * read_config().run_minutes:
        problem = too_long_search(SearchSpace.from_json(spec["space"]), seconds, read_config().run_minutes)
        show_error(problem.message, problem.remedy)
    most = min(answer.get("most_seconds", seconds), budget)  # answers from before have one only
    st.caption(f"{words} in {stacks:,} stack{'s' if stacks != 1 else ''}, {_time_words(seconds, most)}")
    if answer["programs"] > MANY and answer["programs"] > settings / 2:
        st.caption(":material/info: Nearly every setting needs a program of its own. List a few numbers of units, not a range.")
    if seconds > LONG:
        st.button(
            "Only what fits into a minute",
            icon=":material/timer:",
            on_click=lambda: form.update(seconds=SHORT),
            help="Sets a time budget of 60 seconds; what is training then is stopped and kept.",
        )
