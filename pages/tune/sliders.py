"""The sliders of the Tune page, in the order in which one thinks: model, optimisation, regularisation, stopping, seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import streamlit as st

from pages.state.guide import is_hidden, is_locked
from pages.state.tune_settings import PREFIX, is_stale, launch, settings
from pages.tune.batch_size_hint import batch_note, store_batch_size
from pages.tune.sweep_panel import slider_with_sweep
from pages.widgets.hyperparameter_choices import BATCHES, EPOCHS, HELP, PATIENCES, PENALTIES, RATES, UNITS
from tuning_core.experiment.band import MIN_MAX_UP_TO
from tuning_core.experiment.hyperparameters import ACTIVATIONS, KEPT, MAX_LAYERS
from tuning_core.experiment.optimizers import OPTIMIZERS
from tuning_core.experiment.score_names import LOSS_NAMES
from tuning_core.experiment.scores import SCORES

DROPOUTS = [round(i / 20, 2) for i in range(19)]


def setting_sliders(n_train: int, task: str) -> None:
    """All sliders; each change lands in the settings, and launches a run when auto-run is on."""
    flat = settings()
    with st.container(gap="small"):
        _model(flat)
        _optimisation(flat, n_train)
        _stopping(flat, task)
        _seeds(flat)
        if is_hidden("dropout") and is_hidden("l2"):
            regularisation = nullcontext()
        else:
            regularisation = st.expander("Regularisation", icon=":material/compress:")
        with regularisation:
            _slider("Dropout", "dropout", DROPOUTS, _scalar_dropout(flat), _percent)
            _slider("L2 penalty", "l2", PENALTIES, flat["l2"], _power)
        with st.expander("Loss and data order", icon=":material/settings:"):
            _more(flat, task)


PRESENTED = {
    "Learning rate": "learning_rate",
    "Batch size": "batch_size",
    "Units": "units_0",
    "Hidden layers": "layers",
    "Epochs": "epochs",
    "Patience": "patience",
    "Dropout": "dropout",
    "L2 penalty": "l2",
    "Seeds": "seeds",
}
"""What can stand alone under a presenter's curve."""


def one_slider(label: str, n_train: int) -> None:
    """The slider of one setting; a word where the setting has no meaning now."""
    flat, name = settings(), PRESENTED[label]
    if name == "units_0" and not flat["hidden_units"]:
        st.caption("There is no hidden layer.", width="stretch")
    elif name == "patience" and not flat["stops_early"]:
        st.caption("Early stopping is off.", width="stretch")
    elif name == "batch_size":
        options = [b for b in BATCHES if b < n_train] + [n_train]
        _slider(label, name, options, min(flat[name], n_train), lambda b: f"{b:,}", store=store_batch_size)
    elif name == "units_0":
        _slider(label, name, UNITS, flat["hidden_units"][0], lambda u: f"{u:,}", store=_store_units(0), tip="units")
    elif name == "layers":
        _slider(label, name, list(range(MAX_LAYERS + 1)), len(flat["hidden_units"]), store=_store_layers)
    elif name == "dropout":
        _slider(label, name, DROPOUTS, _scalar_dropout(flat), _percent)
    else:
        options, form = {
            "learning_rate": (RATES, _number_words),
            "epochs": (EPOCHS, _number_words),
            "patience": (PATIENCES, _number_words),
            "l2": (PENALTIES, _power),
            "seeds": (list(range(1, 17)), str),
        }[name]
        _slider(label, name, options, flat[name], form)


