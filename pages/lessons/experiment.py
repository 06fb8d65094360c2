"""The experiment of a chapter: predict first, train live, see side by side, and check the claims on these rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import streamlit as st

from pages.components.search_board import search_board
from pages.components.side_by_side import LivePanel, side_by_side
from pages.lessons.drawing import draw_first, show_drawn
from pages.lessons.experiment_runs import (
    Place,
    begin_experiment,
    experiment_spec,
    newest_experiment,
    panel_results,
    search_results,
    trained_panels,
)
from pages.lessons.look_inside import look_inside
from pages.lessons.varied_values import varied_panels
from pages.lessons.winner_again import winner_again
from pages.state.classroom import prediction_of, tell_class
from pages.state.database import database
from pages.state.given_answers import give_answer, last_answer
from pages.state.tune_settings import load_settings, settings
from pages.state.view import change_view, current_view
from pages.state.workspace import workspace
from pages.widgets.board_table import board_table
from pages.widgets.errors import show_error
from pages.widgets.glossary import explained
from pages.widgets.price import price
from pages.widgets.train_button import train_button
from pages.widgets.training_progress import training_progress
from tuning_core.charts.style import duration
from tuning_core.experiment import RunStatus
from tuning_core.lessons import Chapter, ClaimResult, Panel, judge_search_claims, measured_chapter
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun
from tuning_core.store.search_configurations import ranked_settings

LETTERS = "ABCDEF"


def experiment(chapter: Chapter, place: Place) -> None:
    """Everything between the text of a chapter and its question."""
    panels = varied_panels(chapter)
    run = newest_experiment(chapter, panels, place)
    live = run is not None and run.live
    if run is None:
        draw_first(chapter, panels)
    with st.container(horizontal=True, vertical_alignment="center", key="lesson_head"):
        train_button(
            "Train" if run is None else "Train again",
            place.dataset_id,
            type="primary" if run is None else "secondary",
            icon=":material/play_arrow:",
            on_click=begin_experiment,
            args=(chapter, panels, place),
            disabled=live,
            help=f"Trains {_count(chapter, panels)} side by side and shows them on common axes.",
        )
        if live and run is not None:
            st.button(
                "Stop", icon=":material/stop:", on_click=runs.request_stop, args=(database(), run.id), help="Stop the training."
            )
    if current_view().presented is None:
        _times(chapter, panels, place)
    if run is None:
        st.info("Press Train. It takes some seconds; then you say which curve is which.", icon=":material/school:")
    elif run.status == RunStatus.FAILED:
        error = run.error or {}
        show_error(error.get("message", "The training failed."), error.get("remedy", "Try again."))
    elif chapter.search is not None:
        _search(chapter, run)
    elif live:
        training_progress(run)
        _growing(chapter, panels, run)
    else:
        _panels(chapter, panels, run)


def _times(chapter: Chapter, panels: tuple[Panel, ...], place: Place) -> None:
    """What was measured of just this experiment, ours and plain Keras in one go on one busy machine: no promise; and what it
    will take here where that is more than seconds."""
    kind, spec = experiment_spec(chapter, panels)
    words = price(place.dataset_id, place.setup, kind, spec) if kind != "search" else ""
    if words:
        st.caption(f":material/schedule: On these rows {words}.")
    measured = measured_chapter(chapter) if panels == chapter.panels else None
    if measured is not None:
        ours, first, keras = (duration(s) for s in (measured.seconds, measured.first_seconds, measured.keras_seconds))
        st.caption(
            f"Measured once, on a busy machine of two cores: {first} the first time, {ours} after that; plain Keras {keras} for "
            "the same trainings, one after another.",
            help="The first time programs are compiled. Keras was timed for a few epochs of each setting, in the same minutes, "
            "and counted up to all of them. `python -m benchmarks.lessons` measures it anew.",
        )


def _count(chapter: Chapter, panels: tuple[Panel, ...]) -> str:
    if chapter.search is not None:
        return f"{chapter.search.space.n_settings} settings"
    return f"{len(panels)} settings with {len(chapter.seeds)} seeds each"


def _growing(chapter: Chapter, panels: tuple[Panel, ...], run: StoredRun) -> None:
    """Under their names, or without them where they are to be told apart."""
    if _asks(chapter, panels):
        order = _shuffled(run, len(panels))
        _figure(chapter, run, list(LETTERS[: len(order)]), order)
    else:
        _figure(chapter, run, [panel.title for panel in panels], range(len(panels)))


def _asks(chapter: Chapter, panels: tuple[Panel, ...]) -> bool:
    return chapter.prediction is not None and panels == chapter.panels


def _shuffled(run: StoredRun, n: int) -> list[int]:
    """An order that the run decides."""
    return sorted(range(n), key=lambda i: hashlib.sha256(f"{run.id} {i}".encode()).digest())


def _panels(chapter: Chapter, panels: tuple[Panel, ...], run: StoredRun) -> None:
    trained = trained_panels(run.id, len(panels))
    if not any(trained):
        show_error("Nothing was recorded.", "Train again.")
        return
    titles = [panel.title for panel in panels]
    guess_key = f"guess {run.id}"
    asks = _asks(chapter, panels)
    guess = last_answer("lesson", guess_key) if asks else None
    if asks and guess is None:
        _predict(chapter, titles, run, guess_key)
        return
    if asks and chapter.prediction is not None:
        if guess == chapter.prediction.answer:
            st.success(f"Right: it is “{guess}”.", icon=":material/check_circle:")
        else:
            st.warning(f"You chose “{guess}”. It is “{chapter.prediction.answer}”.", icon=":material/lightbulb:")
    _figure(chapter, run, titles, range(len(titles)))
    show_drawn(chapter, panels, trained, run.id)
    _sights(chapter, panels, run)
    _claims(chapter, panel_results(chapter, panels, trained))
    _to_tune(panels, chapter, run)


def _predict(chapter: Chapter, titles: list[str], run: StoredRun, guess_key: str) -> None:
    """The curves without their names; the choice is kept before anything is revealed."""
    order = _shuffled(run, len(titles))
    letters = LETTERS[: len(order)]
    _figure(chapter, run, list(letters), order)
    assert chapter.prediction is not None
    chosen = st.radio(f"**{chapter.prediction.question}**", list(letters), index=None, horizontal=True, key=f"guess_{run.id}")

    def commit() -> None:
        assert chapter.prediction is not None
        guess = titles[order[letters.index(str(chosen))]]
        give_answer("lesson", guess_key, guess)
        tell_class(prediction_of(chapter.name), guess, guess == chapter.prediction.answer, keep_first=True)

    st.button("That one", type="primary", disabled=chosen is None, on_click=commit, help="Commit, then see the names.")


def _figure(chapter: Chapter, run: StoredRun, titles: list[str], order: Sequence[int]) -> None:
    """The panels of the run in this order, each under its title; they grow while the run is live."""
    seeds = len(run.spec["seeds"])
    panels = [LivePanel(run.id, title, tuple(range(p * seeds, (p + 1) * seeds))) for title, p in zip(titles, order, strict=True)]
    side_by_side(
        panels,
        key="lesson_panels",
        live=run.live,
        target=run.setup["target"],
        file=f"lesson-{chapter.name}",
        height=460,
        large=current_view().presented is not None,
    )


def _sights(chapter: Chapter, panels: tuple[Panel, ...], run: StoredRun) -> None:
    by_title = {panel.title: panel for panel in panels}
    shown = [sight for sight in chapter.sights if sight.panel in ("", *by_title)]
    if shown:
        st.markdown("**What to see**")
    for place, sight in enumerate(shown):
        explained(sight.text, before=f"- **{sight.panel}**: " if sight.panel else "- ")
        if sight.insides:
            look_inside(by_title[sight.panel], sight.insides, run, key=f"lesson_inside_{place}")


def _claims(chapter: Chapter, results: list[ClaimResult]) -> None:
    """Each claim on these rows, and where else it was tried: a record of trainings, not a promise."""
    if not results:
        return
    measured = measured_chapter(chapter)
    st.markdown("**Does it happen on these rows?**")
    for result in results:
        icon = ":material/check_circle:" if result.holds else ":material/casino:" if result.shown else ":material/cancel:"
        elsewhere = f"  \n:small[{measured.sentence(chapter, result.claim)}]" if measured is not None else ""
        explained(result.claim.text, before=f"{icon} ", after=f" *{result.sentence}*{elsewhere}")


def _to_tune(panels: tuple[Panel, ...], chapter: Chapter, run: StoredRun) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Open in Tune:", width="content")
        for i, panel in enumerate(panels):
            clicked = st.button(
                panel.title,
                key=f"lesson_tune_{i}",
                type="tertiary",
                icon=":material/tune:",
                help="Put these settings on the sliders of the Tune page and go there.",
            )
            if clicked:
                load_settings({"hyperparameters": panel.hyperparameters.to_json(), "seeds": list(range(settings()["seeds"]))})
                change_view(dataset_id=run.dataset_id, setup=run.setup, run_id=None, ghost_id=None)
                st.switch_page("tune/page.py")


def _search(chapter: Chapter, run: StoredRun) -> None:
    assert chapter.search is not None
    space = chapter.search.space
    folds = chapter.search.cv.n_divisions if chapter.search.cv else 1
    search_board(
        run.id,
        key="lesson_board",
        axes=[name.replace("_", " ") for name in space.axes],
        planned=space.n_settings * folds,
        live=run.live,
        target=run.setup["target"],
    )
    if run.live:
        return
    board_table(run.id, [setting.number for setting in ranked_settings(database(), run.id)], "lesson_board")
    _sights(chapter, (), run)
    _claims(chapter, judge_search_claims(chapter, search_results(run.id) | winner_again(chapter, run)))
    if run.workspace == workspace() and st.button("Open in Search", icon=":material/manage_search:", type="tertiary"):
        change_view(dataset_id=run.dataset_id, setup=run.setup, search_id=run.id)
        st.switch_page("search/page.py")
