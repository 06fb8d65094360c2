"""Under the board: what the search is and what can be done with it, and the same for the chosen setting."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from pages.search.form import Form, form_of
from pages.search.labels import axis_words, setting_words
from pages.search.launch import may_extend
from pages.search.results import SearchResults, choose, chosen_setting
from pages.search.results_table import score_words
from pages.search.sidebar import STRATEGIES, add_setting, load_form
from pages.state.contenders import mark_of
from pages.state.queueing import extend_search
from pages.state.tune_settings import load_settings
from pages.state.view import View
from pages.widgets import run_actions
from pages.widgets.model_actions import model_menu
from pages.widgets.text import plain
from pages.widgets.train_button import train_button
from tuning_core.experiment import CrossValidation, SearchSpace
from tuning_core.search_strategies.default_ranges import further
from tuning_core.store.search_configurations import StoredSetting


def search_words(spec: dict[str, Any]) -> str:
    """A search in one line."""
    space = SearchSpace.from_json(spec["space"])
    words = [STRATEGIES[space.strategy][0].lower(), ", ".join(axis_words(name) for name in space.axes) or "settings by hand"]
    if spec["cv"]:
        cv = CrossValidation.from_json(spec["cv"])
        words.append(f"{cv.folds} folds" + (f" × {cv.repeats}" if cv.repeats > 1 else ""))
    if len(spec["seeds"]) > 1:
        words.append(f"{len(spec['seeds'])} seeds")
    return " · ".join(words)


def search_bar(results: SearchResults, view: View, workspace_id: str) -> None:
    """One line: the search in words, then stop, continue, more, to the builder, name and delete."""
    run_actions.run_bar(results.run, search_words(results.run.spec), partial(_buttons, results, view, workspace_id))


def _buttons(results: SearchResults, view: View, workspace_id: str) -> None:
    run = results.run
    own = run.workspace == workspace_id
    if own and run.live:
        run_actions.stop_button([run.id])
    if own and run.status.can_continue:
        run_actions.continue_button(run, "Train on to the end; what was trained is not trained again.")
    if may_extend(run, view):
        _more_settings(results)
    tip = "Put this search's strategy and axes back into the controls."
    st.button("Load settings", icon=":material/undo:", key="search_back", on_click=_to_controls, args=(run.spec,), help=tip)
    if own:
        run_actions.name_and_delete(run, "Shown in the list of searches.")


def chosen_bar(results: SearchResults, form: Form) -> None:
    """The chosen setting, and where it can go from here."""
    setting = chosen_setting(results)
    if setting is None:
        return
    clicked = st.session_state.get("search_selected") == setting.number
    rank = results.ranks.get(setting.number)
    score = next((score_words(results, p) for p in results.points if p.number == setting.number), setting.status)
    place = f"rank {rank:,} of {len(results.ranks):,}" if rank else setting.status
    head = f"setting {setting.number + 1}, {place}" if clicked else f"the best, setting {setting.number + 1}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chosen_setting"):
        st.markdown(f"**{plain(score)}** · {head} · {plain(setting_words(results.space, setting))}", width="stretch")
        tip = "Put these settings on the sliders of the Tune page and go there."
        if st.button("Open in Tune", icon=":material/tune:", key="to_tune", help=tip):
            _to_tune(results, setting)
        st.button(
            "Into the next search",
            icon=":material/front_hand:",
            key="to_include",
            on_click=add_setting,
            args=(form, dict(setting.hyperparameters)),
            help="Try this setting by hand in the next search, before all others.",
        )
        model_menu(results.run, mark_of(results.run, setting.number))
        tip = "Back to the best setting."
        st.button(  # always there, so that nothing moves when a row is ticked
            "Deselect",
            icon=":material/close:",
            key="deselect",
            type="tertiary",
            disabled=not clicked,
            on_click=choose,
            args=(None,),
            help=tip,
        )
    if setting.error:
        st.caption(f":material/error: {plain(setting.error)}")


def _to_tune(results: SearchResults, setting: StoredSetting) -> None:
    load_settings({"hyperparameters": dict(setting.hyperparameters), "seeds": results.run.spec["seeds"]})
    st.switch_page("tune/page.py")


def _more_settings(results: SearchResults) -> None:
    space = results.space
    with st.popover("More settings", icon=":material/add:", help="Go on with this search: what was tried is kept."):
        if space.strategy == "grid":
            st.caption("A grid is complete. Add values in the sidebar and press Extend, or widen an axis under Axes.")
            return
        tip = "Settings to try beyond those that were tried."
        more = st.number_input("More settings", 1, 10_000, min(max(8, (space.n_iter or 16) // 2), 10_000), key="more_n", help=tip)
        train_button(
            "Train more",
            results.run.dataset_id,
            icon=":material/play_arrow:",
            key="more_go",
            on_click=extend_search,
            args=(results.run, further(space, int(more), len(results.settings)).to_json()),
            help="Queue the search again.",
        )


def _to_controls(spec: dict[str, Any]) -> None:
    load_form(form_of(spec))
