"""A page with nothing on it but a live curve, a store that the test writes, and what a test asks of the drawing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from playwright.sync_api import Page, expect

from tests.support.paths import ROOT
from tests.support.waiting import wait_for
from tuning_core.experiment import History, Hyperparameters, Trial
from tuning_core.store import Database, curves, datasets, runs
from tuning_core.store.trials import add_trials

APP = """
import streamlit as st
from pages.server.routes import routes
from tuning_core.store import Database

db = Database()
app = st.App("main.py", routes=routes(lambda: db))
"""
PAGE = """
import json
import streamlit as st
from pages.components.live_curve import live_curve

def empty():
    st.write("nothing here")

def tune():
    query = st.query_params
    choices = query.get("run", "").split(",")
    at = st.session_state.setdefault("at", 0)
    if len(choices) > 1 and st.button("next run"):
        at = st.session_state.at = (at + 1) % len(choices)
    overlays = [tuple(o) for o in json.loads(query.get("overlays", "[]"))]
    seen = live_curve(choices[at] or None, key="curve", height=440, ghost=query.get("ghost"), overlays=overlays,
                      live=query.get("live", "1") == "1", target=query.get("target", ""), invitation="Press Train.",
                      on_stopping=lambda asked: st.session_state.update(asked=asked))
    ends = st.session_state.setdefault("ends", [])
    if seen.ended:
        ends.append(seen.ended)
    st.session_state.reruns = st.session_state.get("reruns", 0) + 1
    st.text(json.dumps({"reruns": st.session_state.reruns, "ends": ends, "asked": st.session_state.get("asked")}))

st.set_page_config(layout="wide")
st.navigation([st.Page(empty, title="Empty", default=True), st.Page(tune, title="Tune", url_path="tune")]).run()
"""


@contextmanager
def serve(folder: Path, *flags: str) -> Iterator[str]:
    """A server of the page alone; gives the address of the page."""
    (folder / "app.py").write_text(APP)
    (folder / "main.py").write_text(PAGE)
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "app.py"), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false", *flags]
    environment = os.environ | {"TUNESCOPE_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            base = f"http://127.0.0.1:{port}" + ("/lab" if flags else "")
            wait_for(lambda: answers(f"{base}/_stcore/health"))
            yield f"{base}/tune"
        finally:
            process.terminate()
            process.wait(300)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=60):
            return True
    except OSError:
        return False


HP = Hyperparameters(epochs=60)
CONTEXT = {
    "task": "regression", "loss_name": "mse", "metric_name": "mae", "dummy_loss": 900.0, "linear_loss": 5.0, "tree_loss": 3.0,
}  # fmt: skip


def curve(epochs: int, seed: int = 0, scale: float = 1.0) -> np.ndarray:
    """(5, epochs): falling curves with a validation loss that rises again after a third of them."""
    random = np.random.default_rng(seed)
    e = np.arange(1, epochs + 1)
    train = scale * (8 / e + 1 + 0.05 * random.random(epochs))
    val = train + scale * (0.5 + np.maximum(0, e - epochs / 3) * 0.02)
    return np.stack([train * 1.1, train, val, np.sqrt(train), np.sqrt(val)])


def new_run(db: Database, seeds: int = 1, hp: Hyperparameters = HP, context: dict | None = None, name: str = "") -> str:
    dataset = datasets.add_dataset(db, "w", "a.csv", b"x\n1\n")
    run_id = runs.add_run(db, "w", dataset, {}, "manual", {})
    runs.rename(db, run_id, name)
    runs.claim(db, run_id)
    add_trials(db, run_id, [(number, hp.to_json(), number, None) for number in range(seeds)])
    for number in range(seeds):
        curves.set_context(db, run_id, number, CONTEXT | (context or {}))
    return run_id


def finish(db: Database, run_id: str, histories: list[np.ndarray], hp: Hyperparameters = HP, **outcome) -> str:
    """Write whole curves and end the run."""
    facts = {"status": "finished"} | outcome
    best = [int(np.nanargmin(values[2])) + 1 for values in histories]
    trials = [
        Trial(i, hp, i, History.from_matrix(values, CONTEXT), best_epoch=best[i], **facts) for i, values in enumerate(histories)
    ]
    curves.finish_trials(db, run_id, trials)
    runs.finish(db, run_id, "diverged" if facts["status"] == "diverged" else "finished")
    return run_id


def opened(new_page, url: str, run: str = "", *, tab: str = "Loss", **more) -> Page:
    """The page with a run on it; most tests look at what is recorded, the loss.

    With `live=0` the run has ended: its whole curve is drawn.
    """
    options = more.pop("options", {})
    page = new_page(f"{url}?{urlencode({'run': run, **more})}", **options)
    page.wait_for_selector(".lc-root")
    page.wait_for_function("document.querySelector('.lc-root').dataset.drawMs")
    if more.get("live") == 0:
        whole = "run => document.querySelector('.lc-root').dataset.complete === run"
        page.wait_for_function(whole, arg=run.partition(",")[0])
    page.get_by_role("button", name=tab, exact=True).click()
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn, 0))))")
    return page


def heard(page: Page) -> dict:
    """What the page's Python side knows: how often it ran, which ends it was told."""
    return json.loads(page.locator("[data-testid=stText]").last.inner_text())


