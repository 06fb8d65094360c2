"""Sliders that say something else than the curve on screen: marked with the curve's value, and put back at a click."""

from __future__ import annotations

import json

import streamlit as st

from pages.state.database import is_dark
from pages.state.tune_settings import PREFIX, load_settings, settings, spec_from_flat
from pages.widgets.text import plain
from tuning_core.errors import UserError
from tuning_core.experiment import Change, Hyperparameters, changes
from tuning_core.store.runs import StoredRun

MARK = "content: {words}; margin-left: 0.5em; font-size: 0.85em; color: {ink}"
INK = ("#9A4B00", "#E69F00")  # on the light and the dark sidebar: contrast 5.9 and 7.5
WIDGETS = {"hidden_units": "layers", "early_stopping": "stops_early"}  # by field; the others have the field's name


def changed_settings(run: StoredRun | None) -> tuple[Change, ...]:
    """What the sliders would change in the run on screen; nothing while they cannot be trained or nothing is on screen."""
    if run is None or run.kind != "manual":
        return ()
    try:
        spec = spec_from_flat(settings())
    except UserError:
        return ()
    found = changes(*(Hyperparameters.from_json(s["hyperparameters"]) for s in (run.spec, spec)))
    counts = [str(len(s["seeds"])) for s in (run.spec, spec)]
    return (*found, Change("seeds", "seeds", *counts)) if counts[0] != counts[1] else found


def put_back_button(run: StoredRun | None, changed: tuple[Change, ...]) -> None:
    """Always there, so that nothing moves when a slider does."""
    words = ", ".join(f"{change.label} {change.before}" for change in changed)
    st.button(
        "Put the sliders back to the curve",
        icon=":material/undo:",
        key="put_sliders_back",
        type="tertiary",
        disabled=not changed,
        on_click=load_settings,
        args=(run.spec if run else None,),
        help=f"Put the sliders back to the curve: {plain(words)}." if changed else "The sliders are those of the curve.",
    )


def mark_sliders(changed: tuple[Change, ...]) -> None:
    """The curve's value behind the name of each control that differs; style only, so that a slider under the hand stays."""
    rules = []
    for change in changed:
        name = change.name.rpartition(".")[2]
        key = PREFIX + WIDGETS.get(name, name)
        words = json.dumps(f"curve: {change.before}", ensure_ascii=False)
        rules.append(f'.st-key-{key} [data-testid="stWidgetLabel"] p::after {{ {MARK.format(words=words, ink=INK[is_dark()])} }}')
    st.html(f"<style>{' '.join(rules)}</style>")  # always, so that what stands below keeps its place
