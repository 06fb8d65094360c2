"""A recorded curve replayed, and rules of early stopping tried on it."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.support.curve_page import (
    CONTEXT,
    HP,
    curve,
    drag,
    finish,
    heard,
    lengths,
    new_run,
    opened,
    own_clock,
    state,
    tick,
    watch_lengths,
)
from tuning_core.diagnosis import stop_point
from tuning_core.experiment import EarlyStopping, History

pytestmark = [pytest.mark.browser]


def test_replay_by_keyboard_and_by_play(db, page_url, new_page):
    page = opened(new_page, page_url, finish(db, new_run(db), [curve(60)]), live=0)
    slider = page.get_by_role("slider", name="replay: epoch")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.querySelector('.lc-plot').data.find(t => t.name === 'validation').x.length === 55")
    expect(page.locator(".lc-status")).to_contain_text("epoch 55 of 60")
    page.keyboard.press("Home")
    watch_lengths(page)
    own_clock(page)
    page.get_by_role("button", name="replay the training").press("Enter")
    expect(page.get_by_role("button", name="pause the replay")).to_be_visible()
    tick(page, 50)  # five seconds in a hundred frames
    state(page, "finished")
    assert lengths(page) == {*range(1, 61)}
    expect(page.locator(".lc-status")).to_contain_text("finished")


def test_early_stopping_is_tried_on_the_recorded_curve(db, page_url, new_page):
    histories = [curve(60, seed) for seed in range(3)]
    run_id = finish(db, new_run(db, seeds=3), histories)
    page = opened(new_page, page_url, run_id, live=0)
    page.get_by_role("button", name="early stop?").click()
    patience = page.get_by_role("slider", name="patience", exact=True)
    drag(patience, 4)
    recorded = [History.from_matrix(values, CONTEXT) for values in histories]
    points = [stop_point(history, EarlyStopping(patience=4)) for history in recorded]
    stops, keeps = (int(np.median([getattr(p, name) for p in points])) for name in ("stopped_epoch", "kept_epoch"))
    expect(page.locator(".lc-status")).to_contain_text(f"stops at epoch {stops}")
    expect(page.locator(".lc-status")).to_contain_text(f"keeps epoch {keeps}: ")
    saved = 1 - sum(p.last_epoch for p in points) / 180
    expect(page.locator(".lc-status")).to_contain_text(f"{100 * saved:.0f} % of the epochs saved")
    page.get_by_label("keep the best epoch").uncheck()
    expect(page.locator(".lc-status")).to_contain_text("% above the best")
    drag(page.get_by_role("slider", name="not before epoch"), 30)
    page.get_by_label("what early stopping watches").select_option("validation MAE")
    page.get_by_role("button", name="Load settings").click()
    page.wait_for_function("document.body.innerText.includes('restore_best_weights')")
    rules = {"patience": 4, "min_delta": 0, "start_from_epoch": 30, "restore_best_weights": False, "monitor": "val_metric"}
    assert heard(page)["asked"] == {"action": "take", "run_id": run_id, "rules": rules}
    drag(patience, 60)
    expect(page.locator(".lc-status")).to_contain_text("does not stop")
    page.get_by_role("button", name="early stop?").click()
    state(page, "finished")


def test_a_recording_that_was_stopped_early_may_be_too_short_to_tell(db, page_url, new_page):
    hp = HP.replace(epochs=200, early_stopping=EarlyStopping(patience=10))
    run_id = finish(db, new_run(db, hp=hp), [curve(60)], hp, status="stopped_early", stopped_epoch=60)
    page = opened(new_page, page_url, run_id, live=0)
    page.get_by_role("button", name="early stop?").click()
    drag(page.get_by_role("slider", name="patience", exact=True), 59)
    expect(page.locator(".lc-status")).to_contain_text("too short to tell")
    expect(page.locator(".lc-plot")).not_to_contain_text("keeps epoch")
    page.get_by_role("button", name="Record the whole curve").click()
    page.wait_for_function("document.body.innerText.includes('\"record\"')")


def test_reduced_motion_replays_in_few_steps(db, page_url, new_page):
    run_id = finish(db, new_run(db), [curve(60)])
    page = opened(new_page, page_url, run_id, live=0, options={"reduced_motion": "reduce"})
    own_clock(page)
    watch_lengths(page)
    page.get_by_role("button", name="replay the training").click()
    expect(page.get_by_role("button", name="pause the replay")).to_be_visible()
    tick(page, 200)  # four frames for each still
    state(page, "finished")
    assert lengths(page) == {*range(1, 60, 6), 60}  # ten still pictures, not a film
