"""The workers: what each has compiled, what it does now, and the way of work to it and back."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Hashable
from dataclasses import dataclass, field
from typing import Any, cast

from distributed import Client, LocalCluster

from tuning_core.config import Config
from tuning_core.engine.cluster import connect
from tuning_core.engine.runs.machine_speed import MachineSpeed, contention
from tuning_core.engine.runs.placement import Worker
from tuning_core.engine.worker import tasks
from tuning_core.engine.worker.messages import FoldSource, Stack, Work
from tuning_core.store.runs import StoredRun

TOPIC = "tunescope-news"
SLICE_SECONDS = 5.0  # of training that a run has to itself while others wait

log = logging.getLogger("tunescope.engine")


@dataclass(eq=False)
class Assignment:
    """What a worker does now.

    Attributes
    ----------
    run_id : of the run that it works for; "" for the probe.
    workspace : whose run it is.
    of_search : whether it makes room for any single run that waits, at once.
    key : of the program that it needs (see `queue.stack_key`), None for none.
    compiles : the worker has not compiled that program before.
    trains_from : about when it has compiled, by `time.monotonic()`.
    ends : about when it will be done, by `time.monotonic()`.
    lost : set when the worker has died.
    asked_to_pause : it was asked to make room.
    """

    run_id: str = ""
    workspace: str = ""
    of_search: bool = False
    key: Hashable = None
    compiles: bool = False
    trains_from: float = math.inf
    ends: float = math.inf
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    asked_to_pause: bool = False


@dataclass(eq=False)
class WorkerState:
    """One worker: its address, the keys of the programs that it has compiled, and its work, None while it is idle."""

    address: str
    compiled: set[Hashable] = field(default_factory=set)
    now: Assignment | None = None

    def as_placed(self, compiling: float) -> Worker:
        """As `place` looks at it; nobody knows when one that is overdue by more than a compilation will be done."""
        if self.now is None:
            return Worker(self.compiled)
        left = self.now.ends - time.monotonic()
        return Worker(self.compiled | {self.now.key}, max(left, 0.001) if left > -compiling else math.inf)


class Workers:
    """All workers of the cluster that are there; empty until `connect`."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.client: Client | None = None
        self.cluster: LocalCluster | None = None
        self.states: dict[str, WorkerState] = {}

    async def connect(self, on_event: Callable[[tuple[float, dict[str, Any]]], None]) -> None:
        """Start or find the cluster; returns when its workers are there, not yet warm."""
        self.client, self.cluster = await connect(self.config)
        self.client.subscribe_topic(TOPIC, on_event)
        wanted = 1 if self.cluster is None else len(self.cluster.workers)
        await cast(Any, self.client.wait_for_workers(wanted))
        self.refresh()
        log.info("workers: %s", list(self.states))

    async def warm_up(self) -> None:
        """Have every worker import what training needs."""
        await asyncio.gather(*(self.submit(tasks.ready, worker=address) for address in list(self.states)))

    def refresh(self) -> None:
        """Learn which workers are there: new ones are idle, and whoever waits for one that is gone is told so."""
        present = self._present()
        for address in self.states.keys() - set(present):
            gone = self.states.pop(address)
            if gone.now is not None:
                gone.now.lost.set()
        self.states = {address: self.states.get(address) or WorkerState(address) for address in present}

    def _present(self) -> list[str]:
        if self.cluster is not None:
            return list(cast(Any, self.cluster.scheduler).workers)
        return list(cast(Any, self.client).scheduler_info(n_workers=-1)["workers"])

    def as_placed(self, compiling: float) -> dict[str, Worker]:
        return {address: state.as_placed(compiling) for address, state in self.states.items()}

    def compiled(self) -> list[Collection[Hashable]]:
        """The keys of every worker."""
        return [set(state.compiled) for state in self.states.values()]

    @property
    def any_idle(self) -> bool:
        return any(state.now is None for state in self.states.values())

    @property
    def n_busy(self) -> int:
        return sum(state.now is not None for state in self.states.values())

    @property
    def n_compiling(self) -> int:
        return sum(state.now is not None and state.now.compiles for state in self.states.values())

    # ---- work -------------------------------------------------------------------------------------------------------

    def assign(self, address: str, run: StoredRun, key: Hashable, work: Work, speed: MachineSpeed) -> WorkerState:
        """Write down what an idle worker is given, and when it will be done."""
        state = self.states[address]
        compiles = key is not None and key not in state.compiled
        state.now = Assignment(run.id, run.workspace, run.kind == "search", key, compiles)
        cold = speed.compiling * contention(self.n_compiling) if state.now.compiles else 0.0
        trains = speed.factor * work.cost if isinstance(work, Stack) else 0.0
        state.now.trains_from = time.monotonic() + cold
        state.now.ends = state.now.trains_from + trains
        return state

    async def do(self, state: WorkerState, source: FoldSource, work: Work) -> Any:
        """The worker's answer; None when the worker died.

        Dask would keep a task waiting for the very worker it was meant for, so the engine itself tries again elsewhere.
        """
        assert state.now is not None and self.client is not None
        run_id = state.now.run_id
        future = self.client.submit(tasks.do, run_id, source, work, TOPIC, workers=[state.address], pure=False)
        lost = asyncio.create_task(state.now.lost.wait())
        answer = asyncio.ensure_future(cast(Awaitable[Any], future.result()))
        try:
            await asyncio.wait({answer, lost}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                return await answer
            log.warning("worker %s died while training run %s", state.address, run_id)
            return None
        finally:
            lost.cancel()
            answer.cancel()
            await cast(Any, self.client.cancel([future]))

    async def submit(self, function: Callable[..., Any], *given: Any, worker: str | None = None) -> Any:
        """What a function gives on a worker, or on the one at an address."""
        where = {"workers": [worker]} if worker is not None else {}
        return await cast(Any, cast(Client, self.client).submit(function, *given, pure=False, **where))

    async def renew_if_grown(self, state: WorkerState, memory: int) -> None:
        """A fresh process for a worker of ours above `TUNESCOPE_WORKER_MB`: compiled programs cannot be given back one by one."""
        if self.cluster is None or memory <= self.config.worker_mb * 2**20:
            return
        log.info("renewing worker %s", state.address)
        state.compiled.clear()
        await cast(Any, cast(Client, self.client).restart_workers([state.address], raise_for_error=False))

    # ---- requests ---------------------------------------------------------------------------------------------------

    async def ask_to_stop(self, run_ids: list[str]) -> None:
        """These runs end after their current chunk of epochs."""
        await cast(Any, cast(Client, self.client).run(tasks.ask_to_stop, run_ids, on_error="ignore"))

    def busy_for(self) -> Counter[str]:
        """How many workers each workspace has."""
        return Counter(state.now.workspace for state in self.states.values() if state.now is not None)

    def to_pause(self, waiting: Counter[str]) -> list[WorkerState]:
        """Workers that should make room for so many pieces of work of each workspace; they count as asked from now on.

        Searches first. Then whoever has several workers gives back all but one, and each run gives way after its slice.
        """
        working = [state for state in self.states.values() if state.now is not None]
        room = waiting.total() - sum(state.now.asked_to_pause for state in working if state.now is not None)
        held = self.busy_for()
        found: list[WorkerState] = []
        for state in sorted(working, key=lambda state: state.now is not None and not state.now.of_search):
            now = state.now
            if now is None or now.asked_to_pause or len(found) >= room:
                continue
            others = waiting.total() - waiting[now.workspace]
            spent = held[now.workspace] > 1 or time.monotonic() - now.trains_from >= SLICE_SECONDS
            if now.of_search or (others > 0 and spent and now.run_id):
                now.asked_to_pause = True
                held[now.workspace] -= 1
                found.append(state)
        return found

    async def ask_to_pause(self, state: WorkerState) -> None:
        """A stack makes room; it goes on afterwards from where it was."""
        if state.now is not None:
            run = cast(Any, cast(Client, self.client).run)
            await run(tasks.ask_to_pause, state.now.run_id, workers=[state.address], on_error="ignore")

    def forget_pauses(self) -> None:
        """A request may have come before the stack: ask again where it still trains."""
        for state in self.states.values():
            if state.now is not None:
                state.now.asked_to_pause = False

    async def close(self) -> None:
        try:
            async with asyncio.timeout(4):
                if self.client is not None:
                    await cast(Any, self.client.close(timeout=1))
                if self.cluster is not None:
                    await cast(Any, self.cluster.close(timeout=2))
        except Exception:
            log.warning("the cluster did not close in time")
