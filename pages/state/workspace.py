"""Whose runs these are: a random id in a cookie, so that a class of a hundred does not share one history.

The id comes with a signature of this server: nobody chooses another's, or one that is easily guessed.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.state.connection import asks_for_page, cookie, is_encrypted
from pages.state.database import database
from pages.state.secret import is_signature, signature
from tuning_core.store import Database, workspaces

COOKIE = "tunescope_workspace"
YEAR = 365 * 24 * 3600
VISITS_WITHOUT_COOKIES = 1_000  # that are known
_of_nobody: dict[str, None] = {}  # in the order of their coming
_GOOD = re.compile(r"[A-Za-z0-9_-]{12,40}")


class WorkspaceCookie:
    """ASGI middleware: a browser that comes without the cookie leaves with one."""

    def __init__(self, app: Any, get_database: Callable[[], Database]) -> None:
        self.app, self.get_database = app, get_database

    async def __call__(self, scope: dict, receive: Any, send: Any) -> None:
        # Only the page itself: two scripts that load in parallel must not set two different cookies.
        if scope["type"] != "http" or not asks_for_page(scope):
            await self.app(scope, receive, send)
            return
        db, given = self.get_database(), cookie(scope, COOKIE)
        if signed_workspace(db, given) is not None:
            await self.app(scope, receive, send)
            return
        kept = await asyncio.to_thread(_kept_from_before, db, given)
        value = sign_workspace(db, kept or secrets.token_urlsafe(12))
        secure = "; Secure" if is_encrypted(scope) else ""
        fresh = f"{COOKIE}={value}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax{secure}"

        async def send_with_cookie(message: dict) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"set-cookie", fresh.encode())]
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def workspace() -> str:
    """This browser's workspace id."""
    found = signed_workspace(database(), str(st.context.cookies.get(COOKIE, "")))
    if found is not None:
        return found
    if "workspace" not in st.session_state:  # a browser that refuses cookies
        st.session_state.workspace = secrets.token_urlsafe(12)
        _of_nobody[st.session_state.workspace] = None
        if len(_of_nobody) > VISITS_WITHOUT_COOKIES:
            _of_nobody.pop(next(iter(_of_nobody)), None)
    return st.session_state.workspace


def is_of_nobody(identity: str) -> bool:
    """Whether a workspace was made up for a visit without cookies: its curves are for whoever knows a run's id."""
    return identity in _of_nobody


def sign_workspace(db: Database, identity: str) -> str:
    """The cookie's value for a workspace."""
    return f"{identity}.{signature(db.home, COOKIE, identity)}"


def signed_workspace(db: Database, value: str) -> str | None:
    """The workspace of a cookie's value; None when this server has not written it."""
    identity, _, signed = value.partition(".")
    return identity if _GOOD.fullmatch(identity) and is_signature(db.home, COOKIE, identity, signed) else None


def _kept_from_before(db: Database, value: str) -> str | None:
    """A workspace with something in it, from the time before cookies were signed."""
    return value if _GOOD.fullmatch(value) and workspaces.has_anything(db, value) else None
