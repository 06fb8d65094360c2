"""Small answers leave at once: TCP_NODELAY on the server's connections.

asyncio sets the option on sockets that were made with `proto=IPPROTO_TCP`; Streamlit binds its own with `proto=0`, and the
connections it accepts go without. Then Nagle's algorithm holds the body of a small answer back until the reader has
acknowledged the head, which readers delay by 40 ms: measured 53 ms instead of 8 ms from a recorded epoch to the reader.
"""

from __future__ import annotations

import socket

from starlette.types import ASGIApp, Receive, Scope, Send


class NoDelay:
    """ASGI middleware for HTTP and WebSocket; does nothing under a server that does not show its connection."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # uvicorn passes a method of the object that holds the connection; ASGI itself has no word for it.
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        connection = transport.get_extra_info("socket") if transport is not None else None
        if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self.app(scope, receive, send)
