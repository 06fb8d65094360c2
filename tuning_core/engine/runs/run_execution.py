"""A run that is being trained: what is still to do, what is on workers, and what is written down of what they bring."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tuning_core.config import read_config
from tuning_core.engine import uploads
from tuning_core.engine.failures import WorkerDied
from tuning_core.engine.runs.machine_speed import MachineSpeed
from tuning_core.engine.runs.run_duration import WIDEST, folds_of
from tuning_core.engine.runs.run_limit import check_duration
from tuning_core.engine.worker.messages import FoldSource, PlanFolds, Stack, StackResult, Work
from tuning_core.errors import UserError
from tuning_core.experiment import Hyperparameters, RunStatus, TrialStatus
from tuning_core.store import Database, curves, datasets, engine_status, machine_speed, runs
from tuning_core.store.runs import StoredRun
from tuning_core.store.trials import add_trials, fail_trials, get_trials, trial_statuses
from tuning_core.training.planning import plan
from tuning_core.training.program_choice import plan_stacks
from tuning_core.training.row_splits import FoldPlan, fold_number
from tuning_core.training.specs import TrialSpec
from tuning_core.training.train_session import check_seeds

MEANWHILE = 2.0  # times the limit: what pages allowed stays allowed though the machine's speed has been measured anew since
AT_ONCE = 8  # trials of one setting that are a stack without further thought


class Execution:
    """A run whose settings are given: one, or several side by side."""

    def __init__(self, db: Database, run: StoredRun) -> None:
        self.db = db
        self.run = run
        self.waiting: deque[Work] = deque()
        self.training = 0
        self.thinking = False
        self.over = False  # nothing more will be thought of
        self.halted = False  # nothing more is to be begun
        self.late = False  # a time budget is used up
        self.errors: list[dict[str, Any]] = []
        self.deaths: dict[Work, int] = {}  # workers that died of it
        self.outline: FoldPlan | None = None

    # ---- beginning --------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Lay out the trials; raises UserError when the spec is not to be trained."""
        settings, seeds = given_settings(self.run.spec)
        pairs = [(hp, seed) for hp in settings for seed in seeds]
        tasks = [TrialSpec(i, hp, seed, fold_number(hp, 0, 1, False)) for i, (hp, seed) in enumerate(pairs)]
        rows = [(t.number, t.hyperparameters.to_json(), t.seed, None, t.number // len(seeds)) for t in tasks]
        add_trials(self.db, self.run.id, rows)
        ended = {trial.number for trial in get_trials(self.db, self.run.id) if trial.status.complete}
        self.tasks = [task for task in tasks if task.number not in ended]
        if len(settings) == 1 and len(self.tasks) <= AT_ONCE:
            self.waiting.extend([Stack(tuple(self.tasks))] if self.tasks else [])
            self.over = True
        else:
            self.waiting.append(PlanFolds(early_stopping=False))

        self._check_duration(self._stored_folds())

    def _stored_folds(self) -> FoldPlan | None:
        """The folds as the check of the setup knows them; None before it."""
        stored = datasets.get_setup(self.db, datasets.setup_id(self.run.dataset_id, self.run.setup))
        return None if stored is None or stored.summary is None else folds_of(stored.summary, None, False)

    def _check_duration(self, folds: FoldPlan | None) -> None:
        """TooLong where the run is far beyond what the server allows; pages said so before, unless they could not know."""
        if folds is None:
            return
        speed, workers = MachineSpeed.from_json(machine_speed.load(self.db)), engine_status.get_engine(self.db).workers
        check_duration(self.run.kind, self.run.spec, folds, speed, workers, MEANWHILE * read_config().run_minutes)

    def fold_source(self, work: Work) -> FoldSource:
        """Where workers find the rows."""
        cv = None if isinstance(work, Stack) and work.dataset_split else self.run.spec.get("cv")
        return FoldSource(uploads.table_source(self.db, self.run.dataset_id), self.run.setup, cv)

    # ---- in a thread ------------------------------------------------------------------------------------------------

    @property
    def wants_to_think(self) -> bool:
        return self.outline is not None and not (self.over or self.thinking or self.waiting)

    def think(self) -> list[Work]:
        """What is to be trained next; called in a thread, one call at a time."""
        self.over = True
        self._check_duration(self.outline)
        return self.stacks(self.tasks)

    def add(self, works: Sequence[Work]) -> None:
        """Put into line what was thought of."""
        self.waiting.extend([] if self.halted else works)

    def stacks(self, tasks: Sequence[TrialSpec]) -> list[Work]:
        assert self.outline is not None
        facts = self.outline.of(task.fold for task in tasks)
        return [Stack(p.tasks, program_key=p.program_key, cost=p.seconds) for p in plan_stacks(plan(tasks, facts, WIDEST), facts)]

    # ---- on workers -------------------------------------------------------------------------------------------------

    def take(self, position: int = 0) -> Work:
        self.training += 1
        work = self.waiting[position]
        del self.waiting[position]
        return work

    def outlined(self, outline: FoldPlan) -> None:
        self.training -= 1
        self.outline = outline

    def done(self, stack: Stack, result: StackResult) -> None:
        """Write down what a stack brought."""
        self.training -= 1
        curves.finish_trials(self.db, self.run.id, result.trials)
        if result.left and not (self.halted or self.late):  # it made room, and is the next to go on
            paused = {task.number: result.paused[task.number] for task in result.left}
            self.waiting.appendleft(replace(stack, tasks=result.left, paused=paused))

    def again(self, work: Work, died: bool) -> None:
        """The worker died, or it cannot be reached: next in line once more; WorkerDied after too many deaths."""
        self.deaths[work] = self.deaths.get(work, 0) + died
        if self.deaths[work] >= runs.MAX_ATTEMPTS:
            raise WorkerDied
        self.training -= 1
        self.waiting.extendleft([] if self.halted or self.late else [work])

    def failed(self, work: Work, error: dict[str, Any]) -> None:
        """The work failed, not the worker: its own trials only, or everything when the folds cannot be made."""
        self.training -= 1
        self.errors.append(error)
        if isinstance(work, Stack):
            fail_trials(self.db, self.run.id, [task.number for task in work.tasks], error["message"])
        else:
            self.halt()

    def keep_time(self) -> bool:
        """Called often: True when the time is just used up, and what is on workers should stop."""
        return False

    def halt(self) -> None:
        """Begin nothing more."""
        self.waiting.clear()
        self.over = self.halted = True

    @property
    def complete(self) -> bool:
        return self.over and not (self.waiting or self.training or self.thinking)

    def finish(self, stopped: bool) -> None:
        """Say how the run ended."""
        statuses = trial_statuses(self.db, self.run.id)
        good = any(status.has_model or status.complete for status in statuses)
        first = self.errors[0] if self.errors else None
        if first and not good:
            runs.finish(self.db, self.run.id, RunStatus.FAILED, error=first)
        elif stopped and (not statuses or statuses & {TrialStatus.STOPPED, TrialStatus.QUEUED, TrialStatus.RUNNING}):
            runs.finish(self.db, self.run.id, RunStatus.STOPPED, note="Stopped by request; what was trained is kept.")
        elif statuses == {TrialStatus.DIVERGED}:
            runs.finish(self.db, self.run.id, RunStatus.DIVERGED, note="Every trial's loss became infinite or not a number.")
        else:
            runs.finish(self.db, self.run.id, RunStatus.FINISHED, error=first)


def given_settings(spec: dict[str, Any]) -> tuple[list[Hyperparameters], tuple[int, ...]]:
    """Settings and seeds of a manual run, a sweep or a gallery; see `store.runs`."""
    given = spec["settings"] if "settings" in spec else [spec["hyperparameters"]]
    if not given:
        raise UserError("There is no setting to train.", kind="out_of_range", remedy="Give at least one.")
    return [Hyperparameters.from_json(values) for values in given], check_seeds(spec["seeds"])
