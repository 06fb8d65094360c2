"""The live curve by itself: a page with nothing else on it, a store that the test writes, a real browser."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tuning_core.diagnosis import stop_point
from tuning_core.experiment import EarlyStopping, History, Hyperparameters, Trial
from tuning_core.store import Database, curves, datasets, engine_status, runs
from tuning_core.store.trials import add_trials

pytestmark = [pytest.mark.browser]
ROOT = Path(__file__).parents[2]
expect.set_options(timeout=20_000)

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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "app.py"), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false", *flags]
    environment = os.environ | {"TUNESCOPE_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            base = f"http://127.0.0.1:{port}" + ("/lab" if flags else "")
            wait_until(lambda: answers(f"{base}/_stcore/health"), 60)
            yield f"{base}/tune"
        finally:
            process.terminate()
            process.wait(20)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except OSError:
        return False


def wait_until(condition, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("curve")


@pytest.fixture(scope="module")
def page_url(folder: Path) -> Iterator[str]:
    with serve(folder) as url:
        yield url


@pytest.fixture
def db(folder: Path) -> Iterator[Database]:
    database = Database(folder / "home")
    engine_status.beat(database, "ready", 2)
    yield database
    database.close()


HP = Hyperparameters(epochs=60)
CONTEXT = {"task": "regression", "loss_name": "mse", "metric_name": "mae", "dummy_loss": 900.0, "linear_loss": 5.0}


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


def opened(new_page, url: str, run: str = "", **more) -> Page:
    options = more.pop("options", {})
    page = new_page(f"{url}?{urlencode({'run': run, **more})}", **options)
    page.wait_for_selector(".lc-root")
    page.wait_for_function("document.querySelector('.lc-root').dataset.drawMs")
    return page


def told(page: Page) -> dict:
    """What the page's Python side knows: how often it ran, which ends it was told."""
    return json.loads(page.locator("[data-testid=stText]").last.inner_text())


def trace(page: Page, name: str) -> dict:
    return page.evaluate(
        """name => { const t = document.querySelector('.lc-plot').data.find(t => t.name === name);
        return t ? {x: [...t.x], y: [...t.y], colour: t.line.color, dash: t.line.dash} : {x: [], y: []}; }""",
        name,
    )


def epochs(page: Page) -> int:
    return len(trace(page, "validation")["x"])


def state(page: Page, expected: str) -> None:
    expect(page.locator(".lc-root")).to_have_attribute("data-state", expected)


def ranges(page: Page) -> dict:
    return page.evaluate("(({layout: l}) => ({x: l.xaxis.range, y: l.yaxis.range}))(document.querySelector('.lc-plot'))")


def test_a_curve_grows_without_a_rerun_and_its_end_is_told_once(db, page_url, new_page):
    run_id = new_run(db, seeds=3)
    page = opened(new_page, page_url, run_id)
    expect(page.locator(".lc-status")).to_contain_text("preparing")
    page.evaluate("document.querySelector('.lc-plot').mark = 'same element'")
    before = told(page)
    whole = [curve(60, seed) for seed in range(3)]
    seen, tops = [], []
    for start in range(0, 60, 12):
        curves.append(db, run_id, [(i, start, values[:, start : start + 12]) for i, values in enumerate(whole)])
        page.wait_for_function(
            "n => document.querySelector('.lc-plot').data?.find(t => t.name === 'validation')?.x.length >= n", arg=start + 12
        )
        page.wait_for_timeout(350)  # a gliding axis comes to rest
        seen.append(epochs(page))
        tops.append(ranges(page)["x"])
    expect(page.locator(".lc-status")).to_contain_text("epoch 60 of 60 · 3 seeds")
    assert seen == [12, 24, 36, 48, 60] and told(page) == before
    assert all(x == [0, 60] for x in tops)  # planned epochs are known: the axis never moves
    finish(db, run_id, whole)
    state(page, "finished")
    expect(page.locator("[data-testid=stText]").last).to_contain_text(run_id)
    page.wait_for_timeout(500)
    assert told(page)["ends"] == [{"run_id": run_id, "status": "finished"}]
    assert told(page)["reruns"] == before["reruns"] + 1
    assert page.evaluate("document.querySelector('.lc-plot').mark") == "same element"
    median = np.median([values[2] for values in whole], axis=0)
    assert trace(page, "validation")["y"] == pytest.approx(median, rel=1e-5)
    assert trace(page, "training")["y"] == pytest.approx(np.median([v[1] for v in whole], axis=0), rel=1e-5)


