"""No press is lost, however the curve's own message and the press meet.

The worst moment is forced, not hoped for: the server holds a page run that a press began before it has come to the press's
callback, the component's message of the end comes then, so many milliseconds later, and only then the run may go on.
"""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pages.state.workspace import COOKIE
from tests.support.browser import settled
from tests.support.datasets import SETUP
from tests.support.engineless import Engineless
from tests.support.paths import RECORDED_CURVES
from tests.support.waiting import wait_for
from tuning_core.diagnosis import diagnose
from tuning_core.experiment import History, Hyperparameters, Trial
from tuning_core.store import curves, engine_status, runs
from tuning_core.store.trials import add_trials

pytestmark = [pytest.mark.browser]

# `hold` stops page runs that have been taken up, before their callbacks; `asked` counts requests.
HOLD = """
import time
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.pages_manager import PagesManager

taken_up, request = PagesManager.set_script_intent, AppSession.request_rerun
asked = 0

def held(self, *values):
    while (HERE / "hold").exists():
        (HERE / "taken_up").touch()
        time.sleep(0.005)
    taken_up(self, *values)

def counted(self, client_state):
    global asked
    request(self, client_state)
    if client_state is not None and not client_state.fragment_id:
        asked += 1
        (HERE / "asked.new").write_text(str(asked))
        (HERE / "asked.new").rename(HERE / "asked")

PagesManager.set_script_intent = held
AppSession.request_rerun = counted
"""
# The component's message of an end waits in `held` until the test sends it, by the connection of that moment.
HOLD_MESSAGES = """
window.held = [];
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  window.connection = this;
  const text = new TextDecoder().decode(data);
  const held = !window.open_ && text.includes('"kind":"ended"') && !text.includes('"kind":"wish"');
  if (held) window.held.push(() => send.call(window.connection, data));
  else send.call(this, data);
};
"""


class Held(Engineless):
    """A server whose page runs can be held."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, HOLD)

    def asked(self) -> int:
        """How many page runs were asked for."""
        file = self.folder / "asked"
        return int(file.read_text()) if file.exists() else 0


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    held = Held(tmp_path_factory.mktemp("held"))
    yield held
    held.close()


def bad_history() -> History:
    """A recorded training that the doctor has a remedy for."""
    with gzip.open(RECORDED_CURVES, "rt") as file:
        recorded = [History.from_arrays(**run["curves"], context=run["context"]) for run in json.load(file)]
    calm = [h for h in recorded if h.context["task"] == "regression" and diagnose(h)[0].kind != "diverged"]
    return next(h for h in calm if len(h) >= 20 and diagnose(h)[0].remedies)


def new_run(server: Held, workspace: str, rate: float = 0.01) -> tuple[str, Trial]:
    """A run that is going, all its epochs recorded; and how it will have ended."""
    history = bad_history()
    hp = Hyperparameters(epochs=len(history), learning_rate=rate)
    spec = {"hyperparameters": hp.to_json(), "seeds": [0]}
    run_id = runs.add_run(server.db, workspace, "insurance", SETUP, "manual", spec)
    runs.claim(server.db, run_id)
    add_trials(server.db, run_id, [(0, hp.to_json(), 0, None)])
    curves.set_context(server.db, run_id, 0, dict(history.context))
    return run_id, Trial(0, hp, 0, history, "finished", best_epoch=len(history))


def end(server: Held, run_id: str, trial: Trial, status: str = "finished") -> None:
    curves.finish_trials(server.db, run_id, [trial])
    runs.finish(server.db, run_id, status)


def goes_on(server: Held, run_id: str) -> None:
    """As if somebody had continued the run elsewhere."""
    server.db.write("UPDATE runs SET status = 'running', finished = NULL, stop_requested = 0 WHERE id = ?", run_id)


def opened(server: Held, new_page, before: bool = False) -> tuple[Page, str, Trial]:
    """A visitor's page with a run of theirs that is going; the message of its end will be held."""
    engine_status.beat(server.db, "ready", 2)
    page = new_page("about:blank", viewport={"width": 1280, "height": 720})
    page.add_init_script(HOLD_MESSAGES)
    page.goto(server.url)
    page.get_by_role("button", name="Train", exact=True).wait_for()
    workspace = next(c["value"] for c in page.context.cookies() if c["name"] == COOKIE).split(".")[0]
    ghost = ""
    if before:
        ghost, trial = new_run(server, workspace, 0.1)
        end(server, ghost, trial)
    run_id, trial = new_run(server, workspace)
    page.goto(f"{server.url}/tune?run={run_id}" + (f"&before={ghost}" if ghost else ""))
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_enabled()
    return page, run_id, trial


