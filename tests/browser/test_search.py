"""The Search page in a real browser: build, watch, stop, read a curve under the pointer, refresh, share, on to Tune."""

from __future__ import annotations

import math
import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import heard, settled
from tests.support.stored_runs import share
from tuning_core.store import Database

pytestmark = [pytest.mark.browser, pytest.mark.process]


def search(page: Page) -> str:
    """Press Search; returns the id of the search from the URL."""
    before = page.url
    button = page.get_by_test_id("stSidebarUserContent").get_by_role("button", name="Search", exact=True)
    expect(button).to_be_enabled()
    button.click()
    page.wait_for_function("before => location.href !== before && location.href.includes('search=')", arg=before)
    return re.search(r"search=([^&]+)", page.url).group(1)


def wait_state(page: Page, search_id: str, state: str) -> None:
    page.wait_for_function(f"() => document.querySelector('.sb-root')?.dataset.run === {search_id!r}")
    expect(page.locator(".sb-root")).to_have_attribute("data-state", state, timeout=300_000)


def type_values(page: Page, label: str, text: str) -> None:
    field = page.get_by_role("textbox", name=label, exact=True)
    with heard(page):
        field.fill(text)
        field.press("Enter")


def test_from_the_lesson_to_tune(app, new_page):
    page = new_page(app.url + "/search")
    expect(page.get_by_text("press Search")).to_be_visible()
    page.get_by_role("button", name="Set up the lesson's grid").click()
    expect(page.get_by_text(re.compile("4 settings × 5 = 20 trainings in .* stacks?, about"))).to_be_visible()
    settled(page)  # what is typed into the controls of the form before is not for this one

    type_values(page, "Epochs", "10000")
    long = search(page)
    page.wait_for_function("() => Number(document.querySelector('.sb-root')?.dataset.cursor) > 0")
    wait_state(page, long, "running")
    page.get_by_role("button", name="Stop", exact=True).click()
    wait_state(page, long, "stopped")

    type_values(page, "Epochs", "10, 50")
    found = search(page)
    wait_state(page, found, "finished")
    expect(page.locator(".sb-list li")).to_have_count(4)
    plot = page.locator(".sb-plot").bounding_box()
    for height in (
        0.35,
        0.5,
        0.65,
        0.8,
        0.95,
    ) * 20:  # down a line that every curve crosses, again while they are still being drawn
        page.mouse.move(plot["x"] + 90, plot["y"] + height * plot["height"])
        page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        if page.locator(".sb-tip").is_visible():
            break
    expect(page.locator(".sb-tip")).to_contain_text("batch size")
    page.locator(".sb-list button").nth(1).click()
    expect(page.get_by_text(re.compile(r"setting \d, rank 2 of 4")).first).to_be_visible()

    share(Database(app.home), found)
    other = new_page(f"{app.url}/search?search={found}")  # another browser, without the first one's cookie
    wait_state(other, found, "finished")
    expect(other.get_by_role("textbox", name="Epochs", exact=True)).to_have_value("10, 50")
    expect(other.get_by_role("button", name="Delete this search")).to_have_count(0)

    page.reload()
    wait_state(page, found, "finished")
    best = page.locator(".sb-best").inner_text()
    page.get_by_role("button", name="Open in Tune").click()
    page.get_by_role("slider", name="Batch size").wait_for()
    batch = int(re.search(r"batch size (\d+)", best).group(1))
    expect(page.get_by_text(f"{math.ceil(936 / batch)} updates per epoch")).to_be_visible()
