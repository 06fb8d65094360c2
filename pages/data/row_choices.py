"""Which rows train, validate and test, and how much each counts: the part of the setup form about rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages.widgets.errors import show_error
from tuning_core.errors import UserError
from tuning_core.experiment import Split

BY_PART = "part"
METHODS = {
    "random": "At random",
    "stratified": "At random, same shares of classes",
    "ordered": "In file order",
    "time": "By time",
    "grouped": "Keep groups together",
    "copies": "Keep copies together",
    BY_PART: "As a column says",
}
COLUMN_OF = {"grouped": ("Group column", "group"), "time": ("Time column", "time"), BY_PART: ("Part column", BY_PART)}
"""What a method asks for: the label of the select box, and the end of its key."""

TIMES = ("datetime", "integer", "numeric")
MOST_PART_WORDS = 20


def form_key(dataset_id: str, locked: str = "") -> str:
    """Of the form's controls, which begin anew with every round; `locked`: the id of the setup that they only show."""
    if locked:
        return f"{dataset_id}_{locked}_"
    return f"{dataset_id}_{st.session_state.get('setup_round', 0)}_"


def choose_method(dataset_id: str, method: str, column: str | None = None) -> None:
    """Set the controls to a way of drawing rows, from outside the form."""
    key = form_key(dataset_id)
    st.session_state[key + "method"] = method
    if column is not None:
        st.session_state[key + COLUMN_OF[method][1]] = column


def row_choices(
    setup: Mapping[str, Any], columns: Sequence[Mapping[str, Any]], target: str, key: str, *, locked: bool = False
) -> dict[str, Any] | None:
    """The setup's "split" and, where they are set, "part" and "sample_weight"; None when the split cannot be.

    `locked` controls show what is set and cannot be moved.
    """
    split = setup["split"]
    before = BY_PART if setup.get("part") else split["method"]
    method = _select("Draw rows", list(METHODS), before, key + "method", METHODS, _METHOD_HELP, locked)
    column = None
    if method in COLUMN_OF:
        label, end = COLUMN_OF[method]
        able = _able_columns(method, columns, target)
        known = {"grouped": split["group"], "time": split.get("column"), BY_PART: setup.get("part")}[method]
        column = _select(label, able, known, key + end, disabled=locked) if able else None
        if column is None:
            show_error("No column of this table can serve for that.", "Choose another way to draw rows.")
            return None
    drawn = split if method == BY_PART else _drawn(split, method, column, key, locked)
    weight = _weight(setup, columns, target, key, locked)
    if drawn is None:
        return None
    named = {"part": column if method == BY_PART else None, "sample_weight": weight}
    return {"split": drawn, **{name: value for name, value in named.items() if value}}


_METHOD_HELP = (
    "By time and in file order the first rows train and the last ones judge, as when one foretells. Groups keep, say, all "
    "rows of one patient on one side; copies do so with rows that are the same."
)


def _select(
    label: str, options: list[str], value: str | None, key: str, words: Mapping[str, str] | None = None, note: str | None = None,
    disabled: bool = False,
) -> str:  # fmt: skip
    """A select box that others may set by its key."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = value if value in options else options[0]
    return st.selectbox(
        label, options, key=key, format_func=lambda name: words[name] if words else name, help=note, disabled=disabled
    )


def _able_columns(method: str, columns: Sequence[Mapping[str, Any]], target: str) -> list[str]:
    """The columns that can serve, those made for it first."""
    others = [column for column in columns if column["name"] != target]
    if method == "time":
        others = sorted((c for c in others if c["kind"] in TIMES), key=lambda c: TIMES.index(c["kind"]))
    elif method == BY_PART:
        others = [c for c in others if c["kind"] == "categorical" and c["distinct"] <= MOST_PART_WORDS]
    return [column["name"] for column in others]


def _fractions(split: Mapping[str, Any], key: str, locked: bool) -> tuple[int, int, int]:
    train_end, validation_end = st.slider(
        "Training | validation | test, %",
        0,
        100,
        (round(100 * split["train"]), round(100 * (split["train"] + split["validation"]))),
        key=key + "fractions",
        disabled=locked,
        help="Rows left of the first handle train the model, those between the handles choose the hyperparameters, and those "
        "on the right are locked away until the exam.",
    )
    parts = (train_end, validation_end - train_end, 100 - validation_end)
    st.caption(
        f"Rows up to {train_end} % train ({parts[0]} %), up to {validation_end} % validate ({parts[1]} %), the rest is the "
        f"locked test ({parts[2]} %)."
    )
    return parts


def _drawn(split: Mapping[str, Any], method: str, column: str | None, key: str, locked: bool) -> dict[str, Any] | None:
    parts = _fractions(split, key, locked)
    seed = st.number_input(
        "Split seed", 0, 2**31 - 1, split["seed"], key=key + "seed", help="Another seed draws other rows.", disabled=locked
    )
    keras = st.toggle(
        "Keras's validation_split",
        value=split["keras_validation_split"],
        key=key + "keras",
        disabled=locked,
        help="Validation is then the last rows of what trains, unshuffled, as fit(validation_split=...) takes them.",
    )
    try:
        return Split(
            train=parts[0] / 100,
            validation=parts[1] / 100,
            test=parts[2] / 100,
            seed=int(seed),
            method=method,
            group=column if method == "grouped" else None,
            keras_validation_split=keras,
            column=column if method == "time" else None,
        ).to_json()
    except UserError as problem:
        show_error(problem.message, problem.remedy)
        st.caption("The split before is still in use.")
        return None


def _weight(setup: Mapping[str, Any], columns: Sequence[Mapping[str, Any]], target: str, key: str, locked: bool) -> str | None:
    able = [c["name"] for c in columns if c["kind"] in ("integer", "numeric") and c["name"] != target]
    if not able:
        return None
    words = {"": "All rows count the same", **{name: name for name in able}}
    note = "A column that says how much each row counts, in training and in every score: 2 like two rows, 0 like none."
    return _select("Weight of a row", list(words), setup.get("sample_weight"), key + "weight", words, note, locked) or None
