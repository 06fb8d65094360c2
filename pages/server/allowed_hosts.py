"""Only names that are this server's own: another site's name that was made to lead here (DNS rebinding) gets nothing."""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from pages.state.connection import header, is_loopback, refuse


class AllowedHosts:
    """ASGI middleware: the names of Streamlit's `server.allowedHosts`, for pages and files as well as for the WebSocket.

    Where nothing is set, a server that listens on this machine alone is asked for by this machine's own names alone. One that
    others reach is asked for by any name: there a cookie of its own name opens it, and no other site has that.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            host = _name(header(scope, "host"))
            if not _is_allowed(host, config.get_option("server.allowedHosts"), config.get_option("server.address")):
                sentence = (
                    f"This server was asked for as {host[:100]!r}, which is none of its names. "
                    f"If it should be one, start it with --server.allowedHosts {host[:100]}"
                )
                return await refuse(scope, receive, send, 421, sentence)
        return await self.app(scope, receive, send)


def _name(host: str) -> str:
    """The Host header without its port."""
    return re.sub(r":\d*$", "", host.strip()).strip("[]").rstrip(".").lower()


def _is_allowed(host: str, allowed: list[str], listens_on: str | None) -> bool:
    if not allowed:
        return is_loopback(host) or not is_loopback(listens_on or "")
    for pattern in (name.strip().strip("[]").rstrip(".").lower() for name in allowed):
        if pattern in ("*", host) or (pattern.startswith("*.") and host.endswith(pattern[1:])):
            return True
    return False
