"""The tables of the Compare page: what differs, and what each setting reached at what cost."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.state.contenders import Entry
from pages.state.database import is_dark
from pages.widgets.contender_labels import gain_form, gain_words, seconds_words, value_form, value_words, verdict_words
from tuning_core.charts.style import colours, hue_of
from tuning_core.data.dataset.settings import LATER
from tuning_core.diagnosis.comparison import Contender, difference, flat_settings, what_differs
from tuning_core.experiment.band import band_of

MISSING = math.inf  # sorts last and is written as a dash; for a NaN the table would say "None"

THAN_HELP = "How much better or worse, of the model that each training keeps, seed by seed, in the unit of the values."
HELP = {
    "group": "Numbers of different groups were measured on other rows or by other losses; they are not ranked together.",
    "score": "Of the weights that each training keeps, on its validation or held-out rows: the mean over seeds and folds.",
    "seeds reach": "Lowest to highest of these over the seeds (10 % to 90 % with five or more).",
    "last epoch": "The validation value after the last epoch, median over seeds.",
    "95 % interval": "Student's, of the mean difference over the seeds. Where it holds zero, other seeds could turn it round.",
    "best epoch": "Median over the seeds.",
    "epochs": "How long a training went, median over the seeds.",
    "time": "Of training, the compilation of a new program included; of a search its share by epochs.",
    "parameters": "Weights and biases of one model.",
}


def differing_table(shown: dict[str, Entry], hues: dict[str, int | None]) -> None:
    """One row for each setting, and only the columns that are not the same for all."""
    entries = list(shown.values())
    differing = what_differs([_facts(entry) for entry in entries])
    if not differing:
        same = (
            "There is one setting only." if len(entries) == 1 else "Nothing: the settings, the table and the split are the same."
        )
        st.caption(same)
        return
    columns = {name.replace("_", " "): [value_words(v) for v in values] for name, values in differing.items()}
    _table(pd.DataFrame({"": list(shown), **columns}), {}, hues)


def _facts(entry: Entry) -> dict[str, Any]:
    """All that may differ: the settings, the seeds, and what the numbers were measured on."""
    contender, setup = entry.contender, entry.run.setup
    on = contender.measured_on
    data = {
        "table": on["table"][1] or on["table"][0],
        "target": setup["target"],
        "features": setup["features"] or "all that can serve",
    }
    split = {f"split {name}": value for name, value in setup["split"].items()}
    split |= {name: setup.get(name) or "none" for name in LATER}
    seeds = sorted({training.seed for training in contender.trainings})
    return flat_settings(contender.hyperparameters) | data | split | {"folds": on["folds"], "seeds": _seeds_words(seeds)}


def _seeds_words(seeds: list[int]) -> str:
    """0-4 where they follow each other."""
    whole = seeds == list(range(seeds[0], seeds[-1] + 1)) and len(seeds) > 1
    return f"{seeds[0]}-{seeds[-1]}" if whole else ", ".join(map(str, seeds))


def results_table(
    shown: dict[str, Entry], groups: list[list[str]], reference: str, panel: str, hues: dict[str, int | None]
) -> None:
    """Score and last value with their bands, the difference from the reference, and the cost; ranked within each group."""
    rows = [_result(letter, shown, number, reference, panel) for number, group in enumerate(groups) for letter in group]
    frame = pd.DataFrame(rows)
    if len(groups) == 1:
        frame = frame.drop(columns="group")
    first = shown[groups[0][0]]
    form, gain, than = value_form(first, panel), gain_form(first, panel), f"than {reference}"
    formats = {
        "score": form,
        "last epoch": form,
        than: lambda value: gain_words(value, gain),
        "best epoch": _whole,
        "epochs": _whole,
        "time": seconds_words,
        "parameters": _whole,
    }
    sure = {row[""]: row["verdict"].startswith(("better", "worse")) for row in rows}
    _table(frame, formats, hues, {than: THAN_HELP, **HELP}, than, sure)


def _result(letter: str, shown: dict[str, Entry], group: int, reference: str, panel: str) -> dict[str, Any]:
    entry = shown[letter]
    contender = entry.contender
    form = value_form(entry, panel)
    kept, epochs = contender.kept(panel), [t.best_epoch for t in contender.trainings if t.best_epoch]
    band = band_of([np.array([value]) for value in kept])
    return {
        "": letter,
        "group": group + 1,
        "score": _score(contender, panel),
        "seeds reach": f"{form(band.low[0])} to {form(band.high[0])}" if band.count[0] > 1 else "one seed",
        "last epoch": _median(contender.final(panel)),
        **_than(letter, shown, reference, panel),
        "best epoch": float(np.median(epochs)) if epochs else MISSING,
        "epochs": float(np.median([len(t.history) for t in contender.trainings])),
        "time": contender.seconds,
        "parameters": contender.context.get("n_params", MISSING),
    }


def _than(letter: str, shown: dict[str, Entry], reference: str, panel: str) -> dict[str, Any]:
    """The gain over the reference, its interval and what to make of it."""
    names = (f"than {reference}", "95 % interval", "verdict")
    mine, other = shown[letter], shown[reference]
    if letter == reference:
        return dict(zip(names, (MISSING, "", "the reference"), strict=True))
    if mine.contender.yardstick(panel) != other.contender.yardstick(panel):
        return dict(zip(names, (MISSING, "", "not comparable"), strict=True))
    d = difference(other.contender, mine.contender, panel)
    form = gain_form(mine, panel)
    interval = f"{gain_words(d.low, form)} to {gain_words(d.high, form)}" if math.isfinite(d.low) else ""
    return dict(zip(names, (d.mean if d.n else MISSING, interval, verdict_words(d)), strict=True))


def _score(contender: Contender, panel: str) -> float:
    value = contender.score(panel)
    return value if math.isfinite(value) else MISSING


def _median(values: np.ndarray) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else MISSING


def _whole(value: float) -> str:
    return f"{value:,.0f}" if math.isfinite(value) else "–"


def _table(
    frame: pd.DataFrame,
    formats: dict[str, Any],
    hues: dict[str, int | None],
    help_of: dict[str, str] | None = None,
    than: str = "",
    sure: dict[str, bool] | None = None,
) -> None:
    """A table whose first column are the letters, in their hues; numbers are written in words but sort as numbers.

    `than` : the column of gains, coloured for better and worse where `sure` says that they are no luck, by letter.
    """
    dark = is_dark()
    paint = lambda letter: f"color: {hue_of(hues.get(letter), dark)}; font-weight: bold"  # noqa: E731
    styled = frame.style.map(paint, subset=[""]).format({name: form for name, form in formats.items() if name in frame})
    if than in frame:
        styled = styled.apply(
            lambda gains: [_gain_colour(g, bool((sure or {}).get(a))) for g, a in zip(gains, frame[""], strict=True)],
            subset=[than],
        )
    config = {name: st.column_config.Column(help=text) for name, text in (help_of or {}).items() if name in frame}
    config[""] = st.column_config.Column(width=40, pinned=True)
    st.dataframe(styled, hide_index=True, width="stretch", height=min(420, 35 * len(frame) + 38), column_config=config)


def _gain_colour(gain: float, sure: bool) -> str:
    of = colours(is_dark())
    return f"color: {of.better if gain > 0 else of.worse}" if sure and math.isfinite(gain) and gain else ""
