"""A sweep under its slider: one setting trained over its whole range side by side, drawn on the slider's own scale.

What a sweep found stays in the store under the settings that it was trained with; with other settings it is shown as stale.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from pages.state.database import database, is_dark
from pages.state.rights import held_back
from pages.state.tune_settings import change_settings, launch, settings
from pages.state.view import change_view, current_view
from pages.state.waiting import rerun_when
from pages.tune.sweep_runs import (
    WILD_END,
    SweepResult,
    begin_sweep,
    newest_sweep,
    noise_question,
    present_settings,
    sweep_result,
    sweep_spec,
)
from pages.widgets.chart_table import chart_table
from pages.widgets.price import price
from pages.widgets.text import plain
from pages.widgets.train_button import train_button
from tuning_core.charts.sparkline import picture_html
from tuning_core.charts.style import number
from tuning_core.charts.sweep_strip import sweep_strip
from tuning_core.experiment import RunStatus
from tuning_core.store import questions, runs
from tuning_core.store.questions import Question

NAMES = {"learning_rate": "learning rates", "batch_size": "batch sizes"}
TIPS = {
    "learning_rate": "Train these settings with 24 learning rates at once, and draw where training is slow, best and unstable.",
    "batch_size": "Train these settings with batches from one row to all rows, with this learning rate and with one scaled "
    "along, and measure the gradient noise scale.",
}


@contextmanager
def slider_with_sweep(axis: str, options: Sequence[float], n_train: int) -> Iterator[None]:
    """Around the slider of one setting: a button that sweeps it, and below it what the last sweep found."""
    base = present_settings()
    asked, status = newest_sweep(axis, base)
    live = asked is not None and status.live
    found = sweep_result(asked.run_id) if asked and not live else None
    noise = noise_question(asked) if asked and found else None
    fresh = asked is not None and asked.fits(base)
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        with st.container(gap=None):
            yield
            if found is not None:
                _strip(axis, options, found, noise, fresh)
        with st.container(gap=None, width="content", key=f"sweep_buttons_{axis}"):
            _start_button(axis, n_train, asked.run_id if asked and live else None, disabled=not base)
            if found is not None:
                _follow_button(axis)
    if asked and live:
        _progress(axis, asked.run_id)
    elif asked and status == RunStatus.FAILED:
        _failure(asked.run_id)
    elif found is not None:
        _words(axis, found, noise, fresh)
    follows = axis in st.session_state.get("following", ())
    if asked and base and not fresh and follows and not held_back(asked.dataset_id):
        begin_sweep(axis, n_train)
        rerun_when(lambda: True)


def places_on(options: Sequence[float], values: Sequence[float]) -> list[float]:
    """Where values lie on a slider of these marks, 0 to 1; between marks by their logarithms."""
    marks = np.log(np.asarray(options, float))
    return np.interp(np.log(np.asarray(values, float)), marks, np.arange(len(marks)) / max(1, len(marks) - 1)).tolist()


def _strip(axis: str, options: Sequence[float], found: SweepResult, noise: Question | None, fresh: bool) -> None:
    now = min(settings()[axis], max(options))
    marks = sorted({*options, now})
    typical = (noise.answer or {}).get("typical") if noise else None
    svg = sweep_strip(
        places_on(marks, found.sweep.values),
        found.sweep.losses,
        found.sweep.zones,
        now=places_on(marks, [now])[0],
        best=found.sweep.best,
        along=found.along,
        mark=places_on(marks, [max(typical, marks[0])])[0] if typical else None,
        label=sentence(axis, found),
        stale=not fresh,
        dark=is_dark(),
    )
    with st.container(key=f"strip_{axis}"):
        st.html(picture_html(svg, 34))
        chart_table("the sweep", f"sweep_{axis}", partial(_columns, axis, found))


def _columns(axis: str, found: SweepResult) -> dict[str, list[str]]:
    sweep = found.sweep
    along = {"with the rate scaled along": [_loss(value) for value in found.along]} if found.along else {}
    return {
        NAMES[axis].removesuffix("s"): [f"{value:g}" for value in sweep.values],
        "validation loss": [_loss(value) for value in sweep.losses],
        **along,
        "zone": list(sweep.zones),
    }


def _loss(value: float) -> str:
    return number(value) if math.isfinite(value) else "diverged"


def sentence(axis: str, found: SweepResult) -> str:
    """What the strip shows, for a tooltip and for readers that do not see."""
    sweep = found.sweep
    if sweep.best is None:
        return f"None of the {NAMES[axis]} gave a finite validation loss."
    words = [f"Lowest validation loss {number(sweep.losses[sweep.best])} at {sweep.values[sweep.best]:g}."]
    low, high = sweep.stretch("best") or (0, 0)
    if low < high:
        words.append(f"From {low:g} to {high:g} it is at most 5 % higher.")
    wild = sweep.stretch("unstable")
    if wild:
        words.append(f"Unstable from {wild[0]:g} on." if WILD_END[axis] == "high" else f"Unstable up to {wild[1]:g}.")
    if found.along:
        words.append("Dashed: with the learning rate scaled along.")
    return " ".join(words)


def _words(axis: str, found: SweepResult, noise: Question | None, fresh: bool) -> None:
    """Under the strip: what it says in a word, and the best value at a click."""
    now = settings()[axis]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"swept_{axis}"):
        if found.use and not (axis == "batch_size" and found.sweep.is_among_the_best(now)):
            st.button(
                f"Use {' with rate '.join(f'{value:g}' for _, value in found.use)}",
                type="tertiary",
                icon=":material/check:",
                key=f"use_{axis}",
                on_click=_use,
                args=(found.use,),
                help=sentence(axis, found),
                disabled=not fresh,
            )
        st.button(
            "",
            type="tertiary",
            icon=":material/view_column:",
            key=f"beside_{axis}",
            on_click=change_view,
            kwargs={"beside": found.beside},
            help="Show curves of this sweep side by side: from its lowest value, its best, and its highest.",
        )
        st.caption(_in_short(axis, now, found) if fresh else "of other settings")
    if noise is not None:
        _noise_words(noise)


def _in_short(axis: str, value: float, found: SweepResult) -> str:
    if found.sweep.is_among_the_best(value):
        return f"{value:g} is among the best"
    wild = found.sweep.stretch("unstable")
    if not wild:
        return ""
    return f"unstable from {wild[0]:g}" if WILD_END[axis] == "high" else f"unstable to {wild[1]:g}"


def _noise_words(noise: Question) -> None:
    if noise.is_open:
        rerun_when(lambda: not getattr(questions.get_question(database(), noise.id), "is_open", False))
        st.caption(":material/hourglass_top: Measuring the gradient noise scale.")
    elif noise.error is not None:
        st.caption("The gradient noise scale could not be measured.", help=plain(noise.error["message"]))
    elif noise.answer and noise.answer["typical"] is not None:
        st.caption(f"Gradient noise scale: **{number(noise.answer['typical'])} rows** (dotted)", help=_noise_help(noise.answer))


def _noise_help(answer: dict[str, Any]) -> str:
    low, high = (number(f(answer["scales"])) for f in (min, max))
    return (
        "In a batch of this many rows, the gradient is as much signal as noise. Batches far above it waste rows; far below it, "
        "the batch can be doubled, with the learning rate scaled along, for nearly nothing. From every training row's own "
        f"gradient, tr Σ / |G|² (McCandlish 2018): median up to the best epoch ({answer['best_epoch']}); over the whole "
        f"training it went from {low} to {high} rows."
    )


def _start_button(axis: str, n_train: int, running: str | None, *, disabled: bool) -> None:
    if running:
        stop = {"icon": ":material/stop:", "help": "Stop this sweep.", "on_click": _stop, "args": (axis, running)}
        st.button(f"Stop the sweep of {NAMES[axis]}", key=f"stop_sweep_{axis}", type="tertiary", **stop)
        return
    base, view = present_settings(), current_view()
    takes = price(view.dataset_id, view.setup, "sweep", sweep_spec(axis, base, n_train) if base else None)
    tip = f"{TIPS[axis]} It takes {takes}." if takes else TIPS[axis]
    start = {"icon": ":material/query_stats:", "help": tip, "on_click": begin_sweep, "args": (axis, n_train)}
    train_button(f"Sweep {NAMES[axis]}", view.dataset_id, key=f"sweep_{axis}", type="tertiary", disabled=disabled, **start)


def _follow_button(axis: str) -> None:
    """On or off: sweep again whenever another setting changes."""
    following = axis in st.session_state.get("following", ())
    st.button(
        f"{'Stop following' if following else 'Follow'} with the sweep of {NAMES[axis]}",
        key=f"follow_{axis}",
        icon=":material/sync:" if following else ":material/sync_disabled:",
        type="tertiary",
        on_click=_follow,
        args=(axis,),
        help="The sweep is trained again whenever another setting changes. Press to leave it as it is."
        if following
        else "Train the sweep again whenever another setting changes.",
    )


def _follow(axis: str) -> None:
    st.session_state.following = set(st.session_state.get("following", ())) ^ {axis}


def _progress(axis: str, run_id: str) -> None:
    done = runs.progress(database(), run_id)
    tenth = int(10 * done)
    st.progress(done, text=f"Sweeping {NAMES[axis]}")

    def moved() -> bool:
        run = runs.get_run(database(), run_id)
        return run is None or not run.live or int(10 * runs.progress(database(), run_id)) > tenth

    rerun_when(moved)


def _failure(run_id: str) -> None:
    run = runs.get_run(database(), run_id)
    error = (run.error if run else None) or {"message": "The sweep failed.", "remedy": "Try again."}
    st.caption(f":material/error: {plain(error['message'])} {plain(error['remedy'])}")


def _use(changes: tuple[tuple[str, float], ...]) -> None:
    change_settings(**dict(changes))
    if st.session_state.get("auto_run"):
        launch(automatic=True)


def _stop(axis: str, run_id: str) -> None:
    st.session_state.following = set(st.session_state.get("following", ())) - {axis}
    runs.request_stop(database(), run_id)
