"""Searching in this process: the reference driver of the strategies, for notebooks and scripts.

The engine drives the same strategies over worker processes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tuning_core.errors import SettingsError
from tuning_core.experiment import History, Hyperparameters, SearchRun, SearchSpace, Setting, Trial
from tuning_core.experiment.space import MAX_TRIALS, too_many
from tuning_core.searching import Candidate, Result, Strategy, make_strategy
from tuning_core.training.divisions import FoldBook
from tuning_core.training.planner import Task, plan
from tuning_core.training.scoring import trial_score
from tuning_core.training.session import check_seeds, train

if TYPE_CHECKING:
    from tuning_core.training.stack import Paused, Report

PORTION = 32  # settings that are begun together under a deadline


def search(
    dataset: Any,
    space: SearchSpace,
    cv: Any = None,
    seeds: int | Iterable[int] = (0,),
    *,
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
    if not isinstance(space, SearchSpace):
        raise SettingsError(
            f"The space is {type(space).__name__}, not a SearchSpace.",
            kind="not_a_space",
            remedy="Write tc.search(dataset, tc.grid(learning_rate=[0.1, 0.01])).",
        )
    seeds = check_seeds(seeds)
    book = FoldBook(dataset, cv)
    each = len(seeds) * len(book.divisions)
    if space.n_settings * each > MAX_TRIALS and space.n_iter is not None:
        raise too_many(f"{space.n_settings:,} settings with {each:,} trainings each")
    driver = _Driver(space, book, seeds, report, should_stop)
    driver.run()
    settings = tuple(driver.settings())
    final = None
    if cv is not None and settings:
        best = min(settings, key=lambda setting: (setting.mean, setting.number))
        final = replace(train(dataset, best.hyperparameters, seeds[:1]).trials[0], number=len(driver.trials))
    trials = tuple(driver.trials[number] for number in sorted(driver.trials))
    return SearchRun(trials, dataset, settings=settings, space=space, final_trial=final)


class _Driver:
    """Asks, trains, tells."""

    def __init__(
        self, space: SearchSpace, book: FoldBook, seeds: Sequence[int], report: Report | None, should_stop: Callable[[], bool]
    ) -> None:
        self.space = space
        self.book = book
        self.seeds = seeds
        self.report = report
        self.asked_to_stop = should_stop
        self.deadline = time.monotonic() + space.seconds if space.seconds else None
        self.candidates: dict[int, Candidate] = {}
        self.trials: dict[int, Trial] = {}
        self.scores: dict[int, tuple[float, float]] = {}
        self.paused: dict[int, Paused] = {}

    def should_stop(self) -> bool:
        late = self.deadline is not None and time.monotonic() > self.deadline
        return late or self.asked_to_stop()

    def run(self) -> None:
        strategy = make_strategy(self.space)
        portion = PORTION if self.deadline is not None else None  # with a deadline, finish some before starting others
        while not self.should_stop() and (asked := strategy.ask(portion)):
            self.train(asked)
            self.tell(strategy, asked)

    # ---- one portion ------------------------------------------------------------------------------------------------

    def tasks(self, candidate: Candidate) -> list[Task]:
        """One for each seed and division; trial numbers follow from the candidate's, whatever the order of training."""
        first = candidate.number * len(self.seeds) * len(self.book.divisions)
        turns = [(seed, division) for seed in self.seeds for division in range(len(self.book.divisions))]
        hp = candidate.hyperparameters
        return [Task(first + i, hp, seed, self.book.number(hp, division)) for i, (seed, division) in enumerate(turns)]

    def train(self, asked: Sequence[Candidate]) -> None:
        self.candidates.update({candidate.number: candidate for candidate in asked})
        tasks = [task for candidate in asked for task in self.tasks(candidate)]
        tasks = [task for task in tasks if task.number not in self.trials or task.number in self.paused]
        until = asked[0].until  # the same for a whole rung
        for stack in plan(tasks, self.book.facts(task.fold for task in tasks)):
            if self.should_stop():
                return
            for task, trial in zip(stack, self.train_stack(stack, until), strict=True):
                self.keep(task, trial)

    def train_stack(self, stack: Sequence[Task], until: int | None) -> list[Trial]:
        from tuning_core.training.stack import train_rung  # TensorFlow

        paused = {task.number: self.paused.pop(task.number) for task in stack if task.number in self.paused}
        try:
            trials, still = train_rung(
                stack, self.book, until=until, paused=paused, report=self.report, should_stop=self.should_stop
            )
        except Exception as error:
            return [failed_trial(task, self.book[task.fold].context, error) for task in stack]
        self.paused.update(still)
        return trials

    def keep(self, task: Task, trial: Trial) -> None:
        book = self.book
        self.scores[task.number] = trial_score(trial, book[task.fold], book.cross_validated)
        division = book.division(task.fold)
        self.trials[task.number] = replace(trial, fold=division, dataset=book.dataset, preparation=book.preparation(task.fold))

    def tell(self, strategy: Strategy, asked: Sequence[Candidate]) -> None:
        settings = {setting.number: setting for setting in self.settings()}
        strategy.tell([Result(c.number, settings[c.number].mean) for c in asked if c.number in settings])

    # ---- results ----------------------------------------------------------------------------------------------------

    def settings(self) -> list[Setting]:
        """The settings whose trials have all been trained, in order."""
        complete = []
        for number in sorted(self.candidates):
            candidate = self.candidates[number]
            tasks = self.tasks(candidate)
            if all(task.number in self.trials for task in tasks):
                scores = np.array([self.scores[task.number] for task in tasks])
                trials = tuple(self.trials[task.number] for task in tasks)
                values, hp = candidate.values, candidate.hyperparameters
                complete.append(Setting(number, values, hp, scores[:, 0], scores[:, 1], trials))
        return complete


def failed_trial(task: Task, context: dict[str, Any], error: Exception) -> Trial:
    """The trial of a training that raised: no epochs, the reason in `error`."""
    hp: Hyperparameters = task.hyperparameters
    reason = f"{type(error).__name__}: {error}".splitlines()[0][:500]
    history = History.from_arrays(loss=[], context={**context, "hyperparameters": hp.to_json()})
    return Trial(task.number, hp, task.seed, history, "failed", fold=task.fold, error=reason)
