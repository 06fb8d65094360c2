"""A student's quiz in a real browser: commit before anything is told, reasons, the next, and a refresh keeps the record."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

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
