"""What a person does with the Tune page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from playwright.sync_api import Page, Request, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.support.waiting import wait_for

STATE = """states => {
    const roots = [...document.querySelectorAll('.lc-root[data-state]')];  // two while a page run replaces one by another
    const { run, state, complete } = roots[0]?.dataset ?? {};
    const is = roots.length === 1 && location.href.includes('run=' + run) && states.includes(state);
    return is && (['running', 'queued'].includes(state) || complete === run) && state;
}"""
WINDOW = {"viewport": {"width": 1280, "height": 720}}
expect.set_options(timeout=300_000)  # of all browser tests: on a busy machine a page needs its time


def train(page: Page) -> str:
    """Press Train; returns the run's id from the URL."""
    before = page.url
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_function("before => location.href !== before && location.href.includes('run=')", arg=before)
    return re.search(r"run=([^&]+)", page.url).group(1)


class Traffic:
    """What a page and its server have said to each other: how often it asked for a rerun, and whether all has been answered."""

    def __init__(self, page: Page) -> None:
        self.asked = 0
        self.answered = False
        self._loads = 0  # what the socket of an earlier load still says is not about the page that is coming
        page.on("request", lambda request: self._load() if _loads_page(page, request) else None)
        page.on("websocket", self._listen)

    def _load(self) -> None:
        self._loads += 1
        self.answered = False

    def _listen(self, socket: WebSocket) -> None:
        load = self._loads
        socket.on("framesent", lambda payload: self._sent(payload) if load == self._loads else None)
        socket.on("framereceived", lambda payload: self._received(payload) if load == self._loads else None)

    def _sent(self, payload: bytes | str) -> None:
        message = BackMsg()
        message.ParseFromString(payload if isinstance(payload, bytes) else payload.encode())
        if message.WhichOneof("type") == "rerun_script":
            self.asked += 1
            self.answered = False

    def _received(self, payload: bytes | str) -> None:
        message = ForwardMsg()
        message.ParseFromString(payload if isinstance(payload, bytes) else payload.encode())
        if message.WhichOneof("type") == "new_session":
            self.answered = False
        elif message.WhichOneof("type") == "script_finished":
            self.answered = message.script_finished not in UNFINISHED


def _loads_page(page: Page, request: Request) -> bool:
    return request.is_navigation_request() and request.frame == page.main_frame


UNFINISHED = {ForwardMsg.FINISHED_EARLY_FOR_RERUN}
_traffic: WeakKeyDictionary[Page, Traffic] = WeakKeyDictionary()


def listen(page: Page) -> None:
    """From before the page is loaded on, so that `settled` and `heard` know."""
    _traffic[page] = Traffic(page)


def settled(page: Page) -> None:
    """Until the server has answered all that the page asked, and it has been drawn."""
    traffic = _traffic[page]
    while True:
        wait_for(lambda: traffic.answered or page.wait_for_timeout(20))
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if traffic.answered:
            return


@contextmanager
def heard(page: Page) -> Iterator[None]:
    """Until the server has heard of what is done inside, and has answered."""
    before = _traffic[page].asked
    yield
    wait_for(lambda: _traffic[page].asked > before or page.wait_for_timeout(20))
    settled(page)


def grown(page: Page, more_than: int) -> None:
    """Until the validation curve on screen has more epochs than that."""
    page.wait_for_function(
        """n => document.querySelector('.lc-root .js-plotly-plot')?.data
        .some(t => (t.name || '').startsWith('validation') && t.y.length > n)""",
        arg=more_than,
    )


def set_slider(page: Page, name: str, key: str, times: int) -> None:
    slider = page.get_by_role("slider", name=name)
    for _ in range(times):
        before = slider.input_value()
        slider.focus()
        with heard(page):
            page.keyboard.press(key)
        expect(slider).not_to_have_value(before)


def wait_state(page: Page, *states: str, timeout: int = 300_000) -> str:
    """Until the run in the URL is on screen in one of these states."""
    return page.wait_for_function(STATE, arg=list(states), timeout=timeout).json_value()
