"""From a trained model onwards: beside others, into the exam, to new rows, and as a link."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.engine_answers import answer_questions, answer_setups
from tests.support.paths import ROUTER
from tests.support.stored_runs import recorded_run, trained
from tuning_core.experiment import Hyperparameters

ME = "going_workspace"


@pytest.fixture
def tune(db):
    """Tune with a run on screen, and another one that was trained before."""
    for table in ("questions", "looks"):
        db.write(f"DELETE FROM {table}")
    before = recorded_run(db, ME, [Hyperparameters(learning_rate=0.5)], level=1)
    run_id = trained(db, ME)
    app = AppTest.from_file(ROUTER, default_timeout=300)
    app.session_state["workspace"] = ME
    app.query_params["run"] = run_id
    app.run()
    answer_setups(db)
    app.run()
    assert not app.exception
    return app, run_id, before


def press(app, label):
    next(b for b in app.button if b.label == label).click().run()
    assert not app.exception


def test_the_link_names_the_run_and_is_hard_to_guess(tune):
    app, run_id, _ = tune
    assert not [code for code in app.code if "run=" in code.value], "nothing is shared before it is asked for"
    press(app, "Share for viewing")
    link = next(code.value for code in app.code if "run=" in code.value)
    assert link.endswith(f"/tune?run={run_id}") and len(run_id) >= 12


def test_compare_puts_it_beside_what_is_there(tune):
    app, run_id, before = tune
    press(app, "Compare")
    assert set(app.query_params["compare"].split("~")) == {run_id, before}


def test_exam_and_predict_take_the_run_on_screen_though_another_is_better(tune, db):
    app, run_id, _ = tune
    press(app, "Exam")
    assert next(s for s in app.selectbox if s.label == "Run").value == run_id
    app.switch_page("tune/page.py").run()
    press(app, "Predict")
    answer_questions(db)
    app.switch_page("predict/page.py").run()  # AppTest itself does not follow the page's own switch any further
    assert next(s for s in app.selectbox if s.label == "Run").value == run_id
    assert app.metric[0].label == "Predicted charges"
