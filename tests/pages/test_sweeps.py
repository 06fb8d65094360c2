"""Sweeps under the sliders of the Tune page: asked for, found again, stale, followed; the learning rate that goes along."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.app_test import button, slider
from tests.support.stored_runs import all_runs
from tuning_core.experiment import History, Hyperparameters, Trial
from tuning_core.store import curves, questions, runs

CONTEXT = {"task": "regression", "dummy_loss": 1.0, "linear_loss": 0.5, "n_train": 936, "n_validation": 268}


def press(app, key):
    return next(b for b in app.button if b.key == key).click().run()


def finish(db, run, lowest=0.02):
    """What the engine would do with a sweep: curves that fall the lower, the nearer the learning rate is to `lowest`."""
    runs.claim(db, run.id)
    settings = run.spec["settings"]
    db.write("DELETE FROM trials WHERE run_id = ?", run.id)
    for i, hp in enumerate(settings):
        db.write("INSERT INTO trials (run_id, number, hyperparameters, seed) VALUES (?, ?, '{\"epochs\": 40}', 0)", run.id, i)
        end = 0.2 + 0.1 * abs(np.log10(hp["learning_rate"] / lowest))
        values = end + (1 - end) * np.exp(-np.arange(40) / 5)
        history = History.from_matrix(np.stack([values] * 5), CONTEXT)
        curves.finish_trials(db, run.id, [Trial(i, Hyperparameters.from_json(hp), 0, history, "finished", best_epoch=40)])
    runs.finish(db, run.id, "finished")


@pytest.fixture
def swept(app, db):
    """The Tune page with a finished sweep of learning rates."""
    press(app, "sweep_learning_rate")
    finish(db, all_runs(db)[0])
    return app.run()


def test_a_sweep_is_queued_with_24_rates_and_can_be_stopped(app, db):
    press(app, "sweep_learning_rate")
    (run,) = all_runs(db)
    assert run.kind == "sweep" and len(run.spec["settings"]) == 24 and run.spec["seeds"] == [0]
    assert {hp["batch_size"] for hp in run.spec["settings"]} == {32}
    assert "run" not in app.query_params, "the curve on screen stays"
    press(app, "stop_sweep_learning_rate")
    assert runs.get_run(db, run.id).stop_requested


def test_the_best_rate_goes_on_the_slider_at_a_click(swept, db):
    assert not swept.exception
    assert button(swept, "Use 0.02")
    press(swept, "use_learning_rate")
    assert slider(swept, "Learning rate").value == 0.02
    assert [run.kind for run in all_runs(db)] == ["sweep"], "nothing is trained without auto-run"


def test_other_settings_make_it_stale_and_the_same_ones_bring_it_back(swept):
    slider(swept, "Learning rate").set_value(0.5).run()
    assert not button(swept, "Use 0.02").disabled
    slider(swept, "Units").set_value(8).run()
    assert button(swept, "Use 0.02").disabled
    assert "of other settings" in [c.value for c in swept.caption]
    slider(swept, "Units").set_value(64).run()
    assert not button(swept, "Use 0.02").disabled


def test_it_is_kept_up_to_date_when_asked(swept, db):
    press(swept, "follow_learning_rate")
    assert len(all_runs(db)) == 1
    slider(swept, "Units").set_value(8).run()
    slider(swept, "Units").set_value(16).run()
    _, second, third = all_runs(db)
    assert second.stop_requested and not third.stop_requested
    assert third.spec["settings"][0]["hidden_units"] == [16]


def test_a_failed_sweep_says_why(app, db):
    press(app, "sweep_learning_rate")
    error = {"kind": "x", "message": "No room.", "remedy": "Use fewer units."}
    runs.finish(db, all_runs(db)[0].id, "failed", error=error)
    app.run()
    assert any("No room" in c.value and "fewer units" in c.value for c in app.caption)


def test_batch_sizes_come_with_the_noise_scale(app, db):
    press(app, "sweep_batch_size")
    (run,) = all_runs(db)
    assert len(run.spec["settings"]) == 12
    finish(db, run)
    (question,) = questions.take_questions(db)
    assert question.kind == "noise_scale" and question.spec["hyperparameters"]["batch_size"] == 32
    app.run()
    assert any("Measuring" in c.value for c in app.caption)
    answer = {"epochs": [0, 1, 9], "scales": [10.0, 80.0, 300.0], "best_epoch": 5, "typical": 80.0}
    questions.answer_question(db, question.id, answer)
    app.run()
    assert not app.exception
    assert any("80.0 rows" in c.value for c in app.caption)


def test_when_the_batch_moves_the_rate_can_go_along(app):
    slider(app, "Batch size").set_value(64).run()
    slider(app, "Batch size").set_value(128).run()
    assert "0.002 → 0.004" in button(app, "Scale the rate").label
    press(app, "scale_rate")
    assert slider(app, "Learning rate").value == 0.004
    assert not [b for b in app.button if b.key == "scale_rate"]


def test_no_offer_once_the_rate_was_set_by_hand_or_the_batch_is_back(app):
    slider(app, "Batch size").set_value(64).run()
    slider(app, "Batch size").set_value(32).run()
    assert not [b for b in app.button if b.key == "scale_rate"]
    slider(app, "Batch size").set_value(64).run()
    slider(app, "Learning rate").set_value(0.05).run()
    assert not [b for b in app.button if b.key == "scale_rate"]
