"""Recorded examples: shown before anybody has trained, and never taken for somebody's own."""

from __future__ import annotations

import hashlib
import json
import re
from importlib import import_module

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import tuning_core as tc
from pages.state import recorded, remembered, workspace
from pages.state.recorded import RECORDED, add_recorded, recorded_bytes, recorded_file
from pages.state.samples import FOLDER, SAMPLES
from pages.state.tune_settings import START, START_SEEDS
from tests.support.app_test import button
from tests.support.engine_answers import read_uploads
from tests.support.paths import ROUTER
from tests.support.stored_runs import all_runs
from tuning_core.diagnosis import diagnose_seeds, gallery_settings
from tuning_core.exam.report import ExamReport
from tuning_core.store import datasets, runs, test_set_looks
from tuning_core.store.deletion import delete_older

ME = "me-and-no-other"


def flush():
    """What visits write beside their pages is written."""
    remembered._writer.submit(lambda: None).result()


@pytest.fixture
def db(db):
    flush()
    db.write("DELETE FROM workspaces")  # nobody was ever here
    add_recorded(db)
    return db


def visit(page="", **query):
    app = AppTest.from_file(ROUTER, default_timeout=300)
    for name, value in query.items():
        app.query_params[name] = value
    app.session_state["workspace"] = ME
    app.run()
    if page:
        app.switch_page(f"{page}/page.py").run()
    assert not app.exception
    return app


def said(app):
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.info))


def curve_of(app):
    """The run that the big curve is told to show."""
    (curve,) = (told for told in components(app) if "run_id" in told)
    return curve


def tour_of(app):
    """What the tour is told; None while there is none."""
    return next((told["turn"] for told in components(app) if "turn" in told), None)


def components(app):
    """What each component of the page is told; that of the keys is told nothing."""
    return [json.loads(element.proto.json) for element in app.main if element.type == "bidi_component" and element.proto.json]


def own(db):
    return [run for run in all_runs(db) if run.workspace != datasets.SAMPLES]


@pytest.mark.trains
def test_a_fresh_training_with_the_start_settings_gives_the_shipped_curve():
    """`python -m sample_data.record` makes the files again when this fails."""
    shipped = recorded_file("tune_insurance").trials
    dataset = tc.Dataset(tc.read_table(FOLDER / "insurance.csv"), target="charges")
    fresh = tc.train(dataset, START, seeds=range(START_SEEDS)).trials
    assert [(t.hyperparameters, t.seed) for t in shipped] == [(t.hyperparameters, t.seed) for t in fresh]
    for one, other in zip(shipped, fresh, strict=True):
        for name in ("train_loss", "val_loss", "val_metric"):  # early epochs: later ones multiply what processors round
            np.testing.assert_allclose(getattr(one.history, name)[:10], getattr(other.history, name)[:10], rtol=1e-3)
    verdicts = [diagnose_seeds([trial.history for trial in trials])[0].kind for trials in (shipped, fresh)]
    assert verdicts[0] == verdicts[1]


def test_all_files_are_of_the_samples_as_they_are_and_of_the_start_settings():
    record = import_module("sample_data.record")
    by_file = {sample.file: sample for sample in SAMPLES}
    for path in RECORDED.glob("*.json"):
        if path.stem != "exam":
            file = recorded_file(path.stem)
            bytes_now = (FOLDER / file.dataset_name).read_bytes()
            assert file.sha256 == hashlib.sha256(bytes_now).hexdigest()
            assert file.setup["target"] == by_file[file.dataset_name].target
    for sample in SAMPLES:
        assert {trial.hyperparameters for trial in recorded_file(f"tune_{sample.id}").trials} == {START}
    changed = [START.replace(**changes) for _, changes in record.CONTRASTS]
    assert [recorded_file(f"compare_{n}").trials[0].hyperparameters for n in (1, 2)] == changed
    searched = recorded_file("search")
    assert searched.space["base"] == START.to_json() and len(searched.trials) == record.N_SEARCHED
    assert {trial.hyperparameters for trial in recorded_file("gallery").trials} <= set(gallery_settings())


def test_the_exam_of_the_example_has_looked_at_no_locked_row():
    known = tc.Dataset(tc.read_table(FOLDER / "insurance.csv"), target="charges")
    report = ExamReport.from_json(json.loads(recorded_bytes("exam.json")))
    locked = known.table.frame["charges"].iloc[known.rows.test].tolist()
    training = known.table.frame["charges"].iloc[known.rows.train].tolist()
    assert report.n_rows == len(report.actual) > 80
    assert all(np.isclose(value, training, rtol=1e-4).any() for value in report.actual)  # as precise as the file
    assert sum(np.isclose(value, locked, rtol=1e-4).any() for value in report.actual) <= 5  # near by chance
    assert report.looks == () and report.other_looks == 0


def test_a_first_visit_sees_a_finished_curve_with_its_verdict_and_training_puts_the_own_in_its_place(db):
    app = visit()
    shown = curve_of(app)
    assert shown["run_id"].startswith(recorded.PREFIX) and shown["verdict"] and not shown["live"]
    assert "A recorded example" in said(app) and "run" not in app.query_params
    assert own(db) == []
    button(app, "Train").click().run()
    (run,) = own(db)
    assert curve_of(app)["run_id"] == app.query_params["run"] == run.id and curve_of(app)["ghost"] is None
    assert "A recorded example" not in said(app)
    again = visit()  # the bare address, another day: the last run, and no example any more
    assert curve_of(again)["run_id"] == again.query_params["run"] == run.id and "A recorded example" not in said(again)
    button(app, "Delete this run").click().run()
    assert curve_of(app)["run_id"] == shown["run_id"] and "is deleted" in said(app)


