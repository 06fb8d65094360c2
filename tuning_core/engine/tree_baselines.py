"""Trees as a baseline, grown beside everything else: one setup after the other, in a thread that lets all others go first."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from tuning_core.data import Dataset, Table
from tuning_core.errors import UserError
from tuning_core.store import Database, datasets, tree_baselines

IDLE_PRIORITY = 19  # the lowest there is: no curve waits for trees

log = logging.getLogger("tunescope.engine")


class TreeBaselines:
    """Which setups lack their trees, and the one that is being worked out."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.waiting: deque[tuple[str, dict[str, Any]]] = deque()
        self.seen: set[str] = set()
        self.growing = False

    def want(self, dataset_id: str, setup: Mapping[str, Any]) -> None:
        """Somebody looks at this setup; what is wanted last is worked out first."""
        identity = datasets.setup_id(dataset_id, dict(setup))
        if identity in self.seen:
            return
        self.seen.add(identity)
        if tree_baselines.get_scores(self.db, dataset_id, setup) is None:
            self.waiting.append((dataset_id, dict(setup)))

    async def grow_next(self) -> None:
        """Work out all that waits, one after the other; at once done where another call does so."""
        if self.growing:
            return
        self.growing = True
        try:
            while self.waiting:
                dataset_id, setup = self.waiting.pop()
                scores = await _in_background(lambda: grow(datasets.folder(self.db, dataset_id), setup))  # noqa: B023
                if scores is not None:
                    tree_baselines.put_scores(self.db, dataset_id, setup, scores)
        finally:
            self.growing = False


def grow(folder: Path, setup: Mapping[str, Any]) -> dict[str, float] | None:
    """The scores of a setup's trees (see `tree_scores`); None where its table cannot be used so."""
    from threadpoolctl import threadpool_limits

    from tuning_core.data.dataset.tree_baseline import tree_scores  # scikit-learn

    try:
        with threadpool_limits(1, user_api="openmp"):  # BLAS threads are those of all questions
            return tree_scores(Dataset.from_spec(Table.load(folder / "table"), setup))
    except (UserError, OSError):  # refused where it was asked for, or deleted meanwhile
        return None
    except Exception:
        log.exception("the trees of a setup failed")
        return {}


async def _in_background(work: Callable[[], Any]) -> Any:
    """What a function gives, from a thread of the lowest priority of its own."""
    found: Future[Any] = Future()

    def run() -> None:
        if sys.platform == "linux":  # elsewhere a priority belongs to the whole process
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), IDLE_PRIORITY)
        try:
            found.set_result(work())
        except BaseException as problem:
            found.set_exception(problem)

    threading.Thread(target=run, name="trees", daemon=True).start()
    return await asyncio.wrap_future(found)
