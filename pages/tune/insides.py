"""Insides of a run as it learned: its prediction over two columns, the loss around its way, and its weights.

Nothing is worked out before somebody asks: the engine then trains the run's first seed once more.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import streamlit as st

from pages.components.insides import insides_view
from pages.state.database import database, is_dark
from pages.state.insides import SHOWN, SHOWN_KEY, are_open, toggle
from pages.widgets.chart_table import chart_table
from pages.widgets.engine_answer import answer_to, is_still_open
from pages.widgets.errors import show_error
from pages.widgets.text import plain
from pages.widgets.training_progress import question_progress
from tuning_core.charts.network import DOWN, UP, network_svg
from tuning_core.charts.style import hue_of, number, share
from tuning_core.errors import UserError
from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.typed_values import typed_settings
from tuning_core.store import questions
from tuning_core.store.runs import StoredRun

LARGEST_RATE = 100.0
FORM = 2  # of the answer: one of an older form is asked for anew
HELP = "What learning does inside the network: its prediction, growing epoch by epoch, and its way down the loss."
OTHER = "Trained again, the run came out differently: it was recorded elsewhere. What is drawn is the training of this machine."


def insides_are_open(run: StoredRun) -> bool:
    return not run.live and are_open(run.id)


def insides_button(run: StoredRun) -> None:
    """Opens and closes the panel of a run that has ended."""
    if not run.live:
        label = "Close insides" if insides_are_open(run) else "Insides"
        st.button(label, icon=":material/blur_on:", key="insides", on_click=toggle, args=(run.id,), help=HELP)


def insides_panel(run: StoredRun) -> None:
    """Below the run bar, while it is open."""
    if not insides_are_open(run):
        return
    with st.container(border=True, key="insides_panel"):
        shown = st.segmented_control(
            "Insides",
            list(SHOWN.values()),
            default=st.session_state.get(SHOWN_KEY, SHOWN["prediction"]),
            required=True,
            key=SHOWN_KEY,
            label_visibility="collapsed",
            help="All of them follow the replay of the curve.",
        )
        if shown == SHOWN["landscape"]:
            _landscape(run)
            return
        found = _insides(run, None, None)
        if found is None:
            return
        if shown == SHOWN["weights"]:
            _weights(run, found)
        else:
            _prediction(run, found)


def _insides(run: StoredRun, columns: list[str] | None, output: int | None) -> dict[str, Any] | None:
    spec = {"run": run.id, "columns": columns, "output": output, "form": FORM}
    question = _asked("insides", spec, "The run's first seed is trained again")
    return _loaded(question.id) if question is not None else None


def _asked(kind: str, spec: dict[str, Any], doing: str) -> questions.Question | None:
    """The answer; while the engine works on it how far it is. One may leave and come back, stop it and begin again."""
    question = answer_to(kind, spec)
    if question is None and is_still_open(kind, spec):
        question_progress(questions.question_id(kind, spec), doing)
    elif question is None:
        st.button(
            "Begin again", icon=":material/replay:", key="insides_again", on_click=questions.ask, args=(database(), kind, spec),
            kwargs={"again": True}, help=HELP,
        )  # fmt: skip
    return question


@lru_cache(maxsize=4)
def _loaded(identity: str) -> dict[str, Any]:
    question = questions.get_question(database(), identity)
    assert question is not None
    return json.loads(questions.file_of(database(), question))


def _prediction(run: StoredRun, first: dict[str, Any]) -> None:
    """Two drawings; the columns are chosen above them, the two that move the prediction most at first."""
    places = st.columns(3)
    names = first["numeric"]
    with places[0]:
        x = st.selectbox(
            "Across", names, 0, format_func=plain, key=f"insides_x_{run.id}", help="The numeric column from left to right."
        )
    others = [name for name in names if name != x]
    with places[1]:
        up = others.index(first["columns"][1]) if first["columns"][1] in others else 0
        y = st.selectbox(
            "Up", others, up, format_func=plain, key=f"insides_y_{run.id}", help="The numeric column from bottom to top."
        )
    output = first["output"]
    if len(first["classes"]) > 2:
        with places[2]:
            output = st.selectbox(
                "Share of", range(len(first["classes"])), output, format_func=lambda k: plain(first["classes"][k]),
                key=f"insides_output_{run.id}", help="Each class has a surface of its own.",
            )  # fmt: skip
    same = [x, y] == first["columns"] and output == first["output"]
    found = first if same else _insides(run, [x, y], output)
    if found is None:
        return
    held, classes = found["held"], found["classes"]
    what = f"share of {classes[output]}" if classes else found["target"]
    rows, in_all = len(held["truth"]), held["rows_in_all"]
    some = f"{rows:,}" if rows == in_all else f"{rows:,} of {in_all:,}"
    titles = (f"Predicted {what}", f"Predicted against actual, {some} {held['side']} rows")
    insides_view(run.id, "prediction", found, titles, key="insides_prediction")
    st.caption(
        f"Seed {found['seed']} at {len(found['epochs'])} of its epochs; the replay of the curve and the slider here move "
        "together. Left: the prediction where all other columns have their median or commonest value. Dots are training rows "
        "in the colour of their actual value: a dot that differs from its ground is off, by the model or by its other columns. "
        + ("Right: what lies on the dashed line is predicted exactly." if not classes else "Right: each dot is a row.")
        + (f" {OTHER}" if not found["as_recorded"] else "")
    )
    chart_table("the predictions", f"insides_{run.id}", lambda: _held_columns(found))


def _held_columns(found: dict[str, Any]) -> dict[str, list[str]]:
    """Actual and predicted at the kept epoch."""
    held, classes, kept = found["held"], found["classes"], found["epochs"].index(found["kept"])
    words = (lambda k: classes[int(k)]) if classes else number
    form = share if classes else number
    predicted = [form(v) if v is not None else "not a number" for v in held["predicted"][kept]]
    return {f"actual {found['target']}": [words(v) for v in held["truth"]], f"predicted at epoch {found['kept']}": predicted}


def _landscape(run: StoredRun) -> None:
    """The plane of the run's own way, with the ways that other rates take from the same start."""
    hp = Hyperparameters.from_json(run.spec["hyperparameters"])
    rates = dict.fromkeys(f"{min(hp.learning_rate * factor, LARGEST_RATE):g}" for factor in (1, 0.1, 10))
    typed = st.text_input(
        "Learning rates", ", ".join(rates), key=f"insides_rates_{run.id}", width=320,
        help="Two to six, with commas between them, such as 1, 0.01, 1e-7. Each takes its own way from the same first weights.",
    )  # fmt: skip
    try:
        wanted = [setting.learning_rate for setting in typed_settings(hp, "learning_rate", typed).values()]
    except UserError as problem:
        show_error(problem.message, problem.remedy)
        return
    question = _asked("landscape", {"run": run.id, "rates": wanted}, f"The first seed is trained with {len(wanted)} rates")
    if question is None or question.answer is None:
        return
    found = question.answer
    of_all = "" if found["rows"] == found["rows_in_all"] else f" of {found['rows_in_all']:,}"
    some = f"{found['rows']:,}{of_all} {found['side']} rows"
    insides_view(run.id, "landscape", found, (f"Loss ({found['loss_name']}) on {some}",), key="insides_landscape", height=430)
    diverged = [f"{path['rate']:g}" for path in found["paths"] if path["diverged"]]
    st.caption(
        f"Each place is a network: a cut through its {found['weights']:,} weights along the two directions in which this run "
        f"moved most ({share(sum(found['explained']))} of its way), through the weights that it kept (star). Grey ground is high "
        "loss. Large marks are where each rate is at the epoch of the slider. A way runs above or below the cut, so the loss on "
        "its mark may differ from the ground's."
        + (f" Diverged: rate {', '.join(diverged)}." if diverged else "")
        + (f" {OTHER}" if not found["as_recorded"] else "")
    )
    chart_table("the ways", f"landscape_{run.id}", lambda: _way_columns(found))


