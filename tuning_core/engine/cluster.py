"""The Dask cluster: some processes with nannies on this machine, or the one named by TUNESCOPE_SCHEDULER.

Whoever can talk to a worker can run code as this user. So the processes of our own talk TLS with certificates that live only in
their memory, and their status pages have no routes. A cluster of one's own takes the TLS settings that Dask itself reads
(`distributed.comm.tls`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import ssl
from collections.abc import Iterator

import dask
import psutil
from distributed import Client, LocalCluster
from distributed.comm.core import FatalCommClosedError
from distributed.security import Security

from tuning_core.config import Config

MEMORY_SHARE = 0.7  # of the machine, for all workers together
TLS = "DASK_DISTRIBUTED__COMM__TLS__"
LOUD = ("distributed", "distributed.client", "asyncio", "tornado")  # loggers with a level of their own
PATIENCE = 10.0  # seconds for one try to reach a scheduler elsewhere


class ClusterAway(Exception):
    """There is no cluster to train on for now; the text says why and what to do."""


async def connect(config: Config) -> tuple[Client, LocalCluster | None]:
    """A client, and the cluster when it is ours to close.

    Raises
    ------
    ClusterAway
        When the scheduler that TUNESCOPE_SCHEDULER names cannot be reached, or one side does not trust the other.
    """
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
        return await _connect_elsewhere(config.scheduler), None
    return await _start_here(config)


async def _connect_elsewhere(scheduler: str) -> Client:
    client: Client | None = None
    try:
        with quiet():
            client = Client(scheduler, asynchronous=True, name="tunescope", timeout=PATIENCE)
            return await client
    except (OSError, TypeError, ValueError, ImportError) as problem:
        if client is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(client.close(timeout=0), 1)
        raise ClusterAway(f"{_why(scheduler, problem)} Runs are queued until it can be reached.") from problem


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without what Dask and asyncio log of a connection that fails: the refusal says it in a sentence."""
    loggers = [logging.getLogger(name) for name in LOUD]
    levels = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in levels:
            logger.setLevel(level)


def _why(scheduler: str, problem: BaseException) -> str:
    """A sentence or two about a connection that failed."""
    named = f"The Dask scheduler at {scheduler} (TUNESCOPE_SCHEDULER)"
    kinds = {type(link) for link in _causes(problem)}

    def among(*wanted: type[BaseException]) -> bool:
        return any(issubclass(kind, wanted) for kind in kinds)

    if among(TypeError, FileNotFoundError, PermissionError) and not among(ConnectionError):
        return (
            f"{named} is to be reached by TLS, but the certificates are missing or cannot be read. "
            f"{TLS}CA_FILE, {TLS}CLIENT__CERT and {TLS}CLIENT__KEY name their files."
        )
    if among(ImportError):
        return f"{named} runs another version of Dask: {problem}. Install the same one there."
    if among(ssl.SSLError, FatalCommClosedError):
        return (
            f"{named} answers, but one side does not trust the other's certificate. {TLS}CA_FILE must name the authority of both."
        )
    if among(ConnectionResetError):
        return f"{named} answers, but hangs up. A scheduler that speaks TLS needs an address that begins with tls://."
    return f"{named} does not answer. Start it, or correct the address."


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


async def _start_here(config: Config) -> tuple[Client, LocalCluster]:
    """Processes of our own on this machine."""
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
        preload=["tuning_core.engine.worker.preload"],
        env=environment,
    )
    return await Client(cluster, asynchronous=True, name="tunescope"), cluster
