"""A chapter's experiment in the store: asked for, found again by its settings, and read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from pages.lessons.drawing import keep_line
from pages.state.database import database
from pages.state.queueing import newest_run, queue_run
from pages.state.view import View, default_setup
from tuning_core.experiment import Hyperparameters, Trial
from tuning_core.lessons import Chapter, ClaimResult, Panel, judge_claim, measure_trial, score_measures, speaks_of
from tuning_core.store import curves, search_configurations
from tuning_core.store.runs import StoredRun
from tuning_core.store.trials import get_trials


@dataclass(frozen=True)
class Place:
    """The rows that an experiment is trained on."""

    dataset_id: str
    setup: dict[str, Any]


def place_of(chapter: Chapter, view: View, own: bool) -> Place | None:
    """The chapter's sample with the columns that it uses, or the table in view; None while its target is not known."""
    dataset_id = view.dataset_id if own else chapter.sample
    setup = view.setup if dataset_id == view.dataset_id else default_setup(dataset_id)
    if not own and chapter.features and (setup := default_setup(dataset_id)) is not None:
        setup = {**setup, "features": list(chapter.features)}
    return Place(dataset_id, setup) if setup is not None else None


def begin_experiment(chapter: Chapter, panels: tuple[Panel, ...], place: Place) -> None:
    """Queue the chapter's experiment with these panels, or its search; a line that was drawn for it is kept as an answer."""
    kind, spec = experiment_spec(chapter, panels)
    run_id = queue_run(place.dataset_id, place.setup, kind, spec)
    if run_id is not None:
        keep_line(chapter, panels, run_id)


def newest_experiment(chapter: Chapter, panels: tuple[Panel, ...], place: Place) -> StoredRun | None:
    """The newest run of just this experiment on these rows."""
    kind, spec = experiment_spec(chapter, panels)
    return newest_run(place.dataset_id, place.setup, kind, spec)


def experiment_spec(chapter: Chapter, panels: tuple[Panel, ...]) -> tuple[str, dict[str, Any]]:
    """Kind and spec of the run with these panels, or of the chapter's search."""
    if chapter.search is None:
        settings = [panel.hyperparameters.to_json() for panel in panels]
        return "lesson", {"settings": settings, "seeds": list(chapter.seeds)}
    cv = chapter.search.cv
    return "search", {"space": chapter.search.space.to_json(), "cv": cv.to_json() if cv else None, "seeds": [chapter.seeds[0]]}


@lru_cache(maxsize=32)
def trained_panels(run_id: str, n_panels: int) -> tuple[tuple[Trial, ...], ...]:
    """The trials of each panel of a run that has ended; one whose training failed has none of it."""
    found = curves.histories(database(), run_id)
    stored = get_trials(database(), run_id)
    seeds = len(stored) // n_panels if n_panels else 0
    trials = {
        s.number: Trial(
            s.number,
            Hyperparameters.from_json(s.hyperparameters),
            s.seed,
            found[s.number],
            s.status,
            s.best_epoch,
            s.stopped_epoch,
        )
        for s in stored
        if s.number in found and len(found[s.number])
    }
    return tuple(tuple(trials[n] for n in range(p * seeds, (p + 1) * seeds) if n in trials) for p in range(n_panels))


def panel_results(chapter: Chapter, panels: tuple[Panel, ...], trained: tuple[tuple[Trial, ...], ...]) -> list[ClaimResult]:
    """The chapter's claims held against what was trained; a claim of a panel that is not among these is left out."""
    by_title = {panel.title: trials for panel, trials in zip(panels, trained, strict=True)}
    facts = next((trials[0].history.context for trials in trained if trials), {})
    results = []
    for claim in chapter.claims:
        sides = [side for side in (claim.left, claim.right) if side is not None]
        if any(not by_title.get(title) for title, _ in sides):
            continue
        if not speaks_of(claim.needs, facts["task"], facts["n_classes"]):
            continue
        values = [np.array([measure_trial(trial, name) for trial in by_title[title]]) for title, name in sides]
        right = values[1] if len(values) > 1 else np.full(len(values[0]), claim.value)
        length = min(len(values[0]), len(right))
        results.append(judge_claim(claim, values[0][:length], right[:length]))
    return results


def search_results(run_id: str) -> dict[str, float]:
    """best, median and worst score of a search that has ended; not kept, since a search may be extended."""
    settings = search_configurations.list_settings(database(), run_id)
    return score_measures([setting.mean for setting in settings if setting.mean is not None])
