"""Claims of a chapter, checked by training: does it happen here, and with how many seeds?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tuning_core.experiment import Run, SearchRun
from tuning_core.lessons.chapter import Chapter, Claim
from tuning_core.lessons.measures import RETRAINED, measure_search, measure_trial


@dataclass(frozen=True, eq=False)
class ClaimResult:
    """What training said of a claim.

    Attributes
    ----------
    holds : None where the table has not the task that the claim speaks of.
    left, right : float64, shape (seeds,), the two sides; the right one is without `factor`.
    shown : seeds that show it.
    """

    claim: Claim
    holds: bool | None
    left: np.ndarray = field(default_factory=lambda: np.zeros(0))
    right: np.ndarray = field(default_factory=lambda: np.zeros(0))
    shown: int = 0

    @property
    def sentence(self) -> str:
        """For a page: whether it happened, and how far that depends on luck."""
        if self.holds is None:
            return f"This table does not show it: the claim needs {self.claim.needs}."
        seeds = len(self.left)
        if seeds == 1 and self.shown:
            return "It happened here, once."
        if self.shown == seeds:
            return f"It happened with all {seeds} seeds."
        if self.holds:
            return f"It happened with {self.shown} of {seeds} seeds; with the others luck hid it."
        if self.shown:
            return f"Here it depends on luck: it happened with {self.shown} of {seeds} seeds."
        return "It does not happen on this table."


@dataclass(frozen=True, eq=False)
class ChapterCheck:
    """A chapter trained on a table: its runs, by panel title, and what became of its claims."""

    chapter: Chapter
    results: tuple[ClaimResult, ...]
    runs: dict[str, Run]
    searches: tuple[SearchRun, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every claim that this table can show happened."""
        return all(result.holds is not False for result in self.results)


def check(chapter: Chapter, dataset: Any) -> ChapterCheck:
    """Train a chapter's experiment on a dataset and say which of its claims hold.

    Parameters
    ----------
    chapter : one of `chapters()`.
    dataset : Dataset, any; claims that need another task are left out (`holds` is None).

    Raises
    ------
    UserError
        When the chapter's experiment cannot be trained on the dataset at all.
    """
    from tuning_core.training import search, train

    runs: dict[str, Run] = {}
    searches: tuple[SearchRun, ...] = ()
    if chapter.search is not None:
        plan = chapter.search
        searches = tuple(search(dataset, plan.space, cv=plan.cv, seeds=(seed,)) for seed in chapter.seeds)
    else:
        runs = {panel.title: train(dataset, panel.hyperparameters, chapter.seeds) for panel in chapter.panels}
    results = tuple(_result(claim, dataset, runs, searches) for claim in chapter.claims)
    return ChapterCheck(chapter, results, runs, searches)


def judge_claim(claim: Claim, left: np.ndarray, right: np.ndarray) -> ClaimResult:
    """The claim held against measured sides, seed by seed.

    Parameters
    ----------
    left, right : shape (seeds,); a side that is not a number does not show the claim.
    """
    with np.errstate(invalid="ignore"):
        if claim.relation == "close":
            shown = np.abs(left - right) <= claim.factor * np.abs(right)
        elif claim.relation == "below":
            shown = left < claim.factor * right
        else:
            shown = left > claim.factor * right
    count = int(np.sum(shown))
    return ClaimResult(claim, count >= claim.share * len(left), left, right, count)


def judge_search_claims(chapter: Chapter, scores: dict[str, float]) -> list[ClaimResult]:
    """The claims that speak of measures in `scores` only, held against one search."""
    results = []
    for claim in chapter.claims:
        sides = [side for side in (claim.left, claim.right) if side is not None]
        if all(measure in scores for _, measure in sides):
            values = [np.array([scores[measure]]) for _, measure in sides]
            results.append(judge_claim(claim, values[0], values[1] if len(values) > 1 else np.array([claim.value])))
    return results


def speaks_of(needs: str, task: str, n_classes: int) -> bool:
    """Whether a table has the task that a chapter or claim needs."""
    if needs == "two classes":
        return task == "classification" and n_classes == 2
    return needs in ("any", task)


def _result(claim: Claim, dataset: Any, runs: dict[str, Run], searches: tuple[SearchRun, ...]) -> ClaimResult:
    if not speaks_of(claim.needs, dataset.task, len(dataset.classes)):
        return ClaimResult(claim, None)

    def side(of: tuple[str, str]) -> np.ndarray:
        panel, measure = of
        if searches:
            return np.array([measure_search(run, measure, lambda run: _retrained(run, dataset)) for run in searches])
        return np.array([measure_trial(trial, measure) for trial in runs[panel].trials])

    left = side(claim.left)
    return judge_claim(claim, left, side(claim.right) if claim.right else np.full(len(left), claim.value))


def _retrained(run: SearchRun, dataset: Any) -> list[float]:
    """Scores of the winning settings with seeds that did not choose them."""
    from tuning_core.training import train

    again = train(dataset, run.ranking[0].hyperparameters, RETRAINED)
    return [measure_trial(trial, "val_kept") for trial in again.trials]
