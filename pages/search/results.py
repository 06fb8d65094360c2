"""The search on screen: its settings as points for tables and charts, and which setting is chosen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import streamlit as st

from pages.search.labels import axis_words, values_on
from pages.state.database import database
from tuning_core.charts.ticks import Scale
from tuning_core.experiment import SearchSpace
from tuning_core.experiment.score_names import loss_name
from tuning_core.experiment.scores import RECORDED_LOSS, Score, stored_score
from tuning_core.search_analysis.points import Point, coordinates, is_log, is_numeric, label, ranked
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun
from tuning_core.store.search_configurations import StoredSetting, list_settings
from tuning_core.store.trials import first_with_context, get_context


@dataclass(frozen=True)
class SearchResults:
    """A search with its settings; `points` are those that have ended, ranked from the best down.

    `ranks` are those of all points by their number, also where a filter has left some out; points without a score have none.
    """

    run: StoredRun
    space: SearchSpace
    settings: tuple[StoredSetting, ...]
    points: tuple[Point, ...]
    ranks: dict[int, int]
    context: dict[str, Any]

    @property
    def loss(self) -> str:
        """What the points' scores are, in words: lower is better."""
        return self._of_rows(self.score.loss_words)

    @property
    def score_words(self) -> str:
        """What the settings' scores are, in words."""
        return self._of_rows(self.score.words)

    @property
    def score(self) -> Score:
        """What ranks the settings."""
        found = stored_score(self.run.spec.get("score"))
        if found is not RECORDED_LOSS:
            return found
        return replace(found, words=loss_name(self.context.get("loss_name")) if self.context else "loss")

    def _of_rows(self, words: str) -> str:
        if self.context.get("target_transform") == "log" and self.score is not RECORDED_LOSS:
            words = f"{words} in own units"  # the curves show the loss of the logarithm
        return f"{words} on held-out folds" if self.run.spec["cv"] else words

    @property
    def metric(self) -> str:
        return "accuracy" if self.context.get("task") == "classification" else "MAE"

    def scales(self) -> list[Scale]:
        """The axes with the places of the points, for the charts."""
        return [self.scale(name) for name in self.space.axes]

    def scale(self, name: str) -> Scale:
        axis = self.space.axes[name]
        names = () if is_numeric(axis) else tuple(label(option) for option in axis.probes())
        return Scale(axis_words(name), coordinates(self.space, name, self.points), is_log(axis), names)

    @property
    def scores(self) -> list[float]:
        return [point.score for point in self.points]

    def setting(self, number: int | None) -> StoredSetting | None:
        return next((setting for setting in self.settings if setting.number == number), None)

    def among(self, kept: Sequence[Point]) -> SearchResults:
        """The same with some of the points."""
        return replace(self, points=tuple(kept))


def load_search(run_id: str | None) -> SearchResults | None:
    """The search as the store has it now."""
    run = runs.get_run(database(), run_id) if run_id else None
    if run is None:
        return None
    space = SearchSpace.from_json(run.spec["space"])
    settings = tuple(list_settings(database(), run.id))
    score = stored_score(run.spec.get("score"))
    points = ranked(_point(space, setting, score) for setting in settings if setting.ended)
    ranks = {point.number: i + 1 for i, point in enumerate(points) if point.has_score}
    return SearchResults(run, space, settings, tuple(points), ranks, _context(run.id) if settings else {})


def chosen_setting(results: SearchResults) -> StoredSetting | None:
    """The setting that was clicked, else the best one so far."""
    clicked = results.setting(st.session_state.get("search_selected"))
    return clicked or (results.setting(results.points[0].number) if results.points and results.points[0].has_score else None)


def choose(number: int | None) -> None:
    st.session_state.search_selected = number


def _point(space: SearchSpace, setting: StoredSetting, score: Score) -> Point:
    # A hand-picked setting, or one from before an extension, may lie beside an axis: it is ranked, but not drawn there.
    values = {name: value for name, value in values_on(space, setting).items() if space.axes[name].contains(value)}
    mean, spread = (math.nan if v is None else v for v in (setting.mean, setting.spread))
    return Point(setting.number, values, score.as_loss(mean), spread, setting.status)


def _context(run_id: str) -> dict[str, Any]:
    number = first_with_context(database(), run_id)
    return {} if number is None else _context_of(run_id, number)


@lru_cache(maxsize=64)
def _context_of(run_id: str, number: int) -> dict[str, Any]:
    return get_context(database(), run_id, number)
