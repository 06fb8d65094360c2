"""No request leaves the server: what a page needs comes from the installed packages."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.browser import train, wait_state

pytestmark = [pytest.mark.browser, pytest.mark.process]
PAGES = ("", "lessons", "data", "search", "compare", "exam", "predict", "gallery")


def test_every_page_asks_its_own_server_only(app, new_page):
    page = new_page("about:blank", viewport={"width": 1280, "height": 720})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    for name in PAGES:
        page.goto(f"{app.url}/{name}")
        expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
        expect(page.get_by_role("link", name="Gallery")).to_be_visible()
    page.goto(app.url)
    train(page)
    wait_state(page, "finished", "stopped.early")
    page.reload()
    wait_state(page, "finished", "stopped.early")
    page.wait_for_function("document.querySelector('link[rel*=icon]')?.href")
    own = urlsplit(app.url).netloc
    assert len(asked) > 50
    assert {url for url in asked if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != own} == set()
    assert page.evaluate("document.querySelector('link[rel*=icon]').href").startswith((app.url, "data:"))
