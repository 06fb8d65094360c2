"""What only those who run the server may read: how busy it is, and with whom."""

from __future__ import annotations

import secrets

from starlette.types import ASGIApp, Receive, Scope, Send

from pages.state.connection import came_from_here, header, refuse

READY = "/api/ready"  # for visitors as well
OPERATOR = "tunescope.operator"  # in the scope of a request that may pass: who runs the server is asked for no class code
PATHS = ("/_stcore/metrics", "/_stcore/script-health-check", "/api/metrics")


class Operators:
    """ASGI middleware: `PATHS` answer programs of this machine, and those who bring the token (`Authorization: Bearer ...`).

    Parameters
    ----------
    token : TUNESCOPE_METRICS_TOKEN; None where only this machine may ask.
    """

    def __init__(self, app: ASGIApp, token: str | None) -> None:
        self.app, self.token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith((*PATHS, READY)):
            if self._may(scope):
                scope = scope | {OPERATOR: True}
            elif not scope["path"].endswith(READY):
                sentence = "For those who run the server: ask from its own machine, or with TUNESCOPE_METRICS_TOKEN as bearer."
                return await refuse(scope, receive, send, 403, sentence)
        return await self.app(scope, receive, send)

    def _may(self, scope: Scope) -> bool:
        if self.token is not None:
            return secrets.compare_digest(header(scope, "authorization").encode(), f"Bearer {self.token}".encode())
        return came_from_here(scope)
