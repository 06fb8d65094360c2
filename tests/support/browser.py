"""What a person does with the Tune page, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

STATE = ".lc-root[data-state]"
WINDOW = {"viewport": {"width": 1280, "height": 720}}
expect.set_options(timeout=60_000)  # of all browser tests: on a busy machine a page needs its time


def train(page: Page) -> str:
    """Press Train; returns the run's id from the URL."""
    before = page.url
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_function("before => location.href !== before && location.href.includes('run=')", arg=before)
    return re.search(r"run=([^&]+)", page.url).group(1)


def set_slider(page: Page, name: str, key: str, times: int) -> None:
    slider = page.get_by_role("slider", name=name)
    for _ in range(times):
        before = slider.input_value()
        slider.focus()
        page.keyboard.press(key)
        expect(slider).not_to_have_value(before)
        page.wait_for_timeout(300)  # until the page has heard of it


def wait_state(page: Page, *states: str, timeout: int = 60_000) -> str:
    """Until the run in the URL is on screen in one of these states."""
    pattern = re.compile("^(" + "|".join(states) + ")$")
    page.wait_for_function("() => location.href.includes('run=' + document.querySelector('.lc-root')?.dataset.run)")
    expect(page.locator(STATE)).to_have_attribute("data-state", pattern, timeout=timeout)
    if page.locator(STATE).get_attribute("data-state") not in ("running", "queued"):
        page.wait_for_function("() => { const d = document.querySelector('.lc-root').dataset; return d.complete === d.run; }")
    return page.locator(STATE).get_attribute("data-state")
