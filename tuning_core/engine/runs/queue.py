"""Which stack is next: runs become executions, workspaces take turns."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Hashable, Mapping

from tuning_core.engine.runs.machine_speed import MachineSpeed
from tuning_core.engine.runs.placement import Waiting, Worker, place
from tuning_core.engine.runs.run_execution import Execution
from tuning_core.engine.runs.search_execution import SearchExecution
from tuning_core.engine.worker.messages import Stack, Work
from tuning_core.errors import UserError
from tuning_core.experiment import RunStatus
from tuning_core.store import Database, runs
from tuning_core.store.runs import StoredRun
from tuning_core.training.specs import width_of

log = logging.getLogger("tunescope.engine")
NOBODY: Mapping[str, int] = {}


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
                runs.finish(self.db, run.id, RunStatus.STOPPED, note="Stopped before it began.")
        self.queued = [run for run in self.queued if not run.stop_requested and run.id not in self.active]
        self.stopped_ids = set(runs.stop_requests(self.db))
        for run_id, execution in list(self.active.items()):
            gone = runs.get_run(self.db, run_id) is None
            if gone:
                self.stopped_ids.add(run_id)
            if gone or run_id in self.stopped_ids:
                execution.halt()
            if gone and execution.complete:
                del self.active[run_id]
            elif execution.complete:
                self.finish(execution)

    def next_work(
        self, workers: Mapping[str, Worker], speed: MachineSpeed, held: Mapping[str, int] = NOBODY
    ) -> tuple[Execution, Work, str] | None:
        """The next work and its worker: searches last, and among equals of the workspace that has the fewest workers (`held`)
        and then has waited longest."""
        passed: set[str] = set()  # searches that wait for a busy worker
        while any(worker.free_in <= 0 for worker in workers.values()):  # else nothing is begun, so that workspaces take turns
            candidates: list[Execution | StoredRun] = [e for e in self.active.values() if e.waiting and e.run.id not in passed]
            candidates += self.queued
            if not candidates:
                return None
            chosen = min(candidates, key=lambda candidate: self._place_in_line(candidate, held))
            execution = chosen if isinstance(chosen, Execution) else self._begin(chosen)
            if execution is None or not execution.waiting:
                continue
            found = place(waiting_of(execution, speed), workers, speed.compiling, in_order=execution.run.kind != "search")
            if found is None:
                passed.add(execution.run.id)
                continue
            position, address = found
            self.turn += 1
            self.served[execution.run.workspace] = self.turn
            return execution, execution.take(position), address
        return None

    @property
    def urgent(self) -> Counter[str]:
        """How many pieces of work wait that are not of a search, by workspace."""
        waiting = Counter(run.workspace for run in self.queued if run.kind != "search")
        for execution in self.active.values():
            if execution.run.kind != "search" and execution.waiting:
                waiting[execution.run.workspace] += len(execution.waiting)
        return waiting

    @property
    def searching(self) -> set[str]:
        """Workspaces with a search that waits for a worker."""
        waiting = [execution.run for execution in self.active.values() if execution.waiting]
        return {run.workspace for run in (*self.queued, *waiting) if run.kind == "search"}

    def _place_in_line(self, candidate: Execution | StoredRun, held: Mapping[str, int]) -> tuple[bool, int, int, float]:
        """Somebody waits for single runs with a hand on the slider; a search is content with what they leave."""
        run = candidate.run if isinstance(candidate, Execution) else candidate
        return run.kind == "search", held.get(run.workspace, 0), self.served.get(run.workspace, 0), run.created

    def _begin(self, run: StoredRun) -> Execution | None:
        """Claim a queued run and lay out its trials."""
        self.queued.remove(run)
        if not runs.claim(self.db, run.id):
            return None
        run = runs.get_run(self.db, run.id) or run  # now it has begun
        execution = SearchExecution(self.db, run) if run.kind == "search" else Execution(self.db, run)
        try:
            execution.begin()
        except UserError as problem:
            runs.finish(self.db, run.id, RunStatus.FAILED, error=problem.to_json())
            return None
        except (KeyError, TypeError, ValueError):
            log.exception("run %s asks for something unreadable", run.id)
            error = {"kind": "internal", "message": "The request is badly written.", "remedy": "Reload the page and try again."}
            runs.finish(self.db, run.id, RunStatus.FAILED, error=error)
            return None
        self.active[run.id] = execution
        if execution.complete:
            self.finish(execution)
        return execution

    def finish(self, execution: Execution) -> None:
        """Every stack has ended: say how the run ended."""
        if self.active.pop(execution.run.id, None) is not None:
            execution.finish(stopped=execution.run.id in self.stopped_ids)

    def stopping(self) -> list[str]:
        """Active runs whose trainings are to end now."""
        return [run_id for run_id, execution in self.active.items() if run_id in self.stopped_ids or execution.late]

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


def waiting_of(execution: Execution, speed: MachineSpeed) -> list[Waiting]:
    """What waits of a run, as `place` looks at it."""
    works = execution.waiting
    return [Waiting(stack_key(execution.run, w), speed.factor * w.cost if isinstance(w, Stack) else 0.0) for w in works]


def stack_key(run: StoredRun, work: Work) -> Hashable:
    """Equal for stacks that run on the same compiled program; None where nothing is trained."""
    if not isinstance(work, Stack):
        return None
    if work.program_key is not None:
        return work.program_key
    hp = work.tasks[0].hyperparameters
    setup = tuple(sorted((name, str(value)) for name, value in run.setup.items()))
    shape = (hp.hidden_units, hp.activation, hp.optimizer, hp.momentum, hp.weight_decay, hp.batch_size, hp.loss, hp.class_weight)
    return (run.dataset_id, setup, *shape, any(hp.dropout_rates), hp.l2 > 0, hp.scale_target, width_of(work.tasks))
