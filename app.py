"""Tunescope's ASGI app: `streamlit run app.py`.

Serves the pages and the curve API, and keeps the engine (a process of its own) running beside them.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tuning_core.config import config_or_exit  # noqa: E402
from tuning_core.logs import set_up_logs  # noqa: E402
from tuning_core.store.opening import open_or_exit  # noqa: E402

CONFIG = config_or_exit()  # a bad variable is one sentence, before anything is begun, and so is a store that cannot be used
set_up_logs("web")
STORE = open_or_exit(CONFIG.home)
set_up_logs("web", CONFIG.home)

from pages.server.allowed_hosts import AllowedHosts  # noqa: E402
from pages.server.class_code import ClassCode, say_class_code  # noqa: E402
from pages.server.file_limit import raise_file_limit  # noqa: E402
from pages.server.half_heads import limit_heads  # noqa: E402
from pages.server.lighter_reruns import lighten_reruns  # noqa: E402
from pages.server.malloc import share_arenas  # noqa: E402
from pages.server.operators import Operators  # noqa: E402
from pages.server.routes import routes  # noqa: E402
from pages.server.security_headers import SecurityHeaders  # noqa: E402
from pages.server.shared_runs import SharedRuns  # noqa: E402
from pages.server.stalled_requests import StalledRequests, note_when_asked_to_end  # noqa: E402
from pages.server.streamlit_logs import take_over_streamlit  # noqa: E402
from pages.server.tcp_nodelay import NoDelay  # noqa: E402
from pages.server.whole_callbacks import finish_callbacks_first  # noqa: E402
from pages.state.database import database  # noqa: E402
from pages.state.recorded import add_recorded  # noqa: E402
from pages.state.samples import add_samples  # noqa: E402
from pages.state.workspace import WorkspaceCookie  # noqa: E402
from pages.widgets.errors import log_script_error  # noqa: E402
from tuning_core.engine.supervisor import Supervisor  # noqa: E402
from tuning_core.store import Database, classrooms, datasets, runs  # noqa: E402
from tuning_core.store.deletion import delete_older  # noqa: E402

DAY = 24 * 3600.0

take_over_streamlit()
share_arenas()
limit_heads(raise_file_limit())
finish_callbacks_first()
lighten_reruns()


def _tidy(db: Database) -> None:
    """Empty the trash, and delete classes whose days are over and what is older than this server keeps."""
    runs.empty_trash(db, DAY)
    classrooms.forget_expired(db)
    if CONFIG.keep_days is not None:
        delete_older(db, CONFIG.keep_days)


async def _tidy_daily(db: Database) -> None:
    while True:
        await asyncio.to_thread(_tidy, db)
        await asyncio.sleep(DAY)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """The store is opened, the samples and the recorded examples are in it, and the engine lives as long as the app."""
    set_up_logs("web", CONFIG.home)  # once more: uvicorn has given its loggers handlers meanwhile
    note_when_asked_to_end()
    db = database()
    say_class_code(db.home, CONFIG.class_code)
    await asyncio.to_thread(add_samples, db)
    await asyncio.to_thread(datasets.remove_strays, db)
    await asyncio.to_thread(add_recorded, db)
    tidying = asyncio.create_task(_tidy_daily(db))
    loading = asyncio.create_task(asyncio.to_thread(import_module, "pandas"))  # else the first visitor waits for it
    supervisor = Supervisor(db)
    watching = asyncio.create_task(supervisor.watch())
    try:
        yield {"supervisor": supervisor}
    finally:
        tidying.cancel()
        watching.cancel()
        loading.cancel()
        await supervisor.stop()


app = st.App(
    ROOT / "pages" / "_main.py",
    lifespan=lifespan,
    routes=routes(database),
    middleware=[
        Middleware(NoDelay),
        Middleware(SecurityHeaders),
        Middleware(AllowedHosts),
        Middleware(StalledRequests),
        Middleware(Operators, CONFIG.metrics_token),
        Middleware(ClassCode, CONFIG.home, CONFIG.class_code, database),
        Middleware(WorkspaceCookie, database),
        Middleware(SharedRuns, database),
    ],
    on_script_error=log_script_error,
)