def trace(page: Page, name: str) -> dict:
    return page.evaluate(
        """name => { const t = document.querySelector('.lc-plot').data.find(t => t.name === name);
        return t ? {x: [...t.x], y: [...t.y], colour: t.line?.color, dash: t.line?.dash} : {x: [], y: []}; }""",
        name,
    )


def epochs(page: Page) -> int:
    return len(trace(page, "validation")["x"])


def state(page: Page, expected: str) -> None:
    expect(page.locator(".lc-root")).to_have_attribute("data-state", expected)


def ranges(page: Page) -> dict:
    return page.evaluate("(({layout: l}) => ({x: l.xaxis.range, y: l.yaxis.range}))(document.querySelector('.lc-plot'))")


def drag(slider, value: int) -> None:
    slider.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", str(value))


def at_rest(page: Page) -> None:
    """Until nothing of the picture has moved for ten frames."""
    page.evaluate(
        """async () => {
        const frame = () => new Promise(done => requestAnimationFrame(done));
        const look = () => { const plot = document.querySelector('.lc-plot');
          const { x, y, width, height } = plot.getBoundingClientRect();
          const { xaxis, yaxis } = plot.layout; return JSON.stringify([x, y, width, height, xaxis.range, yaxis.range]); };
        for (let still = 0, last = ''; still < 10; ) {
          await frame(); const now = look(); still = now === last ? still + 1 : 0; last = now; } }"""
    )


def own_clock(page: Page) -> None:
    """From here on the page's clock stands still, and moves by `tick` at each frame: what plays looks the same at any speed."""
    page.evaluate(
        """() => { let now = performance.now(); window.perFrame = 0; performance.now = () => now;
        const next = () => { now += window.perFrame; requestAnimationFrame(next); }; next(); }"""
    )


def tick(page: Page, milliseconds: int) -> None:
    """Of a page with `own_clock`: how much later it is at each frame."""
    page.evaluate("milliseconds => { window.perFrame = milliseconds; }", milliseconds)


def watch_lengths(page: Page) -> None:
    """From here on, at every frame, how many epochs the validation curve has; read by `lengths`."""
    page.evaluate(
        """() => { window.lengths = new Set(); const look = () => {
        window.lengths.add(document.querySelector('.lc-plot').data.find(t => t.name === 'validation')?.x.length ?? 0);
        requestAnimationFrame(look); }; look(); }"""
    )


def lengths(page: Page) -> set[int]:
    return set(page.evaluate("[...window.lengths]"))
