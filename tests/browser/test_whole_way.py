"""The whole way in a real browser: deep link, upload, choose, run, watch it grow, stop, refresh, a second browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from pages.widgets.hyperparameter_choices import RATES
from tests.support.browser import grown, set_slider, settled, train, wait_state
from tests.support.stored_runs import share
from tuning_core.store import Database

pytestmark = [pytest.mark.browser, pytest.mark.process]


def points(page: Page) -> int:
    """Epochs that the validation curve on screen has."""
    return page.evaluate(
        """() => { const plot = document.querySelector('.lc-root .js-plotly-plot');
        if (!plot) return 0;
        return Math.max(0, ...plot.data.filter(t => (t.name || '').startsWith('validation')).map(t => t.y.length)); }"""
    )


def test_a_cold_deep_link_shows_run_and_settings(app, new_page):
    first = new_page(app.url + "/tune")
    set_slider(first, "Learning rate", "ArrowRight", 2)
    rate = first.get_by_role("slider", name="Learning rate").input_value()
    expect(first.get_by_text("0.005", exact=True)).to_be_visible()
    run_id = train(first)
    wait_state(first, "finished", "stopped_early")
    share(Database(app.home), run_id)
    second = new_page(f"{app.url}/tune?run={run_id}")  # another browser, without the first one's cookie
    wait_state(second, "finished", "stopped_early")
    expect(second.get_by_role("slider", name="Learning rate")).to_have_value(rate)
    expect(second.get_by_text("0.005", exact=True)).to_be_visible()
    assert points(second) == points(first) > 5


def test_it_grows_stops_survives_a_refresh_and_goes_on(app, new_page):
    page = new_page(app.url)
    page.get_by_role("slider", name="Epochs").wait_for()
    page.get_by_text("Early stopping", exact=True).click()
    expect(page.get_by_role("slider", name="Patience")).to_have_count(0)
    set_slider(page, "Epochs", "End", 1)
    set_slider(page, "Batch size", "Home", 1)  # it must not be over before it is stopped, however long the page takes
    train(page)
    wait_state(page, "running")
    grown(page, 20)
    early = points(page)
    page.reload()
    wait_state(page, "running")
    grown(page, early)
    later = points(page)
    page.get_by_role("button", name="Stop", exact=True).click()
    wait_state(page, "stopped")
    kept = points(page)
    assert later <= kept < 10_000
    page.get_by_role("button", name="Continue").click()
    wait_state(page, "running", "finished")
    grown(page, kept)
    page.get_by_role("button", name="Stop", exact=True).click()
    wait_state(page, "stopped", "finished")


def test_auto_run_redraws_and_leaves_a_ghost(app, new_page):
    page = new_page(app.url)
    page.get_by_role("slider", name="Learning rate").wait_for()
    page.get_by_text("Auto-run", exact=True).click()
    set_slider(page, "Learning rate", "ArrowRight", 1)
    page.wait_for_url(re.compile("run="))
    wait_state(page, "finished", "stopped_early")
    first = page.url
    set_slider(page, "Learning rate", "ArrowRight", 1)
    page.wait_for_function("before => location.href !== before", arg=first)
    wait_state(page, "finished", "stopped_early")
    names = page.evaluate("() => document.querySelector('.lc-root .js-plotly-plot').data.map(t => t.name || '')")
    assert any(name.startswith("ghost") for name in names), names


def test_thirty_keys_in_a_row_are_thirty_steps_and_the_last_value_is_trained(app, new_page):
    page = new_page(app.url)
    seeds, rate = (page.get_by_role("slider", name=name) for name in ("Seeds", "Learning rate"))
    for slider in (seeds, rate):
        slider.focus()
        page.keyboard.press("Home")
        settled(page)
    expect(rate).to_have_value("0")
    page.get_by_text("Auto-run", exact=True).click()
    settled(page)
    rate.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    expect(rate).to_have_value("30")
    settled(page)
    page.wait_for_url(re.compile("run="))
    wait_state(page, "finished", "stopped_early")
    expect(rate).to_have_value("30")
    expect(page.get_by_text(f"adam {RATES[30]:g} · batch").first).to_be_visible()


def test_upload_choose_and_train(app, new_page, tmp_path):
    rows = "\n".join(f"{i},{(i * 37) % 101},{'red' if i % 3 else 'blue'},{3 * i + (i * 37) % 101}" for i in range(120))
    path = tmp_path / "my <b>table.csv"
    path.write_text("first;second;colour;result\n".replace(";", ",") + rows)
    page = new_page(app.url + "/data")
    page.locator("input[type=file]").first.set_input_files(str(path))
    expect(page.get_by_text("120 rows", exact=False).first).to_be_visible()
    expect(page.get_by_role("heading", name="my <b>table.csv")).to_be_visible()  # the name is text, not markup
    page.get_by_role("button", name="To Tune").click()
    expect(page.get_by_text("result", exact=True).first).to_be_visible()
    train(page)
    wait_state(page, "finished", "stopped_early")


def test_two_browsers_have_histories_of_their_own(app, new_page):
    one, two = new_page(app.url), new_page(app.url)
    for page in (one, two):
        page.get_by_role("button", name="Train", exact=True).wait_for()
    train(one)
    train(two)
    for page in (one, two):
        wait_state(page, "finished", "stopped_early")
        expect(page.get_by_role("button", name=re.compile("MAE [0-9,]+"))).to_have_count(1)


def test_the_web_process_is_small_and_never_loads_tensorflow(app, new_page):
    """Late in this file: the server has had dozens of visitors and uploads."""
    import psutil

    for place in ("", "/data", "/search", "/compare", "/exam", "/predict", "/gallery"):
        page = new_page(app.url + place)
        page.get_by_test_id("stApp").wait_for()
        settled(page)
    process = psutil.Process(app.process.pid)
    loaded = {m.path for m in process.memory_maps()} if hasattr(process, "memory_maps") else set()
    assert not [path for path in loaded if "tensorflow" in path or "sklearn" in path]
    assert process.memory_info().rss < 300 * 2**20  # the aim for a class; 210 MB after one visit to every page
