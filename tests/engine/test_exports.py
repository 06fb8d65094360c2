"""What the engine hands out of its store, format by format: gathered and worked out as it does, without its processes."""

from __future__ import annotations

import ast
import io
import json
import zipfile

import pandas as pd
import pytest

import tuning_core as tc
from tests.support.datasets import SETUP
from tests.support.paths import INSURANCE
from tuning_core.engine.questions import exam, export
from tuning_core.export.formats import EXPORT_FORMATS
from tuning_core.store import Database, curves, datasets, questions, runs
from tuning_core.store.trials import add_trials


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store with a finished run of two settings and two seeds; one trial's weights were not kept."""
    db = Database(tmp_path_factory.mktemp("store"))
    data = INSURANCE.read_bytes()
    datasets.add_dataset(db, "me", "insurance.csv", data, dataset_id="d")
    table = tc.read_table(data, filename="insurance.csv")
    table.save(datasets.folder(db, "d") / "table")
    datasets.set_ready(db, "d", {})
    dataset = tc.Dataset.from_spec(table, SETUP)
    datasets.answer_setup(db, datasets.request_setup(db, "d", SETUP), summary=dataset.summary())
    settings = [tc.Hyperparameters(epochs=4, hidden_units=(8,), learning_rate=rate) for rate in (0.01, 0.001)]
    spec = {"settings": [hp.to_json() for hp in settings], "seeds": [0, 1]}
    run_id = runs.add_run(db, "me", "d", SETUP, "sweep", spec)
    trials = [trial for hp in settings for trial in tc.train(dataset, hp, seeds=(0, 1)).trials]
    trials = [tc.Trial(**{**vars(trial), "number": n, "fold": None}) for n, trial in enumerate(trials)]
    add_trials(db, run_id, [(t.number, t.hyperparameters.to_json(), t.seed, None, t.number // 2) for t in trials])
    curves.finish_trials(db, run_id, trials)
    runs.finish(db, run_id, "finished")
    db.write("DELETE FROM weights WHERE number = 1")
    yield db, run_id, trials
    db.close()


def answer(store, form, **spec):
    db, run_id, _ = store
    return export.work(export.gather(db, {"run": run_id, "trial": 1, "format": form, **spec}))


def settings_of(script: str) -> list[dict[str, list]]:
    """What the script of a search hands to `GridSearchCV`."""
    made = [part for part in ast.parse(script).body if isinstance(part, ast.Assign)]
    (value,) = (part.value for part in made if ast.unparse(part.targets[0]) == "settings")
    return ast.literal_eval(value)


def test_every_format_is_a_file_that_holds_what_was_recorded(store):
    trials = store[2]
    made = {form: answer(store, form) for form in EXPORT_FORMATS if form != "report"}
    assert {file.name for file in made.values()} == {
        "train.py", "training.ipynb", "model.zip", "page.html", "curves.csv", "curves.parquet", "run.json", "search.py",
        "study.db", "tensorboard.zip",
    }  # fmt: skip
    compile(made["script"].data, "train.py", "exec")
    assert json.loads(made["notebook"].data)["nbformat"] == 4
    assert "model.keras" in zipfile.ZipFile(io.BytesIO(made["bundle"].data)).namelist()
    assert len(pd.read_csv(io.BytesIO(made["curves_csv"].data))) == len(trials) * 4
    run_file = tc.read_run_file(made["run_file"].data)
    assert run_file.data_differs(trials[0].dataset.table.sha256) == "" and len(run_file.trials) == 4
    assert settings_of(made["search_script"].data.decode()) == [
        {"net__learning_rate": [rate], "net__seed": [0, 1]} for rate in (0.01, 0.001)
    ]
    assert made["optuna"].data[:6] == b"SQLite"


def test_an_exam_goes_with_the_report_and_the_looks_with_every_report(store):
    db, run_id, _ = store
    spec = {"run": run_id, "trial": 1, "reason": "", "look": "one"}
    assert "Test set not used." in answer(store, "report").data.decode()
    report = exam.work(exam.gather(db, spec))
    again = exam.work(exam.gather(db, spec))  # a question that a fault makes the engine ask again is the same look
    assert again["stamp"] == report["stamp"] == "test set used once" and report["tried"] == 2
    asked = questions.ask(db, "exam", spec)
    questions.answer_question(db, asked, report)
    page = answer(store, "report", exam=asked).data.decode()
    assert "Exam on 134 test rows" in page and "Chosen from 2 configurations" in page
    assert "Test set used once." in answer(store, "report").data.decode()


def test_what_is_not_known_is_refused_in_words(store):
    for spec, kind in (
        ({"format": "pickle"}, "unknown_choice"),
        ({"trial": 9}, "unknown_trial"),
        ({"run": "x"}, "unknown_trial"),
    ):
        with pytest.raises(tc.UserError) as refusal:
            export.gather(store[0], {"run": store[1], "trial": 1, "format": "script", **spec})
        assert refusal.value.kind == kind
