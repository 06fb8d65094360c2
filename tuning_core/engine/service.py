"""The engine's loop: see what pages asked for, give stacks to idle workers, write down what they say."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any

from tuning_core.config import Config
from tuning_core.engine import uploads
from tuning_core.engine.cluster import ClusterAway
from tuning_core.engine.failures import failure_to_json
from tuning_core.engine.questions import dispatch
from tuning_core.engine.runs.machine_speed import MachineSpeed
from tuning_core.engine.runs.queue import Queue, stack_key
from tuning_core.engine.runs.run_execution import Execution
from tuning_core.engine.runs.waiting_time import WaitingTimes
from tuning_core.engine.tree_baselines import TreeBaselines
from tuning_core.engine.worker import tasks
from tuning_core.engine.worker.messages import Stack, StackResult, Work
from tuning_core.engine.worker_state import Assignment, WorkerState
from tuning_core.engine.workers import Workers
from tuning_core.errors import UserError
from tuning_core.store import Database, curves, datasets, engine_status, machine_speed, questions, runs
from tuning_core.store.backups import back_up, contents

TICK = 0.01  # seconds between looks at the store; a look costs microseconds
BEAT = 1.0
RECONNECT_SECONDS = 2.0
BACKUP_SECONDS = 300.0  # between backups of a store that is being written to
READERS = 2  # uploads read at once, each in a process of its own; one of a workspace, so that nobody keeps others waiting

log = logging.getLogger("tunescope.engine")


class Service:
    """One engine on one store."""

    def __init__(self, db: Database, config: Config) -> None:
        self.db = db
        self.queue = Queue(db)
        self.workers = Workers(config)
        self.status = "starting"
        self.detail = ""  # why it is not ready, where there is more to say
        self.closing = asyncio.Event()
        self.tasks: set[asyncio.Task[Any]] = set()
        self.readings = 0
        self.listening = False
        self.trees = TreeBaselines(db)
        self.waiting_times = WaitingTimes(db)
        self.backed_up: tuple[int | float | None, ...] = ()
        self.last_backup = time.monotonic() - BACKUP_SECONDS
        self.speed = MachineSpeed.from_json(machine_speed.load(db))

    def close_soon(self) -> None:
        self.closing.set()

    async def run(self) -> None:
        """Serve until `close_soon`; runs that are still going are then marked as interrupted."""
        datasets.requeue_reading(self.db)
        questions.tidy(self.db)
        again = runs.settle_orphans(self.db, requeue=True, note="Continued after the engine was restarted.")
        if again:
            log.info("continuing %d runs", len(again))
        engine_status.beat(self.db, "starting")
        self._track(self._connect())
        last_version, last_beat = -1, 0.0
        while not self.closing.is_set():
            version = self.db.version()
            if version != last_version:
                last_version = version
                await self._read_requests()
            self._place()
            if time.monotonic() - last_beat > BEAT:
                last_beat = time.monotonic()
                turns = self.waiting_times.turns(self.queue, self.workers, self.speed) if self.status == "ready" else {}
                n_workers, n_busy = len(self.workers.states), self.workers.n_busy
                engine_status.beat(self.db, self.status, n_workers, turns, busy=n_busy, detail=self.detail)
                self.workers.forget_pauses()
                self._care_for_the_store()
                self._track(self._pass_on_stops())
                self._track(self._listen())
            await asyncio.sleep(TICK)
        await self._close()

    def _care_for_the_store(self) -> None:
        """Once a second: SQLite's files are where they were, and now and then there is a backup of what has changed."""
        if self.db.restore_journal():
            log.error("the journal of the store had been deleted while it is in use; it is back in its place")
        if time.monotonic() - self.last_backup > BACKUP_SECONDS:
            self.last_backup, there = time.monotonic(), contents(self.db)
            if there != self.backed_up:
                self.backed_up = there
                self._track(asyncio.to_thread(back_up, self.db.file))

    async def _connect(self) -> None:
        """Find the workers, for as long as it takes; what keeps us waiting is said once."""
        try:
            while not self.closing.is_set():
                try:
                    await self.workers.connect(self._on_worker_event)
                    self.status = "warming"
                    await self.workers.warm_up()
                    break
                except ClusterAway as problem:
                    if self.detail != str(problem):
                        log.warning(problem)
                    self.status, self.detail = "starting", str(problem)
                    await asyncio.sleep(RECONNECT_SECONDS)
            self.status, self.detail = "ready", ""
            log.info("ready")
            if self.speed.measured == 0 and self.workers.states:
                self._track(self._probe(list(self.workers.states.values())[-1]))
            await self._read_requests()
        except Exception:
            log.exception("the cluster did not start")
            self.close_soon()

    async def _listen(self) -> None:
        """Hear who is there; a cluster elsewhere that was lost is looked for until it is back, and what was on it is queued."""
        if self.status == "ready" and self.workers.is_lost:
            self.status, self.detail = "starting", f"The connection to {self.workers.config.scheduler} was lost."
            log.warning(self.detail)
            await self.workers.lose()
            self._track(self._connect())
        elif self.status == "ready" and not self.listening:
            self.listening = True
            try:
                await self.workers.listen()
            finally:
                self.listening = False

    async def _probe(self, state: WorkerState) -> None:
        """Once per store: how fast is this machine? The other workers serve meanwhile."""
        state.now = Assignment()
        try:
            cold, warm = await self.workers.submit(tasks.probe, worker=state.address)
            if self.speed.measured == 0:
                self._set_speed(MachineSpeed.probed(cold, warm))
        except ClusterAway:
            return  # the next stack tells as well
        finally:
            state.now = None

    # ---- requests ---------------------------------------------------------------------------------------------------

    async def _read_requests(self) -> None:
        """Something was committed: uploads to read, setups to check, questions to answer, runs to stop."""
        while self.readings < READERS and (queued := datasets.next_queued_dataset(self.db)) is not None:
            self.readings += 1
            datasets.set_reading(self.db, queued.id)
            self._track(self._read(queued))
        for setup in datasets.queued_setups(self.db):
            if self.queue.take_setup(setup.id):
                self._track(self._check(setup))
        if self.status == "ready":
            for question in questions.take_questions(self.db):
                self._track(dispatch.answer(self.db, self.workers.submit, question, self.workers.compiled()))
        self.queue.refresh()
        self._track(self._pass_on_stops())

    async def _read(self, dataset: datasets.StoredDataset) -> None:
        try:
            outcome = await asyncio.to_thread(uploads.read, datasets.folder(self.db, dataset.id), dataset.name, dataset.options)
        finally:
            self.readings -= 1
        if "error" in outcome:
            datasets.set_refused(self.db, dataset.id, outcome["error"])
        else:
            datasets.set_ready(self.db, dataset.id, outcome["profile"])
        await self._read_requests()

    async def _check(self, setup: datasets.StoredSetup) -> None:
        outcome = await asyncio.to_thread(uploads.check, datasets.folder(self.db, setup.dataset_id), setup.spec)
        datasets.answer_setup(self.db, setup.id, **outcome)
        self.queue.drop_setup(setup.id)
        if "error" not in outcome:
            self._grow_trees(setup.dataset_id, setup.spec)

    def _grow_trees(self, dataset_id: str, setup: dict[str, Any]) -> None:
        """The third baseline of a setup, so that its curves have it when they are looked at."""
        self.trees.want(dataset_id, setup)
        if self.trees.waiting:
            self._track(self.trees.grow_next())

    async def _pass_on_stops(self) -> None:
        stopping = self.queue.stopping()
        if stopping and self.status == "ready":
            await self.workers.ask_to_stop(stopping)

    # ---- training ---------------------------------------------------------------------------------------------------

    def _place(self) -> None:
        """Give the next stacks to idle workers, see `placement.place`."""
        if self.status != "ready":
            return
        self.workers.refresh()
        while found := self.queue.next_work(self.workers.as_placed(self.speed.compiling), self.speed, self.workers.busy_for()):
            execution, work, address = found
            run = execution.run
            state = self.workers.assign(address, run, stack_key(run, work), work, self.speed)
            self._track(self._run_on_worker(execution, work, state))
            self._grow_trees(run.dataset_id, run.setup)
        for state in self.workers.to_pause(self.queue.urgent, self.queue.searching):
            self._track(self.workers.ask_to_pause(state))
        if any(execution.keep_time() for execution in self.queue.active.values()):
            self._track(self._pass_on_stops())
        held = self.workers.busy_for()
        for execution in self.queue.active.values():  # who has no worker may wait for one, so it must know what it would train
            if execution.wants_to_think and (self.workers.any_idle or not held[execution.run.workspace]):
                execution.thinking = True
                self._track(self._ask_strategy(execution))

    async def _ask_strategy(self, execution: Execution) -> None:
        """Let a run work out what it wants to train next, without holding up the others."""
        try:
            works = await asyncio.to_thread(execution.think)
            execution.add(works)
        except Exception as problem:
            log.exception("run %s cannot go on", execution.run.id)
            execution.errors.append(failure_to_json(problem))
            execution.halt()
        finally:
            execution.thinking = False
        if execution.complete:
            self.queue.finish(execution)

    async def _run_on_worker(self, execution: Execution, work: Work, state: WorkerState) -> None:
        """Have a worker do some work, and write down what came of it."""
        assert state.now is not None
        now = state.now
        try:
            result = await self.workers.do(state, execution.fold_source(work), work)
            if result is None:
                execution.again(work, died=now.died)
            elif isinstance(work, Stack):
                execution.done(work, result)
                self._update_speed(execution, work, result, self.workers.n_compiling if now.compiles else 0)
                state.compiled.add(now.key)
                await self.workers.renew_if_grown(state, result.memory)
            else:
                execution.outlined(result)
        except Exception as problem:
            if not isinstance(problem, UserError):
                log.exception("a stack of run %s failed", execution.run.id)
            execution.failed(work, failure_to_json(problem))
        finally:
            state.now = None
        if execution.complete:
            self.queue.finish(execution)

    def _update_speed(self, execution: Execution, stack: Stack, result: StackResult, compiling: int) -> None:
        """Know better how long the next stack will take; see `MachineSpeed.learn`."""
        epochs = [len(trial.history) for trial in result.trials]
        if execution.outline is None or stack.dataset_split or stack.paused or result.left or not all(epochs):
            return
        facts = execution.outline.of(task.fold for task in stack.tasks)
        self._set_speed(
            self.speed.learn(stack.tasks, facts, epochs, result.seconds, program_key=stack.program_key, compiling=compiling)
        )

    def _set_speed(self, speed: MachineSpeed) -> None:
        self.speed = speed
        machine_speed.save(self.db, speed.to_json())

    def _on_worker_event(self, event: tuple[float, dict[str, Any]]) -> None:
        """News of a worker: facts before the first epoch, then chunks of epochs."""
        _, message = event
        run_id = message["run"]
        if not self.queue.is_active(run_id):
            return
        if "context" in message:
            for number in message["numbers"]:
                curves.set_context(self.db, run_id, number, message["context"])
        else:
            curves.append(self.db, run_id, tasks.unpack(message["news"]))

    # ---- housekeeping -----------------------------------------------------------------------------------------------

    def _track(self, work: Coroutine[Any, Any, Any]) -> None:
        """Begin some work beside the loop, and keep hold of it until it is done."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _close(self) -> None:
        runs.settle_orphans(self.db, requeue=False, note="The server was stopped while this run was training.")
        engine_status.beat(self.db, "down")
        for task in list(self.tasks):
            task.cancel()
        await self.workers.close()
