"""The insides of a run in a real browser: opened by one press, moved by the replay of the curve, and moving it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import grave_findings
from tests.support.browser import set_slider, train, wait_state

pytestmark = [pytest.mark.browser, pytest.mark.process]

SURFACE = "document.querySelector('.ins-plot').data[0].z.flat()"


def at(page: Page, epoch: int) -> None:
    expect(page.locator(".ins-root")).to_have_attribute("data-epoch", str(epoch))


def test_the_surface_and_the_landscape_follow_the_replay(app, new_page):
    page = new_page(app.url)
    page.get_by_role("slider", name="Epochs").wait_for()
    set_slider(page, "Epochs", "ArrowLeft", 6)  # 30 epochs
    train(page)
    wait_state(page, "finished", "stopped_early")
    replay = page.get_by_role("slider", name="replay: epoch")
    page.get_by_role("button", name="Insides", exact=True).click()
    own = page.get_by_role("slider", name="insides: epoch")
    expect(own).to_have_attribute("aria-valuetext", re.compile("the one kept"))
    expect(page.locator(".ins-root")).to_have_attribute("data-epoch", re.compile(r"^\d+$"))
    kept = page.evaluate(SURFACE)
    own.press("End")
    expect(own).to_have_attribute("aria-valuetext", re.compile(r"^epoch (\d+) of \1\b"))  # of the first seed
    last = int(page.locator(".ins-root").get_attribute("data-epoch"))
    own.press("Home")
    at(page, 1)
    expect(page.locator(".lc-root .lc-at")).to_have_text("epoch 1")
    first = page.evaluate(SURFACE)
    assert len(first) == len(kept) == 1600 and first != kept
    replay.press("End")
    at(page, last)
    replay.press("Home")
    at(page, 1)
    assert page.evaluate(SURFACE) == first
    assert grave_findings(page) == []
    page.get_by_role("radio", name="Loss landscape").click()
    landscape = page.locator(".ins-root[data-shown='landscape'][data-epoch='1']")  # the epoch stays where it was
    expect(landscape.get_by_text(re.compile(r"^Loss \(mse\) on \d+ validation rows$"))).to_be_visible()
    expect(landscape.locator(".ins-plot")).to_have_attribute("aria-label", re.compile(r"\(this run\): loss .* at epoch 1;"))
    assert grave_findings(page) == []
