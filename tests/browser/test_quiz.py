"""A student's quiz in a real browser: commit before anything is told, reasons, the next, and a refresh keeps the record."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import heard, settled

pytestmark = [pytest.mark.browser, pytest.mark.process]


def test_a_student_commits_is_told_why_and_finds_the_record_again(app, new_page):
    page = new_page(f"{app.url}/quiz")
    commit = page.get_by_role("button", name="Commit")
    expect(commit).to_be_disabled()
    expect(page.get_by_text("unseen rows", exact=True)).to_have_count(0)
    page.get_by_role("radiogroup", name="Your answer").get_by_text("Healthy", exact=True).click()
    page.get_by_role("radiogroup", name="How sure are you?").get_by_text("sure", exact=True).click()
    expect(commit).to_be_enabled()
    commit.click()
    expect(page.get_by_text("(your answer)")).to_have_count(1)
    expect(page.locator(".js-plotly-plot").get_by_text("unseen rows", exact=True)).to_be_visible()
    expect(page.get_by_text("The curve doctor", exact=False)).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Point at the epoch", exact=False)).to_be_visible()
    page.reload()
    expect(page.get_by_text("Point at the epoch", exact=False)).to_be_visible()
    expect(page.get_by_text("of 1 right", exact=False)).to_be_visible()


def test_pointing_at_the_curve_then_a_change_that_trains_then_the_own_table(app, new_page):
    page = new_page(f"{app.url}/quiz")
    choose_kind(page, "Point at the epoch")
    thumb = page.get_by_role("slider", name="Epoch")
    expect(thumb).to_be_visible()
    before = thumb.input_value()
    drawing = page.locator(".js-plotly-plot .nsewdrag").first
    expect(drawing).to_be_visible()
    settled(page)  # a drawing that is about to be replaced takes no press
    size = drawing.bounding_box()
    with heard(page):
        drawing.click(position={"x": size["width"] / 8, "y": size["height"] / 2})
    expect(thumb).not_to_have_value(before)
    assert int(thumb.input_value()) < int(before) / 2
    choose_kind(page, "Predict the change")
    page.get_by_role("radiogroup", name="Your answer").get_by_text("A", exact=True).click()
    page.get_by_role("radiogroup", name="How sure are you?").get_by_text("a guess", exact=True).click()
    page.get_by_role("button", name="Commit").click()
    expect(page.get_by_text("Now it trains")).to_be_visible()
    expect(page.locator(".sbs-root").get_by_text("as it was", exact=True)).to_be_visible()
    page.get_by_role("button", name="Next").click()
    choose_kind(page, "All kinds", "Name it")
    page.get_by_text("On my own table", exact=True).click()
    page.get_by_role("button", name="Train on my table").click()
    expect(page.get_by_text("a real training on the table insurance.csv")).to_be_visible()


def choose_kind(page, kind, asked=None):
    page.get_by_role("combobox", name=re.compile("Practise")).click()
    page.get_by_role("option", name=kind, exact=True).click()
    expect(page.get_by_text(f"{asked or kind} · a real training")).to_be_visible()
