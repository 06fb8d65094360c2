"""The workers: what each has compiled, what it does now, and the way of work to it and back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Hashable
from typing import Any, cast

from distributed import Client, LocalCluster
from distributed.client import FutureCancelledError

from tuning_core.config import Config
from tuning_core.engine.attendance import Attendance
from tuning_core.engine.cluster import ClusterAway, connect, quiet
from tuning_core.engine.runs.machine_speed import MachineSpeed, contention
from tuning_core.engine.runs.placement import Worker
from tuning_core.engine.worker import tasks
from tuning_core.engine.worker.messages import FoldSource, Stack, Work
from tuning_core.engine.worker_state import Assignment, WorkerState
from tuning_core.store.runs import StoredRun

TOPIC = "tunescope-news"
ANSWER_SECONDS = 5.0  # that a scheduler, or a worker that is told something, may take to answer
SLICE_SECONDS = 5.0  # of training that a run has to itself while others wait

log = logging.getLogger("tunescope.engine")


class Workers:
    """All workers of the cluster that are there; empty until `connect`."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.client: Client | None = None
        self.cluster: LocalCluster | None = None
        self.states: dict[str, WorkerState] = {}
        self.attendance = Attendance()  # of a cluster elsewhere
        self.out_of_reach: set[str] = set()  # workers that had work when they were last heard of
        self.calling: set[asyncio.Task[None]] = set()

    async def connect(self, on_event: Callable[[tuple[float, dict[str, Any]]], None]) -> None:
        """Start or find the cluster; returns when a worker is there (all of our own), not yet warm.

        What an engine or a connection before this one has left on the workers ends.

        Raises
        ------
        ClusterAway
            For now there is no cluster, or no worker in it; try again.
        """
        self.client, self.cluster = await connect(self.config)
        self.client.subscribe_topic(TOPIC, on_event)
        if self.cluster is not None:
            await cast(Any, self.client.wait_for_workers(len(self.cluster.workers)))
        else:
            self.attendance = Attendance()
            await self.listen()
        self.refresh()
        if not self.states:
            await self._hang_up()
            raise ClusterAway(
                f"The Dask scheduler at {self.config.scheduler} (TUNESCOPE_SCHEDULER) has no workers. "
                "Start some with `dask worker`. Runs are queued until there is one."
            )
        if self.cluster is None:
            await self._tell(tasks.abandon, workers=list(self.states))
        log.info("workers: %s", list(self.states))

    async def _hang_up(self) -> None:
        client, self.client = self.client, None
        with quiet(), contextlib.suppress(Exception):
            await asyncio.wait_for(cast(Any, cast(Client, client).close(timeout=1)), 2)

    async def warm_up(self) -> None:
        """Have every worker import what training needs.

        Raises
        ------
        ClusterAway
            A cluster elsewhere was lost meanwhile, or its workers do not have Tunescope.
        """
        loading = {address: asyncio.ensure_future(self.submit(tasks.ready, worker=address)) for address in self.states}
        try:
            while waited_for := [task for address, task in loading.items() if address in self.states and not task.done()]:
                await asyncio.wait(waited_for, timeout=1.0, return_when=asyncio.FIRST_EXCEPTION)
                await self.listen()
                self.refresh()
            for task in loading.values():
                if task.done():
                    task.result()
        except (ImportError, AttributeError) as problem:
            if self.cluster is not None:
                raise
            raise ClusterAway(
                f"The workers of {self.config.scheduler} cannot load Tunescope ({problem}). "
                "Start them with this version of it on their PYTHONPATH. Runs are queued until then."
            ) from problem
        finally:
            for task in loading.values():
                task.cancel()

    @property
    def is_lost(self) -> bool:
        """The connection to a cluster elsewhere has ended."""
        return self.cluster is None and self.client is not None and self.client.status != "running"

    async def lose(self) -> None:
        """After `is_lost`: nobody is there any more, until `connect`."""
        self.attendance = Attendance()
        self.out_of_reach.clear()
        self.refresh()
        await self._hang_up()

    async def listen(self) -> None:
        """Once a second: ask the scheduler of a cluster elsewhere who is there; no answer is no news."""
        if self.cluster is not None or self.client is None:
            return
        with contextlib.suppress(OSError, TimeoutError):
            asked = cast(Any, self.client.scheduler).identity(n_workers=-1)
            said = await asyncio.wait_for(asked, ANSWER_SECONDS)
            self.attendance.learn(said["workers"], time.monotonic())

    def refresh(self) -> None:
        """Learn which workers are there: new ones are idle, and whoever waits for one that is gone is told so."""
        present = self._present()
        for address in self.states.keys() - set(present):
            gone = self.states.pop(address)
            silent = address in self.attendance.heard
            if silent:
                self.out_of_reach.add(address)
            if gone.now is not None:
                gone.now.died = not silent and not self.is_lost
                gone.now.lost.set()
        for address in [address for address in present if address not in self.states]:
            state = self.states[address] = WorkerState(address)
            if address in self.out_of_reach:
                self._welcome_back(state)

    def _present(self) -> list[str]:
        if self.cluster is not None:
            return list(cast(Any, self.cluster.scheduler).workers)
        return [] if self.is_lost else self.attendance.present(time.monotonic())

    def _welcome_back(self, state: WorkerState) -> None:
        """A worker that was out of reach gives up what it still trains, which others have done or do, before it gets new work."""
        self.out_of_reach.discard(state.address)
        state.now = Assignment()

        async def tell() -> None:
            await self._tell(tasks.abandon, workers=[state.address])
            state.now = None

        task = asyncio.create_task(tell())
        self.calling.add(task)
        task.add_done_callback(self.calling.discard)

    async def _tell(self, function: Callable[..., Any], *given: Any, workers: list[str]) -> None:
        """Call a function on workers beside what they train; whoever does not answer in time is left out."""
        if self.client is None:
            return
        with contextlib.suppress(OSError, TimeoutError):
            run = cast(Any, self.client.run)
            await asyncio.wait_for(run(function, *given, workers=workers, on_error="ignore"), ANSWER_SECONDS)

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
        """The worker's answer; None when the worker died or cannot be reached (see its `Assignment`).

        Dask would keep a task waiting for the very worker it was meant for, so the engine itself tries again elsewhere.
        """
        now = state.now
        assert now is not None
        if self.client is None or self.is_lost:
            return None
        future = self.client.submit(tasks.do, now.run_id, source, work, TOPIC, workers=[state.address], pure=False)
        lost = asyncio.create_task(now.lost.wait())
        answer = asyncio.ensure_future(cast(Awaitable[Any], future.result()))
        try:
            await asyncio.wait({answer, lost}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                return await answer
            log.warning("worker %s %s while training run %s", state.address, "died" if now.died else "was lost", now.run_id)
        except FutureCancelledError:
            log.warning("the connection to the scheduler was lost while training run %s", now.run_id)
        finally:
            lost.cancel()
            answer.cancel()
            await self._cancel(future)
        return None

    async def _cancel(self, future: Any) -> None:
        with contextlib.suppress(OSError, TimeoutError):  # whoever has lost the scheduler has nothing to cancel
            if self.client is not None and self.client is future.client and not self.is_lost:
                await cast(Any, self.client.cancel([future]))

    async def submit(self, function: Callable[..., Any], *given: Any, worker: str | None = None) -> Any:
        """What a function gives on a worker, or on the one at an address; ClusterAway when the scheduler is lost meanwhile."""
        where = {"workers": [worker]} if worker is not None else {}
        try:
            return await cast(Any, cast(Client, self.client).submit(function, *given, pure=False, **where))
        except FutureCancelledError as problem:
            raise ClusterAway(f"The connection to {self.config.scheduler} was lost.") from problem

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
        await self._tell(tasks.ask_to_stop, run_ids, workers=list(self.states))

    def busy_for(self) -> Counter[str]:
        """How many workers each workspace has."""
        return Counter(state.now.workspace for state in self.states.values() if state.now is not None)

    def to_pause(self, waiting: Counter[str], searching: Collection[str] = ()) -> list[WorkerState]:
        """Workers that should make room for so many pieces of work of each workspace; they count as asked from now on.

        Searches first. Then whoever has several workers gives back all but one, and each run gives way after its slice. So does
        a search to those of workspaces (`searching`: whose searches wait) that have no worker.
        """
        working = [(state, state.now) for state in self.states.values() if state.now is not None]
        asked, held = sum(now.asked_to_pause for _, now in working), self.busy_for()
        without = sum(not held[workspace] for workspace in searching)
        found: list[WorkerState] = []
        for state, now in sorted(working, key=lambda pair: not pair[1].of_search):
            room = waiting.total() - asked - len(found)
            spent = held[now.workspace] > 1 or time.monotonic() - now.trains_from >= SLICE_SECONDS
            if now.of_search:
                gives_way = room > 0 or (spent and room + without > 0)
            else:
                gives_way = room > 0 and waiting.total() > waiting[now.workspace] and spent and bool(now.run_id)
            if gives_way and not now.asked_to_pause:
                now.asked_to_pause = True
                held[now.workspace] -= 1
                found.append(state)
        return found

    async def ask_to_pause(self, state: WorkerState) -> None:
        """A stack makes room; it goes on afterwards from where it was."""
        if state.now is not None:
            await self._tell(tasks.ask_to_pause, state.now.run_id, workers=[state.address])

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
