"""The sidebar of the Search page: what to try, how, for how long; and what that will cost before it starts."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.search.axis_widgets import PREFIX, axis_controls, bind, store_in
from pages.search.form import Form, conditions, form_of, lesson_form, new_form
from pages.search.launch import launch_buttons
from pages.search.score_choice import score_choice
from pages.state.database import database
from pages.state.tune_settings import settings, settings_in_words, spec_from_flat
from pages.state.view import View
from pages.widgets.dataset_link import dataset_link
from pages.widgets.text import plain
from tuning_core.errors import UserError
from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.cross_validation import CV_METHODS
from tuning_core.experiment.space import MAX_TRIALS
from tuning_core.experiment.split import IN_TIME
from tuning_core.store import runs

STRATEGIES = {
    "grid": ("Grid", "Every combination of the values. Thorough for two or three axes; each further one multiplies the number."),
    "random": ("Random", "Each setting drawn at random. With many axes it finds more than a grid of the same size."),
    "quasi_random": (
        "Quasi-random",
        "Spread evenly over the ranges (Sobol): the better way to explore, and its plots read best.",
    ),
    "bayesian": (
        "Bayesian",
        "Batches of eight, each chosen after the scores before it (TPE). For when a few more per cent count.",
    ),
    "halving": ("Halving", "All settings begin; at each rung only the best third trains on. Many settings for little time."),
}
METHODS = {"auto": "automatic", "kfold": "k-fold", "stratified": "stratified", "grouped": "grouped", "forward": "forward in time"}
FOLDS_HELP = "Each setting trains once a fold and is scored on the rows held out: slower, and far less a matter of luck."
METHOD_HELP = (
    "How rows go into folds. Stratified keeps the share of each class; grouped keeps rows of a group together (for tables "
    "that are split by groups); forward in time trains on the past only. Automatic does what suits the table."
)


def search_sidebar(view: View, summary: dict[str, Any] | None) -> None:
    """All controls of the sidebar; nothing here starts a search but its button."""
    base = base_from_tune()
    form = current_form(view, base)
    launch_buttons(view, form, base, ready=summary is not None)
    if summary is None:
        return
    dataset_link(summary)
    _strategy(form, base)
    axis_controls(form, base, summary["task"])
    score_choice(form, base, summary["task"], summary.get("target_transform"))
    _budget(form)
    _repeats(form, summary)
    _by_hand(form, base)
    _between_axes(form, base)


def base_from_tune() -> Hyperparameters:
    """The settings on Tune; the starting point where they are half-typed."""
    try:
        return Hyperparameters.from_json(spec_from_flat(settings())["hyperparameters"])
    except UserError:
        return Hyperparameters()


def current_form(view: View, base: Hyperparameters) -> Form:
    """The session's form; at first that of the search in the URL."""
    if "search_form" not in st.session_state:
        run = runs.get_run(database(), view.search_id or "")
        st.session_state.search_form = form_of(run.spec) if run else new_form(base)
    return st.session_state.search_form


def load_form(form: Form) -> None:
    """Show another form; widgets forget what they held."""
    st.session_state.search_form = form
    for name in list(st.session_state):
        if str(name).startswith(PREFIX):
            del st.session_state[name]


def _strategy(form: Form, base: Hyperparameters) -> None:
    tips = "\n".join(f"- **{name}**: {words}" for name, words in STRATEGIES.values())
    st.selectbox(
        "Strategy",
        list(STRATEGIES),
        format_func=lambda name: STRATEGIES[name][0],
        **bind("strategy", form["strategy"], lambda value: _set_strategy(form, value)),
        help=f"How the next settings are chosen.\n{tips}",
    )
    st.caption(STRATEGIES[form["strategy"]][1])
    st.button(
        "Set up the lesson's grid",
        icon=":material/school:",
        type="tertiary",
        on_click=lambda: load_form(lesson_form(base)),
        help="Fills in these controls: batch sizes 10 and 40 by 10 and 50 epochs, 64 units, 5 folds. Nothing is trained yet.",
    )


