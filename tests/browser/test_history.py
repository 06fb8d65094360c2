"""The browser's Back and Forward, its tab and a refresh: what was on screen comes back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import set_slider, settled, train

pytestmark = [pytest.mark.browser, pytest.mark.process]

MARK_IS = """words => {
    const label = document.querySelector(".st-key-set_learning_rate [data-testid=stWidgetLabel] p");
    return label && getComputedStyle(label, "::after").content === words;
}"""


def test_back_and_forward_walk_through_runs_and_pages(app, new_page):
    page = new_page(app.url)
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    settled(page)
    assert page.evaluate("history.length") == 2, "an empty tab and this page: Back leaves the app"
    first = train(page)
    set_slider(page, "Learning rate", "ArrowRight", 2)
    second = train(page)
    assert first != second
    steps = page.evaluate("history.length")
    page.get_by_role("link", name="Data").first.click()
    expect(page).to_have_title("Data · insurance.csv · Tunescope")
    settled(page)
    assert page.evaluate("history.length") == steps + 1
    page.go_back()
    expect(page).to_have_url(re.compile(f"[?&]run={second}"))
    expect(page).to_have_title("Tune · insurance.csv · Tunescope")
    page.go_back()
    expect(page).to_have_url(re.compile(f"[?&]run={first}(&|$)"))
    expect(page.get_by_text("adam 0.002 · batch 32").first).to_be_visible()
    page.go_back()
    expect(page).not_to_have_url(re.compile("[?&]run="))
    expect(page.get_by_text("Press Train")).to_be_visible()
    settled(page)
    page.go_forward()
    expect(page).to_have_url(re.compile(f"[?&]run={first}(&|$)"))
    expect(page.get_by_text("adam 0.002 · batch 32").first).to_be_visible()


def test_a_refresh_keeps_untrained_sliders_and_marks_them_beside_the_curve(app, new_page):
    page = new_page(app.url)
    train(page)
    set_slider(page, "Learning rate", "ArrowRight", 2)
    page.wait_for_function(MARK_IS, arg='"curve: 0.002"')
    page.reload()
    expect(page.get_by_text("0.005", exact=True)).to_be_visible()
    page.wait_for_function(MARK_IS, arg='"curve: 0.002"')
    page.locator(".st-key-put_sliders_back").get_by_role("button").click()
    expect(page.locator(".st-key-set_learning_rate").get_by_text("0.002", exact=True)).to_be_visible()
    page.wait_for_function(MARK_IS, arg="none")
