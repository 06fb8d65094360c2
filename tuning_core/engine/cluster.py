"""The Dask cluster: up to four processes with nannies on this machine, or the one named by TUNESCOPE_SCHEDULER."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import dask
import psutil
from distributed import Client, LocalCluster

MEMORY_SHARE = 0.7  # of the machine, for all workers together
RECYCLE_BYTES = int(os.environ.get("TUNESCOPE_WORKER_MB", "1800")) * 2**20  # a worker above this is renewed between stacks


def worker_count() -> int:
    """`TUNESCOPE_WORKERS`, or one per core, at most four: a class needs answers, not every core of the machine."""
    given = os.environ.get("TUNESCOPE_WORKERS")
    return max(1, int(given)) if given else max(1, min(4, os.cpu_count() or 1))


def is_elsewhere() -> bool:
    """Whether the workers run on machines that do not see this one's files."""
    return bool(os.environ.get("TUNESCOPE_SCHEDULER"))


async def connect(home: Path) -> tuple[Client, LocalCluster | None]:
    """A client, and the cluster when it is ours to close."""
    dask.config.set(
        {
            "distributed.admin.event-loop": "asyncio",
            "distributed.comm.timeouts.connect": "20s",
            "distributed.worker.profile.enabled": False,
            "distributed.admin.low-level-log-length": 100,
        }
    )
    address = os.environ.get("TUNESCOPE_SCHEDULER")
    if address:
        return await Client(address, asynchronous=True, name="tunescope"), None
    n = worker_count()
    threads = str(max(1, (os.cpu_count() or 1) // n))
    cache = home / "xla-cache"
    cache.mkdir(parents=True, exist_ok=True)
    environment = {
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": threads,
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_XLA_FLAGS": f"--tf_xla_persistent_cache_directory={cache}",
        "MALLOC_TRIM_THRESHOLD_": "65536",
    }
    cluster = await LocalCluster(
        n_workers=n,
        threads_per_worker=1,
        processes=True,
        asynchronous=True,
        dashboard_address=None,
        memory_limit=int(psutil.virtual_memory().total * MEMORY_SHARE / n),
        local_directory=str(home / "workers"),
        silence_logs=logging.ERROR,
        env=environment,
    )
    return await Client(cluster, asynchronous=True, name="tunescope"), cluster
