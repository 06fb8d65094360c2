"""A real engine: queue, progress, stop, refusals, and what it records."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

import tuning_core as tc
from tests.support.datasets import SETUP
from tests.support.engine import assert_same_curves, reference
from tests.support.paths import INSURANCE
from tests.support.waiting import wait_for
from tuning_core.store import curves, datasets, questions, runs
from tuning_core.store.trials import get_trials

pytestmark = [pytest.mark.process]


def test_a_run_is_recorded_as_it_would_be_without_the_engine(engine):
    settings = {"learning_rate": 0.02, "epochs": 40, "hidden_units": [32]}
    run_id = engine.run(3, **settings)
    run = engine.wait_ended(run_id)
    assert (run.status, run.error, run.epochs_total) == ("finished", None, 120)
    assert_same_curves(engine.db, run_id, reference(3, **settings))
    trial = get_trials(engine.db, run_id)[0]
    assert trial.context["dummy_metric"] > trial.context["linear_metric"] > 0
    assert len(curves.weights(engine.db, run_id, 0)) == 4


def test_stop_keeps_what_is_there_and_continue_ends_as_without_it(engine):
    settings = {"learning_rate": 0.01, "epochs": 4000, "hidden_units": [32]}
    run_id = engine.run(2, **settings)
    engine.wait_recorded(run_id, 100)
    runs.request_stop(engine.db, run_id)
    assert engine.wait_ended(run_id).status == "stopped"
    kept = curves.histories(engine.db, run_id)
    assert 50 <= len(kept[0]) < 4000
    assert {trial.status for trial in get_trials(engine.db, run_id)} == {"stopped"}
    runs.request_continue(engine.db, run_id)
    assert engine.wait_ended(run_id).status == "finished"
    whole = curves.histories(engine.db, run_id)
    np.testing.assert_array_equal(whole[0].val_loss[: len(kept[0])], kept[0].val_loss)
    assert_same_curves(engine.db, run_id, reference(2, **settings))


def test_diverged_and_early_stopped_runs_look_like_what_they_are(engine):
    exploding = engine.run(2, learning_rate=50.0, optimizer="sgd", epochs=30, hidden_units=[32])
    stopping = engine.run(2, learning_rate=0.1, epochs=500, hidden_units=[32], early_stopping={"patience": 3})
    assert engine.wait_ended(exploding).status == "diverged"
    for trial in get_trials(engine.db, exploding):
        assert trial.status == "diverged"
        assert trial.diverged_epoch == trial.epochs
    assert engine.wait_ended(stopping).status == "finished"
    for trial in get_trials(engine.db, stopping):
        assert trial.status == "stopped_early"
        assert trial.stopped_epoch == trial.epochs < 500


def test_bad_settings_fail_with_a_sentence(engine):
    run_id = runs.add_run(engine.db, "me", "insurance", SETUP, "manual", {"hyperparameters": {"batch_size": 0}, "seeds": [0]})
    run = engine.wait_ended(run_id)
    assert run.status == "failed"
    assert "batch_size is 0" in run.error["message"] and run.error["remedy"]
    setup = SETUP | {"target": "nothing"}
    run_id = runs.add_run(engine.db, "me", "insurance", setup, "manual", {"hyperparameters": {}, "seeds": [0]})
    run = engine.wait_ended(run_id)
    assert run.status == "failed" and "nothing" in run.error["message"]


def test_setups_are_checked_before_anything_is_trained(engine):
    good = datasets.request_setup(engine.db, "insurance", SETUP)
    bad = datasets.request_setup(engine.db, "insurance", SETUP | {"split": SETUP["split"] | {"validation": 0.9}})
    answer = wait_for(lambda: (s := datasets.get_setup(engine.db, good)).status != "queued" and s)
    assert answer.summary["rows"] == {"train": 936, "validation": 268, "test": 134}
    answer = wait_for(lambda: (s := datasets.get_setup(engine.db, bad)).status != "queued" and s)
    assert answer.status == "refused" and "sum to 1" in answer.error["message"]


def test_uploads_are_read_or_refused(engine):
    good = datasets.add_dataset(engine.db, "me", "../../x.csv", b"a,b\n" + b"\n".join(b"%d,%d" % (i, i * i) for i in range(50)))
    bad = datasets.add_dataset(engine.db, "me", "x.csv", b"")
    dataset = wait_for(lambda: (d := datasets.get_dataset(engine.db, good)).status == "ready" and d)
    assert dataset.profile["rows"] == 50
    dataset = wait_for(lambda: (d := datasets.get_dataset(engine.db, bad)).status == "refused" and d)
    assert dataset.error["kind"] == "empty_file"


def test_an_automatic_run_replaces_the_one_before(engine):
    spec = {"hyperparameters": {"epochs": 10_000, "hidden_units": [32]}, "seeds": [0]}
    first = runs.add_run(engine.db, "me", "insurance", SETUP, "manual", spec, automatic=True)
    engine.wait_recorded(first, 20)
    spec = {"hyperparameters": {"epochs": 5, "hidden_units": [32]}, "seeds": [0]}
    second = runs.add_run(engine.db, "me", "insurance", SETUP, "manual", spec, automatic=True, supersedes=first)
    assert engine.wait_ended(first).status == "stopped"
    assert engine.wait_ended(second).status == "finished"


def test_a_deleted_run_frees_its_worker(engine):
    for _ in range(2):
        run_id = engine.run(1, epochs=10_000, hidden_units=[32])
        engine.wait_recorded(run_id, 20)
        runs.delete_run(engine.db, run_id)
    assert engine.wait_ended(engine.run(1, epochs=5, hidden_units=[32])).status == "finished"


def test_workspaces_take_turns(engine):
    """Five long runs of one person do not keep another one waiting."""
    long = [engine.run(1, workspace="busy", epochs=3000, hidden_units=[32]) for _ in range(5)]
    quick = engine.run(1, workspace="quick", epochs=5, hidden_units=[32])
    engine.wait_ended(quick)
    waiting = [run_id for run_id in long if runs.get_run(engine.db, run_id).status == "queued"]
    assert waiting, "the short run was served after all of the long ones"
    for run_id in long:
        runs.request_stop(engine.db, run_id)
    for run_id in long:
        engine.wait_ended(run_id)


def test_a_question_of_an_unknown_kind_is_refused_in_words(engine):
    identity = questions.ask(engine.db, "weather", {})
    wait_for(lambda: not questions.get_question(engine.db, identity).is_open)
    found = questions.get_question(engine.db, identity)
    assert found.status == "refused" and "'weather'" in found.error["message"]


def test_an_exam_counts_its_looks_and_trains_again_what_was_not_kept_and_a_model_comes_as_a_file(engine):
    db = engine.db
    identity = datasets.request_setup(db, "insurance", SETUP)
    wait_for(lambda: datasets.get_setup(db, identity).status == "ready")
    run_id = engine.run(1, epochs=20, hidden_units=[32], keep="best")  # stored settings that name none kept the last
    engine.wait_ended(run_id)

    def answered(kind, **spec):
        asked = questions.ask(db, kind, {"run": run_id, "trial": 0, **spec})
        question = wait_for(lambda: (q := questions.get_question(db, asked)) and not q.is_open and q)
        assert question.status == "answered", question.error
        return question

    def exam(look):
        return tc.ExamReport.from_json(answered("exam", reason="why not", look=look).answer)

    first = exam("one")
    own = tc.final_exam(reference(1, epochs=20, hidden_units=[32]).trials[0])
    np.testing.assert_allclose(first.predicted, own.predicted, rtol=1e-3)
    db.write("DELETE FROM weights WHERE run_id = ?", run_id)
    second = exam("two")
    np.testing.assert_allclose(second.predicted, first.predicted, rtol=1e-3)
    assert (len(first.looks), len(second.looks)) == (1, 2) and second.looks[1].reason == "why not"
    model = tc.Model.from_bytes(questions.file_of(db, answered("model")))
    dataset = tc.Dataset.from_spec(tc.read_table(INSURANCE), SETUP)
    np.testing.assert_allclose(model.predict(dataset.frame.iloc[dataset.rows.test]), first.predicted, rtol=1e-3)
    refitted = tc.Model.from_bytes(questions.file_of(db, answered("model", refit=True)))
    assert not np.allclose(refitted.weights[0], model.weights[0])
    script = answered("export", format="script")
    assert script.filename == "train.py" and b"keras.Sequential" in questions.file_of(db, script)
    assert second.tried >= 1 and second.stamp.startswith("test set used 2 times")


def test_the_gradient_noise_scale_is_measured_on_a_worker(engine):
    hp = tc.Hyperparameters(epochs=5, hidden_units=(32,)).to_json()
    asked = questions.ask(engine.db, "noise_scale", {"dataset_id": "insurance", "setup": SETUP, "hyperparameters": hp})
    question = wait_for(lambda: (q := questions.get_question(engine.db, asked)) and not q.is_open and q)
    assert question.status == "answered", question.error
    answer = question.answer
    assert answer["epochs"][0] == 0 and answer["epochs"][-1] == 5 and len(answer["scales"]) == len(answer["epochs"])
    assert min(answer["scales"]) <= answer["typical"] <= max(answer["scales"])


def test_the_trees_of_a_setup_come_beside_its_runs_and_are_scikit_learns(engine):
    """They may come before or after a curve; nothing waits for them."""
    run_id = engine.run(2, learning_rate=0.01, epochs=5, hidden_units=[32], loss="mae")
    engine.wait_ended(run_id)
    wait_for(lambda: all("tree_loss" in trial.context for trial in get_trials(engine.db, run_id)), 600)
    context = get_trials(engine.db, run_id)[0].context
    dataset = tc.Dataset(tc.read_table(INSURANCE), target="charges")
    X, rows, y = dataset.prepare().transform(dataset.frame), dataset.rows, dataset.target_values
    model = HistGradientBoostingRegressor(random_state=0).fit(X[rows.train], y[rows.train])
    mae = np.abs(model.predict(X[rows.validation]) - y[rows.validation]).mean()
    assert context["tree_loss"] == context["tree_metric"] == pytest.approx(mae, rel=1e-3)
    again = engine.run(1, learning_rate=0.02, epochs=5, hidden_units=[32])
    engine.wait_ended(again)
    assert get_trials(engine.db, again)[0].context["tree_metric"] == context["tree_metric"], "known from the first epoch on"
