"""The Exam page: locked until one button, then everything; every look counted, with its reason, on every report."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.datasets import SETUP
from tests.support.engine_answers import answer_questions, answer_setups
from tests.support.paths import ROUTER
from tests.support.stored_runs import CLASSES, trained
from tuning_core.experiment import Split
from tuning_core.store import datasets, questions, runs, sharing, test_set_looks

ME = "exam_workspace"
PENGUINS = SETUP | {"target": "species"}


@pytest.fixture
def store(db):
    db.write("DELETE FROM looks")
    db.write("DELETE FROM questions")
    return db


def open_exam(db, run_id=None):
    app = AppTest.from_file(ROUTER, default_timeout=300)
    app.session_state["workspace"] = ME
    if run_id:
        app.query_params["run"] = run_id
    app.run()
    answer_setups(db)
    app.switch_page("exam/page.py").run()
    assert not app.exception
    return app


def press(app, label, db):
    next(b for b in app.button if b.label == label).click().run()
    answer_questions(db)
    app.run()
    assert not app.exception


def said(app):
    kinds = [*app.caption, *app.info, *app.markdown, *app.warning, *app.error]
    return " ".join(element.value for element in kinds)


def test_without_a_model_there_is_nothing_to_examine(store):
    app = open_exam(store)
    assert "Train a model on this split first" in said(app)


def test_nothing_of_the_test_rows_before_the_button(store):
    app = open_exam(store, trained(store, ME))
    assert "134 test rows are locked" in said(app) and "nobody chose it by" in said(app)
    assert not app.metric and not app.dataframe
    assert store.row("SELECT count(*) AS n FROM questions")["n"] == 0
    assert "seed 0" in said(app)  # the best of the run is taken


def test_one_press_shows_everything_and_counts_one_look(store):
    run_id = trained(store, ME)
    app = open_exam(store, run_id)
    next(b for b in app.button if b.label == "Open the vault").click().run()
    assert "Scoring the test rows" in said(app) and not app.metric
    answer_questions(store)
    app.run()
    assert not app.exception
    assert [m.label for m in app.metric] == ["Mean absolute error", "Root mean squared error", "R²"]
    assert "test set used once" in said(app)
    assert "cost of choosing" in said(app) and "Variance" in said(app)
    beside, log = (frame.value for frame in app.dataframe)
    assert list(beside[""]) == ["the chosen model", "a constant", "a linear model", "trees without tuning"]
    leads = list(beside["the chosen model is"])
    assert leads[0] == "" and all("better" in lead or "worse" in lead for lead in leads[1:])
    assert not any(word[:1] in "+-−" for lead in leads for word in lead.split()), "words say who is ahead, no sign does"
    words = said(app).replace("\\", "")
    assert "On 134 test rows: one model, trained on 936 training rows with seed 0, the weights of epoch 3." in words
    assert "Trees without any tuning reach a mean absolute error of 2,850 on the validation rows" in words
    assert "(mean of 3 seeds, " in words
    assert list(log["reason"]) == ["the first look"]
    assert sum("exam_" in chart.proto.id for chart in app.get("plotly_chart")) == 3
    again = open_exam(store, run_id)  # a refresh, or another day
    assert again.metric[0].value == app.metric[0].value
    assert len(test_set_looks.looks(store, ME, summary_of(store)["vault"])) == 1


def test_only_its_owner_opens_a_vault(store):
    run_id = trained(store, "somebody_else_1")
    sharing.share_run(store, run_id, "somebody_else_1", "view")
    app = open_exam(store, run_id)
    assert "134 test rows are locked" in said(app) and "Only whoever trained this run" in said(app)
    assert not [b for b in app.button if b.label in ("Open the vault", "Look again")]
    vault = summary_of(store)["vault"]
    test_set_looks.add_look(store, "theirs", runs.get_run(store, run_id), 0, vault, "")
    assert "Look again" not in {b.label for b in open_exam(store, run_id).button}
    assert len(test_set_looks.looks(store, "somebody_else_1", vault)) == 1 and not test_set_looks.looks(store, ME, vault)


def summary_of(db, setup=SETUP, dataset_id="insurance"):
    return datasets.get_setup(db, datasets.setup_id(dataset_id, setup)).summary


def test_a_second_look_wants_a_reason_and_is_stamped(store):
    app = open_exam(store, trained(store, ME))
    press(app, "Open the vault", store)
    next(b for b in app.button if b.label == "Look again").click().run()
    assert "Say why" in said(app)
    assert len(test_set_looks.looks(store, ME, summary_of(store)["vault"])) == 1
    next(s for s in app.selectbox if s.label == "Seed").select_index(1).run()
    next(t for t in app.text_input if t.label == "Reason").set_value("a **typo** <b>in</b> the data")
    press(app, "Look again", store)
    assert "test set used 2 times" in said(app) and "looked at before" in said(app)
    log = app.dataframe[-1].value
    assert list(log["reason"]) == ["the first look", "a **typo** <b>in</b> the data"]
    assert "seed 0" in log["model"][0] and "seed 1" in log["model"][1]
    report = next(s for s in app.selectbox if s.label == "Report")
    report.select_index(1).run()
    assert "test set used 2 times" in said(app)  # on the first report, too, from then on
    assert "looked at before" not in said(app)


def test_another_split_starts_a_new_vault_and_says_so(store):
    app = open_exam(store, trained(store, ME))
    press(app, "Open the vault", store)
    other = trained(store, ME, SETUP | {"split": Split(seed=5).to_json()})
    app = open_exam(store, other)
    assert "test rows are locked" in said(app)
    assert "a vault of its own" in said(app) and "used once" in said(app)
    press(app, "Open the vault", store)
    assert "test set used once; test rows of other splits of this file used once" in said(app)


def test_a_split_without_test_rows_cannot_be_examined(store):
    app = open_exam(store, trained(store, ME, SETUP | {"split": Split(train=0.8, validation=0.2, test=0.0).to_json()}))
    assert "keeps no test rows" in said(app)
    assert next(b for b in app.button if b.label == "Open the vault").disabled


def test_classes_show_confusion_ranking_and_calibration(store):
    run_id = trained(store, ME, PENGUINS, "penguins", outputs=3, context=CLASSES)
    app = open_exam(store, run_id)
    press(app, "Open the vault", store)
    assert [m.label for m in app.metric] == ["Accuracy", "Cross-entropy", "Macro F1", "ROC AUC"]
    assert sum("exam_" in chart.proto.id for chart in app.get("plotly_chart")) == 4
    per_class = app.dataframe[1].value
    assert list(per_class["class"]) == ["Adelie", "Chinstrap", "Gentoo"]


def test_a_refused_exam_says_why_and_can_be_tried_again(store):
    run_id = trained(store, ME)
    app = open_exam(store, run_id)
    next(b for b in app.button if b.label == "Open the vault").click().run()
    (question,) = questions.take_questions(store)
    questions.refuse_question(store, question.id, {"kind": "x", "message": "The worker <b>died</b>.", "remedy": "Try again."})
    app.run()
    assert not app.exception
    assert "The worker" in app.error[0].value and "<b>" not in app.error[0].value
    press(app, "Open the vault", store)
    assert app.metric


def test_the_data_page_says_that_these_rows_were_seen(store):
    app = open_exam(store, trained(store, ME))
    app.switch_page("data/page.py").run()
    assert "starts a new vault" not in said(app)
    app.switch_page("exam/page.py").run()
    press(app, "Open the vault", store)
    app.switch_page("data/page.py").run()
    assert not app.exception
    assert "Test set used once" in said(app) and "starts a new vault" in said(app)
