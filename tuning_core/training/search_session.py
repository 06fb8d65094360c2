"""Searching in this process: the reference driver of the strategies, for notebooks and scripts.

The engine drives the same strategies over worker processes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tuning_core.errors import SettingsError
from tuning_core.experiment import Configuration, Hyperparameters, SearchRun, SearchSpace, Trial
from tuning_core.experiment.scores import Score, resolve_score
from tuning_core.experiment.search_size import check_size
from tuning_core.search_strategies import Candidate, Result, Strategy, make_strategy
from tuning_core.training.fold_cache import FoldCache
from tuning_core.training.program_choice import PlannedStack
from tuning_core.training.score_values import check_scorer
from tuning_core.training.search_ledger import PORTION, SearchLedger
from tuning_core.training.specs import TrialSpec
from tuning_core.training.threads import plan_for_threads, train_in_threads
from tuning_core.training.train_session import check_seeds, with_tree_facts
from tuning_core.training.trial_results import failed_trial
from tuning_core.training.trial_scores import ScoredTrial, pooled, trial_score
from tuning_core.training.watched_scores import check_monitors

if TYPE_CHECKING:
    from tuning_core.training.stack import Report

MOST_ROW_LOSSES = 50_000_000


def search(
    dataset: Any,
    space: SearchSpace,
    cv: Any = None,
    seeds: int | Iterable[int] = (0,),
    *,
    score: Any = None,
    extends: SearchRun | None = None,
    report: Report | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> SearchRun:
    """Try the settings of a space, each with every seed and on every fold.

    Parameters
    ----------
    dataset : Dataset
    space : SearchSpace
        From `tc.grid`, `tc.random`, `tc.quasi_random`, `tc.bayesian` or `tc.halving`.
    cv : None, int, CrossValidation, scikit-learn splitter or iterable of positions
        None trains on the training rows and scores on the validation rows. Otherwise both take part in the
        cross-validation, the preparation is fitted anew on the training rows of every fold, and the best setting is at last
        trained on the dataset's own split (`SearchRun.final_trial`). Early stopping never looks at the rows held out: a fifth
        of the fold's training rows watches over it. Test rows are never touched.
    seeds : as in `train`.
    score : str or scikit-learn scorer, optional
        What ranks the settings, see `SearchRun.score`: "mse", "rmse", "mae", "median_absolute_error" or "r2" of a regression;
        "cross_entropy", "accuracy", "balanced_accuracy", "macro_f1", "roc_auc" or "average_precision" of a classification; or
        any scorer of scikit-learn, or its name; of the weights that are kept. By default the loss, and of different losses "mae".
    extends : SearchRun
        A search of the same dataset, cv and seeds whose settings are kept and learned from; none is tried again. Write
        ``tc.search(dataset, run.space.extended(n_iter=24, learning_rate=tc.loguniform(1e-5, 10)), extends=run)``.
    report, should_stop : see `train_stack`; stopping keeps what is there.

    Returns
    -------
    SearchRun with one Trial per setting, seed and fold, in this order. A setting that a rung of successive halving, a deadline
    or a request ended has status "stopped"; one whose folds or seeds are not all there is among the trials only.

    Raises
    ------
    SettingsError, DatasetError
        Before anything is trained. A training that fails later fails its own trials only: status "failed", with `.error`.
    """
    seeds = check_seeds(seeds)
    book = FoldCache(dataset, cv)
    ledger = SearchLedger(seeds, len(book.divisions))
    space = _checked_space(space, ledger.each, book)
    score = _score_of(score, space, dataset, extends)
    driver = _Driver(space, book, ledger, score, report, should_stop)
    if extends is not None:
        driver.begin_after(extends)
    driver.run()
    trials = tuple(driver.trials[number] for number in sorted(driver.trials))
    found = SearchRun(trials, dataset, tuple(driver.settings()), space, driver.row_losses(), ranked_by=score)
    if extends is not None:
        found = _joined(extends, found)
    if cv is None or not found.settings:
        return found
    final = replace(driver.train_best(found.ranking[0]), number=len(found.trials))
    return replace(found, final_trial=with_tree_facts([final], dataset)[0])


def _checked_space(space: Any, each: int, book: FoldCache) -> SearchSpace:
    """The space as it will be trained, or SettingsError; `each` are the trainings of one setting."""
    if not isinstance(space, SearchSpace):
        raise SettingsError(
            f"The space is {type(space).__name__}, not a SearchSpace.",
            kind="not_a_space",
            remedy="Write tc.search(dataset, tc.grid(learning_rate=[0.1, 0.01])).",
        )
    check_size(space, each)
    check_monitors(space, book.dataset.task)
    return space.cross_validated() if book.cross_validated else space


def _joined(earlier: SearchRun, later: SearchRun) -> SearchRun:
    """An extended search: the old settings and then the new ones."""
    losses = later.row_losses
    if losses is not None:
        losses = None if earlier.row_losses is None else np.vstack([earlier.row_losses, losses])
    return replace(
        later,
        trials=(*earlier.trials, *later.trials),
        settings=(*earlier.settings, *later.settings),
        row_losses=losses,
    )


class _Driver:
    """Asks, trains, tells."""

    def __init__(
        self,
        space: SearchSpace,
        book: FoldCache,
        ledger: SearchLedger,
        score: Score,
        report: Report | None,
        should_stop: Callable[[], bool],
    ) -> None:
        self.space = space
        self.book = book
        self.ledger = ledger
        self.score = score
        self.user_report = report
        self.asked_to_stop = should_stop
        self.deadline = time.monotonic() + space.seconds if space.seconds else None
        self.trials: dict[int, Trial] = {}
        self.scores: dict[int, ScoredTrial] = {}
        self.known: dict[Hyperparameters, float | None] = {}
        self.first = 0  # number of the first new setting
        self.reporting = threading.Lock()

    def report(self, news: list[tuple[int, int, np.ndarray]]) -> None:
        if self.user_report is not None:
            with self.reporting:  # stacks train in several threads
                self.user_report(news)

    def should_stop(self) -> bool:
        late = self.deadline is not None and time.monotonic() > self.deadline
        return late or self.asked_to_stop()

    def begin_after(self, earlier: SearchRun) -> None:
        """Go on where an earlier search ended."""
        if any(len(setting.trials) != self.ledger.each for setting in earlier.settings):
            raise SettingsError(
                "The search to extend has another number of folds or seeds.",
                kind="not_the_same_search",
                remedy="Give the same cv and seeds as before.",
            )
        self.known = {setting.hyperparameters: setting.loss for setting in earlier.settings}
        numbers = [setting.number for setting in earlier.settings] + [self.ledger.setting(t.number) for t in earlier.trials]
        self.first = max(numbers, default=-1) + 1

    def run(self) -> None:
        strategy = make_strategy(self.space, self.known)
        portion = PORTION if self.deadline is not None else None  # with a deadline, finish some before starting others
        while not self.should_stop() and (asked := strategy.ask(portion)):
            self.train(asked)
            self.tell(strategy, asked)
        self.add_tree_facts()

    # ---- one portion ------------------------------------------------------------------------------------------------

    def train(self, asked: Sequence[Candidate]) -> None:
        tasks: list[TrialSpec] = []
        for candidate in asked:
            number = self.first + candidate.number
            specs = self.ledger.specs(number, candidate.hyperparameters, self.book)
            tasks += [task for task in specs if task.number not in self.trials or task.number in self.ledger.paused]
            self.ledger.candidates[number] = candidate
        until = asked[0].until  # the same for a whole rung
        for task in tasks:
            self.book[task.fold]  # prepared here, not by several threads at once
        stacks = plan_for_threads(tasks, self.book.facts(task.fold for task in tasks))
        for stack, trials in train_in_threads(lambda stack: self.train_stack(stack, until), stacks):
            for task, trial in zip(stack.tasks, trials, strict=False):
                self.keep(task, trial)
                self.ledger.program_keys[task.hyperparameters] = stack.program_key

    def train_stack(self, stack: PlannedStack, until: int | None) -> list[Trial]:
        """The trials of a stack; none when there is no time left to begin it."""
        from tuning_core.training.stack import train_until  # TensorFlow

        if self.should_stop():
            return []
        paused = self.ledger.take_paused(task.number for task in stack.tasks)
        try:
            trials, still = train_until(
                stack.tasks,
                self.book,
                program_key=stack.program_key,
                until=until,
                paused=paused,
                report=self.report,
                should_stop=self.should_stop,
            )
        except Exception as error:
            return [failed_trial(task, self.book[task.fold].context, error) for task in stack.tasks]
        self.ledger.paused.update(still)
        return trials

    def train_best(self, best: Configuration) -> Trial:
        """The best setting on the dataset's own training rows, on the program that it was found with where that is cheap."""
        from tuning_core.training.stack import train_stack  # TensorFlow

        book = FoldCache(self.book.dataset)
        task = self.ledger.final_spec(0, best.hyperparameters)
        program_key = self.ledger.program_of(task, book[task.fold].facts)
        trial = train_stack([task], book, program_key=program_key)[0]
        return replace(trial, fold=None, dataset=book.dataset, preparation=book.preparation(task.fold))

    def keep(self, task: TrialSpec, trial: Trial) -> None:
        book = self.book
        self.scores[task.number] = found = trial_score(trial, book, task.fold, self.score)
        known = {"fold": book.division(task.fold), "dataset": book.dataset, "preparation": book.preparation(task.fold)}
        self.trials[task.number] = replace(trial, **known, score=found.value, scored_by=self.score)

    def tell(self, strategy: Strategy, asked: Sequence[Candidate]) -> None:
        losses = {setting.number - self.first: setting.loss for setting in self.settings()}
        strategy.tell([Result(c.number, losses[c.number]) for c in asked if c.number in losses])

    def add_tree_facts(self) -> None:
        """At the end, so that trees keep no curve waiting; folds have none."""
        found = with_tree_facts(self.trials.values(), self.book.dataset)
        self.trials = dict(zip(self.trials, found, strict=True))

    # ---- results ----------------------------------------------------------------------------------------------------

    def settings(self) -> list[Configuration]:
        """The settings whose trials have all been trained, in order."""
        complete = []
        for number, candidate in sorted(self.ledger.candidates.items()):
            mine = self.ledger.trials(number)
            if all(trial in self.trials for trial in mine):
                scores = [self.scores[trial] for trial in mine]
                found, metrics = np.array([s.value for s in scores]), np.array([s.metric for s in scores])
                trials = tuple(self.trials[trial] for trial in mine)
                values, hp = candidate.values, candidate.hyperparameters
                complete.append(Configuration(number, values, hp, found, metrics, trials, self.score))
        return complete

    def row_losses(self) -> np.ndarray | None:
        """(settings, rows) of `settings()`, for the rows that score; None when it would be too large."""
        rows = np.unique(np.concatenate([division.validation for division in self.book.divisions]))
        complete = self.settings()
        scored = any(len(s.rows) for s in self.scores.values())
        if not complete or not scored or len(complete) * len(rows) > MOST_ROW_LOSSES:
            return None
        n = len(self.book.dataset.frame)
        losses = []
        for setting in complete:
            specs = self.ledger.specs(setting.number, setting.hyperparameters, self.book)
            parts = [(self.book.scoring_rows(task.fold), self.scores[task.number].rows) for task in specs]
            losses.append(pooled(parts, n)[rows])
        return np.stack(losses)


def _score_of(score: Any, space: SearchSpace, dataset: Any, extends: SearchRun | None) -> Score:
    found = extends.ranked_by if extends is not None and score is None else resolve_score(score, space, dataset.task)
    check_scorer(found, dataset)
    if extends is None:
        return found
    if found.name != extends.score:
        raise SettingsError(
            f"The search to extend is ranked by {extends.score}, not by {found.name}.",
            kind="not_the_same_search",
            remedy="Leave score out, or begin a new search.",
        )
    return found
