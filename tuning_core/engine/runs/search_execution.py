"""A search that is being trained: its strategy is asked whenever a worker would idle, and told whenever a setting has ended.

What is written in the store is enough to go on after any fault: the strategy is made anew and told what is there. Of successive
halving only the scores at each rung are kept; survivors of a rung whose state is lost are trained again up to where they were.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tuning_core.engine.runs.run_duration import WIDEST
from tuning_core.engine.runs.run_execution import Execution
from tuning_core.engine.worker.messages import PlanFolds, Stack, StackResult, Work
from tuning_core.experiment import CrossValidation, Hyperparameters, RunStatus, SearchSpace, TrialStatus
from tuning_core.experiment.scores import Score, resolve_score
from tuning_core.experiment.search_size import check_size, may_stop_early
from tuning_core.search_strategies import Candidate, Result, Strategy, make_strategy
from tuning_core.store import Database, runs, search_configurations
from tuning_core.store.runs import StoredRun
from tuning_core.store.search_configurations import FINAL, StoredSetting
from tuning_core.store.trials import add_trials, get_trials
from tuning_core.training.checkpoint import TrainingCheckpoint
from tuning_core.training.planning import plan
from tuning_core.training.program_choice import plan_stacks
from tuning_core.training.search_ledger import PORTION, SearchLedger
from tuning_core.training.specs import TrialSpec
from tuning_core.training.train_session import check_seeds

PAUSED_BYTES = 256 * 2**20  # of one search; trainings beyond it are repeated
LOST = (math.nan, math.nan)
WORST_FIRST = (TrialStatus.FAILED, TrialStatus.DIVERGED, TrialStatus.STOPPED)


class SearchExecution(Execution):
    """One run of the kind "search"."""

    def __init__(self, db: Database, run: StoredRun) -> None:
        super().__init__(db, run)
        self.strategy: Strategy | None = None
        self.dry = False  # the strategy has nothing to ask before it is told more
        self.numbers: dict[Hyperparameters, int] = {}
        self.next_number = 0
        self.score: Score | None = None  # known once a worker has said which task it is
        self.cut = False  # the time budget ended it
        self.stored: dict[int, StoredSetting] = {}
        self.outcomes: dict[int, tuple[TrialStatus, tuple[float, float], str]] = {}  # trial -> status, (score, metric), error
        self.results: deque[Result] = deque()  # filled between thoughts, told at the next

    # ---- beginning --------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        spec = self.run.spec
        self.space = SearchSpace.from_json(spec["space"])
        self.space = self.space.cross_validated() if spec.get("cv") else self.space
        n_divisions = CrossValidation.from_json(spec["cv"]).n_divisions if spec.get("cv") else 1
        self.ledger = SearchLedger(check_seeds(spec["seeds"]), n_divisions)
        check_size(self.space, self.ledger.each)
        began = self.run.started or time.time()
        self.deadline = began + self.space.seconds if self.space.seconds else math.inf
        self.waiting.append(PlanFolds(may_stop_early(self.space)))

    def _make_strategy(self) -> Strategy:
        """The strategy, knowing what the store holds."""
        stored = [
            (Hyperparameters.from_json(s.hyperparameters), s) for s in search_configurations.list_settings(self.db, self.run.id)
        ]
        self.stored = {s.number: s for _, s in stored}
        self.next_number = max(self.stored, default=-1) + 1
        first = self.run.spec.get("first", 0)
        known = {hp: self._loss(s.mean) for hp, s in stored if s.number < first and _settled(s)}
        self.numbers = {hp: s.number for hp, s in stored if hp not in known}
        for trial in get_trials(self.db, self.run.id):
            if _is_over(trial.status) and trial.number < FINAL:
                scores = LOST if trial.score is None or trial.metric is None else (trial.score, trial.metric)
                self.outcomes[trial.number] = (trial.status, scores, trial.error)
        if self.space.strategy != "bayesian":
            return make_strategy(self.space, known)
        # Its draws depend on when it was told what, so they cannot be repeated: what was drawn is known or picked by hand now.
        current = [(hp, s) for hp, s in stored if s.number >= first]
        begun = tuple(hp for hp, s in current if not _settled(s))
        space = replace(self.space, include=tuple(dict.fromkeys((*begun, *self.space.include))))
        strategy: Any = make_strategy(space, known | {hp: self._loss(s.mean) for hp, s in current if _settled(s)})
        strategy.budget = max(0, strategy.budget - sum(bool(s.values) for _, s in current))
        return strategy

    # ---- in a thread ------------------------------------------------------------------------------------------------

    @property
    def wants_to_think(self) -> bool:
        return super().wants_to_think and not self.dry

    def think(self) -> list[Work]:
        """Tell what has ended, ask for more; when there is no more, train the best setting on the dataset's own split."""
        self.dry = True  # until a worker brings something
        assert self.outline is not None
        self.score = resolve_score(self.run.spec.get("score"), self.space, self.outline.facts[0].task)
        if self.strategy is None:
            self._check_duration(self.outline)
            self.strategy = self._make_strategy()
        while not self._out_of_time:
            told = [self.results.popleft() for _ in range(len(self.results))]
            self.strategy.tell(told)
            portion = self.strategy.ask(PORTION if self.space.seconds else None)
            works = self._lay_out(portion)
            if works:
                self.dry = False
                return works
            if not portion and not self.results:
                break  # settings that the store has complete are told at once, and may lead to more
        if self.training:
            return []
        self.over = True
        self.late = False
        return self._final()

    @property
    def _out_of_time(self) -> bool:
        return self.over or time.time() > self.deadline

    def _lay_out(self, portion: Sequence[Candidate]) -> list[Work]:
        """Write down new settings and their trials, and plan the stacks of those that are not yet trained."""
        assert self.outline is not None
        numbered = [(self._number(candidate), candidate) for candidate in portion]
        search_configurations.add_settings(self.db, self.run.id, [(n, c.values, c.hyperparameters) for n, c in numbered])
        tasks = {n: self.ledger.specs(n, c.hyperparameters, self.outline) for n, c in numbered}
        rows = [
            (t.number, t.hyperparameters.to_json(), t.seed, self.outline.division(t.fold), number)
            for number, mine in tasks.items()
            for t in mine
        ]
        add_trials(self.db, self.run.id, rows)
        for number, candidate in numbered:
            told = self.stored[number].rungs if number in self.stored else {}
            if candidate.until is not None and candidate.until in told:  # compared at this rung before a fault
                self.results.append(Result(candidate.number, self._loss(told[candidate.until])))
                tasks[number] = []
                self.ledger.begin(number, candidate, ())
                continue
            tasks[number] = [
                t for t in tasks[number] if t.number not in self.outcomes or not _is_over(self.outcomes[t.number][0])
            ]
            self.ledger.begin(number, candidate, (t.number for t in tasks[number]))
            if self.ledger.is_complete(number):
                self._settle(number)
        until = portion[0].until if portion else None  # the same for a whole rung
        return self._stacks_until([t for mine in tasks.values() for t in mine], until)

    def _loss(self, mean: float | None) -> float | None:
        """A mean score as strategies are told it: lower is better."""
        assert self.score is not None
        return None if mean is None or not math.isfinite(mean) else self.score.as_loss(mean)

    def _number(self, candidate: Candidate) -> int:
        if candidate.hyperparameters not in self.numbers:
            self.numbers[candidate.hyperparameters] = self.next_number
            self.next_number += 1
        return self.numbers[candidate.hyperparameters]

    def _stacks_until(self, tasks: Sequence[TrialSpec], until: int | None) -> list[Work]:
        """Trainings that go on and trainings that begin cannot share a stack."""
        assert self.outline is not None and self.score is not None
        facts = self.outline.of(task.fold for task in tasks)
        works: list[Work] = []
        for going_on in (True, False):
            stacks = plan([t for t in tasks if (t.number in self.ledger.paused) == going_on], facts, WIDEST)
            for planned in plan_stacks(stacks, facts):
                self.ledger.program_keys.update({t.hyperparameters: planned.program_key for t in planned.tasks})
                paused = self.ledger.take_paused(t.number for t in planned.tasks)
                works.append(
                    Stack(
                        planned.tasks,
                        score=self.score.name,
                        until=until,
                        paused=paused,
                        program_key=planned.program_key,
                        cost=planned.seconds,
                    )
                )
        return works

    def _final(self) -> list[Work]:
        best = search_configurations.best_setting(self.db, self.run.id)
        if self.run.spec.get("cv") is None or best is None:
            return []
        task = self.ledger.final_spec(FINAL + best.number, Hyperparameters.from_json(best.hyperparameters))
        add_trials(self.db, self.run.id, [(task.number, task.hyperparameters.to_json(), task.seed, None, best.number)])
        ended = {trial.number for trial in get_trials(self.db, self.run.id) if trial.status.complete}
        if task.number in ended:
            return []
        assert self.outline is not None
        program_key = self.ledger.program_of(task, self.outline.facts[0])  # its rows are about those of a fold
        return [Stack((task,), dataset_split=True, program_key=program_key)]

    # ---- on workers -------------------------------------------------------------------------------------------------

    def take(self, position: int = 0) -> Work:
        work = super().take(position)
        if isinstance(work, Stack) and work.scored:
            search_configurations.set_running(self.db, self.run.id, {self.ledger.setting(task.number) for task in work.tasks})
        return work

    def done(self, stack: Stack, result: StackResult) -> None:
        super().done(stack, result)
        self.dry = False
        if not stack.scored:
            return
        scored = zip(result.trials, result.scores, strict=True)
        rows = [(t.number, s.value, s.metric, s.positions, s.row_losses) for t, s in scored]
        search_configurations.score_trials(self.db, self.run.id, rows)
        self._keep({t.number: result.paused[t.number] for t in result.trials if t.number in result.paused})
        outcomes = zip(result.trials, result.scores, strict=True)
        self._ended({t.number: (t.status, (s.value, s.metric), t.error) for t, s in outcomes})

    def failed(self, work: Work, error: dict[str, Any]) -> None:
        super().failed(work, error)
        self.dry = False
        if isinstance(work, Stack) and work.scored:
            self._ended({task.number: (TrialStatus.FAILED, LOST, error["message"]) for task in work.tasks})

    def _keep(self, paused: Mapping[int, TrainingCheckpoint]) -> None:
        room = PAUSED_BYTES - sum(p.nbytes for p in self.ledger.paused.values())
        if sum(p.nbytes for p in paused.values()) <= room:
            self.ledger.paused.update(paused)

    def _ended(self, outcomes: Mapping[int, tuple[TrialStatus, tuple[float, float], str]]) -> None:
        self.outcomes.update(outcomes)
        for number in self.ledger.end(outcomes):
            self._settle(number)

    def _settle(self, number: int) -> None:
        """All trials of a setting have ended or paused: write down its score, to be told."""
        candidate = self.ledger.candidates[number]
        mine = [self.outcomes[trial] for trial in self.ledger.trials(number)]
        statuses = [status for status, _, _ in mine]
        status = next((s for s in WORST_FIRST if s in statuses), TrialStatus.FINISHED)
        values, metrics = zip(*(scores for _, scores, _ in mine), strict=True)
        error = next((error for _, _, error in mine if error), "")
        until = candidate.until if not self._out_of_time else None  # cut short, it has not reached the rung
        search_configurations.score_setting(self.db, self.run.id, number, status, values, metrics, until=until, error=error)
        self.results.append(Result(candidate.number, self._loss(sum(values) / len(values))))

    # ---- ending -----------------------------------------------------------------------------------------------------

    def keep_time(self) -> bool:
        if self.over or self.late or time.time() <= self.deadline:
            return False
        self.late = self.cut = True
        self.dry = False
        self.waiting.clear()
        return True

    def add(self, works: Sequence[Work]) -> None:
        super().add([] if self.late else works)

    def finish(self, stopped: bool) -> None:
        tried = sum(s.ended for s in search_configurations.list_settings(self.db, self.run.id))
        if self.cut and tried and not stopped and not self.errors:
            note = f"The {self.space.seconds:g} seconds are used up; {tried:,} settings were tried."
            runs.finish(self.db, self.run.id, RunStatus.FINISHED, note=note)
        else:
            super().finish(stopped)


def _is_over(status: TrialStatus) -> bool:
    """It is not trained again."""
    return status.complete or status == TrialStatus.FAILED


def _settled(setting: StoredSetting) -> bool:
    """Nothing is left to train of it: it ended by itself, or at a rung of successive halving."""
    return setting.ended and (setting.status != TrialStatus.STOPPED or bool(setting.rungs))
