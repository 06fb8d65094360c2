"""Whose runs these are: a random id in a cookie, so that a class of a hundred does not share one history."""

from __future__ import annotations

import re
import secrets
from http.cookies import SimpleCookie
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

COOKIE = "tunescope_workspace"
YEAR = 365 * 24 * 3600
_GOOD = re.compile(r"[A-Za-z0-9_-]{12,40}")


class WorkspaceCookie:
    """ASGI middleware: a browser that comes without the cookie leaves with one."""

    def __init__(self, app: Any) -> None:
        self.app = app

    @classmethod
    def middleware(cls) -> Middleware:
        return Middleware(cls)

    async def __call__(self, scope: dict, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not _asks_for_page(scope) or _cookie(scope):
            await self.app(scope, receive, send)
            return
        fresh = secrets.token_urlsafe(12)

        async def send_with_cookie(message: dict) -> None:
            if message["type"] == "http.response.start":
                value = f"{COOKIE}={fresh}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax"
                message["headers"] = [*message["headers"], (b"set-cookie", value.encode())]
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def workspace() -> str:
    """This browser's workspace id."""
    value = st.context.cookies.get(COOKIE, "")
    if isinstance(value, str) and _GOOD.fullmatch(value):
        return value
    return st.session_state.setdefault("workspace", secrets.token_urlsafe(12))  # a browser that refuses cookies


def _cookie(scope: dict) -> bool:
    jar = SimpleCookie()
    for name, value in scope.get("headers", ()):
        if name == b"cookie":
            jar.load(value.decode("latin-1"))
    return COOKIE in jar and bool(_GOOD.fullmatch(jar[COOKIE].value))


def _asks_for_page(scope: dict) -> bool:
    """Only the page itself: two scripts that load in parallel must not set two different cookies.

    The request tells, not the answer: of a page that the browser still has, the answer is "not modified", without a type.
    """
    return any(name == b"accept" and b"text/html" in value for name, value in scope.get("headers", ()))
