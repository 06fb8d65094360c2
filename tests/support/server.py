"""The real app, served as `make run` serves it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request

from tests.support.paths import ROOT
from tests.support.waiting import wait_for


class App:
    """A running `streamlit run app.py`; `more` is set in its environment."""

    def __init__(self, home, **more: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.home = home
        self.more = more
        self.start()

    def start(self) -> None:
        """Also again, on the same port, after it was killed."""
        self.log = (self.home / "web.log").open("ab")
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(self.port)]
        environment = os.environ | {"TUNESCOPE_HOME": str(self.home)} | self.more
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self.log, stderr=self.log)

    def state(self) -> str:
        """What /api/ready says of the engine."""
        try:
            with urllib.request.urlopen(f"{self.url}/api/ready", timeout=60) as answer:
                return json.load(answer)["engine"]
        except urllib.error.HTTPError as answer:
            return json.load(answer)["engine"]
        except OSError:
            return "no answer"

    def wait_ready(self) -> None:
        wait_for(lambda: self.state() == "ready")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(300)
        self.log.close()
