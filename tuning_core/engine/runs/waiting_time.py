"""What a queued run waits for and about how long: the engine's own order (`queue.Queue`), played through in advance.

Searches last; among the others whose workspace has the fewest workers, then whose was served the longest ago, then the oldest.
While others wait, a run gives its worker back after a slice, with what is left of it in line again.
"""

from __future__ import annotations

import heapq
import itertools
import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tuning_core.engine.runs.machine_speed import MachineSpeed
from tuning_core.engine.runs.queue import Queue
from tuning_core.engine.runs.run_duration import folds_of, run_duration
from tuning_core.engine.workers import SLICE_SECONDS, Assignment, Workers
from tuning_core.recently_used import RecentlyUsed
from tuning_core.store import Database, datasets
from tuning_core.store.runs import StoredRun

MOST_RUNS, MOST_TURNS = 200, 150  # of the line, that are played through; what comes later is not said
UNKNOWN = 2.0  # seconds of a run whose table has not been checked
SOON = 0.2  # seconds until a search has made room, and of work that nobody has measured


@dataclass(frozen=True)
class InLine:
    """A run that waits or trains: whose it is, the seconds of training left, and whether it is still queued."""

    run_id: str
    workspace: str
    of_search: bool
    created: float
    seconds: float
    queued: bool = True


@dataclass(frozen=True)
class Turn:
    """What is before a queued run: so many runs of others and of its own workspace, and seconds until a worker is free for it."""

    others: int
    own: int
    seconds: float


def turns(line: Sequence[InLine], training: Sequence[tuple[float, InLine]], served: Mapping[str, int]) -> dict[str, Turn]:
    """By run, for those that are queued.

    Parameters
    ----------
    line : what waits for a worker.
    training : of each worker the seconds until it is free or gives way, and the run that it has then, with what is left of it.
    served : by workspace, the number of its last turn; see `Queue.served`.
    """
    order = itertools.count()
    busy = [(max(0.0, free_in), next(order), run) for free_in, run in training]
    heapq.heapify(busy)
    waiting, served = list(line), dict(served)
    turn = max(served.values(), default=0)
    held = Counter(run.workspace for _, _, run in busy)
    before: list[InLine] = []
    found: dict[str, Turn] = {}
    for _ in range(MOST_TURNS):
        if not busy or not any(run.queued for run in waiting):
            break
        now, _, gone = heapq.heappop(busy)
        held[gone.workspace] -= 1
        if gone.seconds > 0:
            waiting.append(gone)
        run = min(waiting, key=lambda r: (r.of_search, held[r.workspace], served.get(r.workspace, 0), r.created))
        waiting.remove(run)
        if run.queued:
            own = sum(other.workspace == run.workspace for other in before)
            found[run.run_id] = Turn(len(before) - own, own, about(now))
            before.append(run)
        others = any(other.workspace != run.workspace for other in waiting)
        piece = min(run.seconds, SLICE_SECONDS) if others else run.seconds
        turn += 1
        served[run.workspace] = turn
        held[run.workspace] += 1
        heapq.heappush(busy, (now + max(piece, SOON), next(order), replace(run, seconds=run.seconds - piece, queued=False)))
    return found


def about(seconds: float) -> float:
    """Rounded as far as it is known: to a second below ten, then to five, thirty, and whole minutes."""
    step = 1.0 if seconds < 10 else 5.0 if seconds < 60 else 30.0 if seconds < 600 else 60.0
    return step * max(1, round(seconds / step)) if math.isfinite(seconds) else seconds


class WaitingTimes:
    """What each queued run of an engine waits for; how long a run takes is reckoned once."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._seconds: RecentlyUsed[str, float] = RecentlyUsed(4 * MOST_RUNS)

    def turns(self, queue: Queue, workers: Workers, speed: MachineSpeed) -> dict[str, list[float]]:
        """By queued run: runs of others and of its own workspace that are before it, and about the seconds until it begins."""
        if not queue.queued:
            return {}
        line = [self._in_line(run, self._whole(run, speed)) for run in queue.queued[:MOST_RUNS]]
        for execution in list(queue.active.values())[:MOST_RUNS]:
            if execution.waiting:
                left = sum(speed.factor * getattr(work, "cost", 0.0) for work in execution.waiting)
                line.append(self._in_line(execution.run, max(left, SOON), queued=False))
        training = [self._training(state.now, queue, speed) for state in workers.states.values()]
        return {run_id: [turn.others, turn.own, turn.seconds] for run_id, turn in turns(line, training, queue.served).items()}

    def _training(self, now: Assignment | None, queue: Queue, speed: MachineSpeed) -> tuple[float, InLine]:
        """Of a worker: the seconds until it is free or gives way, and its run with what is then left."""
        if now is None:
            return 0.0, InLine("", "", False, 0.0, 0.0, queued=False)
        execution, clock = queue.active.get(now.run_id), time.monotonic()
        if execution is None:  # the probe, or a run that was deleted
            return SOON, InLine("", now.workspace, False, 0.0, 0.0, queued=False)
        run = execution.run
        left = max(SOON, now.ends - clock, now.trains_from + self._whole(run, speed) - clock)
        gives_way = SOON if now.of_search else max(SOON, now.trains_from + SLICE_SECONDS - clock)
        free_in = min(left, gives_way)
        return free_in, self._in_line(run, left - free_in, queued=False)

    def _in_line(self, run: StoredRun, seconds: float, *, queued: bool = True) -> InLine:
        return InLine(run.id, run.workspace, run.kind == "search", run.created, seconds, queued)

    def _whole(self, run: StoredRun, speed: MachineSpeed) -> float:
        """About how long a run trains; of a search, which gives way at once, a moment."""
        if run.kind == "search":
            return SOON
        known = self._seconds.get(run.id)
        if known is not None:
            return known
        stored = datasets.get_setup(self.db, datasets.setup_id(run.dataset_id, run.setup))
        if stored is None or stored.summary is None:
            return UNKNOWN
        folds = folds_of(stored.summary, None, False)
        return self._seconds.put(run.id, run_duration(run.kind, run.spec, folds, speed).seconds)
