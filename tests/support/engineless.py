"""The app without its engine: pages, routes and the store, for tests in which nothing is trained."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pages.state.samples import add_samples
from tests.support.curve_page import answers, free_port
from tests.support.datasets import SETUP
from tests.support.engine_answers import answer_setups, read_uploads
from tests.support.paths import ROOT
from tests.support.waiting import wait_for
from tuning_core.store import Database, datasets, engine_status

APP = """
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from pages.server.routes import routes
from pages.server.shared_runs import SharedRuns
from pages.server.whole_callbacks import finish_callbacks_first
from pages.state.database import database
from pages.state.workspace import WorkspaceCookie

HERE = Path(__file__).parent
finish_callbacks_first()
{more}
app = st.App({router!r}, routes=routes(database), middleware=[
    Middleware(WorkspaceCookie, database),
    Middleware(SharedRuns, database),
])
"""


class Engineless:
    """A running server and the store behind it: the samples are read, the setup of one is checked, an engine seems ready.

    `more` is code that runs in the server before the app is made; `folder` is `HERE` in it.
    """

    def __init__(self, folder: Path, more: str = "") -> None:
        self.folder = folder
        (folder / "app.py").write_text(APP.format(more=more, router=str(ROOT / "pages" / "_main.py")))
        self.db = Database(folder / "home")
        add_samples(self.db)
        read_uploads(self.db)
        datasets.request_setup(self.db, "insurance", SETUP)
        answer_setups(self.db)
        engine_status.beat(self.db, "ready", 2)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "streamlit", "run", str(folder / "app.py"), "--server.port", str(port)]
        environment = os.environ | {"TUNESCOPE_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
        with (folder / "web.log").open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        wait_for(lambda: answers(f"{self.url}/_stcore/health"))

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.db.close()