def test_an_end_that_the_page_knows_is_not_told_again(db, page_url, new_page):
    run_id = finish(db, new_run(db), [curve(60)])
    page = opened(new_page, page_url, run_id, live=0)
    state(page, "finished")
    page.wait_for_timeout(800)
    assert told(page) == {"reruns": 1, "ends": [], "asked": None}


def test_zoom_survives_growth_and_can_be_undone(db, page_url, new_page):
    run_id = new_run(db)
    whole = curve(60)
    curves.append(db, run_id, [(0, 0, whole[:, :30])])
    page = opened(new_page, page_url, run_id)
    page.wait_for_function("document.querySelector('.lc-plot').data.length > 1")
    page.wait_for_timeout(500)
    box = page.locator(".lc-plot .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.8, steps=6)
    page.mouse.up()
    expect(page.get_by_role("button", name="whole curve")).to_be_visible()
    zoomed = ranges(page)
    assert zoomed["x"][0] > 5 and zoomed["x"][1] < 45
    curves.append(db, run_id, [(0, 30, whole[:, 30:])])
    page.wait_for_function("document.querySelector('.lc-plot').data.find(t => t.name === 'validation').x.length === 60")
    assert ranges(page) == zoomed
    page.get_by_role("button", name="whole curve").click()
    page.wait_for_function("document.querySelector('.lc-plot').layout.xaxis.range[0] === 0")
    expect(page.get_by_role("button", name="whole curve")).to_be_hidden()


def test_another_run_keeps_the_old_curve_until_it_has_one(db, page_url, new_page):
    first = finish(db, new_run(db), [curve(60)])
    second = new_run(db)
    page = opened(new_page, page_url, f"{first},{second}", live=0)
    state(page, "finished")
    page.evaluate(
        """() => { window.shortest = 99; const look = () => { const t = document.querySelector('.lc-plot').data
        .find(t => t.name === 'validation'); window.shortest = Math.min(window.shortest, t ? t.x.length : 0);
        requestAnimationFrame(look); }; look(); }"""
    )
    page.get_by_role("button", name="next run").click()
    expect(page.locator(".lc-status")).to_contain_text("preparing")
    assert epochs(page) == 60
    curves.append(db, second, [(0, 0, curve(60, 1)[:, :20])])
    page.wait_for_function("document.querySelector('.lc-plot').data.find(t => t.name === 'validation').x.length === 20")
    assert page.evaluate("window.shortest") == 20


def test_switches_outlive_runs_and_reloads(db, page_url, new_page):
    run_id = finish(db, new_run(db), [curve(60)])
    page = opened(new_page, page_url, run_id, live=0, target="price")
    page.get_by_role("button", name="log y").click()
    page.get_by_role("button", name="running loss").click()
    page.wait_for_function("document.querySelector('.lc-plot').layout.yaxis.type === 'log'")
    assert trace(page, "running loss")["y"] == pytest.approx(curve(60)[0], rel=1e-5)
    page.reload()
    page.wait_for_function("document.querySelector('.lc-plot')?.layout?.yaxis.type === 'log'")
    expect(page.get_by_role("button", name="running loss")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="MAE").click()
    page.wait_for_function(
        "document.querySelector('.lc-plot').layout.annotations.some(a => /absolute error of price/.test(a.text))"
    )
    expect(page.get_by_role("button", name="running loss")).to_be_disabled()
    assert trace(page, "validation")["y"] == pytest.approx(curve(60)[4], rel=1e-5)


def test_a_far_baseline_is_told_in_the_margin_and_does_not_flatten_the_curve(db, page_url, new_page):
    page = opened(new_page, page_url, finish(db, new_run(db), [curve(60)]), live=0)
    texts = page.evaluate("document.querySelector('.lc-plot').layout.annotations.map(a => a.text)")
    assert "constant ↑ 900" in texts and "linear model 5.00" in texts
    assert ranges(page)["y"][1] < 12
    page.get_by_role("button", name="baselines").click()
    page.wait_for_function("!document.querySelector('.lc-plot').layout.annotations.some(a => a.text.startsWith('constant'))")


def test_early_stopping_and_best_epoch_are_marked_by_their_medians(db, page_url, new_page):
    hp = HP.replace(early_stopping=EarlyStopping(patience=8))
    run_id = new_run(db, 3, hp)
    histories = [curve(60, seed)[:, :n] for seed, n in ((0, 24), (1, 28), (2, 40))]
    trials = [
        Trial(i, hp, i, History.from_matrix(v, CONTEXT), "stopped_early", best_epoch=b, stopped_epoch=v.shape[1])
        for i, (v, b) in enumerate(zip(histories, (16, 20, 32), strict=True))
    ]
    curves.finish_trials(db, run_id, trials)
    runs.finish(db, run_id, "finished")
    page = opened(new_page, page_url, run_id)
    state(page, "stopped_early")
    expect(page.locator(".lc-status")).to_contain_text("stopped early")
    expect(page.locator(".lc-status")).to_contain_text("at epoch 28 of 60 · best epoch 20 · 3 seeds")
    words = " ".join(page.evaluate("document.querySelector('.lc-plot').layout.annotations.map(a => a.text)"))
    assert re.search(r"best epoch 20: \d.* \(median\)", words) and "stopped 28 (median)" in words
    assert len(trace(page, "validation")["x"]) == 28  # until half of the seeds have stopped
    assert trace(page, "validation, fewer seeds")["x"][-1] == 40


def test_a_diverged_run_says_so_and_where(db, page_url, new_page):
    run_id = new_run(db, 2)
    values = curve(6) * 10.0 ** np.arange(0, 18, 3)
    finish(db, run_id, [values, values], status="diverged", diverged_epoch=7)
    page = opened(new_page, page_url, run_id)
    state(page, "diverged")
    expect(page.locator(".lc-status")).to_contain_text("at epoch 7: the loss is no longer a number")
    texts = page.evaluate("document.querySelector('.lc-plot').layout.annotations.map(a => a.text)")
    assert "2 of 2 seeds diverged at epoch 7" in texts
    assert ranges(page)["y"][1] < 1e3  # the way up is in view, not the 1e16 of its end


def test_what_users_and_errors_say_is_shown_and_never_parsed(db, page_url, new_page):
    hostile = '<img src=x onerror="window.hacked=1"> %{y} <b>bold</b> &lt;'
    other = finish(db, new_run(db, name=hostile), [curve(60, 3)])
    run_id = finish(db, new_run(db), [curve(60)])
    page = opened(new_page, page_url, run_id, target=hostile, overlays=json.dumps([[other, "<b>bold</b> %{y}"]]), live=0)
    page.wait_for_function("document.querySelector('.lc-plot').data.some(t => t.name.startsWith('overlay'))")
    shown = page.evaluate("[...document.querySelectorAll('.lc-plot text')].map(t => t.textContent)")
    assert "<b>bold</b> %{y}" in shown and any(hostile in text for text in shown)
    box = page.locator(".lc-plot .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".lc-plot .hoverlayer text")
    hover = page.evaluate("[...document.querySelectorAll('.hoverlayer text')].map(t => t.textContent).join(' ')")
    assert "<b>bold</b> %{y}" in hover and "epoch 30" in hover

    failed = new_run(db)
    runs.finish(db, failed, "failed", error={"kind": "x", "message": hostile, "remedy": "Choose another."})
    page = opened(new_page, page_url, failed)
    state(page, "failed")
    expect(page.locator(".lc-error")).to_have_text(f"{hostile} Choose another.")
    assert page.evaluate("window.hacked") is None and page.locator(".lc-root img").count() == 0


@pytest.mark.parametrize(
    ("status", "words"),
    [("stopped", "stopped at epoch 20 of 60 · as asked"), ("interrupted", "interrupted at epoch 20 of 60 · the engine died")],
)
def test_unfinished_ends_look_like_what_they_are(db, page_url, new_page, status, words):
    run_id = new_run(db)
    curves.append(db, run_id, [(0, 0, curve(60)[:, :20])])
    runs.finish(db, run_id, status, note="the engine died" if status == "interrupted" else "")
    page = opened(new_page, page_url, run_id)
    state(page, status)
    assert re.sub(r"\s+", " ", page.locator(".lc-status").inner_text()).strip() == words
    assert page.locator(f".lc-status .lc-icon-{status}").count() == 1


def test_waiting_says_what_for(db, page_url, new_page):
    dataset = datasets.add_dataset(db, "w", "a.csv", b"x\n1\n")
    run_id = runs.add_run(db, "w", dataset, {}, "manual", {})
    page = opened(new_page, page_url, run_id)
    for beat, words in (("warming", "warming up"), ("ready", "queued")):
        engine_status.beat(db, beat, 2)  # after the page has been opened: an engine that is silent for 5 s counts as down
        expect(page.locator(".lc-status strong")).to_have_text(words)
    runs.delete_run(db, run_id)
    state(page, "gone")
    expect(page.locator("[data-testid=stText]").last).to_contain_text(json.dumps({"run_id": run_id, "status": "gone"}))


def test_a_ghost_of_the_same_kind_is_drawn_and_one_of_another_kind_is_not(db, page_url, new_page):
    run_id = finish(db, new_run(db), [curve(60)])
    same = finish(db, new_run(db), [curve(40, 1, 2.0)])
    other = new_run(db, context={"loss_name": "mae"})
    curves.append(db, other, [(0, 0, curve(60))])
    page = opened(new_page, page_url, run_id, live=0, ghost=same, overlays=json.dumps([[other, "mae"]]))
    page.wait_for_function("document.querySelector('.lc-plot').data.some(t => t.name === 'ghost val_loss')")
    page.wait_for_timeout(500)
    assert len(trace(page, "ghost val_loss")["x"]) == 40
    assert not page.evaluate("document.querySelector('.lc-plot').data.some(t => t.name.startsWith('overlay'))")


def test_no_run_is_an_invitation(page_url, new_page):
    page = opened(new_page, page_url)
    expect(page.locator(".lc-empty")).to_have_text("Press Train.")
    state(page, "empty")


def test_a_lost_connection_is_said_and_made_good(db, page_url, new_page):
    run_id = new_run(db)
    whole = curve(60)
    curves.append(db, run_id, [(0, 0, whole[:, :10])])
    page = opened(new_page, page_url, run_id)
    page.wait_for_function("document.querySelector('.lc-plot').data.length > 1")
    page.route("**/api/curves/**", lambda route: route.abort())
    curves.append(db, run_id, [(0, 10, whole[:, 10:20])])  # ends the poll under way; the next ones fail
    expect(page.locator(".lc-offline")).to_be_visible()
    page.unroute("**/api/curves/**")
    finish(db, run_id, [whole])
    state(page, "finished")
    expect(page.locator(".lc-offline")).to_be_hidden()
    assert epochs(page) == 60


def test_leaving_the_page_ends_the_polling(db, page_url, new_page):
    page = opened(new_page, page_url, new_run(db))
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/api/curves/" in request.url else None)
    page.wait_for_timeout(2_500)
    assert asked
    page.get_by_role("link", name="Empty").click()
    expect(page.get_by_text("nothing here")).to_be_visible()
    asked.clear()
    page.wait_for_timeout(2_500)
    assert not asked


def test_the_server_stops_soon_while_curves_are_awaited(db, folder, new_page, tmp_path):
    (tmp_path / "home").symlink_to(folder / "home")
    with serve(tmp_path) as url:
        page = opened(new_page, url, new_run(db))
        page.wait_for_timeout(500)
        stopping = time.monotonic()
    assert time.monotonic() - stopping < 8


def test_replay_by_keyboard_and_by_play(db, page_url, new_page):
    page = opened(new_page, page_url, finish(db, new_run(db), [curve(60)]), live=0)
    slider = page.get_by_role("slider", name="replay: epoch")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('.lc-plot').data.find(t => t.name === 'validation').x.length === 55")
    expect(page.locator(".lc-status")).to_contain_text("epoch 55 of 60")
    page.keyboard.press("Home")
    page.get_by_role("button", name="replay the training").press("Enter")
    expect(page.get_by_role("button", name="pause the replay")).to_be_visible()
    lengths = set()
    for _ in range(200):
        lengths.add(epochs(page))
        if page.locator(".lc-root").get_attribute("data-state") == "finished":
            break
        page.wait_for_timeout(40)
    assert len(lengths) > 8 and epochs(page) == 60
    expect(page.locator(".lc-status")).to_contain_text("finished")


def test_early_stopping_is_tried_on_the_recorded_curve(db, page_url, new_page):
    histories = [curve(60, seed) for seed in range(3)]
    run_id = finish(db, new_run(db, seeds=3), histories)
    page = opened(new_page, page_url, run_id, live=0)
    page.get_by_role("button", name="early stop?").click()
    patience = page.get_by_role("slider", name="patience", exact=True)
    drag(patience, 4)
    recorded = [History.from_matrix(values, CONTEXT) for values in histories]
    points = [stop_point(history, EarlyStopping(patience=4)) for history in recorded]
    stops, keeps = (int(np.median([getattr(p, name) for p in points])) for name in ("stopped_epoch", "kept_epoch"))
    expect(page.locator(".lc-status")).to_contain_text(f"stops at epoch {stops}")
    expect(page.locator(".lc-status")).to_contain_text(f"keeps epoch {keeps}: ")
    saved = 1 - sum(p.last_epoch for p in points) / 180
    expect(page.locator(".lc-status")).to_contain_text(f"{100 * saved:.0f} % of the epochs saved")
    page.get_by_label("keep the best epoch").uncheck()
    expect(page.locator(".lc-status")).to_contain_text("% above the best")
    drag(page.get_by_role("slider", name="not before epoch"), 30)
    page.get_by_label("what early stopping watches").select_option("validation MAE")
    page.get_by_role("button", name="To sliders").click()
    page.wait_for_function("document.body.innerText.includes('restore_best_weights')")
    rules = {"patience": 4, "min_delta": 0, "start_from_epoch": 30, "restore_best_weights": False, "monitor": "val_metric"}
    assert told(page)["asked"] == {"action": "take", "run_id": run_id, "rules": rules}
    drag(patience, 60)
    expect(page.locator(".lc-status")).to_contain_text("does not stop")
    page.get_by_role("button", name="early stop?").click()
    state(page, "finished")


def test_a_recording_that_was_stopped_early_may_be_too_short_to_tell(db, page_url, new_page):
    hp = HP.replace(epochs=200, early_stopping=EarlyStopping(patience=10))
    run_id = finish(db, new_run(db, hp=hp), [curve(60)], hp, status="stopped_early", stopped_epoch=60)
    page = opened(new_page, page_url, run_id, live=0)
    page.get_by_role("button", name="early stop?").click()
    drag(page.get_by_role("slider", name="patience", exact=True), 59)
    expect(page.locator(".lc-status")).to_contain_text("too short to tell")
    expect(page.locator(".lc-plot")).not_to_contain_text("keeps epoch")
    page.get_by_role("button", name="Record the whole curve").click()
    page.wait_for_function("document.body.innerText.includes('\"record\"')")


def drag(slider, value: int) -> None:
    slider.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", str(value))


def test_the_browser_replays_early_stopping_as_python_does(chromium):
    random = np.random.default_rng(0)
    cases = []
    for _ in range(300):
        values = np.round(random.normal(size=(5, random.integers(1, 30))), 1)
        values[:, values.shape[1] - random.integers(0, 3) :] *= random.choice([1.0, np.nan])
        start, patience = random.integers(0, 8, 2).tolist()
        rules = EarlyStopping(
            patience,
            float(random.choice([0, 0.3])),
            start,
            bool(random.random() < 0.7),
            str(random.choice(["val_loss", "val_metric"])),
        )
        cases.append((History.from_matrix(values, {"task": str(random.choice(["regression", "classification"]))}), rules))
    given = [[{k: v for k, v in h.to_json().items() if k != "context"}, r.to_json(), h.context["task"]] for h, r in cases]
    source = (ROOT / "pages/components/live_curve/early_stop.js").read_text()
    every = "([series, rules, task]) => stopPoint(series, rules, task === 'classification')"
    page = chromium.new_page()
    found = page.evaluate(f"(cases) => {{ {source}\nreturn cases.map({every}); }}", given)
    page.close()
    points = [stop_point(history, rules) for history, rules in cases]
    expected = [{"stopped": p.stopped_epoch, "last": p.last_epoch, "best": p.best_epoch, "kept": p.kept_epoch} for p in points]
    assert found == expected
    assert sum(p.stopped_epoch is not None for p in points) > 50


def test_reduced_motion_replays_in_few_steps(db, page_url, new_page):
    run_id = finish(db, new_run(db), [curve(60)])
    page = opened(new_page, page_url, run_id, live=0, options={"reduced_motion": "reduce"})
    page.get_by_role("button", name="replay the training").click()
    lengths = set()
    for _ in range(40):
        lengths.add(epochs(page))
        page.wait_for_timeout(50)
    assert len(lengths) > 1 and lengths <= {*range(1, 60, 6), 60}  # ten still pictures, not a film


def test_colours_follow_the_theme_and_words_describe_the_picture(db, page_url, new_page):
    run_id = finish(db, new_run(db), [curve(60)])
    for scheme, colour in (("light", "#0072B2"), ("dark", "#56B4E9")):
        page = opened(new_page, page_url, run_id, live=0, options={"color_scheme": scheme})
        assert trace(page, "training")["colour"] == colour
    label = page.locator(".lc-plot").get_attribute("aria-label")
    assert "Training: 9.0" in label and "after epoch 60" in label and "Best epoch" in label


def test_deep_link_under_a_base_path(db, folder, new_page, tmp_path):
    run_id = finish(db, new_run(db), [curve(60)])
    (tmp_path / "home").symlink_to(folder / "home")
    with serve(tmp_path, "--server.baseUrlPath", "lab") as url:
        page = opened(new_page, url, run_id, live=0)
        state(page, "finished")
        assert epochs(page) == 60


def test_eight_seeds_of_a_hundred_epochs_are_drawn_in_a_frame_or_two(db, page_url, new_page):
    hp = HP.replace(epochs=100)
    run_id = finish(db, new_run(db, 8, hp), [curve(100, seed) for seed in range(8)], hp)
    page = opened(new_page, page_url, run_id, live=0)
    times = page.evaluate(
        """async () => { const [slider, root] = ['.lc-scrub', '.lc-root'].map(name => document.querySelector(name)), times = [];
        for (let epoch = 60; epoch < 100; epoch++) { slider.value = epoch; slider.dispatchEvent(new Event('input'));
          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))); times.push(+root.dataset.drawMs); }
        return times.sort((a, b) => a - b); }"""
    )
    assert times[0] < 30, times  # the fastest: the machine may be busy with other things


def test_two_browsers_see_the_same_run_grow(db, page_url, new_page):
    run_id = new_run(db)
    pages = [opened(new_page, page_url, run_id) for _ in range(2)]
    whole = curve(60)
    writer = threading.Thread(target=lambda: (curves.append(db, run_id, [(0, 0, whole[:, :30])]), db.close()))
    writer.start()
    writer.join()
    for page in pages:
        page.wait_for_function("document.querySelector('.lc-plot').data.find(t => t.name === 'validation')?.x.length === 30")
