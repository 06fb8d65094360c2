"""A press is never lost: what a widget's callback does is done to its end before its page run may be interrupted.

Streamlit ends a page run for a newer one at its next call of Streamlit, and that may be before or amid the callbacks of the
press that began it: a click on Stop was gone when the curve's own message came within 1 to 130 ms of it. With
`runner.fastReruns = false` (in .streamlit/config.toml) presses that wait are put together; this covers the run under way.
"""

from __future__ import annotations

import threading
from typing import Any

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.state.safe_session_state import SafeSessionState

_thread = threading.local()  # each page run has a thread of its own


def finish_callbacks_first() -> None:
    """From now on no page run of this process is interrupted before its callbacks have run. Once is enough."""
    interrupt = ScriptRunner._maybe_handle_execution_control_request
    run_callbacks = SafeSessionState.on_script_will_rerun
    if getattr(interrupt, "waits_for_callbacks", False):
        return

    def interrupt_later(self: ScriptRunner) -> None:
        if not getattr(_thread, "in_callbacks", False):
            interrupt(self)

    def run_whole(self: SafeSessionState, *states: Any, **more: Any) -> None:
        _thread.in_callbacks = True
        try:
            run_callbacks(self, *states, **more)
        finally:
            _thread.in_callbacks = False

    interrupt_later.waits_for_callbacks = True  # type: ignore[attr-defined]
    ScriptRunner._maybe_handle_execution_control_request = interrupt_later  # type: ignore[method-assign]
    SafeSessionState.on_script_will_rerun = run_whole  # type: ignore[method-assign]
