"""Verdicts on demand: made in a thread of their own, and once for all readers of the same curve."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from pages.server.verdict_payload import verdict_facts
from tuning_core.diagnosis import LiveReading
from tuning_core.recently_used import RecentlyUsed
from tuning_core.store import Database, runs
from tuning_core.store.run_state import RunState, run_state

States = tuple[RunState, RunState | None]
KEPT = 64  # answers and readings of growing curves


class VerdictService:
    """Reading a curve takes some milliseconds of NumPy: curves that are waited for must not queue behind it."""

    def __init__(self, get_database: Callable[[], Database]) -> None:
        self._get_database = get_database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="verdict")
        self._answers: RecentlyUsed[tuple[str, str | None], tuple[States, bytes]] = RecentlyUsed(KEPT)
        self._readings: RecentlyUsed[str, LiveReading] = RecentlyUsed(KEPT)

    async def answer(self, run_id: str, ghost_id: str | None) -> bytes | None:
        """The JSON body for a run with the run before it; None when there is no such run."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._answer, run_id, ghost_id)

    def _answer(self, run_id: str, ghost_id: str | None) -> bytes | None:
        db = self._get_database()
        state = run_state(db, run_id)
        if state is None:
            return None
        states = (state, run_state(db, ghost_id) if ghost_id else None)
        known = self._answers.get((run_id, ghost_id))
        if known is None or known[0] != states:
            body = self._make(db, run_id, ghost_id)
            if body is None:
                return None
            known = self._answers.put((run_id, ghost_id), (states, body))
        return known[1]

    def _make(self, db: Database, run_id: str, ghost_id: str | None) -> bytes | None:
        run, ghost = (runs.get_run(db, identity) if identity else None for identity in (run_id, ghost_id))
        if run is None or run.kind != "manual":  # a search has many settings, and a verdict is about one
            return None
        facts, reading = verdict_facts(db, run, ghost, self._readings.get(run_id) or LiveReading())
        if run.live:
            self._readings.put(run_id, reading)
        else:
            self._readings.drop(run_id)
        head = {"run": run_id, "ghost": ghost_id, "final": not run.live}
        return json.dumps(head | facts, allow_nan=False).encode()

    def close(self) -> None:
        """Close the thread's connection and end it."""
        self._thread.submit(lambda: self._get_database().close()).result()
        self._thread.shutdown()