def press_at_the_worst_moment(page: Page, server: Held, press, delay: int, own: bool = False) -> None:
    """The press's page run is held before its callback; `delay` ms later comes the component's message; then all go on.

    `own`: the press is the component's own message, which carries the held one. No socket lets an older message overtake a
    newer one, so the older comes once the newer is taken up: before that, Streamlit would keep the older of the two.
    """
    page.wait_for_function("window.held.length > 0")
    settled(page)
    before = server.asked()
    (server.folder / "taken_up").unlink(missing_ok=True)
    (server.folder / "hold").touch()
    try:
        press()
        wait_for(lambda: server.asked() > before and (not own or (server.folder / "taken_up").exists()))
        page.wait_for_timeout(delay)
        page.evaluate("window.open_ = true; window.held.forEach(send => send())")
        wait_for(lambda: server.asked() > before + 1)
    finally:
        (server.folder / "hold").unlink()


DELAYS = pytest.mark.parametrize("delay", [0, 130, 500])


@DELAYS
def test_stop(server, new_page, delay):
    page, run_id, trial = opened(server, new_page)
    end(server, run_id, trial)
    page.wait_for_function("window.held.length > 0")
    goes_on(server, run_id)
    press_at_the_worst_moment(page, server, page.get_by_role("button", name="Stop", exact=True).click, delay)
    wait_for(lambda: runs.get_run(server.db, run_id).stop_requested, 30)


@DELAYS
def test_pin_and_continue(server, new_page, delay):
    page, run_id, trial = opened(server, new_page)
    end(server, run_id, trial, "stopped")
    press_at_the_worst_moment(page, server, page.get_by_role("button", name="Pin", exact=True).click, delay)
    wait_for(lambda: runs.get_run(server.db, run_id).pinned, 30)
    resume = page.get_by_role("button", name="Continue", exact=True)
    resume.wait_for()
    page.evaluate(
        "window.open_ = false; window.held = window.held.slice(0, 1)"
    )  # the same message once more: whatever comes then
    press_at_the_worst_moment(page, server, resume.click, delay)
    wait_for(lambda: runs.get_run(server.db, run_id).live, 30)
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_enabled()
    expect(page.locator(".lc-root")).to_have_attribute("data-state", re.compile("queued|warming"))  # it follows the run again
    runs.claim(server.db, run_id)
    expect(page.locator(".lc-root")).to_have_attribute("data-state", "running")
    page.evaluate("window.open_ = true")
    end(server, run_id, trial, "stopped")
    expect(page.locator(".lc-root")).to_have_attribute("data-state", "stopped")
    resume.wait_for()  # the page has heard of the second end too


@DELAYS
def test_train(server, new_page, delay):
    page, run_id, trial = opened(server, new_page)
    end(server, run_id, trial)
    press_at_the_worst_moment(page, server, page.get_by_role("button", name="Train", exact=True).click, delay)
    page.wait_for_function("before => !location.href.includes('run=' + before)", arg=run_id)
    assert (
        server.db.row("SELECT count(*) AS n FROM runs WHERE workspace = ?", runs.get_run(server.db, run_id).workspace)["n"] == 2
    )


@DELAYS
def test_try_it(server, new_page, delay):
    page, run_id, trial = opened(server, new_page)
    end(server, run_id, trial)
    press_at_the_worst_moment(page, server, page.locator(".lc-try").first.click, delay, own=True)
    page.wait_for_function("before => location.href.includes('before=' + before)", arg=run_id)


@DELAYS
def test_undo(server, new_page, delay):
    page, run_id, trial = opened(server, new_page, before=True)
    end(server, run_id, trial)
    press_at_the_worst_moment(page, server, page.locator(".lc-undo").click, delay, own=True)
    page.wait_for_function("before => location.href.includes('before=' + before)", arg=run_id)
