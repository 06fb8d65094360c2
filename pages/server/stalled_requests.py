"""A request whose body stops coming does not hold the server: not for ever, and not while it is to end.

The server waits for requests under way before it ends, so that no upload is cut off; one that stands still would keep it.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from types import FrameType

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.state.connection import refuse

PATIENCE = 60.0  # seconds without a byte of an upload that has begun
STOPPING_PATIENCE = 3.0  # the same once the server has been asked to end

_stopping = threading.Event()


class Stalled(Exception):
    """The body did not go on."""


class StalledRequests:
    """ASGI middleware: status 408 for whoever begins to send something and does not go on."""

    def __init__(self, app: ASGIApp, patience: float = PATIENCE, stopping_patience: float = STOPPING_PATIENCE) -> None:
        self.app, self.patience, self.stopping_patience = app, patience, stopping_patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        whole = began = False

        async def receive_in_time() -> Message:
            nonlocal whole
            message = await (receive() if whole else self._next(receive))
            whole = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        async def send_and_note(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            return await self.app(scope, receive_in_time, send_and_note)
        except Stalled:
            if not began:
                await refuse(scope, receive, send, 408, "The upload did not go on, so it was given up. Please send it again.")

    async def _next(self, receive: Receive) -> Message:
        waiting = asyncio.ensure_future(receive())
        waited = 0.0
        while not (await asyncio.wait([waiting], timeout=1.0))[0]:
            waited += 1.0
            if waited >= (self.stopping_patience if _stopping.is_set() else self.patience):
                waiting.cancel()
                raise Stalled
        return waiting.result()


def note_when_asked_to_end() -> None:
    """From the start of the server on: who tells it to end (SIGTERM, Ctrl+C) tells this module, too."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _noted(signal.getsignal(number)))


def is_stopping() -> bool:
    """Whether the server has been asked to end."""
    return _stopping.is_set()


def _noted(handler: object):
    def note(number: int, frame: FrameType | None) -> None:
        _stopping.set()
        if callable(handler):
            handler(number, frame)

    return note
