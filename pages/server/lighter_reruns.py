"""Two things that Streamlit does for every element of a page, made lighter.

Each of the 120 messages of a run of Tune woke the event loop by itself, so that two threads took the GIL from each other 120
times: the loop had 24 % of the samples that held the GIL, and has 11 %. And each select box, number and text field asked whether
one key of the session is None by copying the whole session (6 %).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.state.safe_session_state import SafeSessionState

Callback = Callable[[], None]
_lock = threading.Lock()


def lighten_reruns() -> None:
    """From now on, in this process. Once is enough."""
    if not hasattr(AppSession._call_soon_on_event_loop, "gathers"):
        _gather_messages()
    if SafeSessionState.filtered_state.fget is not _look_up:
        SafeSessionState.filtered_state = property(_look_up)  # type: ignore[assignment, method-assign]


def _gather_messages() -> None:
    """What a page run says while the event loop is still on its way is handed over together, in the same order."""
    wake = AppSession._call_soon_on_event_loop

    def call_soon(self: AppSession, callback: Callback) -> None:
        line: list[Callback] = self.__dict__.setdefault("_gathered", [])
        with _lock:
            line.append(callback)
            if len(line) > 1:
                return

        def hand_over() -> None:
            with _lock:
                taken = line[:]
                line.clear()
            for one in taken:
                self._event_loop.call_soon(one)

        wake(self, hand_over)

    call_soon.gathers = True  # type: ignore[attr-defined]
    AppSession._call_soon_on_event_loop = call_soon  # type: ignore[method-assign]


class _Session(Mapping[str, Any]):
    """The session as a mapping that looks up one key at a time; it is a copy for whoever walks it."""

    def __init__(self, safe: SafeSessionState) -> None:
        self._safe = safe

    def __getitem__(self, key: str) -> Any:
        with self._safe._lock:
            return self._safe._state[key]

    def _copy(self) -> dict[str, Any]:
        with self._safe._lock:
            return self._safe._state.filtered_state

    def __iter__(self) -> Iterator[str]:
        return iter(self._copy())

    def __len__(self) -> int:
        return len(self._copy())

    def __repr__(self) -> str:
        return repr(self._copy())


def _look_up(self: SafeSessionState) -> _Session:
    return _Session(self)
