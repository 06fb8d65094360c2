"""A page run that another one ends has run its callbacks to their end; without that, a press is lost."""

from __future__ import annotations

import pytest
from streamlit.runtime.scriptrunner import StopException
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.safe_session_state import SafeSessionState

from pages.server.whole_callbacks import finish_callbacks_first


@pytest.fixture
def ended(monkeypatch):
    """A runner that was told to end, and its session."""
    for owner, name in ((ScriptRunner, "_maybe_handle_execution_control_request"), (SafeSessionState, "on_script_will_rerun")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back after the test

    def end(self):
        raise StopException

    def make() -> SafeSessionState:
        runner = object.__new__(ScriptRunner)
        return SafeSessionState(SessionState(), runner._maybe_handle_execution_control_request)

    monkeypatch.setattr(ScriptRunner, "_maybe_handle_execution_control_request", end)
    return make


def pressed(session: SafeSessionState, monkeypatch) -> list[str]:
    """What a callback did of the two things it does, with the session used between them."""
    done: list[str] = []

    def callback(state, *states, **more):
        done.append("first")
        session["view"] = "changed"
        done.append("second")

    monkeypatch.setattr(SessionState, "on_script_will_rerun", callback)
    try:
        session.on_script_will_rerun(None)
    except StopException:
        done.append("ended")
    return done


def test_callbacks_are_whole(ended, monkeypatch):
    finish_callbacks_first()
    session = ended()
    assert pressed(session, monkeypatch) == ["first", "second"]
    with pytest.raises(StopException):  # what comes after them is ended
        session["more"] = 1


def test_this_streamlit_would_end_them(ended, monkeypatch):
    """If this fails, Streamlit does by itself what `whole_callbacks` is for: take it out."""
    assert pressed(ended(), monkeypatch) == ["ended"]


def test_asked_for_twice_is_once(ended):
    finish_callbacks_first()
    once = ScriptRunner._maybe_handle_execution_control_request
    finish_callbacks_first()
    assert ScriptRunner._maybe_handle_execution_control_request is once
