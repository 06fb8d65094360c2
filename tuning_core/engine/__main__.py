"""`python -m tuning_core.engine`: one engine for the store in TUNESCOPE_HOME."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import threading
import time
from pathlib import Path
from typing import IO

from tuning_core.config import Config, config_or_exit
from tuning_core.engine.service import Service
from tuning_core.store import Database


def only_engine(home: Path, patience: float = 15.0) -> IO[bytes]:
    """Hold the store's lock for as long as this process lives; wait for a predecessor that is just ending."""
    handle = (home / "engine.lock").open("wb")
    deadline = time.monotonic() + patience
    while not _lock(handle):
        if time.monotonic() > deadline:
            sys.exit(f"Another engine is working on {home}. Stop it, or set TUNESCOPE_HOME to another folder.")
        time.sleep(0.1)
    return handle


def _lock(handle: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


async def serve(db: Database, config: Config, with_parent: bool) -> None:
    service = Service(db, config)
    loop = asyncio.get_running_loop()
    if with_parent:  # the pipe closes when the web process ends, however it ends

        def wait_for_parent() -> None:
            sys.stdin.buffer.read()
            loop.call_soon_threadsafe(service.close_soon)

        threading.Thread(target=wait_for_parent, daemon=True).start()
    await service.run()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tuning_core.engine", description=__doc__)
    parser.add_argument("--with-parent", action="store_true", help="end when standard input closes")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    config = config_or_exit()
    db = Database(config.home)
    lock = only_engine(config.home)
    try:
        asyncio.run(serve(db, config, given.with_parent))
    finally:
        lock.close()


if __name__ == "__main__":
    main()
