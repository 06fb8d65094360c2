"""Two servers with a store each behind a real nginx with deploy/nginx.conf: pages, WebSockets, uploads, and who stays where."""

from __future__ import annotations

import asyncio
import http.client
import sqlite3
from contextlib import closing

import pytest

from benchmarks.students.record import Book
from benchmarks.students.student import own_table
from benchmarks.students.tab import Tab
from tests.support.cluster import free_port
from tests.support.proxy import NGINX, start_proxy
from tests.support.server import App
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.process, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]
CODE = "OAK-723-FERN"
NOWHERE = "tcp://127.0.0.1:1"  # trains nothing: pages and uploads need no workers


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """{"a": store, "b": store} and the port of their proxy."""
    homes = {place: tmp_path_factory.mktemp(place) for place in "ab"}
    apps = [App(home, TUNESCOPE_CLASS_CODE=CODE, TUNESCOPE_SCHEDULER=NOWHERE) for home in homes.values()]
    port = free_port()
    proxy = start_proxy(tmp_path_factory.mktemp("nginx"), port, *(app.port for app in apps))
    for app in apps:
        wait_for(lambda app=app: app.state() == "starting")  # it answers
    yield homes, port
    proxy.terminate()
    proxy.wait(60)
    for app in apps:
        app.close()


def uploaded(home):
    with closing(sqlite3.connect(f"file:{home / 'tunescope.sqlite'}?mode=ro", uri=True)) as store:
        return {name for (name,) in store.execute("SELECT name FROM datasets")}


async def visit(port: int, number: int) -> tuple[str, Book]:
    """A student who comes with the code and brings a table; the place that the proxy gave, and all errors."""
    book = Book()
    tab = Tab(port, book)
    try:
        await tab.get(f"/?class_code={CODE}", Accept="text/html")
        await tab.open(assets=False)
        await tab.rerun()
        tab.page_hash, tab.page_name = tab.pages["data"], "data"
        await tab.rerun()
        await tab.upload(f"mine{number}.csv", own_table(number, rows=2000), "Upload your own")
    finally:
        await tab.close()
    return tab.cookies["tunescope_place"], book


def test_everybody_stays_with_one_server(places):
    homes, port = places

    async def all_of_them():
        return [await visit(port, number) for number in range(8)]

    visits = asyncio.run(all_of_them())
    for number, (place, book) in enumerate(visits):
        assert not book.errors
        assert [home for home in homes if f"mine{number}.csv" in uploaded(homes[home])] == [place]


def ask(port: int, path: str, **headers: str) -> tuple[int, str]:
    """The status and the cookies of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, " ".join(answer.headers.get_all("Set-Cookie") or [])


def test_a_class_is_led_to_its_server_by_its_name(places):
    homes, port = places
    for place in homes:
        status, cookies = ask(port, f"/?class_code={CODE}", Host=f"{place}.localhost", Accept="text/html")
        assert status == 303 and f"tunescope_place={place};" in cookies


def test_a_chosen_code_is_asked_for_behind_the_proxy(places):
    _, port = places
    assert ask(port, "/_stcore/host-config")[0] == 401
