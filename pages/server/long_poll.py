"""One watcher a process: any number of browsers wait for news of runs, and one thread looks for them.

SQLite says with `PRAGMA data_version`, in microseconds, whether anybody has committed. Only then, and once for all, the
watcher asks how far the awaited runs are, and wakes those who wait for a run that moved. An answer is made once for all
readers that have seen equally much.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from pages.server.curve_feed import RunState
from pages.server.stalled_requests import is_stopping
from tuning_core.recently_used import RecentlyUsed
from tuning_core.store import Database

POLL_SECONDS = 0.012
TURN_SECONDS = 1.0  # the thread comes back at least this often, to see whether anybody still waits
ANSWERS_KEPT = 64

T = TypeVar("T")


@dataclass(frozen=True)
class Feed:
    """One way to tell of a run: how far it is, and the JSON of what is newer than a cursor.

    `known` is what a reader says it has already, apart from the epochs; each feed gives it a meaning.
    """

    name: str
    state: Callable[[Database, str], RunState | None]
    payload: Callable[[Database, str, int, int, RunState], bytes | None]


@dataclass(frozen=True)
class Reader:
    """Who asks: for which run, what newer than which cursor, knowing how much."""

    feed: Feed
    run_id: str
    after: int = 0
    known: int = 0

    @property
    def topic(self) -> tuple[Feed, str]:
        """Readers of the same topic are woken together."""
        return self.feed, self.run_id


@dataclass(frozen=True)
class Answer:
    """What can be said to a reader now: its state and the JSON body."""

    state: RunState
    body: bytes


def _states(db: Database, topics: tuple[tuple[Feed, str], ...]) -> dict[tuple[Feed, str], RunState | None]:
    """How far each awaited run is; two feeds that ask the same of a run ask once."""
    asked = {(feed.state, run_id) for feed, run_id in topics}
    found = {(state, run_id): state(db, run_id) for state, run_id in asked}
    return {(feed, run_id): found[feed.state, run_id] for feed, run_id in topics}


class Watcher:
    """Reads in threads, so that the event loop never waits for the disk."""

    def __init__(self, get_database: Callable[[], Database]) -> None:
        self._get_database = get_database
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="curve-read")
        self._polling = ThreadPoolExecutor(1, thread_name_prefix="curve-poll")
        self._answers: RecentlyUsed[Reader, Answer] = RecentlyUsed(ANSWERS_KEPT)
        self._waiting: dict[tuple[Feed, str], set[asyncio.Event]] = {}
        self._seen: dict[tuple[Feed, str], RunState | None] = {}
        self._version: int | None = None
        self._task: asyncio.Task[None] | None = None

    async def read(self, work: Callable[[Database], T]) -> T:
        """Run a query in the reading thread."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, lambda: work(self._get_database()))

    async def answer(self, reader: Reader, token: str | None, wait_seconds: float) -> Answer | None:
        """What there is to say to a reader; waits for it unless the run is final. None when the run is unknown.

        `token` is the `state` of the reader's last answer: with it, a change of status is news as well as an epoch.
        """
        deadline = time.monotonic() + wait_seconds
        with self._signal(reader.topic) as signal:
            while True:
                signal.clear()
                answer = await self.read(lambda db: self._answer_now(db, reader))
                left = deadline - time.monotonic()
                if answer is None or left <= 0 or answer.state.final or answer.state.cursor > reader.after or is_stopping():
                    return answer
                if token is None:
                    token = answer.state.token
                elif token != answer.state.token:
                    return answer
                try:
                    await asyncio.wait_for(signal.wait(), left)
                except TimeoutError:
                    return await self.read(lambda db: self._answer_now(db, reader))

    def _answer_now(self, db: Database, reader: Reader) -> Answer | None:
        state = reader.feed.state(db, reader.run_id)
        if state is None:
            return None
        made = self._answers.get(reader)
        if made is None or made.state != state:
            body = reader.feed.payload(db, reader.run_id, reader.after, reader.known, state)
            if body is None:
                return None
            made = self._answers.put(reader, Answer(state, body))
        return made

    @contextmanager
    def _signal(self, topic: tuple[Feed, str]) -> Iterator[asyncio.Event]:
        signal = asyncio.Event()
        self._waiting.setdefault(topic, set()).add(signal)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch())
        try:
            yield signal
        finally:
            self._waiting[topic].discard(signal)
            if not self._waiting[topic]:
                del self._waiting[topic]

    async def _watch(self) -> None:
        """Until nobody waits any more: wake those whose run has moved, and all once the server is to end."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            moved = await loop.run_in_executor(self._polling, self._moved)
            for topic in tuple(self._waiting) if is_stopping() else moved:
                for signal in self._waiting.get(topic, ()):
                    signal.set()

    def _moved(self) -> list[tuple[Feed, str]]:
        """Awaited runs that changed since the last look; comes back when there is one, or after a turn.

        A run that was not awaited before counts as moved: its reader looks once more, and no change slips through
        between a reader's look and its wait.
        """
        db = self._get_database()
        until = time.monotonic() + TURN_SECONDS
        while self._waiting and time.monotonic() < until:
            version = db.version()
            if version != self._version:
                self._version = version
                now = _states(db, tuple(self._waiting))
                moved = [topic for topic, state in now.items() if topic not in self._seen or state != self._seen[topic]]
                self._seen = now
                if moved:
                    return moved
            time.sleep(POLL_SECONDS)
        return []

    def close(self) -> None:
        """Close both threads' connections and end the threads."""
        for pool in (self._reading, self._polling):
            pool.submit(lambda: self._get_database().close()).result()
            pool.shutdown()
