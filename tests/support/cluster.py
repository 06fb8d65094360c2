"""A Dask cluster of one's own on this machine: a scheduler and workers as processes, as docs/scaling.md starts them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from tests.support.certificates import dask_tls
from tests.support.paths import ROOT
from tests.support.waiting import wait_for


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class DaskProcesses:
    """Scheduler and workers on TLS; nothing runs until it is started."""

    def __init__(self, folder: Path, certificates: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"tls://127.0.0.1:{self.port}"
        self.status_port = free_port()
        routes = {f"DASK_DISTRIBUTED__{who}__HTTP__ROUTES": "[]" for who in ("SCHEDULER", "WORKER")}
        self.environment = dask_tls(certificates) | routes | {"PYTHONPATH": str(ROOT)}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start_scheduler(self) -> None:
        """Returns when it listens."""
        status = f"127.0.0.1:{self.status_port}"
        self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--dashboard-address", status)
        wait_for(self._listens)

    def start_worker(self, name: str, port: int | None = None) -> None:
        """One with a nanny; `port` is where it finds its scheduler."""
        address = f"tls://127.0.0.1:{port or self.port}"
        options = ("--nthreads", "1", "--memory-limit", "0", "--local-directory", str(self.folder / name), "--no-dashboard")
        self._start(name, address, "--name", name, "--host", "127.0.0.1", *options, kind="worker")

    def kill(self, name: str) -> None:
        """kill -9, of a worker's nanny first."""
        process = self.processes.pop(name)
        if process.poll() is None:
            for member in [process, *psutil.Process(process.pid).children(recursive=True)]:
                with suppress(psutil.Error):
                    member.send_signal(signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        for name in list(self.processes):
            self.kill(name)

    def _listens(self) -> bool:
        with suppress(ConnectionError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False

    def _start(self, name: str, *options: str, kind: str = "scheduler") -> None:
        command = [sys.executable, "-m", "dask", kind, *options]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(command, env=os.environ | self.environment, stdout=log, stderr=log)
