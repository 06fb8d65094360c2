"""The Predict page: one row by sliders, a file of rows with notices, the effect of each column."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.datasets import SETUP
from tests.support.engine_answers import answer_questions, answer_setups
from tests.support.paths import ROUTER
from tests.support.stored_runs import CLASSES, trained
from tuning_core.store import questions

ME = "predict_workspace"


def open_predict(db, run_id=None):
    app = AppTest.from_file(ROUTER, default_timeout=300)
    app.session_state["workspace"] = ME
    if run_id:
        app.query_params["run"] = run_id
    app.run()
    answer_setups(db)
    app.switch_page("predict/page.py").run()
    answer_questions(db)
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def insurance(db):
    db.write("DELETE FROM questions")
    return open_predict(db, trained(db, ME))


def widget(group, label):
    return next(w for w in group if w.label.replace("\\", "") == label)


def upload(app, text, name="new.csv"):
    app.file_uploader[0].set_value((name, text.encode() if isinstance(text, str) else text, "text/csv"))
    app.run()
    assert not app.exception
    return app


def said(app):
    return " ".join(element.value for element in [*app.caption, *app.info, *app.error])


def test_without_a_model_it_says_what_to_do(db):
    assert "Train a model on this table first" in said(open_predict(db))


def test_every_column_has_a_control_within_the_training_range(insurance):
    age = widget(insurance.slider, "age")
    assert (age.min, age.max) == (18, 64) and age.help
    assert set(widget(insurance.selectbox, "region").options) == {"northeast", "northwest", "southeast", "southwest"}
    assert insurance.metric[0].label == "Predicted charges"
    assert insurance.metric[0].delta == "as for a typical row"


def test_a_slider_moves_the_prediction_and_says_by_how_much(insurance):
    before = insurance.metric[0].value
    widget(insurance.slider, "age").set_value(60).run()
    assert insurance.metric[0].value != before
    assert "than for a typical row" in insurance.metric[0].delta
    widget(insurance.button, "Back to a typical row").click().run()
    assert insurance.metric[0].value == before


def test_a_file_is_predicted_with_notices_and_neutral_cells(insurance):
    rows = "bmi,age,sex,smoker,region,children,note\n25,,male,yes,moon,1,=1+1\n80,30,FEMALE,no,southwest,0,+x\n"
    app = upload(insurance, rows)
    words = said(app).replace("\\", "")
    assert "without a value" in words and "'moon'" in words and "beyond" in words and "'note'" in words
    table = app.dataframe[-1].value
    assert table.columns[0] == "predicted charges" and len(table) == 2
    assert widget(app.get("download_button"), "Download predictions")
    assert b"'=1+1" in app.session_state["predicted"][1][1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("age,sex\n1,male\n", "lack 4 columns"),
        ("", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ""),
        ("age\n", "one column only"),
    ],
)
def test_a_file_that_cannot_be_predicted_says_why(insurance, text, words):
    app = upload(insurance, text)
    assert app.error and words in app.error[0].value.replace("\\", "")
    assert not app.dataframe
    assert app.metric[0].value  # the rest of the page stays


def test_classes_come_with_their_probabilities(db):
    db.write("DELETE FROM questions")
    app = open_predict(db, trained(db, ME, SETUP | {"target": "species"}, "penguins", outputs=3, context=CLASSES))
    assert app.metric[0].value in ("Adelie", "Chinstrap", "Gentoo") and app.metric[0].delta.endswith("% sure")
    upload(app, "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year\nDream,40,18,200,4000,male,2008\n")
    assert list(app.dataframe[-1].value.columns[1:4]) == [f"probability of {c}" for c in ("Adelie", "Chinstrap", "Gentoo")]
    assert widget(app.selectbox, "Probability of").options == ["Adelie", "Chinstrap", "Gentoo"]


def test_all_effects_are_drawn(insurance):
    charts = [chart.proto.id for chart in insurance.get("plotly_chart")]
    assert sum("effect_" in chart for chart in charts) == 6


def test_a_refit_is_asked_for_and_a_refusal_is_told(insurance, db):
    widget(insurance.toggle, "Refit on training + validation").set_value(True).run()
    assert "Training the setting again" in said(insurance)
    (question,) = questions.take_questions(db)
    assert question.kind == "model" and question.spec["refit"] is True
    questions.refuse_question(db, question.id, {"kind": "x", "message": "No <b>model</b>.", "remedy": "Train."})
    insurance.run()
    assert not insurance.exception and "Train" in insurance.error[0].value and "<b>" not in insurance.error[0].value


def test_inside_the_model_are_a_surface_over_two_columns_and_its_weights(insurance):
    assert {"Its weights", "The prediction over two columns"} <= {m.value.strip("*") for m in insurance.markdown}
    across, up = widget(insurance.selectbox, "Across"), widget(insurance.selectbox, "Up")
    assert (across.value, up.value) == ("age", "sex")
    across.set_value("sex").run()
    assert not insurance.exception
    assert widget(insurance.selectbox, "Up").value != "sex"  # a column beside itself tells nothing
    images = [element for element in insurance.get("html") if "the network of" in str(element.proto)]
    assert len(images) == 1
