"""Files of a model are made on request, once, and a run file comes back in, or says why not."""

from __future__ import annotations

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from pages.widgets import file_names
from pages.widgets.file_names import file_name
from tests.support.engine_answers import answer_questions, answer_setups
from tests.support.paths import ROUTER
from tests.support.stored_runs import LINEAR, recorded_run, trained
from tuning_core.engine.questions import export
from tuning_core.export.formats import EXPORT_FORMATS
from tuning_core.store import datasets, questions, runs
from tuning_core.store.trials import get_trials

ME = "taking_workspace"


@pytest.fixture
def store(db):
    for table in ("questions", "looks"):
        db.write(f"DELETE FROM {table}")
    return db


def open_app(db, page=None, **query):
    app = AppTest.from_file(ROUTER, default_timeout=300)
    app.session_state["workspace"] = ME
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    answer_setups(db)
    (app.switch_page(page) if page else app).run()
    assert not app.exception
    return app


def button(app, label):
    return next(b for b in app.button if b.label == label)


def said(app):
    return " ".join(e.value for e in [*app.caption, *app.error]).replace("\\", "")


def made(app, db, form):
    """Choose a format, ask for the file, let the engine make it; the download's label."""
    next(s for s in app.selectbox if s.label == "Format").set_value(form).run()
    button(app, "Make the file").click().run()
    assert answer_questions(db) == ["export"]
    app.run()
    assert not app.exception
    return [b.label for b in app.get("download_button")]


def test_the_page_offers_what_the_engine_makes_each_with_its_purpose():
    assert set(EXPORT_FORMATS) == set(export.MAKERS)
    assert all(len(form.purpose) > 30 for form in EXPORT_FORMATS.values())


def test_a_file_is_made_when_asked_for_and_not_before(store):
    app = open_app(store, run=trained(store, ME))
    assert questions.take_questions(store) == [] and not app.get("download_button")
    assert made(app, store, "curves_csv") == ["Download curves.csv"]
    app.run()
    assert questions.take_questions(store) == []  # no rerun asks again
    assert made(app, store, "run_file") == ["Download run.json"]


def test_a_refused_file_says_why(store):
    app = open_app(store, run=trained(store, ME))
    button(app, "Make the file").click().run()
    (question,) = questions.take_questions(store)
    questions.refuse_question(store, question.id, {"kind": "x", "message": "No <b>room</b>.", "remedy": "Make some."})
    app.run()
    assert not app.exception and "Make some" in said(app)


def run_file(db) -> bytes:
    run_id = trained(db, "somebody_elsewhere")
    runs.rename(db, run_id, "**from** afar")
    spec = {"run": run_id, "trial": 0, "format": "run_file"}
    return export.work(export.gather(db, spec)).data


def opened(db, data, name="run.json"):
    app = open_app(db, "data/page.py")
    field = next(f for f in app.file_uploader if f.label == "Run file")
    field.set_value((name, data, "application/json"))
    app.run()
    assert "being read" in said(app)
    assert answer_questions(db) == ["run_file"] and not list(db.home.glob("answers/*.given"))
    app.run()
    assert not app.exception
    return app


def test_a_run_file_brings_the_run_where_its_data_are(store):
    app = opened(store, run_file(store))
    assert "byte by byte the same" in said(app)
    (run,) = runs.list_runs(store, ME)
    assert (run.name, run.status, run.dataset_id) == ("**from** afar", "finished", "insurance")
    assert [t.epochs for t in get_trials(store, run.id)] == [4, 4, 4]
    assert app.query_params["run"] == run.id


def test_a_run_file_of_other_data_says_so_and_leaves_its_settings(store):
    facts = json.loads(run_file(store))
    text = json.dumps(facts).replace(datasets.get_dataset(store, "insurance").sha256, "0" * 64)
    app = opened(store, text.encode())
    assert "not the file that the run was trained on" in said(app) and "Upload 'insurance.csv'" in said(app)
    assert runs.list_runs(store, ME) == []
    app.switch_page("tune/page.py").run()
    assert next(s for s in app.select_slider if s.label == "Hidden layers").value == 0


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b'{"schema": "tunescope-run", "version": 99}', b"\x80\x04cposix\nsystem\n."])
def test_a_file_that_is_no_run_file_changes_nothing(store, data):
    app = opened(store, data)
    assert app.error and runs.list_runs(store, ME) == []
    assert "run" not in app.query_params


@pytest.mark.parametrize(
    ("table", "name", "words"),
    [
        ("insurance.csv", "", "insurance-{id}-"),
        ("Mein Täble (1).csv", "../A b", "mein-täble-1-a-b-"),
        ("...", "x" * 99, "x" * 40),
    ],
)
def test_a_file_is_named_after_table_run_and_day(db, table, name, words):
    run_id = recorded_run(db, ME, [LINEAR])
    runs.rename(db, run_id, name)
    datasets.rename_dataset(db, "insurance", table)
    found = file_name(runs.get_run(db, run_id), "report.html")
    datasets.rename_dataset(db, "insurance", "insurance.csv")
    assert found.startswith(words.format(id=file_names._part(run_id[:6])))
    assert re.fullmatch(r"[\w-]+-\d{4}-\d\d-\d\d-report\.html", found)
