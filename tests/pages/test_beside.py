"""Curves side by side on Tune: values typed once, pinned runs, a link; titled by what differs."""

from __future__ import annotations

import pytest

from pages.widgets.beside import find_beside, titles
from tests.support.app_test import button, slider
from tests.support.stored_runs import LINEAR, all_runs, recorded_run
from tuning_core.errors import UserError
from tuning_core.experiment import EarlyStopping, Hyperparameters
from tuning_core.experiment.typed_values import typed_settings
from tuning_core.store import runs


def open_menu(app):
    app.session_state["beside_menu"] = True
    return app.run()


def test_one_press_trains_what_was_typed_and_the_address_names_the_panels(app, db):
    slider(app, "Seeds").set_value(2).run()
    open_menu(app)
    button(app, "Train side by side").click().run()
    assert not app.exception
    trained = all_runs(db)
    assert [run.spec["hyperparameters"]["learning_rate"] for run in trained] == [1.0, 0.01, 1e-7]
    assert {str(run.spec["seeds"]) for run in trained} == {"[0, 1]"} and {run.kind for run in trained} == {"manual"}
    rest = [{k: v for k, v in run.spec["hyperparameters"].items() if k != "learning_rate"} for run in trained]
    assert rest[0] == rest[1] == rest[2]
    marks = [run.id for run in trained]
    assert app.query_params["beside"] == "~".join(marks)
    assert titles(find_beside(marks)) == ["learning rate 1", "learning rate 0.01", "learning rate 1e-7"]
    assert app.session_state["beside_menu"] is False
    app.button(key="stop").click().run()
    assert all(run.stop_requested for run in all_runs(db)), "one Stop for all panels"
    app.button(key=f"beside_open_{trained[1].id}").click().run()
    assert app.session_state["view"].run_id == trained[1].id and "beside" not in app.query_params


def test_a_value_that_will_not_do_is_said_and_nothing_is_trained(app, db):
    open_menu(app)
    app.text_input(key="beside_values_learning_rate").set_value("1, fast").run()
    button(app, "Train side by side").click().run()
    assert "'fast' is not a number" in " ".join(e.value for e in app.error).replace("\\", "")
    assert all_runs(db) == [] and "beside" not in app.query_params


def test_pinned_runs_stand_side_by_side_and_a_run_that_is_gone_is_said(app, db):
    for rate in (0.1, 0.001):
        slider(app, "Learning rate").set_value(rate).run()
        button(app, "Train").click().run()
    first, second = all_runs(db)
    assert button(app, "Show the pinned runs").disabled
    for run in (first, second):
        runs.set_pinned(db, run.id, True)
    runs.rename(db, second.id, "slow one")
    app.run()
    button(app, "Show the 2 pinned runs").click().run()
    marks = (first.id, second.id)
    assert app.session_state["view"].beside == marks
    assert titles(find_beside(marks)) == ["learning rate 0.1", "slow one"]
    runs.trash_run(db, first.id)
    app.run()
    assert not app.exception and "1 of the curves" in " ".join(e.value for e in app.error)


def test_a_setting_of_a_sweep_has_its_own_trials_only(db):
    sweep = recorded_run(db, "w", [LINEAR.replace(learning_rate=r) for r in (0.1, 0.2)], seeds=(0, 1), kind="sweep")
    found = find_beside([f"{sweep}.1", f"{sweep}.7", "nowhere", f"{sweep}.0"])
    assert [(one.numbers, one.hyperparameters.learning_rate) for one in found] == [((2, 3), 0.2), ((0, 1), 0.1)]


def test_typed_values_are_settings():
    base = Hyperparameters(hidden_units=(64,), early_stopping=EarlyStopping(patience=5))
    assert [hp.batch_size for hp in typed_settings(base, "batch_size", "1, 2;10 16 2").values()] == [1, 2, 10, 16]
    assert [hp.hidden_units for hp in typed_settings(base, "layers", "0, 2").values()] == [(), (64, 64)]
    assert [hp.early_stopping.patience for hp in typed_settings(base, "patience", "2, 40").values()] == [2, 40]
    assert [hp.optimizer for hp in typed_settings(base, "optimizer", "sgd, adam").values()] == ["sgd", "adam"]


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("batch_size", "2.5", "batch_size"),
        ("batch_size", "0", "batch_size"),
        ("learning_rate", " , ", "No value"),
        ("learning_rate", "1 2 3 4 5 6 7", "at most 6"),
        ("optimizer", "sdg", "'sdg' is no optimizer"),
        ("epochs", "nan", "epochs"),
    ],
)
def test_typed_values_that_will_not_do(name, typed, says):
    with pytest.raises(UserError, match=says):
        typed_settings(Hyperparameters(), name, typed)
