"""Side by side, as a teacher does it: three learning rates from a first visit, the picture, and the link for the class."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import set_slider
from tests.support.stored_runs import share
from tuning_core.store import Database

pytestmark = [pytest.mark.browser, pytest.mark.process]

WHOLE = "() => document.querySelector('.sbs-root')?.dataset.complete === 'true'"
AXES = """() => { const l = document.querySelector('.sbs-root .lc-plot').layout;
    return Object.keys(l).filter(k => /^[xy]axis/.test(k)).sort().map(k => [k[0], l[k].range]); }"""


def test_three_learning_rates_in_two_clicks_grow_are_taken_home_and_are_shared(app, new_page):
    page = new_page(app.url)
    page.get_by_text("Early stopping", exact=True).click()  # long enough to be seen while it grows, on any machine
    expect(page.get_by_role("slider", name="Patience")).to_have_count(0)
    set_slider(page, "Epochs", "ArrowRight", 3)
    page.get_by_role("button", name="Side by side").click()
    page.get_by_role("button", name="Train side by side").click()
    drawing = page.locator(".sbs-root .lc-plot")
    expect(drawing).to_have_attribute("aria-label", re.compile(r"learning rate 1: .*learning rate 0\.01: .*learning rate 1e-7: "))
    expect(drawing).to_have_attribute("aria-label", re.compile(r"epoch \d+ of \d+"))  # it grows: the page is not run for it
    page.wait_for_function(WHOLE)
    axes = page.evaluate(AXES)
    assert len(axes) == 6 and len({str(axis) for axis in axes}) == 2, "the same ranges in every panel"
    for name, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name, exact=True).click()
        file = waiting.value
        assert re.fullmatch(rf"insurance-.*-side-by-side\.{name.lower()}", file.suggested_filename)
        content = file.path().read_bytes()
        assert content.startswith(begins) and (name == "PNG" or b"learning rate 1e-7" in content)
    page.locator(".sbs-root").get_by_role("button", name="full screen").click()
    page.wait_for_function("() => document.fullscreenElement?.classList.contains('sbs-root')")
    share(Database(app.home), *re.search("beside=([^&]+)", page.url)[1].split("~"))
    student = new_page(page.url, viewport={"width": 390, "height": 844})
    student.wait_for_function(WHOLE)
    assert student.evaluate(AXES) == axes
    told = [p.locator(".sbs-root .lc-plot").get_attribute("aria-label") for p in (page, student)]
    assert told[0] == told[1] and "at epoch" in told[0]