def test_the_tour_comes_once_by_itself_and_again_from_the_help(db):
    first = visit()
    turn = tour_of(first)
    assert turn
    first.run()
    assert tour_of(first) == turn  # open until the browser says that it is over
    flush()
    again = visit()
    assert tour_of(again) is None and "A recorded example" in said(again)
    button(again, "Show me around").click().run()
    assert tour_of(again) not in (None, turn)


def try_a_slower_rate() -> None:
    import streamlit as st

    from pages.tune.experiment_actions import try_changes

    try_changes(st.session_state.of, {"learning_rate": 0.003})


def test_try_it_on_the_example_trains_an_own_run_beside_it(db):
    example = curve_of(visit())["run_id"]
    trying = AppTest.from_function(try_a_slower_rate, default_timeout=300)
    trying.session_state["workspace"], trying.session_state["of"] = ME, example
    trying.run()
    (run,) = own(db)
    assert run.workspace == ME and run.spec["hyperparameters"]["learning_rate"] == 0.003
    beside = visit(run=run.id, before=example)
    assert curve_of(beside)["ghost"] == example
    runs.finish(db, run.id, "stopped")
    beside.switch_page("compare/page.py").run()
    assert [box.key for box in beside.checkbox] == []  # nothing of the own run is recorded, and the example is not offered
    assert "A recorded example" in said(beside)


def test_another_table_shows_the_example_dimmed_without_a_verdict(db):
    mine = datasets.add_dataset(db, ME, "mine.csv", b"a,b\n" + b"1,2\n3,5\n" * 40)
    read_uploads(db)
    app = visit(dataset=mine)
    assert curve_of(app)["run_id"].startswith(recorded.PREFIX) and not curve_of(app)["verdict"]
    assert "not of your table" in said(app)


@pytest.mark.parametrize("page", ["search", "compare", "exam", "predict", "gallery"])
def test_no_page_is_empty_and_each_has_one_button_that_begins(db, page):
    app = visit(page)
    assert "A recorded example" in said(app)
    assert app.get("plotly_chart") or page == "gallery"
    assert [b.key for b in app.button if b.key == "begin"] == ["begin"] and not button_by_key(app, "begin").disabled
    assert own(db) == []
    setup = datasets.setup_id("insurance", app.session_state["view"].setup)
    vault = datasets.get_setup(db, setup).summary["vault"]
    assert test_set_looks.looks(db, ME, vault) == () and test_set_looks.tried(db, ME, "insurance", vault) == 1
    begun = button_by_key(app, "begin").click().run()
    assert not begun.exception
    assert {run.workspace for run in own(db)} == {ME} and len(own(db)) == (2 if page == "compare" else 1)


def button_by_key(app, key):
    return next(b for b in app.button if b.key == key)


def test_an_example_cannot_be_examined_even_by_a_link(db):
    example = next(run for run in runs.list_runs(db, datasets.SAMPLES) if "insurance" in run.id and not run.name)
    app = visit("exam", run=example.id)
    assert "Train a model on this split first" in said(app)
    assert db.row("SELECT count(*) AS n FROM looks WHERE run_id = ?", example.id)["n"] == 0


def test_the_data_page_says_what_it_is_for_until_something_is_there(db):
    app = visit("data")
    assert "Here you say what is learned from" in said(app)
    assert not [b for b in app.button if b.key == "begin"]  # To Tune is there already
    app.switch_page("tune/page.py").run()
    button(app, "Train").click().run()
    app.switch_page("data/page.py").run()
    assert "Here you say what is learned from" not in said(app)


def test_examples_are_imported_once_and_again_when_a_file_has_changed(db, monkeypatch, tmp_path):
    before = {run.id for run in runs.list_runs(db, datasets.SAMPLES)}
    assert len(before) == len(SAMPLES) + 2
    created = db.rows("SELECT id, created FROM runs ORDER BY id")
    add_recorded(db)
    assert [tuple(row) for row in db.rows("SELECT id, created FROM runs ORDER BY id")] == [tuple(row) for row in created]
    facts = json.loads((RECORDED / "tune_moons.json").read_text())
    facts["trials"] = facts["trials"][:1]
    (tmp_path / "tune_moons.json").write_text(json.dumps(facts))
    monkeypatch.setattr(recorded, "RECORDED", tmp_path)
    add_recorded(db)
    (left,) = runs.list_runs(db, datasets.SAMPLES)
    assert left.id not in before and left.dataset_id == "moons" and left.spec["seeds"] == [0]


def test_no_cookie_can_name_the_workspace_of_the_samples():
    assert not re.fullmatch(workspace._GOOD, datasets.SAMPLES)


def test_a_server_that_keeps_runs_for_some_days_keeps_the_examples(db):
    before = {run.id for run in runs.list_runs(db, datasets.SAMPLES)}
    db.write("UPDATE runs SET finished = finished - 10 * 86400")
    delete_older(db, 1.0)
    assert {run.id for run in runs.list_runs(db, datasets.SAMPLES)} == before
