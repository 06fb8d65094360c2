"""The board of a search with 1,000 trials of 100 epochs: how soon what was recorded is drawn, in headless Chromium.

    python -m benchmarks board

No engine: this program records epochs as fast as one could ever train them, and the real Search page is looked at. Times are
from the commit in the store to the frame in which the board shows it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import numpy as np

import tuning_core as tc
from benchmarks.slider import ROOT, free_port
from tests.support.chromium import ARGUMENTS, executable
from tuning_core.engine import uploads
from tuning_core.search_strategies import make_strategy
from tuning_core.store import Database, curves, datasets, engine_status, runs, search_configurations
from tuning_core.store.trials import add_trials

TRIALS = 1000
EPOCHS = 100
PORTION = 5  # epochs of every trial that are recorded at once
APP = f"""
import streamlit as st
from pages.server.routes import routes
from pages.state.samples import add_samples
from pages.state.database import database

add_samples(database())
app = st.App({str(ROOT / "pages" / "_main.py")!r}, routes=routes(database))
"""
DRAWN = """cursor => new Promise(resolve => {
  const look = () => {
    const board = document.querySelector('.sb-root');
    if (Number(board?.dataset.cursor ?? 0) >= cursor) resolve(performance.timeOrigin + performance.now());
    else requestAnimationFrame(look);
  };
  look();
})"""


def begin(db: Database) -> tuple[str, list]:
    """A running search with all its settings laid out, on the sample table."""
    sample = datasets.list_datasets(db, "nobody")[0]
    read = uploads.read(datasets.folder(db, sample.id), sample.name, sample.options)
    datasets.set_ready(db, sample.id, read["profile"])
    setup = {"target": "charges", "features": None, "split": tc.Split().to_json(), "task": None, "kinds": {}}
    setup_id = datasets.request_setup(db, sample.id, setup)
    datasets.answer_setup(db, setup_id, **uploads.check(datasets.folder(db, sample.id), setup))
    axes = {"learning_rate": tc.loguniform(1e-4, 1), "batch_size": [8, 16, 32, 64], "units": tc.randint(4, 129, log=True)}
    space = tc.quasi_random(base=tc.Hyperparameters(epochs=EPOCHS), n_iter=TRIALS, **axes)
    spec = {"space": space.to_json(), "cv": None, "seeds": [0]}
    run_id = runs.add_run(db, "benchmark", sample.id, setup, "search", spec)
    runs.claim(db, run_id)
    asked = make_strategy(space).ask()
    search_configurations.add_settings(db, run_id, [(c.number, c.values, c.hyperparameters) for c in asked])
    add_trials(db, run_id, [(c.number, c.hyperparameters.to_json(), 0, None, c.number) for c in asked])
    return run_id, asked


def record(db: Database, run_id: str, values: np.ndarray, first: int) -> tuple[int, float]:
    """Append a portion of every trial; the newest cursor and when it was committed, in milliseconds since 1970."""
    curves.append(db, run_id, [(n, first, values[n, :, first : first + PORTION]) for n in range(TRIALS)])
    committed = 1000 * time.time()
    row = db.row("SELECT max(cursor) AS cursor FROM curves")
    assert row is not None
    return row["cursor"], committed


def serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    (folder / "board_app.py").write_text(APP)
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "board_app.py"), "--server.port", str(port)]
    environment = os.environ | {"TUNESCOPE_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2)
            return process
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the page was not served")


def measure(db: Database, run_id: str, port: int) -> tuple[list[float], list[float], float]:
    """Milliseconds from commit to frame for each portion, of drawing alone, and of opening the finished search."""
    from playwright.sync_api import sync_playwright

    random = np.random.default_rng(0)
    speed, floor = random.uniform(0.01, 0.3, (TRIALS, 1, 1)), random.uniform(1, 3, (TRIALS, 1, 1))
    values = floor + 4 * np.exp(-speed * np.arange(EPOCHS)) + 0.02 * random.normal(size=(TRIALS, 5, EPOCHS))
    refreshes, drawings = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"http://127.0.0.1:{port}/search?search={run_id}")
        page.locator(".sb-root").wait_for()
        page.wait_for_timeout(1500)
        for first in range(0, EPOCHS, PORTION):
            engine_status.beat(db, "ready", 1)
            cursor, committed = record(db, run_id, values, first)
            refreshes.append(page.evaluate(DRAWN, cursor) - committed)
            drawings.append(float(page.evaluate("document.querySelector('.sb-root').dataset.drawMs")))
            page.wait_for_timeout(400)
        for n in range(TRIALS):
            search_configurations.score_setting(db, run_id, n, "finished", [float(values[n, 2].min())], [1.0])
        runs.finish(db, run_id, "finished")
        other = browser.new_page(viewport={"width": 1280, "height": 720})
        asked: list[float] = []
        other.on("request", lambda request: asked.append(1000 * time.time()) if "/api/board/" in request.url else None)
        other.goto(f"http://127.0.0.1:{port}/search?search={run_id}")
        opened = other.evaluate(DRAWN, cursor) - asked[0]
        browser.close()
    return refreshes, drawings, opened


def main() -> str:
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        page = serve(folder, port)
        try:
            db = Database(folder / "home")
            while not datasets.list_datasets(db, "nobody"):
                time.sleep(0.1)
            run_id, _ = begin(db)
            refreshes, drawings, opened = measure(db, run_id, port)
        finally:
            page.terminate()
            page.wait(20)
    return (
        f"### The board: {TRIALS:,} trials x {EPOCHS} epochs (headless Chromium)\n\n"
        "| what | measured | promised |\n|---|---|---|\n"
        f"| {PORTION} more epochs of every trial, from the commit to the frame, median | {statistics.median(refreshes):.0f} ms "
        f"| under 1,000 ms |\n"
        f"| the same, slowest of {len(refreshes)} | {max(refreshes):.0f} ms | |\n"
        f"| of that drawing all curves, with {EPOCHS} epochs | {drawings[-1]:.0f} ms | |\n"
        f"| the finished search in a new tab, from the question to the frame | {opened:.0f} ms | |\n"
    )


if __name__ == "__main__":
    print(main())
