"""A line drawn in a chapter, by the mouse and by keys, is what Train keeps with its run."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.support.browser import heard
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.process]


def test_a_drawn_line_is_kept_with_the_run_that_train_begins(server, new_page):
    page = new_page(f"{server.url}/lessons?chapter=early_stopping")
    points = page.locator(".sketch-root circle")
    expect(points).to_have_count(13)
    page.get_by_role("button", name="Train", exact=True).scroll_into_view_if_needed()
    first, last = points.nth(0).bounding_box(), points.nth(12).bounding_box()
    page.mouse.move(first["x"] + first["width"] / 2, first["y"] + 60)
    page.mouse.down()
    page.mouse.move(last["x"] + last["width"] / 2, last["y"] + 60, steps=6)
    with heard(page):
        page.mouse.up()
    expect(points.nth(6)).not_to_have_attribute("aria-valuenow", "100")
    before = int(points.nth(12).get_attribute("aria-valuenow"))
    points.nth(12).focus()
    with heard(page):
        page.keyboard.press("PageUp")
    expect(points.nth(12)).to_have_attribute("aria-valuenow", str(before + 25))
    page.get_by_role("button", name="Train", exact=True).click()
    rows = wait_for(lambda: server.db.rows("SELECT name, content FROM answers WHERE name LIKE 'line %'"))
    line = json.loads(rows[0]["content"])
    assert len(line) == 13 and max(line[:12]) - min(line[:12]) < 0.02 and line[12] == pytest.approx(line[11] + 0.25, abs=0.02)
