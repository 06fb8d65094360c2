"""The Dask cluster: some processes with nannies on this machine, or the one named by TUNESCOPE_SCHEDULER.

Whoever can talk to a worker can run code as this user. So the processes of our own talk TLS with certificates that live only in
their memory, and their status pages have no routes. A cluster of one's own takes the TLS settings that Dask itself reads
(`distributed.comm.tls`).
"""

from __future__ import annotations

import logging
import os

import dask
import psutil
from distributed import Client, LocalCluster
from distributed.security import Security

from tuning_core.config import Config

MEMORY_SHARE = 0.7  # of the machine, for all workers together


async def connect(config: Config) -> tuple[Client, LocalCluster | None]:
    """A client, and the cluster when it is ours to close."""
    dask.config.set(
        {
            "distributed.admin.event-loop": "asyncio",
            "distributed.comm.timeouts.connect": "20s",
            "distributed.worker.profile.enabled": False,
            "distributed.admin.low-level-log-length": 100,
            "distributed.scheduler.http.routes": [],
            "distributed.worker.http.routes": [],
        }
    )
    if config.scheduler is not None:
        return await Client(config.scheduler, asynchronous=True, name="tunescope"), None
    threads = str(max(1, (os.cpu_count() or 1) // config.workers))
    cache = config.home / "xla-cache"
    cache.mkdir(parents=True, exist_ok=True)
    environment = {
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": threads,
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_XLA_FLAGS": os.environ.get("TF_XLA_FLAGS") or f"--tf_xla_persistent_cache_directory={cache}",
        "MALLOC_TRIM_THRESHOLD_": "65536",
    }
    cluster = await LocalCluster(
        n_workers=config.workers,
        threads_per_worker=1,
        processes=True,
        asynchronous=True,
        dashboard_address=None,
        protocol="tls://",
        security=Security.temporary(),
        memory_limit=int(psutil.virtual_memory().total * MEMORY_SHARE / config.workers),
        local_directory=str(config.home / "workers"),
        silence_logs=logging.ERROR,
        env=environment,
    )
    return await Client(cluster, asynchronous=True, name="tunescope"), cluster
