"""The cookie that makes a browser's runs its own: given with the page, once, and only by this server."""

from __future__ import annotations

import asyncio

import pytest

from pages.state.workspace import COOKIE, WorkspaceCookie, sign_workspace, signed_workspace
from tuning_core.store import Database, datasets

PAGE = (b"accept", b"text/html,application/xhtml+xml,*/*;q=0.8")
SCRIPT = (b"accept", b"*/*")


@pytest.fixture
def db(tmp_path):
    return Database(tmp_path)


def given(db, *headers: tuple[bytes, bytes], status: int = 200) -> list[bytes]:
    """The cookies that come with an answer."""
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        sent.append(message)

    asyncio.run(WorkspaceCookie(app, lambda: db)({"type": "http", "headers": list(headers)}, None, send))
    return [value for name, value in sent[0]["headers"] if name == b"set-cookie"]


def brought(value: str) -> tuple[bytes, bytes]:
    return (b"cookie", f"{COOKIE}={value}".encode())


@pytest.mark.parametrize("status", [200, 304])
def test_a_page_comes_with_a_cookie_also_from_the_browsers_cache(db, status):
    (cookie,) = given(db, PAGE, status=status)
    assert cookie.startswith(COOKIE.encode() + b"=") and b"HttpOnly" in cookie and b"Secure" not in cookie
    (cookie,) = given(db, PAGE, (b"x-forwarded-proto", b"https"))
    assert cookie.endswith(b"; Secure")


def test_what_loads_beside_the_page_and_a_browser_that_has_one_get_none(db):
    own = brought(sign_workspace(db, "abcdefghijkl"))
    assert given(db, SCRIPT) == given(db) == given(db, PAGE, own) == []


@pytest.mark.parametrize("value", ["no", "abcdefghijkl", "abcdefghijkl.", "abcdefghijkl.AAAAAAAAAAAAAAAAAAAAAA"])
def test_an_id_that_this_server_has_not_given_is_replaced(db, value):
    assert signed_workspace(db, value) is None
    (cookie,) = given(db, PAGE, brought(value))
    fresh = cookie.decode().split("=", 1)[1].split(";")[0]
    assert "abcdefghijkl" not in fresh and signed_workspace(db, fresh)


def test_work_of_the_time_before_signatures_stays_with_its_browser(db):
    datasets.add_dataset(db, "abcdefghijkl", "a.csv", b"x,y\n1,2\n")
    (cookie,) = given(db, PAGE, brought("abcdefghijkl"))
    assert cookie.decode().split("=", 1)[1].split(";")[0] == sign_workspace(db, "abcdefghijkl")
