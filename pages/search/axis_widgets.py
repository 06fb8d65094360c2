"""The axes of a search as controls: each a list of values or a range, with its mistake right under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.search.form import AxisEntry, Form, axis_of_entry, new_entry
from pages.search.labels import axis_words
from pages.widgets.hyperparameter_choices import HELP
from pages.widgets.text import plain
from tuning_core.errors import SettingsError
from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.axis_rules import WHOLE
from tuning_core.search_analysis.points import label
from tuning_core.search_strategies.default_ranges import NAMED, named_options

KINDS = {"values": "values", "range": "range", "log": "log range"}
PREFIX = "build_"  # of the keys of the builder's widgets
ORDER = (
    *("learning_rate", "batch_size", "epochs", "layers", "units", "units_1", "units_2", "units_3", "activation", "optimizer"),
    *(
        "momentum",
        "weight_decay",
        "dropout",
        "l2",
        "patience",
        "start_from_epoch",
        "min_delta",
        "restore_best_weights",
        "keep",
        "monitor",
    ),
    *("loss", "class_weight", "scale_target", "shuffle"),
)
ONLY_FOR = {"loss": "regression", "scale_target": "regression", "class_weight": "classification"}


def axis_controls(form: Form, base: Hyperparameters, task: str) -> None:
    """Which axes, and for each what to try."""
    fitting = [name for name in ORDER if ONLY_FOR.get(name, task) == task or name in form["axes"]]
    st.multiselect(
        "Axes",
        fitting,
        format_func=axis_words,
        placeholder="What to vary",
        **bind("axes", list(form["axes"]), lambda names: _pick(form, names, base)),
        help="The settings to vary. Everything else stays as it is on Tune. Two or three axes at a time tell the most.",
    )
    for name, entry in form["axes"].items():
        with st.container(gap="small"):
            _axis(name, entry, base, task, grid=form["strategy"] == "grid")


def bind(key: str, value: Any, store: Callable[[Any], None]) -> dict[str, Any]:
    """The arguments that tie a widget to the form: it shows `value`, and a change is stored."""

    def changed() -> None:
        if PREFIX + key in st.session_state:  # else another form was loaded, and the page run that would draw it was ended
            store(st.session_state[PREFIX + key])

    st.session_state[PREFIX + key] = value
    return {"key": PREFIX + key, "on_change": changed}


def store_in(target: dict[str, Any], name: str) -> Callable[[Any], None]:
    """Stores a widget's value under a name."""
    return lambda value: target.__setitem__(name, value)


def show_mistake(problem: SettingsError) -> None:
    """One sentence in the place where it can be mended."""
    st.markdown(f":red[:material/error: {plain(problem.message)} {plain(problem.remedy)}]")


def _pick(form: Form, names: list[str], base: Hyperparameters) -> None:
    form["axes"] = {name: form["axes"].get(name) or new_entry(name, base) for name in names}


def _axis(name: str, entry: AxisEntry, base: Hyperparameters, task: str, *, grid: bool) -> None:
    words = axis_words(name)
    tip = HELP.get("units" if name.startswith("units") else name, "")
    if name in NAMED:
        options = named_options(name, task)
        st.pills(
            words.capitalize(),
            options,
            selection_mode="multi",
            format_func=label,
            **bind(f"values_{name}", [v for v in entry["values"] if v in options], store_in(entry, "values")),
            help=f"{tip} Every value that is marked is tried.",
        )
    elif grid:
        _values(name, entry, words.capitalize(), tip)
    else:
        _values_or_range(name, entry, words.capitalize(), tip)
    try:
        axis_of_entry(name, entry, base, listed=grid)
    except SettingsError as problem:
        show_mistake(problem)


def _values(name: str, entry: AxisEntry, words: str, tip: str, visibility: str = "visible") -> None:
    st.text_input(
        words,
        label_visibility=visibility,
        **bind(f"values_{name}", entry["values"], store_in(entry, "values")),
        help=f"{tip} The values to try, with commas between them.",
    )


def _values_or_range(name: str, entry: AxisEntry, words: str, tip: str) -> None:
    whole = "whole " if name in WHOLE else ""
    st.segmented_control(
        words,
        KINDS,
        format_func=KINDS.get,
        required=True,
        **bind(f"as_{name}", entry["as"], store_in(entry, "as")),
        help=f"{tip} Values: only those listed. Range: any {whole}number between two ends. Log range: likewise, each factor of "
        "ten as likely as the next, the usual choice for rates, sizes and penalties.",
    )
    if entry["as"] == "values":
        _values(name, entry, words, tip, "collapsed")
        return
    for column, end, help_text in zip(st.columns(2), ("low", "high"), ("The smallest value.", "The largest value."), strict=True):
        kept = bind(f"{end}_{name}", entry[end], store_in(entry, end))
        column.text_input(f"{words}, {end} end", label_visibility="collapsed", **kept, help=help_text)
