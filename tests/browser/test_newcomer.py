"""A newcomer's first minute in a real browser: a recorded curve, the tour, and one's own curve in its place."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import WINDOW, grown, train, wait_state
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.process]
CARD = ".tour-card"


def stands_beside(page, selector: str) -> bool:
    """Whether the ring is around the control, and the card on the screen."""
    places = [page.locator(name).bounding_box() for name in (".tour-ring", selector, CARD)]
    if None in places:
        return False
    ring, control, card = places
    around = abs(ring["x"] + 4 - control["x"]) < 2 and abs(ring["width"] - 8 - control["width"]) < 2
    size = page.viewport_size
    return around and card["x"] >= 0 and card["y"] >= 0 and card["x"] + card["width"] <= size["width"] and card["y"] >= 0


def test_first_visit_sees_a_finished_curve_takes_the_tour_and_trains_its_own(app, new_page):
    page = new_page(app.url)
    page.wait_for_function("() => document.querySelector('.lc-root')?.dataset.complete?.startsWith('recorded-')")
    expect(page.locator(".lc-try").first).to_be_visible()
    assert "run=" not in page.url
    expect(page.get_by_text("A recorded example")).to_be_visible()
    expect(page.locator(f"{CARD}[data-step='1']")).to_be_visible()
    for step, control in (
        (2, ".st-key-curve_place .lc-verdict"),
        (3, ".st-key-set_learning_rate"),
        (4, ".st-key-train"),
    ):
        page.locator(".tour-next").focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator(f"{CARD}[data-step='{step}']")).to_be_visible()
        wait_for(lambda control=control: stands_beside(page, control) or page.wait_for_timeout(20))
    page.keyboard.press("Escape")
    expect(page.locator(CARD)).to_have_count(0)
    page.reload()
    page.wait_for_function("() => document.querySelector('.lc-root')?.dataset.complete?.startsWith('recorded-')")
    train(page)
    wait_state(page, "finished", "stopped_early")
    grown(page, 5)
    expect(page.get_by_text(re.compile("MAE [0-9,]+")).first).to_be_visible()
    expect(page.get_by_text("A recorded example")).to_have_count(0)
    expect(page.locator(CARD)).to_have_count(0)
    page.locator(".st-key-help button").first.click()  # each ? is a button named help, too
    page.get_by_role("button", name="Show me around").click()
    expect(page.locator(f"{CARD}[data-step='1']")).to_be_visible()
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(CARD)).to_have_count(0)


def test_the_tour_on_a_phone_points_at_what_can_be_reached(app, new_page):
    page = new_page(app.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert page.viewport_size != WINDOW["viewport"]
    expect(page.locator(f"{CARD}[data-step='1']")).to_be_visible()
    for control in (".st-key-curve_place .lc-verdict", ".st-key-open_settings", ".st-key-train"):
        page.locator(".tour-next").tap()
        wait_for(lambda control=control: stands_beside(page, control) or page.wait_for_timeout(20))
