"""The cookie that makes a browser's runs its own: given with the page, once, also where the browser still has the page."""

from __future__ import annotations

import asyncio

import pytest

from pages.state.workspace import COOKIE, WorkspaceCookie

PAGE = (b"accept", b"text/html,application/xhtml+xml,*/*;q=0.8")
SCRIPT = (b"accept", b"*/*")
OWN = (b"cookie", f"{COOKIE}=abcdefghijkl".encode())


def given(*headers: tuple[bytes, bytes], status: int = 200) -> list[bytes]:
    """The cookies that come with an answer."""
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        sent.append(message)

    asyncio.run(WorkspaceCookie(app)({"type": "http", "headers": list(headers)}, None, send))
    return [value for name, value in sent[0]["headers"] if name == b"set-cookie"]


@pytest.mark.parametrize("status", [200, 304])
def test_a_page_comes_with_a_cookie_also_from_the_browsers_cache(status):
    (cookie,) = given(PAGE, status=status)
    assert cookie.startswith(COOKIE.encode() + b"=") and b"HttpOnly" in cookie


def test_what_loads_beside_the_page_and_a_browser_that_has_one_get_none():
    assert given(SCRIPT) == given() == given(PAGE, OWN) == []


def test_a_cookie_that_is_no_workspace_is_replaced():
    assert len(given(PAGE, (b"cookie", f"{COOKIE}=no".encode()))) == 1