def _set_strategy(form: Form, strategy: str) -> None:
    form["strategy"] = strategy
    if strategy != "grid" and form["n_iter"] is None and (form["seconds"] is None or strategy == "halving"):
        form["n_iter"] = 32
    if strategy == "halving":
        form["axes"].pop("epochs", None)  # halving itself decides how long a setting trains


def _budget(form: Form) -> None:
    left, right = st.columns(2)
    if form["strategy"] != "grid":
        with left:
            st.number_input(
                "Settings to try",
                min_value=1,
                max_value=MAX_TRIALS,
                value=None,  # may be emptied
                placeholder="no limit",
                **bind("n_iter", form["n_iter"], store_in(form, "n_iter")),
                help="How many settings in all. Empty: as many as there is time for. 10 for each axis are a fair start.",
            )
    with right if form["strategy"] != "grid" else left:
        st.number_input(
            "Time, seconds",
            min_value=1.0,
            step=10.0,
            format="%g",
            value=None,
            placeholder="no limit",
            **bind("seconds", form["seconds"], store_in(form, "seconds")),
            help="When the time is over, what is training is stopped and kept. Empty: no limit.",
        )


def _repeats(form: Form, summary: dict[str, Any]) -> None:
    with st.expander(_repeats_words(form), icon=":material/layers:"):
        st.toggle("Cross-validation", **bind("cv", form["cv"], store_in(form, "cv")), help=FOLDS_HELP)
        if form["cv"]:
            left, right = st.columns(2)
            with left:
                tip = "Parts that the rows outside the test set are cut into. More: fairer scores, longer training."
                st.number_input("Folds", 2, 100, **bind("folds", form["folds"], store_in(form, "folds")), help=tip)
            with right:
                tip = "Draw all folds anew so many times; evens out the luck of one cut."
                st.number_input("Repeats", 1, 100, **bind("repeats", form["repeats"], store_in(form, "repeats")), help=tip)
            kept = bind("method", form["method"], store_in(form, "method"))
            st.selectbox("Method", CV_METHODS, format_func=METHODS.get, **kept, help=METHOD_HELP)
            if form["method"] in ("kfold", "stratified") and not summary.get("part") and summary["split"]["method"] in IN_TIME:
                st.caption(":material/history: In these folds later rows train and earlier ones judge; automatic folds do not.")
        tip = "Train each setting with so many random starts. The spread of a score is then luck of the start as well."
        st.slider("Seeds", 1, 16, **bind("seeds", form["seeds"], store_in(form, "seeds")), help=tip)


def _repeats_words(form: Form) -> str:
    folds = f"{form['folds']} folds" if form["cv"] else "No cross-validation"
    folds += f" × {form['repeats']}" if form["cv"] and form["repeats"] > 1 else ""
    return f"{folds} · {form['seeds']} seed{'s' if form['seeds'] > 1 else ''}"


def _by_hand(form: Form, base: Hyperparameters) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Add Tune's settings",
            icon=":material/front_hand:",
            on_click=lambda: add_setting(form, base.to_json()),
            help="Try the settings that are on Tune now as well, before all others and beyond the number above.",
        )
        if form["include"]:
            st.button(
                f"{len(form['include'])} by hand",
                icon=":material/close:",
                type="tertiary",
                on_click=lambda: store_in(form, "include")([]),
                help="Take the hand-picked settings out of the search again.",
            )


def add_setting(form: Form, hyperparameters: dict[str, Any]) -> None:
    """Put a hand-picked setting into the next search, once."""
    if hyperparameters not in form["include"]:
        form["include"] = [*form["include"], hyperparameters]


def _between_axes(form: Form, base: Hyperparameters) -> None:
    """What no single control shows: conditions between axes, and what is not varied."""
    words = conditions(form)
    if words:
        st.caption(":material/info: " + " ".join(words))
    own = form["base"]
    where = "as in the search" if own else "as on Tune"
    rest, _, _ = settings_in_words({"hyperparameters": own or base.to_json(), "seeds": []}).rpartition(" · ")
    st.caption(f"All else {where}: {plain(rest)}")
    if own:
        st.button(
            "Use Tune's settings",
            icon=":material/tune:",
            type="tertiary",
            on_click=lambda: store_in(form, "base")(None),
            help="What no axis varies then follows the sliders on Tune.",
        )
