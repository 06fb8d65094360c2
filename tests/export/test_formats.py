"""Curves, report, search script, and studies for other dashboards."""

from __future__ import annotations

import io
import re
import sys
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc
from tuning_core.exam import examine
from tuning_core.experiment import TestSetLook

NASTY = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def dataset():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({NASTY: random.normal(size=120), "c": random.choice(["=a", "b"], 120)})
    frame["=y"] = frame[NASTY] + random.normal(0, 0.1, 120)
    return tc.Dataset(tc.read_table(frame.to_csv(index=False).encode(), filename=NASTY), "=y")


@pytest.fixture(scope="module")
def search(dataset):
    base = tc.Hyperparameters(epochs=6, hidden_units=(8,))
    return tc.search(dataset, tc.grid(base=base, learning_rate=[0.1, 0.001], activation=["relu", "tanh"]))


def test_curves_are_one_long_table_in_both_formats(search):
    csv = pd.read_csv(io.BytesIO(tc.export_curves(search.trials)), encoding="utf-8-sig")
    parquet = pd.read_parquet(io.BytesIO(tc.export_curves(search.trials, "parquet")))
    assert len(csv) == len(parquet) == 4 * 6 and {"learning_rate", "activation"} < set(csv.columns)
    one = csv[csv["trial"] == 2]
    np.testing.assert_allclose(one["val_loss"], search.trials[2].history.val_loss)
    np.testing.assert_allclose(parquet["train_loss"], csv["train_loss"])
    assert one["learning_rate"].unique() == [search.trials[2].hyperparameters.learning_rate]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


def test_a_report_stands_alone_and_runs_nothing(search):
    trial = search.best_trial
    exam = examine(trial, looks=(TestSetLook(0.0, "", "trial 1"), TestSetLook(1.0, NASTY, "trial 2")))
    page = tc.export_report(trial, siblings=search.trials, exam=exam)
    reader = _Reader()
    reader.feed(page)
    assert not {"script", "img", "link", "iframe", "object"} & {tag for tag, _ in reader.tags}
    assert not any(name.startswith("on") or name in ("href", "src") for _, found in reader.tags for name in found)
    for wanted in (
        "Test set used 2 times",
        "Chosen from 4 configurations",
        trial.dataset.table.sha256,
        NASTY,
        "tunescope",
        "linear",
    ):
        assert wanted in reader.text, wanted
    assert "polyline" in page and "not been examined" in tc.export_report(trial)


def test_hostile_names_are_words_of_the_report():
    """Whatever a table calls its file, columns, target and classes, none of it becomes markup or is worked out."""
    names = ["<img src=x onerror=alert(1)>", "{{ 7*191 }}{% raw %}", "'\"&amp;</style><script>", "</td><svg/onload=alert(1)>"]
    random = np.random.default_rng(0)
    frame = pd.DataFrame({names[1]: random.normal(size=150), names[2]: random.normal(size=150)})
    frame[names[3]] = np.where(frame[names[1]] > 0, names[0], "{{ 7*191 }}")
    dataset = tc.Dataset(tc.read_table(frame.to_csv(index=False).encode(), filename=names[0]), names[3])
    trial = tc.train(dataset, tc.Hyperparameters(epochs=3, hidden_units=(8,))).best_trial
    looks = (TestSetLook(0.0, names[2], names[0]),)
    reader = _Reader()
    reader.feed(tc.export_report(trial, exam=examine(trial, looks=looks)))
    allowed = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "p",
        "b",
        "span",
        "table",
        "tr",
        "th",
        "td",
        "ul",
        "li",
    }
    drawn = {"svg", "line", "text", "circle", "polyline", "polygon"}
    assert {tag for tag, _ in reader.tags} <= allowed | drawn
    assert next(found for tag, found in reader.tags if tag == "svg")["aria-label"] == "Learning curves"
    assert all(dataset_name in reader.text for dataset_name in dataset.classes) and "1337" not in reader.text
    assert all(name in reader.text for name in (names[0], names[2])), "file name and reason of the look"


def test_a_search_becomes_scikit_learn_code_that_lists_what_was_tried(search):
    code = tc.export_search(search)
    compile(code, "search", "exec")
    before = code[: code.index("search = GridSearchCV")]
    assert len(re.findall(r'"net__learning_rate": \[0', before)) == 4
    assert "folds = PredefinedSplit" in code and "folds = KFold(3)" in tc.export_search(search, cv=3)


def close(*studies):
    """What was read of a study opened its file again."""
    for study in studies:
        storage = study._storage
        getattr(storage, "_backend", storage).engine.dispose()


def test_a_study_opens_in_optuna_with_its_intermediate_values(search, tmp_path):
    import optuna

    tc.to_optuna(search.trials, tmp_path / "study.db", "mine")
    study = optuna.load_study(study_name="mine", storage=f"sqlite:///{tmp_path / 'study.db'}")
    assert len(study.trials) == 4 and set(study.trials[0].params) == {"learning_rate", "activation"}
    losses = np.array([trial.history.val_loss[trial.kept_epoch - 1] for trial in search.trials])
    assert study.best_value == pytest.approx(losses.min()) and study.best_trial.number == int(losses.argmin())
    assert study.best_value == pytest.approx(search.ranking[0].mean), "the study and the search name the same winner"
    np.testing.assert_allclose(list(study.trials[3].intermediate_values.values()), search.trials[3].history.val_loss)
    close(study)


def test_a_study_of_a_search_has_its_score_and_direction(search, tmp_path):
    import optuna

    by_r2 = tc.search(search.dataset, search.space, score="r2", seeds=(0, 1))
    study = tc.to_optuna(by_r2, tmp_path / "r2.db")
    assert study.direction == optuna.study.StudyDirection.MAXIMIZE and study.user_attrs == {"score": "R²"}
    assert [trial.value for trial in study.trials] == pytest.approx([setting.mean for setting in by_r2.settings])
    assert study.best_trial.number == by_r2.ranking[0].number
    assert set(study.trials[0].params) == {"learning_rate", "activation"}
    single = tc.to_optuna(by_r2.trials, tmp_path / "trials.db")
    assert single.direction == study.direction and len(single.trials) == 8
    assert [trial.value for trial in single.trials] == pytest.approx([s for c in by_r2.settings for s in c.scores])
    close(study, single)


def test_tensorboard_reads_the_curves_and_the_settings(search, tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    tc.to_tensorboard(search.trials, tmp_path)
    for trial in search.trials:
        events = EventAccumulator(str(tmp_path / f"trial_{trial.number:05d}")).Reload()
        values = [event.value for event in events.Scalars("loss/validation")]
        np.testing.assert_allclose(values, trial.history.val_loss, rtol=1e-6)
        assert "_hparams_/session_start_info" in events.summary_metadata


def test_a_package_that_is_not_there_is_named_with_the_line_that_installs_it(search, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(tc.SettingsError, match="pip install tensorboard"):
        tc.to_tensorboard(search.trials, tmp_path)
