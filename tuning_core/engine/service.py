"""The engine's loop: see what pages asked for, give stacks to idle workers, write down what they say."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable
from typing import Any, cast

from distributed import Client, LocalCluster

from tuning_core.engine import uploads
from tuning_core.engine.cluster import RECYCLE_BYTES, connect
from tuning_core.engine.questions import dispatch
from tuning_core.engine.runs.machine_speed import MachineSpeed, contention, load_machine_speed, save_machine_speed
from tuning_core.engine.runs.placement import Worker
from tuning_core.engine.runs.queue import Queue, stack_key
from tuning_core.engine.runs.run_execution import Execution, WorkerDied
from tuning_core.engine.worker import tasks
from tuning_core.engine.worker.messages import Stack, StackResult, Work
from tuning_core.errors import UserError
from tuning_core.store import Database, curves, datasets, engine_status, questions, runs
from tuning_core.store.runs import MAX_ATTEMPTS

TICK = 0.01  # seconds between looks at the store; a look costs microseconds
BEAT = 1.0
READERS = 2  # uploads read at once, each in a process of its own; one of a workspace, so that nobody keeps others waiting
TOPIC = "tunescope-news"

log = logging.getLogger("tunescope.engine")


class Service:
    """One engine on one store."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.queue = Queue(db)
        self.status = "starting"
        self.closing = asyncio.Event()
        self.client: Client
        self.cluster: LocalCluster | None = None
        self.busy: dict[str, asyncio.Event] = {}  # worker address -> set when that worker has died
        self.doing: dict[str, tuple[Any, float]] = {}  # worker address -> stack key, and when it will have ended, about
        self.compiling: set[str] = set()  # addresses of workers that are at work on what they had not compiled
        self.searching: dict[str, str] = {}  # worker address -> run id of the search whose stack it trains
        self.pausing: set[str] = set()  # worker addresses that were asked to make room
        self.warm: dict[str, set[Any]] = {}  # worker address -> stack keys it has compiled
        self.tasks: set[asyncio.Task[Any]] = set()
        self.readings = 0
        self.speed = load_machine_speed(db)

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
        connecting = asyncio.create_task(self._connect())
        self._track(connecting)
        last_version, last_beat = -1, 0.0
        while not self.closing.is_set():
            version = self.db.version()
            if version != last_version:
                last_version = version
                await self._read_requests()
            self._place()
            if time.monotonic() - last_beat > BEAT:
                last_beat = time.monotonic()
                engine_status.beat(self.db, self.status, len(self.warm))
                self.pausing.clear()  # a request may have come before the stack: ask again where it still trains
                await self._pass_on_stops()
            await asyncio.sleep(TICK)
        connecting.cancel()
        await self._close()

    async def _connect(self) -> None:
        try:
            self.client, self.cluster = await connect(self.db.home)
            self.client.subscribe_topic(TOPIC, self._on_worker_event)
            self.status = "warming"
            wanted = 1 if self.cluster is None else len(self.cluster.workers)
            await cast(Any, self.client.wait_for_workers(wanted))
            addresses = self._present()
            log.info("workers: %s", addresses)
            await asyncio.gather(*(self.client.submit(tasks.ready, workers=[a], pure=False) for a in addresses))
            self.status = "ready"
            log.info("ready")
            if self.speed.measured == 0:
                self._spawn(self._probe(addresses[-1]))
            await self._read_requests()
        except Exception:
            log.exception("the cluster did not start")
            self.close_soon()

    async def _probe(self, address: str) -> None:
        """Once per store: how fast is this machine? The other workers serve meanwhile."""
        self.busy[address] = asyncio.Event()
        try:
            cold, warm = await cast(Any, self.client.submit(tasks.probe, workers=[address], pure=False))
            if self.speed.measured == 0:
                self.speed = MachineSpeed.probed(cold, warm)
                save_machine_speed(self.db, self.speed)
        finally:
            self.busy.pop(address, None)

    # ---- requests ---------------------------------------------------------------------------------------------------

    async def _read_requests(self) -> None:
        """Something was committed: uploads to read, setups to check, questions to answer, runs to stop."""
        while self.readings < READERS and (queued := datasets.next_queued_dataset(self.db)) is not None:
            self.readings += 1
            datasets.set_reading(self.db, queued.id)
            self._spawn(self._read(queued))
        for setup in datasets.queued_setups(self.db):
            if self.queue.take_setup(setup.id):
                self._spawn(self._check(setup))
        if self.status == "ready":
            for question in questions.take_questions(self.db):
                self._spawn(dispatch.answer(self.db, self.client, question, list(self.warm.values())))
        self.queue.refresh()
        await self._pass_on_stops()

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

    async def _pass_on_stops(self) -> None:
        stopping = self.queue.stopping()
        if stopping and self.status == "ready":
            await self.client.run(tasks.ask_to_stop, stopping, on_error="ignore")

    # ---- training ---------------------------------------------------------------------------------------------------

    def _place(self) -> None:
        """Give the next stacks to idle workers, see `placing.place`."""
        if self.status != "ready":
            return
        present = self._present()
        self.warm = {address: self.warm.get(address, set()) for address in present}
        for address, lost in self.busy.items():
            if address not in self.warm:
                lost.set()
        while found := self.queue.next_work({a: self._worker(a) for a in present}, self.speed):
            execution, work, address = found
            key = stack_key(execution.run, work)
            if key is not None and key not in self.warm[address]:
                self.compiling.add(address)
            cold = self.speed.compiling * contention(len(self.compiling)) if address in self.compiling else 0.0
            trains = self.speed.factor * work.cost if isinstance(work, Stack) else 0.0
            self.doing[address] = key, time.monotonic() + cold + trains
            self.busy[address] = asyncio.Event()
            if execution.run.kind == "search":
                self.searching[address] = execution.run.id
            self._spawn(self._run_on_worker(execution, work, address, key))
        self._make_room()
        if any(execution.keep_time() for execution in self.queue.active.values()):
            self._spawn(self._pass_on_stops())
        if len(self.busy) < len(present):
            for execution in self.queue.active.values():
                if execution.wants_to_think:
                    execution.thinking = True
                    self._spawn(self._ask_strategy(execution))

    def _worker(self, address: str) -> Worker:
        """What a worker has compiled or compiles now, and when it will be idle: one long overdue, who knows when."""
        if address not in self.busy:
            return Worker(self.warm[address])
        key, until = self.doing.get(address, (None, math.inf))
        left = until - time.monotonic()
        return Worker(self.warm[address] | {key}, max(left, 0.001) if left > -self.speed.compiling else math.inf)

    def _make_room(self) -> None:
        """Let searches pause where somebody waits for a single run; their stacks go on afterwards from where they were."""
        for address, run_id in self.searching.items():
            if self.queue.urgent > len(self.pausing) and address not in self.pausing:
                self.pausing.add(address)
                self._spawn(self.client.run(tasks.ask_to_pause, run_id, workers=[address], on_error="ignore"))

    async def _ask_strategy(self, execution: Execution) -> None:
        """Let a run work out what it wants to train next, without holding up the others."""
        try:
            works = await asyncio.to_thread(execution.think)
            execution.add(works)
        except Exception as problem:
            log.exception("run %s cannot go on", execution.run.id)
            execution.errors.append(_error(problem))
            execution.halt()
        finally:
            execution.thinking = False
        if execution.complete:
            self.queue.finish(execution)

    def _present(self) -> list[str]:
        """Addresses of the workers that are there now."""
        if self.cluster is not None:
            return list(cast(Any, self.cluster.scheduler).workers)
        return list(self.client.scheduler_info(n_workers=-1)["workers"])

    async def _run_on_worker(self, execution: Execution, work: Work, address: str, key: Any) -> None:
        """Have a worker do some work, and write down what came of it."""
        try:
            result = await self._on_worker(execution, work, address)
            if result is None:
                execution.again(work)
            elif isinstance(work, Stack):
                execution.done(work, result)
                self._update_speed(execution, work, result, len(self.compiling) if address in self.compiling else 0)
                self.warm.setdefault(address, set()).add(key)
                if self.cluster is not None and result.memory > RECYCLE_BYTES:
                    await self._renew(address)
            else:
                execution.outlined(result)
        except Exception as problem:
            if not isinstance(problem, UserError):
                log.exception("a stack of run %s failed", execution.run.id)
            execution.failed(work, _error(problem))
        finally:
            self.busy.pop(address, None)
            self.doing.pop(address, None)
            self.compiling.discard(address)
            self.searching.pop(address, None)
            self.pausing.discard(address)
        if execution.complete:
            self.queue.finish(execution)

    def _update_speed(self, execution: Execution, stack: Stack, result: StackResult, compiling: int) -> None:
        """Know better how long the next stack will take; see `MachineSpeed.learn`."""
        epochs = [len(trial.history) for trial in result.trials]
        if execution.outline is None or stack.own_split or stack.paused or result.left or not all(epochs):
            return
        facts = execution.outline.of(task.fold for task in stack.tasks)
        self.speed = self.speed.learn(stack.tasks, facts, epochs, result.seconds, made=stack.made, compiling=compiling)
        save_machine_speed(self.db, self.speed)

    async def _on_worker(self, execution: Execution, work: Work, address: str) -> Any:
        """The worker's answer; None when the worker died.

        Dask would keep a task waiting for the very worker it was meant for, so the engine itself tries again elsewhere.
        """
        run_id = execution.run.id
        source = execution.fold_source(work)
        future = self.client.submit(tasks.do, run_id, source, work, TOPIC, workers=[address], pure=False)
        lost = asyncio.create_task(self.busy[address].wait())
        answer = asyncio.ensure_future(cast(Awaitable[Any], future.result()))
        try:
            await asyncio.wait({answer, lost}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                return await answer
            log.warning("worker %s died while training run %s", address, run_id)
            return None
        finally:
            lost.cancel()
            answer.cancel()
            await cast(Any, self.client.cancel([future]))

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

    async def _renew(self, address: str) -> None:
        """A fresh process for a worker that has grown: compiled programs cannot be given back one by one."""
        log.info("renewing worker %s", address)
        self.warm.pop(address, None)
        await cast(Any, self.client.restart_workers([address], raise_for_error=False))

    # ---- housekeeping -----------------------------------------------------------------------------------------------

    def _spawn(self, work: Any) -> None:
        self._track(asyncio.create_task(work))

    def _track(self, task: asyncio.Task[Any]) -> None:
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _close(self) -> None:
        runs.settle_orphans(self.db, requeue=False, note="The server was stopped while this run was training.")
        engine_status.beat(self.db, "down")
        for task in list(self.tasks):
            task.cancel()
        try:
            async with asyncio.timeout(4):
                if hasattr(self, "client"):
                    await cast(Any, self.client.close(timeout=1))
                if self.cluster is not None:
                    await cast(Any, self.cluster.close(timeout=2))
        except Exception:
            log.warning("the cluster did not close in time")


def _error(problem: Exception) -> dict[str, Any]:
    """What to tell the person whose run it is."""
    if isinstance(problem, UserError):
        return problem.to_json()
    name = type(problem).__name__
    if isinstance(problem, WorkerDied):
        message = f"The training process died {MAX_ATTEMPTS} times in a row, most likely for lack of memory."
        return {"kind": "worker_died", "message": message, "remedy": "Use fewer units, fewer rows or fewer trials at once."}
    if name in ("ResourceExhaustedError", "MemoryError"):
        message = "This training needs more memory than a worker has."
        return {"kind": "out_of_memory", "message": message, "remedy": "Use fewer units or a smaller batch."}
    message = f"The training failed inside ({name})."
    return {
        "kind": "internal",
        "message": message,
        "remedy": "Try other settings; engine.log in the store's folder has the details.",
    }
