"""For `dask worker --preload tuning_core.engine.worker.preload`: a worker logs without anybody's data."""

from __future__ import annotations

from tuning_core.logs import set_up_logs


def dask_setup(worker: object) -> None:
    set_up_logs("worker")
