"""A teacher's link: an address that sets the sliders, locks or hides controls, chooses pages, and says what to do.

It holds for the visit that was opened by the link and travels in its address as `guide`: compact JSON in URL-safe Base64. It is a
guide and no security: whoever takes it out of the address has everything open.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import streamlit as st

from pages.state.tune_settings import flat_from_spec, spec_from_flat
from pages.state.view import change_view, current_view
from tuning_core.errors import SettingsError, UserError

CONTROLS = {
    "layers": "Hidden layers",
    "units": "Units",
    "activation": "Activation",
    "learning_rate": "Learning rate",
    "batch_size": "Batch size",
    "epochs": "Epochs",
    "optimizer": "Optimizer",
    "stops_early": "Early stopping",
    "patience": "Patience",
    "keep": "Weights kept",
    "seeds": "Seeds",
    "dropout": "Dropout",
    "l2": "L2 penalty",
    "loss": "Loss",
    "scale_target": "Scale the target",
    "class_weight": "Balance the classes",
    "shuffle": "Shuffle rows",
    "auto_run": "Auto-run",
}
PAGES = ("data", "search", "compare", "exam", "predict", "gallery", "lessons", "quiz")  # besides Tune, which is always there
LONGEST, LONGEST_NOTE = 4_000, 300
MOST_SEEDS = 16  # as on the slider
FIELDS = ("set", "lock", "hide", "pages", "note")


@dataclass(frozen=True)
class Guide:
    """What a link asks for.

    Attributes
    ----------
    settings : flat settings (`tune_settings.settings`) that differ from the start values.
    locked, hidden : keys of `CONTROLS`.
    pages : of `PAGES`, those that are shown.
    note : what the teacher says, plain text.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    locked: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    pages: tuple[str, ...] = PAGES
    note: str = ""


def write_guide(guide: Guide) -> str:
    """For the address; `read_guide` gives it back. What is as without a guide is left out."""
    facts: dict[str, Any] = {"set": dict(guide.settings), "lock": guide.locked, "hide": guide.hidden, "note": guide.note}
    facts = {name: value for name, value in facts.items() if value}
    if guide.pages != PAGES:
        facts["pages"] = guide.pages
    text = json.dumps(facts, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@lru_cache(maxsize=256)
def read_guide(text: str) -> Guide:
    """Checked value by value; SettingsError names the field and the rule."""
    if len(text) > LONGEST:
        raise _bad(f"it has {len(text):,} characters, at most {LONGEST:,} are read")
    try:
        facts = json.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        raise _bad("it is not as the page for links writes it; a part may be cut off") from None
    if not isinstance(facts, dict):
        raise _bad("it holds no fields")
    for name in facts:
        if name not in FIELDS:
            raise _bad(f"{name[:40]!r} is none of its fields: {', '.join(FIELDS)}")
    note = facts.get("note", "")
    if not isinstance(note, str) or len(note) > LONGEST_NOTE:
        raise _bad(f"note is no text of at most {LONGEST_NOTE} characters")
    return Guide(
        settings=_settings(facts.get("set", {})),
        locked=_names(facts, "lock", tuple(CONTROLS)),
        hidden=_names(facts, "hide", tuple(CONTROLS)),
        pages=_names(facts, "pages", PAGES) if "pages" in facts else PAGES,
        note=note,
    )


def _settings(values: Any) -> Mapping[str, Any]:
    start = flat_from_spec(None)
    if not isinstance(values, dict):
        raise _bad("set holds no settings")
    for name in values:
        if name not in start:
            raise _bad(f"set names {name[:40]!r}, which is no setting")
    seeds = values.get("seeds", 1)
    if type(seeds) is not int or not 1 <= seeds <= MOST_SEEDS:
        raise _bad(f"set: seeds is {str(seeds)[:40]}, but it must be a whole number from 1 to {MOST_SEEDS}")
    try:
        return flat_from_spec(spec_from_flat(start | values)) if values else {}
    except UserError as problem:
        raise _bad(f"set: {problem.message.rstrip('.')}") from problem
    except (TypeError, ValueError, OverflowError) as problem:
        raise _bad("set holds a value of a wrong kind") from problem


def _names(facts: Mapping[str, Any], name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    values = facts.get(name, [])
    if not isinstance(values, list) or not all(value in known for value in values):
        raise _bad(f"{name} is no list of {', '.join(known)}")
    return tuple(value for value in known if value in values)


def _bad(what: str) -> SettingsError:
    return SettingsError(
        f"The guide in this link cannot be read: {what}.",
        kind="bad_guide",
        remedy="The page is shown without it. Ask for the link again.",
    )


# ---- of this visit -----------------------------------------------------------------------------------------------------


def guide() -> Guide:
    """The one that this visit was opened with; without one nothing is locked."""
    view = st.session_state.get("view")
    text = view.guide if view is not None else st.query_params.get("guide")
    try:
        return read_guide(text) if text else Guide()
    except SettingsError:
        return Guide()


def begin_guide() -> SettingsError | None:
    """At the top of every page: the link's settings go on the sliders once, unless its address names a run already."""
    view = current_view()
    if not view.guide or st.session_state.get("guided") == view.guide:
        return None
    st.session_state.guided = view.guide
    try:
        found = read_guide(view.guide)
    except SettingsError as problem:
        change_view(guide=None)
        return problem
    if found.settings and view.run_id is None:
        st.session_state.settings = dict(found.settings)
    return None


def leave_guide() -> None:
    change_view(guide=None)


def is_locked(control: str) -> bool:
    """Whether the visit's guide lets nobody move it."""
    return _control(control) in guide().locked


def is_hidden(control: str) -> bool:
    return _control(control) in guide().hidden


def _control(name: str) -> str:
    return "units" if name.startswith("units_") else name
