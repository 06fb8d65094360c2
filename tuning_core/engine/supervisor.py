"""Starting the engine from the web process, and starting it again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

from tuning_core.logs import pass_on
from tuning_core.store import engine_status
from tuning_core.store.database import Busy, Database
from tuning_core.store.free_space import DiskFull

STOP_SECONDS = 8.0
LOOK_SECONDS = 0.2  # between looks at the engine
DOWN_SECONDS = 1.0  # that another writer may keep the news of an engine's end


def is_stopped(pid: int) -> bool:
    """Whether a child of this process stands still by a signal (SIGSTOP); False where the system does not tell."""
    if not hasattr(os, "waitid"):
        return False
    try:
        return os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return False


class Supervisor:
    """Keeps one engine process alive. The engine ends by itself when the pipe to this process closes."""

    def __init__(self, db: Database) -> None:
        self.db, self.home = db, db.home
        self.process: subprocess.Popen[bytes] | None = None
        self.closing = False

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        root = Path(__file__).resolve().parents[2]
        environment = os.environ | {"TUNESCOPE_HOME": str(self.home), "PYTHONUNBUFFERED": "1"}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tuning_core.engine", "--with-parent"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        assert self.process.stdout is not None
        pass_on(self.process.stdout)

    async def watch(self) -> None:
        """Start the engine, and again whenever it has died, more slowly if it dies young."""
        while not self.closing:
            began = time.monotonic()
            self.start()
            is_told = False
            while self.process is not None and self.process.poll() is None:
                await asyncio.sleep(LOOK_SECONDS)
                if not is_stopped(self.process.pid):
                    is_told = False  # it says itself that it is there again
                elif not is_told:
                    is_told = await asyncio.to_thread(self._say_down, self.process.pid)
            if self.process is not None and self.process.stdin is not None:
                self.process.stdin.close()
            if self.process is not None and not self.closing:
                await asyncio.to_thread(self._say_down, self.process.pid)
            if time.monotonic() - began < 10:
                await asyncio.sleep(2.0)

    def _say_down(self, pid: int) -> bool:
        """Pages hear at once that the engine has ended or stands still, before they miss a heartbeat; False if not."""
        try:
            with self.db.impatient(DOWN_SECONDS):
                engine_status.mark_down(self.db, pid)
        except (Busy, DiskFull):  # they will miss the heartbeat
            return False
        return True

    async def stop(self) -> None:
        """Ask the engine to end, and make it."""
        self.closing = True
        if self.process is None:
            return
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        try:
            await asyncio.to_thread(self.process.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
