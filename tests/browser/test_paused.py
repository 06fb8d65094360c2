"""A student whose class is paused, in a browser: what the curve itself offers to train is off, too, and comes back by itself."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from pages.state.workspace import COOKIE, sign_workspace
from tests.support.datasets import SETUP
from tests.support.stored_runs import OF_GALLERY
from tuning_core.experiment import History, Hyperparameters, Trial
from tuning_core.store import class_members, classrooms, curves, runs
from tuning_core.store.trials import add_trials

pytestmark = [pytest.mark.browser]

TEACHER, STUDENT = "teacher_of_a_pause", "student_of_a_pause"


def overfitted(db):
    """A run that was stopped, of the student's; the doctor proposes experiments."""
    hp, epochs = Hyperparameters(epochs=80), np.arange(80.0)
    run_id = runs.add_run(db, STUDENT, "insurance", SETUP, "manual", {"hyperparameters": hp.to_json(), "seeds": [0]})
    runs.claim(db, run_id)
    add_trials(db, run_id, [(0, hp.to_json(), 0, None)])
    training = 0.9 * np.exp(-epochs / 12) + 0.02
    validation = np.where(epochs < 20, 0.95 * np.exp(-epochs / 14) + 0.1, 0.33 + 0.012 * (epochs - 20))
    context = OF_GALLERY | {"loss_name": "mse", "metric_name": "mae", "n_params": 833}
    history = History.from_arrays(training, training, validation, training, validation, context)
    curves.finish_trials(db, run_id, [Trial(0, hp, 0, history, "finished", best_epoch=20)])
    runs.finish(db, run_id, "stopped")
    return run_id


def test_what_the_curve_offers_is_off_while_the_class_is_paused_and_on_again_when_it_goes_on(server, new_page):
    db = server.db
    found = classrooms.add_classroom(db, TEACHER, "Tuesday", "insurance", SETUP)
    class_members.join(db, found.code, STUDENT, "Ana")
    run_id = overfitted(db)
    page = new_page("about:blank")
    page.context.add_cookies([{"name": COOKIE, "value": sign_workspace(db, STUDENT), "url": server.url}])
    page.goto(f"{server.url}/tune?run={run_id}")
    attempt, go_on = page.locator(".lc-try").first, page.get_by_role("button", name="Continue")
    expect(attempt).to_be_enabled()
    expect(go_on).to_be_enabled()
    classrooms.freeze(db, found.id, TEACHER, True)  # the page hears of it
    expect(attempt).to_be_disabled()
    expect(go_on).to_be_disabled()
    expect(page.locator(".lc-reason")).to_have_text("Your teacher has paused the class. Wait until it goes on.")
    classrooms.freeze(db, found.id, TEACHER, False)
    expect(attempt).to_be_enabled()
    expect(go_on).to_be_enabled()
    classrooms.end_classroom(db, found.id, TEACHER)
