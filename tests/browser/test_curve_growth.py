"""A curve that grows: news, ends, waiting, connections."""

from __future__ import annotations

import json
import re
import threading

import numpy as np
import pytest
from playwright.sync_api import expect

from pages.server.routes import WAIT_SECONDS
from tests.support.browser import settled
from tests.support.curve_page import at_rest, curve, epochs, finish, heard, new_run, opened, ranges, serve, state, trace
from tests.support.waiting import wait_for
from tuning_core.store import curves, datasets, engine_status, runs

pytestmark = [pytest.mark.browser]


def test_a_curve_grows_without_a_rerun_and_its_end_is_told_once(db, page_url, new_page):
    run_id = new_run(db, seeds=3)
    page = opened(new_page, page_url, run_id)
    expect(page.locator(".lc-status")).to_contain_text("preparing")
    page.evaluate("document.querySelector('.lc-plot').mark = 'same element'")
    before = heard(page)
    whole = [curve(60, seed) for seed in range(3)]
    seen, tops = [], []
    for start in range(0, 60, 12):
        curves.append(db, run_id, [(i, start, values[:, start : start + 12]) for i, values in enumerate(whole)])
        page.wait_for_function(
            "n => document.querySelector('.lc-plot').data?.find(t => t.name === 'validation')?.x.length >= n", arg=start + 12
        )
        at_rest(page)
        seen.append(epochs(page))
        tops.append(ranges(page)["x"])
    expect(page.locator(".lc-status")).to_contain_text("epoch 60 of 60 · 3 seeds")
    assert seen == [12, 24, 36, 48, 60] and heard(page) == before
    assert all(x == [0, 60] for x in tops)  # planned epochs are known: the axis never moves
    finish(db, run_id, whole)
    state(page, "finished")
    expect(page.locator("[data-testid=stText]").last).to_contain_text(run_id)
    settled(page)
    assert heard(page)["ends"] == [{"run_id": run_id, "status": "finished"}]
    assert heard(page)["reruns"] == before["reruns"] + 1
    assert page.evaluate("document.querySelector('.lc-plot').mark") == "same element"
    median = np.median([values[2] for values in whole], axis=0)
    assert trace(page, "validation")["y"] == pytest.approx(median, rel=1e-5)
    assert trace(page, "training")["y"] == pytest.approx(np.median([v[1] for v in whole], axis=0), rel=1e-5)


def test_an_end_that_the_page_knows_is_not_told_again(db, page_url, new_page):
    run_id = finish(db, new_run(db), [curve(60)])
    page = opened(new_page, page_url, run_id, live=0)
    state(page, "finished")
    settled(page)
    assert heard(page) == {"reruns": 1, "ends": [], "asked": None}


def test_another_run_keeps_the_old_curve_until_it_has_one(db, page_url, new_page):
    first = finish(db, new_run(db), [curve(60)])
    second = new_run(db)
    page = opened(new_page, page_url, f"{first},{second}", live=0)
    state(page, "finished")
    page.evaluate(
        """() => { window.shortest = 99; const look = () => { const t = document.querySelector('.lc-plot').data
        .find(t => t.name === 'validation'); window.shortest = Math.min(window.shortest, t ? t.x.length : 0);
        requestAnimationFrame(look); }; look(); }"""
    )
    page.get_by_role("button", name="next run").click()
    expect(page.locator(".lc-status")).to_contain_text("preparing")
    assert epochs(page) == 60
    curves.append(db, second, [(0, 0, curve(60, 1)[:, :20])])
    page.wait_for_function("document.querySelector('.lc-plot').data.find(t => t.name === 'validation').x.length === 20")
    assert page.evaluate("window.shortest") == 20


def test_waiting_says_what_for(db, page_url, new_page):
    dataset = datasets.add_dataset(db, "w", "a.csv", b"x\n1\n")
    run_id = runs.add_run(db, "w", dataset, {}, "manual", {})
    page = opened(new_page, page_url, run_id)
    for beat, words in (("warming", "warming up"), ("ready", "queued")):
        engine_status.beat(db, beat, 2)  # after the page has been opened: an engine that is silent for 5 s counts as down
        expect(page.locator(".lc-status strong")).to_have_text(words)
    runs.delete_run(db, run_id)
    state(page, "gone")
    expect(page.locator("[data-testid=stText]").last).to_contain_text(json.dumps({"run_id": run_id, "status": "gone"}))


def test_no_run_is_an_invitation(page_url, new_page):
    page = opened(new_page, page_url)
    expect(page.locator(".lc-empty")).to_have_text("Press Train.")
    state(page, "empty")


def test_a_lost_connection_is_said_and_made_good(db, page_url, new_page):
    run_id = new_run(db)
    whole = curve(60)
    curves.append(db, run_id, [(0, 0, whole[:, :10])])
    page = opened(new_page, page_url, run_id)
    page.wait_for_function("document.querySelector('.lc-plot').data.length > 1")
    page.route("**/api/curves/**", lambda route: route.abort())
    curves.append(db, run_id, [(0, 10, whole[:, 10:20])])  # ends the poll under way; the next ones fail
    expect(page.locator(".lc-offline")).to_be_visible()
    page.unroute("**/api/curves/**")
    finish(db, run_id, [whole])
    state(page, "finished")
    expect(page.locator(".lc-offline")).to_be_hidden()
    assert epochs(page) == 60


def test_leaving_the_page_ends_the_polling(db, page_url, new_page):
    page = opened(new_page, page_url, new_run(db))
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/api/curves/" in request.url else None)
    wait_for(lambda: page.evaluate("1") and asked)
    page.get_by_role("link", name="Empty").click()
    expect(page.get_by_text("nothing here")).to_be_visible()
    expect(page.locator(".lc-root")).to_have_count(0)  # what a page run leaves behind goes at its end
    settled(page)
    asked.clear()
    page.wait_for_timeout(2_500)  # in which a component that goes on would ask again; a busy machine can only hide it
    assert not asked


def test_the_server_says_how_long_a_reader_waits_so_it_can_stop_meanwhile(db, folder, new_page, tmp_path):
    """Stopping, it waits for the answers under way; leaving this block waits for its end."""
    (tmp_path / "home").symlink_to(folder / "home")
    with serve(tmp_path) as url:
        page = opened(new_page, url, new_run(db))
        with page.expect_request(re.compile("/api/curves/.*state=")) as waiting:
            pass
        assert "wait=" not in waiting.value.url and WAIT_SECONDS <= 2


def test_two_browsers_see_the_same_run_grow(db, page_url, new_page):
    run_id = new_run(db)
    pages = [opened(new_page, page_url, run_id) for _ in range(2)]
    whole = curve(60)
    writer = threading.Thread(target=lambda: (curves.append(db, run_id, [(0, 0, whole[:, :30])]), db.close()))
    writer.start()
    writer.join()
    for page in pages:
        page.wait_for_function("document.querySelector('.lc-plot').data.find(t => t.name === 'validation')?.x.length === 30")
