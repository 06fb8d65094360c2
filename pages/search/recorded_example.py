"""The Search page before a search: what it is for, the button that begins, and a recorded search."""

from __future__ import annotations

import math
from functools import lru_cache, partial

import streamlit as st

from pages.search.labels import axis_words
from pages.search.launch import checked_spec, launch
from pages.search.sidebar import base_from_tune, current_form
from pages.state.database import is_dark
from pages.state.recorded import recorded_file
from pages.state.view import View
from pages.widgets.chart_table import chart_table
from pages.widgets.example import recorded_example
from pages.widgets.train_button import train_button
from tuning_core.charts.axis_scatter import axis_scatter
from tuning_core.charts.compared_curves import Line, compared_curves
from tuning_core.charts.style import number
from tuning_core.charts.ticks import Scale
from tuning_core.diagnosis.difference import kept_score
from tuning_core.errors import SettingsError
from tuning_core.experiment import SearchSpace, Trial
from tuning_core.experiment.band import band_of
from tuning_core.experiment.score_names import loss_name
from tuning_core.search_analysis.points import Point, coordinates, is_log, label, ranked

STILL = {"displayModeBar": False}
HEIGHT = 340


def search_example(view: View, ready: bool) -> None:
    """Every curve of the recorded search, the best in colour, and where it lies on an axis."""
    st.info(
        "Choose in the sidebar what to try and press Search: many settings train side by side, and every validation curve grows "
        "here. Then you see which setting is best, which axis matters, and how much of the lead is luck.",
        icon=":material/manage_search:",
    )
    base = base_from_tune()
    try:
        spec = checked_spec(current_form(view, base), base)
    except SettingsError:
        spec = None  # the sidebar says what is wrong
    train_button(
        "Begin with these",
        view.dataset_id,
        type="primary",
        icon=":material/search:",
        key="begin",
        on_click=launch,
        args=(spec,),
        disabled=spec is None or not ready,
        help="Trains every setting of the form in the sidebar on your table.",
    )
    trials = _ranked()
    with recorded_example("search", f"a random search of {len(trials)} settings"):
        left, right = st.columns([2.1, 1], gap="medium")
        left.plotly_chart(_curves(trials), width="stretch", config=STILL, key="example_search_curves")
        right.plotly_chart(_along(trials), width="stretch", config=STILL, key="example_search_axis", theme=None)
        chart_table("these settings", "example_search", partial(_columns, trials))


@lru_cache(maxsize=1)
def _ranked() -> list[Trial]:
    """The best first; what diverged last."""
    trials = recorded_file("search").trials
    by_number = {trial.number: trial for trial in trials}
    return [by_number[point.number] for point in ranked(Point(t.number, {}, _score(t)) for t in trials)]


def _score(trial: Trial) -> float:
    return kept_score(trial.history, trial.hyperparameters, "val_loss")


def _curves(trials: list[Trial]):
    def line(place: int, trial: Trial) -> Line:
        words = f"learning rate {label(trial.hyperparameters.learning_rate)}, batch {trial.hyperparameters.batch_size}"
        return Line("best" if not place else "", words, band_of([trial.history.val_loss]), hue=None if place else 0)

    lines = [line(place, trial) for place, trial in enumerate(trials)]
    loss = loss_name(trials[0].history.context.get("loss_name"))
    target = recorded_file("search").setup["target"]
    return compared_curves(lines, title=f"{loss} of {target}, validation", dark=is_dark(), height=HEIGHT)


def _columns(trials: list[Trial]) -> dict[str, list[str]]:
    name = loss_name(trials[0].history.context.get("loss_name"))
    scores = [_score(trial) for trial in trials]
    return {
        "learning rate": [label(trial.hyperparameters.learning_rate) for trial in trials],
        "batch size": [label(trial.hyperparameters.batch_size) for trial in trials],
        f"{name}, validation": [number(score) if math.isfinite(score) else "diverged" for score in scores],
    }


def _along(trials: list[Trial]):
    space = SearchSpace.from_json(recorded_file("search").space)
    name = next(iter(space.axes))
    scores = [_score(trial) for trial in trials]
    points = [Point(t.number, {name: getattr(t.hyperparameters, name)}, s) for t, s in zip(trials, scores, strict=True)]
    axis = space.axes[name]
    scale = Scale(axis_words(name), coordinates(space, name, points), is_log(axis))
    words = [f"{label(point.values[name])}: {number(point.score) if point.has_score else 'diverged'}" for point in points]
    loss = loss_name(trials[0].history.context.get("loss_name"))
    return axis_scatter(scale, scores, words, loss=loss, dark=is_dark(), height=HEIGHT)
