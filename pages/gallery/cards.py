"""The gallery's examples side by side: curve, sentence, what is different from the healthy one, and the way to the sliders."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from pages.gallery.example_runs import SETTINGS, Example, examples
from pages.state.database import is_dark
from pages.state.tune_settings import load_settings, settings, settings_in_words
from pages.widgets.chart_table import chart_table, history_columns
from pages.widgets.text import plain
from tuning_core.charts.example_curve import example_curve
from tuning_core.charts.sparkline import picture_html
from tuning_core.diagnosis import VERDICTS
from tuning_core.diagnosis.wording import TITLES
from tuning_core.experiment import changes
from tuning_core.store.runs import StoredRun

PER_ROW = 3
ORDER = ("healthy", *(kind for kind in VERDICTS if kind != "healthy"))
ICONS = {
    "healthy": ":material/check_circle:",
    "diverged": ":material/trending_up:",
    "oscillating": ":material/graphic_eq:",
    "overfitting": ":material/call_split:",
    "too_slow": ":material/hourglass_bottom:",
    "underfitting": ":material/horizontal_rule:",
    "over_regularised": ":material/compress:",
}
WHY_NOT = {
    "healthy": "every training had something to fix",
    "diverged": "even the largest steps stayed inside the valley",
    "oscillating": "no step was large enough to swing without flying off",
    "overfitting": "too many rows, or too clear a pattern, for a model of this size to learn by heart",
    "too_slow": "even the smallest steps arrived in time",
    "underfitting": "the smallest models find nearly all that a larger one does",
    "over_regularised": "even under the strongest penalty the model follows the pattern",
}


def gallery_cards(run: StoredRun) -> None:
    """Healthy first, then one card for each trouble that the table shows, and honest words on the others."""
    found = examples(run.id)
    show_cards(found)
    missing = [kind for kind in ORDER if kind not in found]
    if missing:
        words = "; ".join(f"**{TITLES[kind].lower()}** ({WHY_NOT[kind]})" for kind in missing)
        st.info(f"Not found among the {SETTINGS} trainings on this table: {words}.", icon=":material/info:")


def show_cards(found: Mapping[str, Example], *, recorded: bool = False) -> None:
    """A card for each; recorded ones have no button."""
    shown = [kind for kind in ORDER if kind in found]
    for start in range(0, len(shown), PER_ROW):
        for column, kind in zip(st.columns(PER_ROW, gap="small"), shown[start : start + PER_ROW], strict=False):
            with column:
                _card(kind, found[kind], found.get("healthy"), recorded)


def _card(kind: str, example: Example, healthy: Example | None, recorded: bool) -> None:
    title, message = TITLES[kind], example.finding.message
    compared = healthy if kind != "healthy" else None
    with st.container(border=True, gap="xxsmall", height="stretch", key=f"card_{kind}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"{ICONS[kind]} **{title}**")
            if not recorded:
                _sliders_button(kind, example)
        svg = example_curve(
            example.history.train_loss.tolist(),
            example.history.val_loss.tolist(),
            behind=compared.history.val_loss.tolist() if compared else (),
            behind_label="healthy",
            epochs=example.finding.epochs if compared else None,
            limit=_limit(example),
            label=f"{title}: {message}",
            dark=is_dark(),
        )
        st.html(picture_html(svg, None))
        chart_table("the curve", f"gallery_{kind}", partial(history_columns, example.history))
        st.markdown(plain(message))
        st.caption(plain(_settings_words(example, compared)))


def _sliders_button(kind: str, example: Example) -> None:
    st.button(
        "Open in Tune",
        key=f"gallery_{kind}",
        icon=":material/tune:",
        type="tertiary",
        on_click=_to_sliders,
        args=(example,),
        help="Put these settings on the sliders of the Tune page, to repair them there.",
    )


def _limit(example: Example) -> float | None:
    """Three times the constant predictor's loss: what lies above is an explosion."""
    dummy = example.history.context.get("dummy_loss")
    return 3 * dummy if dummy else None


def _settings_words(example: Example, healthy: Example | None) -> str:
    """What differs from the healthy example; all settings where there is none."""
    if healthy is None:
        return settings_in_words({"hyperparameters": example.hyperparameters.to_json(), "seeds": [0]})
    return ", ".join(str(change) for change in changes(healthy.hyperparameters, example.hyperparameters))


def _to_sliders(example: Example) -> None:
    load_settings({"hyperparameters": example.hyperparameters.to_json(), "seeds": list(range(settings()["seeds"]))})
    st.session_state.to_tune = True