def _way_columns(found: dict[str, Any]) -> dict[str, list[str]]:
    """The loss of each rate at each epoch, and how far it is from the plane, as a share of its distance to the kept weights."""
    columns = {"epoch": [f"{epoch:,}" for epoch in found["paths"][0]["epochs"]]}
    for path in found["paths"]:
        lacking = [""] * (len(columns["epoch"]) - len(path["epochs"]))
        columns[f"loss, rate {path['rate']:g}"] = [*("inf" if v is None else number(v) for v in path["loss"]), *lacking]
        columns[f"off the plane, rate {path['rate']:g}"] = [*(share(v) for v in path["off"]), *lacking]
    return columns


def _weights(run: StoredRun, found: dict[str, Any]) -> None:
    network, outputs = found["network"], found["classes"] if len(found["classes"]) > 2 else [found["target"]]
    lines, at, kernels = np.array(network["lines"][found["epochs"].index(found["kept"])]), 0, []
    for rows, columns in pairwise(map(len, network["places"])):
        kernels.append(lines[at : at + rows * columns].reshape(rows, columns))
        at += rows * columns
    named = [outputs[i] for i in network["places"][-1]]
    dark = is_dark()
    drawing = {
        "epochs": found["epochs"],
        "lines": network["lines"],
        "svg": network_svg(kernels, network["inputs"], named, dark=dark, sizes=network["sizes"]),
        "hues": [hue_of(UP, dark), hue_of(DOWN, dark)],
        "kept": found["kept"],
        "last": found["last"],
    }
    insides_view(run.id, "weights", drawing, ("Weights",), key="insides_weights")
    st.caption(
        "Thick lines are large weights, compared with the largest that their layer has in the network that was kept. Solid lines "
        "push the next unit up, dashed ones down. Of a large layer the units with the most weight are drawn; biases are not."
    )