def _number_words(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def _model(flat: dict[str, Any]) -> None:
    units = flat["hidden_units"]
    left, right = st.columns(2)
    with left:
        _slider("Hidden layers", "layers", list(range(MAX_LAYERS + 1)), len(units), store=_store_layers)
    with right:
        _select("Activation", "activation", ACTIVATIONS, flat["activation"])
    for i, width in enumerate(units):
        label = "Units" if len(units) == 1 else f"Units of layer {i + 1}"
        _slider(label, f"units_{i}", UNITS, width, lambda u: f"{u:,}", store=_store_units(i), tip="units")


def _optimisation(flat: dict[str, Any], n_train: int) -> None:
    with _swept("learning_rate", RATES, n_train):
        _slider("Learning rate", "learning_rate", RATES, flat["learning_rate"], lambda v: f"{v:g}")
    batch = min(flat["batch_size"], n_train)
    options = [b for b in BATCHES if b < n_train] + [n_train]

    def words(size: int) -> str:
        return f"all {size:,} rows" if size == n_train else f"{size:,}"

    with _swept("batch_size", options, n_train):
        _slider("Batch size", "batch_size", options, batch, words, store=store_batch_size)
    if not is_hidden("batch_size"):
        batch_note(flat, batch, n_train)
    left, right = st.columns(2)
    with left:
        _slider("Epochs", "epochs", EPOCHS, flat["epochs"], lambda e: f"{e:,}")
    with right:
        _select("Optimizer", "optimizer", tuple(OPTIMIZERS), flat["optimizer"])
    if flat["optimizer"] == "sgd":
        _slider("Momentum", "momentum", [0.0, 0.5, 0.8, 0.9, 0.95, 0.99], flat["momentum"], lambda v: f"{v:g}")
    if flat["optimizer"] == "adamw":
        _slider("Weight decay", "weight_decay", [0.0, 0.001, 0.004, 0.01, 0.03, 0.1], flat["weight_decay"], lambda v: f"{v:g}")


def _swept(axis: str, options: Sequence[float], n_train: int) -> AbstractContextManager[None]:
    """A sweep could move what a teacher's link has locked."""
    return nullcontext() if is_hidden(axis) or is_locked(axis) else slider_with_sweep(axis, options, n_train)


def _stopping(flat: dict[str, Any], task: str) -> None:
    _toggle("Early stopping", "stops_early", flat["stops_early"])
    if not flat["stops_early"]:
        words = {"best": "the best epoch, by validation loss", "last": "the last epoch"}
        _select("Keep the weights of", "keep", KEPT, flat["keep"], words.get)
        return
    if is_hidden("stops_early") and is_hidden("patience"):
        return
    _slider("Patience", "patience", PATIENCES, flat["patience"], lambda p: f"{p:,} epoch{'s' if p != 1 else ''}")
    with st.popover("Early stopping in detail", icon=":material/more_horiz:", width="stretch"):
        metric = "MAE" if task == "regression" else "accuracy"
        names = {"val_loss": "validation loss", "val_metric": f"validation metric ({metric})"}
        names |= {name: score.words for name, score in SCORES.items() if score.task == task}
        if flat["monitor"] not in names:  # a score of another table's task
            flat["monitor"] = "val_loss"
        _select("Watch", "monitor", tuple(names), flat["monitor"], names.get)
        _toggle("Keep the weights of the best epoch", "restore_best_weights", flat["restore_best_weights"])
        _number("Smallest improvement that counts", "min_delta", flat["min_delta"], step=None)
        _number("Epochs before watching starts", "start_from_epoch", flat["start_from_epoch"], step=1)


def _seeds(flat: dict[str, Any]) -> None:
    _slider("Seeds", "seeds", list(range(1, 17)), flat["seeds"])
    st.caption(_seeds_words(flat["seeds"]))


def _seeds_words(seeds: int) -> str:
    """What seeds and the band are, where they are chosen."""
    if seeds == 1:
        return "One random start and row order. More of them show what is luck."
    band = "all of them" if seeds <= MIN_MAX_UP_TO else "the middle 80 %"
    return f"{seeds} random starts and row orders: the line is their median, the band holds {band}."


def _more(flat: dict[str, Any], task: str) -> None:
    if task == "regression":
        names = {"auto": LOSS_NAMES["mse"], **LOSS_NAMES}
        _select("Loss", "loss", ("auto", "mae"), "mae" if flat["loss"] == "mae" else "auto", names.get)
        _toggle("Scale the target", "scale_target", flat["scale_target"])
    else:
        _toggle("Balance the classes", "class_weight", flat["class_weight"] is not None, store=_store_class_weight)
    _toggle("Shuffle rows in every epoch", "shuffle", flat["shuffle"])


# ---- one kind of widget each ----------------------------------------------------------------------------------------

Store = Callable[[dict[str, Any], Any], None]


def _changed(name: str, store: Store | None) -> None:
    if PREFIX + name not in st.session_state:  # other settings were loaded, and the page run that would draw them was ended
        return
    flat = settings()
    value = st.session_state[PREFIX + name]
    if value is None or is_stale(PREFIX + name, value):  # None: a number field that was emptied; the previous value stays
        return
    if store is None:
        flat[name] = value
    else:
        store(flat, value)
    if st.session_state.get("auto_run"):
        launch(automatic=True)


def _bind(name: str, value: Any, store: Store | None, options: Sequence[Any] = (), tip: str | None = None) -> dict[str, Any]:
    """The arguments that tie a widget to the settings.

    The value is put on the widget where it has another one, or is made anew because its options are others. Else it is left
    alone: a value that is put on it goes to the browser, and would undo the keys that were pressed there meanwhile. It is the
    widget's default as well: the browser begins with it if the page run that put it on was ended before it was sent.
    """
    made_of = st.session_state.setdefault("slider_options", {})
    if st.session_state.get(PREFIX + name) != value or made_of.get(name) != list(options):
        st.session_state[PREFIX + name] = value
        made_of[name] = list(options)
    shared = {"key": PREFIX + name, "on_change": _changed, "args": (name, store), "help": HELP[tip or name]}
    return shared | {"disabled": is_locked(name)}


def _slider(
    label: str,
    name: str,
    options: Sequence[Any],
    value: Any,
    form: Callable[[Any], str] = str,
    *,
    store: Store | None = None,
    tip: str | None = None,
) -> None:
    if is_hidden(name):
        return
    choices = sorted({*options, value})  # a value put back from a run or a remedy may lie between the marks
    st.select_slider(label, choices, value, format_func=form, **_bind(name, value, store, choices, tip))


def _select(label: str, name: str, options: Sequence[str], value: str, form: Callable[[str], Any] = str) -> None:
    if is_hidden(name):
        return
    st.selectbox(label, options, options.index(value), format_func=form, **_bind(name, value, None, options))


def _toggle(label: str, name: str, value: bool, *, store: Store | None = None) -> None:
    if not is_hidden(name):
        st.toggle(label, value, **_bind(name, value, store))


def _number(label: str, name: str, value: float, step: int | None) -> None:
    kind, form = (int, None) if step else (float, "%g")
    st.number_input(label, kind(0), value=kind(value), step=step, format=form, **_bind(name, kind(value), None))


def _store_layers(flat: dict[str, Any], layers: int) -> None:
    units = list(flat["hidden_units"])
    flat["hidden_units"] = (units + [units[-1] if units else 64] * layers)[:layers]
    flat["dropout"] = _scalar_dropout(flat)


def _store_units(i: int) -> Store:
    def store(flat: dict[str, Any], units: int) -> None:
        flat["hidden_units"] = [units if j == i else u for j, u in enumerate(flat["hidden_units"])]

    return store


def _store_class_weight(flat: dict[str, Any], balanced: bool) -> None:
    flat["class_weight"] = "balanced" if balanced else None


def _scalar_dropout(flat: dict[str, Any]) -> float:
    rates = flat["dropout"]
    return max(rates, default=0.0) if isinstance(rates, (list, tuple)) else rates


def _percent(rate: float) -> str:
    return f"{100 * rate:g} %"


def _power(value: float) -> str:
    return f"{value:g}" if value else "none"
