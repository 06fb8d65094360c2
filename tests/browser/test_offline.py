"""No request leaves the server: what a page needs comes from the installed packages."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.browser import settled
from tests.support.stored_runs import LINEAR, recorded_run, share

pytestmark = [pytest.mark.browser]
PAGES = ("", "lessons", "data", "search", "compare", "exam", "predict", "gallery")


def test_every_page_asks_its_own_server_only(server, new_page):
    run_id = recorded_run(server.db, "w", [LINEAR])
    share(server.db, run_id)
    page = new_page("about:blank", viewport={"width": 1280, "height": 720})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    for name in PAGES:
        page.goto(f"{server.url}/{name}")
        expect(page.get_by_role("link", name="Gallery")).to_be_visible()
        settled(page)
    page.goto(f"{server.url}/tune?run={run_id}")
    expect(page.locator(".lc-root")).to_have_attribute("data-complete", run_id)
    page.wait_for_function("document.querySelector('link[rel*=icon]')?.href.startsWith('data:image/svg')")
    own = urlsplit(server.url).netloc
    assert len(asked) > 50
    assert {url for url in asked if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != own} == set()
