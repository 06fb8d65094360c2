"""`python -m tuning_core.engine`: one engine for the store in TUNESCOPE_HOME."""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading

from tuning_core.config import Config, config_or_exit
from tuning_core.engine.service import Service
from tuning_core.logs import set_up_logs
from tuning_core.store import Database
from tuning_core.store.engine_lock import only_engine
from tuning_core.store.opening import open_or_exit


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
    set_up_logs("engine")
    config = config_or_exit()
    db = open_or_exit(config.home, patient=True)
    lock = only_engine(config.home)
    try:
        asyncio.run(serve(db, config, given.with_parent))
    finally:
        lock.close()


if __name__ == "__main__":
    main()
