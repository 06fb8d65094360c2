"""A row of a search is ticked, and nothing on the page moves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

import tuning_core as tc
from pages.state.workspace import COOKIE, sign_workspace
from tests.support.browser import settled
from tests.support.datasets import SETUP
from tests.support.stored_searches import write_search
from tuning_core.experiment import Hyperparameters
from tuning_core.store import runs

pytestmark = [pytest.mark.browser]
ME = "ticks-a-row-0001"
PLACES = """() => { const top = document.querySelector(".sb-root").getBoundingClientRect().y;
    return [".sb-root", "[data-testid=stDataFrame]", ".st-key-chosen_setting", ".st-key-search_view"]
        .map(at => document.querySelector(at).getBoundingClientRect()).map(r => [r.x, r.y - top, r.width, r.height]); }"""
# From the board down: over it stands a line on the engine, which comes and goes.


def test_ticking_a_row_of_the_search_moves_nothing(server, new_page):
    space = tc.grid(base=Hyperparameters(epochs=20), learning_rate=[0.001, 0.01, 0.1], batch_size=[16, 32])
    spec = {"space": space.to_json(), "cv": None, "seeds": [0], "score": "mse"}
    run = runs.add_run(server.db, ME, "insurance", SETUP, "search", spec)
    write_search(server.db, run)
    page = new_page("about:blank", viewport={"width": 1280, "height": 1000})
    page.context.add_cookies([{"name": COOKIE, "value": sign_workspace(server.db, ME), "url": server.url}])
    page.goto(f"{server.url}/search?search={run}")
    expect(page.locator('.sb-root[data-state="finished"]')).to_be_visible()
    table = page.get_by_test_id("stDataFrame").first
    table.locator("canvas").first.wait_for()
    expect(page.get_by_text(re.compile("the best, setting"))).to_be_visible()
    settled(page)
    before = page.evaluate(PLACES)
    table.click(position={"x": 14, "y": 35 + 35 + 17})  # the box of the second row
    expect(page.get_by_text(re.compile(r"setting \d, rank 2 of 6"))).to_be_visible()
    settled(page)
    assert page.evaluate(PLACES) == before
