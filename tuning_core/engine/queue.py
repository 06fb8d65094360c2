"""Which stack is next: runs become executions, workspaces take turns."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from tuning_core.errors import UserError
from tuning_core.experiment import Hyperparameters, Trial
from tuning_core.store import Database, runs
from tuning_core.store.runs import StoredRun
from tuning_core.training.planner import Task, bucket


class WorkerDied(Exception):
    """A stack's worker died as often as a stack is tried."""


class Execution:
    """A run that is being trained: stacks to do, stacks on workers, trials that have ended."""

    def __init__(self, run: StoredRun, stacks: Sequence[tuple[Task, ...]]) -> None:
        self.run = run
        self.waiting = deque(stacks)
        self.training = 0
        self.ended: list[Trial] = []
        self.errors: list[dict[str, Any]] = []
        self.failures: list[tuple[int, str]] = []
        self.deaths: dict[int, int] = {}  # first trial number of a stack -> workers that died of it

    def take(self) -> tuple[Task, ...]:
        self.training += 1
        return self.waiting.popleft()

    def done(self, trials: Sequence[Trial]) -> None:
        self.training -= 1
        self.ended += trials

    def again(self, tasks: tuple[Task, ...]) -> None:
        """The stack's worker died: next in line once more, or WorkerDied."""
        self.deaths[tasks[0].number] = self.deaths.get(tasks[0].number, 0) + 1
        if self.deaths[tasks[0].number] >= runs.MAX_ATTEMPTS:
            raise WorkerDied
        self.training -= 1
        self.waiting.appendleft(tasks)

    def failed(self, tasks: Sequence[Task], why: str, error: dict[str, Any]) -> None:
        self.training -= 1
        self.errors.append(error)
        self.failures += [(task.number, why) for task in tasks]

    @property
    def complete(self) -> bool:
        return not self.waiting and not self.training


class Queue:
    """Queued and active runs of the store, and whose turn it is."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.active: dict[str, Execution] = {}
        self.queued: list[StoredRun] = []
        self.served: dict[str, int] = {}  # workspace -> turn of its last stack
        self.turn = 0
        self.stopped_ids: set[str] = set()
        self.setups: set[str] = set()

    def refresh(self) -> None:
        """Read the store: new requests, stop requests, runs that were deleted."""
        self.queued = runs.queued_runs(self.db)
        for run in self.queued:
            if run.stop_requested:
                runs.finish(self.db, run.id, "stopped", note="Stopped before it began.")
        self.queued = [run for run in self.queued if not run.stop_requested and run.id not in self.active]
        self.stopped_ids = set(runs.stop_requests(self.db))
        for run_id, execution in list(self.active.items()):
            gone = runs.get_run(self.db, run_id) is None
            if gone:
                self.stopped_ids.add(run_id)
            if gone or run_id in self.stopped_ids:
                execution.waiting.clear()
            if gone and execution.complete:
                del self.active[run_id]
            elif execution.complete:
                self.finish(execution)

    def next_stack(self) -> tuple[Execution, tuple[Task, ...]] | None:
        """The next stack of the workspace that has waited longest."""
        while True:
            candidates: list[tuple[int, float, Execution | StoredRun]] = [
                (self.served.get(e.run.workspace, 0), e.run.created, e) for e in self.active.values() if e.waiting
            ]
            candidates += [(self.served.get(run.workspace, 0), run.created, run) for run in self.queued]
            if not candidates:
                return None
            chosen = min(candidates, key=lambda c: c[:2])[2]
            execution = chosen if isinstance(chosen, Execution) else self._begin(chosen)
            if execution is not None and execution.waiting:
                self.turn += 1
                self.served[execution.run.workspace] = self.turn
                return execution, execution.take()

    def _begin(self, run: StoredRun) -> Execution | None:
        """Claim a queued run and lay out its trials."""
        self.queued.remove(run)
        if not runs.claim(self.db, run.id):
            return None
        try:
            tasks = manual_tasks(run.spec)
        except UserError as problem:
            error = {"kind": problem.kind, "message": problem.message, "remedy": problem.remedy}
            runs.finish(self.db, run.id, "failed", error=error)
            return None
        runs.add_trials(self.db, run.id, [(t.number, t.hyperparameters.to_json(), t.seed, None) for t in tasks])
        execution = self.active[run.id] = Execution(run, [tuple(tasks)])
        return execution

    def finish(self, execution: Execution) -> None:
        """Every stack has ended: say how the run ended."""
        run_id = execution.run.id
        self.active.pop(run_id, None)
        statuses = {trial.status for trial in execution.ended}
        if execution.errors and not execution.ended:
            runs.finish(self.db, run_id, "failed", error=execution.errors[0])
        elif run_id in self.stopped_ids and (not statuses or "stopped" in statuses):
            runs.finish(self.db, run_id, "stopped", note="Stopped by request; what was trained is kept.")
        elif statuses == {"diverged"}:
            runs.finish(self.db, run_id, "diverged", note="Every trial's loss became infinite or not a number.")
        else:
            runs.finish(self.db, run_id, "finished", error=execution.errors[0] if execution.errors else None)

    def stopping(self) -> list[str]:
        return [run_id for run_id in self.stopped_ids if run_id in self.active]

    def is_active(self, run_id: str) -> bool:
        return run_id in self.active

    def take_setup(self, setup_id: str) -> bool:
        """True once per setup, so that it is checked once."""
        if setup_id in self.setups:
            return False
        self.setups.add(setup_id)
        return True

    def drop_setup(self, setup_id: str) -> None:
        self.setups.discard(setup_id)


def manual_tasks(spec: dict[str, Any]) -> list[Task]:
    """One task per seed of a manual run's spec, {"hyperparameters": {...}, "seeds": [...]}."""
    from tuning_core.training.session import check_seeds

    hp = Hyperparameters.from_json(spec["hyperparameters"])
    return [Task(number, hp, seed) for number, seed in enumerate(check_seeds(spec["seeds"]))]


def stack_key(run: StoredRun, tasks: Sequence[Task]) -> tuple:
    """Equal for stacks that run on the same compiled program."""
    hp = tasks[0].hyperparameters
    setup = tuple(sorted((name, str(value)) for name, value in run.setup.items()))
    shape = (hp.hidden_units, hp.activation, hp.optimizer, hp.momentum, hp.weight_decay, hp.batch_size, hp.loss, hp.class_weight)
    return (run.dataset_id, setup, *shape, any(hp.dropout_rates), hp.l2 > 0, hp.scale_target, bucket(len(tasks)))
