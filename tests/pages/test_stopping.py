"""What the browser asks for after rules of early stopping were tried out on a curve."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.support.engine_answers import answer_setups
from tuning_core.experiment import EarlyStopping, Hyperparameters
from tuning_core.store import runs

RULES = {"patience": 7, "min_delta": 0.5, "start_from_epoch": 3, "restore_best_weights": False, "monitor": "val_metric"}


def page() -> None:
    import streamlit as st

    from pages.state.tune_settings import settings
    from pages.state.waiting import forget_waits
    from pages.tune.early_stopping_actions import use_stopping

    forget_waits()
    use_stopping(st.session_state.asked)
    st.json(settings())


def asked(action: str, run_id: str = "", **changes) -> AppTest:
    app = AppTest.from_function(page, default_timeout=300)
    app.session_state["asked"] = {"action": action, "run_id": run_id, "rules": RULES | changes}
    return app.run()


def test_rules_go_on_the_sliders_and_nothing_is_trained(db):
    app = asked("take")
    assert not app.exception
    settings = app.session_state["settings"]
    assert {name: settings[name] for name in RULES} == RULES and settings["stops_early"]
    assert db.rows("SELECT id FROM runs") == []


def test_the_whole_curve_is_recorded_with_the_runs_own_settings(db):
    hp = Hyperparameters(learning_rate=0.07, early_stopping=EarlyStopping(patience=3))
    setup = {"target": "charges", "features": None, "split": {}, "task": None, "kinds": {}}
    spec = {"hyperparameters": hp.to_json(), "seeds": [0, 1]}
    run_id = runs.add_run(db, "w", "insurance", setup, "manual", spec)
    app = asked("record", run_id)
    answer_setups(db)
    assert not app.exception
    (new,) = [runs.get_run(db, row["id"]) for row in db.rows("SELECT id FROM runs WHERE id != ?", run_id)]
    assert new.spec == {"hyperparameters": hp.replace(early_stopping=None).to_json(), "seeds": [0, 1]}


def test_rules_that_no_browser_sends_are_refused(db):
    app = asked("take", patience=-4)
    assert not app.exception
    assert "patience" in app.session_state["refusal"][0]
    assert app.session_state["settings"]["patience"] == 20
