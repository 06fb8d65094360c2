"""A page run's messages reach the event loop in their order with few wakes, and a session is asked for one key without a copy."""

from __future__ import annotations

import asyncio
import threading

import pytest
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.safe_session_state import SafeSessionState

from pages.server.lighter_reruns import lighten_reruns

MESSAGES = 500


class Unstarted(AppSession):
    """One that never began, so there is nothing to end."""

    def __del__(self) -> None:
        pass


@pytest.fixture
def lightened(monkeypatch):
    for owner, name in ((AppSession, "_call_soon_on_event_loop"), (SafeSessionState, "filtered_state")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back after the test
    lighten_reruns()


def heard(failing: int) -> tuple[list[int], int, list[str]]:
    """What a loop hears of `MESSAGES`, said by a thread while the loop is busy and after; its wakes; its complaints."""
    said, wakes, problems = [], [], []

    async def listen() -> None:
        session = object.__new__(Unstarted)
        session._event_loop = loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: problems.append(str(context["exception"])))
        wake, done = loop.call_soon_threadsafe, asyncio.Event()
        loop.call_soon_threadsafe = lambda *call: (wakes.append(1), wake(*call))[1]

        def hear(number: int) -> None:
            if number == failing:
                raise ValueError(f"message {number}")
            said.append(number)
            if number == MESSAGES - 1:
                done.set()

        def say(numbers: range) -> None:
            for number in numbers:
                session._call_soon_on_event_loop(lambda number=number: hear(number))

        first = threading.Thread(target=say, args=(range(MESSAGES // 2),))
        first.start()
        first.join()  # the loop is held meanwhile
        threading.Thread(target=say, args=(range(MESSAGES // 2, MESSAGES),)).start()
        await done.wait()

    asyncio.run(listen())
    return said, len(wakes), problems


def test_messages_come_in_their_order_and_one_that_fails_takes_none_along(lightened):
    said, wakes, problems = heard(failing=7)
    assert said == [number for number in range(MESSAGES) if number != 7] and problems == ["message 7"]
    assert wakes <= 1 + MESSAGES // 2, "what was said while the loop was held is one wake"


def test_this_streamlit_would_wake_the_loop_for_each(monkeypatch):
    """If this fails, Streamlit gathers them by itself: take it out."""
    assert heard(failing=-1)[1] == MESSAGES


def test_a_look_at_the_session_is_the_same_as_in_a_copy_of_it(lightened):
    state = SessionState()
    state["set"], state["none"] = 1, None
    copy, look = state.filtered_state, SafeSessionState(state, lambda: None).filtered_state
    assert dict(look) == copy == {"set": 1, "none": None} and len(look) == 2 and repr(look) == repr(copy)
    assert "set" in look and "other" not in look and look["none"] is None


def test_asked_for_twice_is_once(lightened):
    once = AppSession._call_soon_on_event_loop
    lighten_reruns()
    assert AppSession._call_soon_on_event_loop is once
