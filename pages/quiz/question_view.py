"""One question: the curve, the options, how sure one is, and the button that commits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from pages.quiz.live_change import have_table
from pages.state.classroom import tell_class
from pages.state.database import is_dark
from pages.state.given_answers import give_answer
from pages.widgets.chart_table import chart_table, epoch_columns, history_columns
from pages.widgets.text import plain
from tuning_core.charts.curve_panels import CurvePanel, curve_panels
from tuning_core.charts.quiz_curve import quiz_curve
from tuning_core.experiment import History
from tuning_core.experiment.band import band_of
from tuning_core.experiment.score_names import loss_name
from tuning_core.lessons import KINDS, QuizAnswer, QuizItem, quiz_items
from tuning_core.lessons.quiz_progress import SURE

COLUMNS = (3, 2)  # curve and words
CHOICES = (2, 3)  # curve, and the small curves among which one chooses
LOW = 270  # pixels of a curve that has others beside it
SMALL = 340  # of four small curves, two by two
CONFIDENT = ("verdict", "predict", "luck", "report")  # kinds that ask how sure one is


def ask(item: QuizItem, number: int) -> None:
    """`number` of answers given so far: every question has widgets of its own, also when it comes back."""
    have_table(item)
    head(item)
    key = f"quiz_panels_{number}"
    if item.panels_first and item.curve_first:
        left, right = st.columns(CHOICES)
        with left:
            _draw(item, number)
        with right:
            draw_panels(item, key)
        _words(item, number)
        return
    left, right = st.columns(COLUMNS)
    with right:
        _words(item, number)
    with left:
        if item.curve_first:
            _draw(item, number)
        else:
            draw_panels(item, key)


def _words(item: QuizItem, number: int) -> None:
    """The question, its options, and the button."""
    st.markdown(f"**{plain(item.question)}**")
    choice, sure = _answer(item, number)
    ready = choice is not None and (bool(sure) or item.kind not in CONFIDENT)
    st.button(
        "Commit",
        type="primary",
        disabled=not ready,
        on_click=_commit,
        args=(item, choice, sure),
        help="First your answer, and how sure you are; then what the unseen rows say.",
    )


def _answer(item: QuizItem, number: int) -> tuple[str | None, str]:
    """What is chosen so far, and how sure one is."""
    if item.kind == "point":
        key, middle = f"quiz_epoch_{number}", len(item.history) // 2 + 1
        epoch = st.slider(
            "Epoch", 1, len(item.history), st.session_state.get(key, middle), key=key, help="Or press on the curve, where it is."
        )
        return f"epoch {epoch}", ""
    beside = max(map(len, item.options)) == 1  # letters
    choice = st.radio("Your answer", item.options, index=None, horizontal=beside, format_func=plain, key=f"quiz_choice_{number}")
    if item.kind not in CONFIDENT:
        return choice, ""
    sure = st.radio("How sure are you?", list(SURE), index=None, horizontal=True, key=f"quiz_sure_{number}")
    return choice, sure or ""


def head(item: QuizItem) -> None:
    st.markdown(f"**{KINDS[item.kind]}** · a real training on the table {plain(item.table)}")


def _draw(item: QuizItem, number: int) -> None:
    """The curve as it was seen; where an epoch is asked for, a press on it chooses one."""
    if not np.isfinite(item.history.train_loss).any():
        st.info("There is no curve to draw: the loss is NaN in every epoch.", icon=":material/block:")
        return
    key = f"quiz_curve_{number}"
    if item.kind != "point":
        figure = quiz_curve(item.history, dark=is_dark())
        st.plotly_chart(figure.update_layout(height=LOW) if item.panels_first else figure, key=key, width="stretch")
        chart_table("the curve", key, partial(history_columns, item.history))
        return
    figure = quiz_curve(item.history, chosen=st.session_state.get(f"quiz_epoch_{number}"), dark=is_dark())
    st.plotly_chart(
        figure,
        key=key,
        width="stretch",
        on_select=lambda: choose_epoch(st.session_state[key], f"quiz_epoch_{number}"),
        selection_mode="points",
    )
    chart_table("the curve", key, partial(history_columns, item.history))


def choose_epoch(pressed: Mapping[str, Any], slider: str) -> None:
    """Put the slider on the epoch that was pressed; a second press on it, which selects nothing, leaves it there."""
    points = pressed["selection"]["points"]
    if points:
        st.session_state[slider] = int(points[0]["x"])


def draw_panels(item: QuizItem, key: str) -> None:
    """The item's small curves on common axes; several seeds of one are thin lines with their median."""
    context = item.history.context
    panels = [
        CurvePanel(panel.title, [History.from_arrays(train_loss=t, val_loss=v, context=context) for t, v in panel.runs])
        for panel in item.panels
    ]
    loss = loss_name(context.get("loss_name"))
    figure = curve_panels(panels, loss=loss, dark=is_dark())
    if len(panels) > 2:
        figure.update_layout(height=SMALL)
    st.plotly_chart(figure, key=key, width="stretch")
    chart_table("the small curves", key, partial(panel_columns, panels))


def panel_columns(panels: list[CurvePanel]) -> dict[str, list[str]]:
    """Medians over the runs of each panel, epoch by epoch."""
    return epoch_columns(
        {
            f"{panel.title}, {words}": band_of([getattr(history, name) for history in panel.runs]).middle
            for panel in panels
            for words, name in (("training", "train_loss"), ("validation", "val_loss"))
        }
    )


def _commit(item: QuizItem, choice: str, sure: str) -> None:
    answer = QuizAnswer(item.id, choice, item.score(choice), sure)
    give_answer("quiz", item.id, answer.to_json())
    if item.id in {known.id for known in quiz_items()}:  # those of one's own table nobody else is asked
        tell_class(item.id, choice, answer.right)
    st.session_state.quiz_shown = answer
