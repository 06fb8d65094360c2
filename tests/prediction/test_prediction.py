"""New rows in, predictions out: the same numbers as the training measured, and a sentence for everything out of the ordinary."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc
from tests.support.datasets import german_csv
from tests.support.paths import SAMPLES
from tuning_core.data.inference.cell_patterns import MISSING

FAST = tc.Hyperparameters(epochs=10, hidden_units=(16,), early_stopping=tc.EarlyStopping(patience=3))


@pytest.fixture(scope="module")
def insurance():
    return tc.Dataset(tc.read_table(SAMPLES / "insurance.csv"), target="charges")


@pytest.fixture(scope="module")
def trial(insurance):
    return tc.train(insurance, FAST).best_trial


@pytest.fixture(scope="module")
def german():
    return tc.Dataset(tc.read_table(german_csv(), filename="preise.csv"), target="Ziel")


@pytest.fixture(scope="module")
def german_model(german):
    return tc.Model.from_trial(tc.train(german, FAST).best_trial)


def kinds(predictions):
    return {notice.kind: notice for notice in predictions.notices}


def test_the_file_itself_predicts_what_the_training_measured(insurance, trial):
    found = tc.predict(trial, SAMPLES / "insurance.csv")
    rows = insurance.rows.validation
    measured = np.abs(found.values[rows] - insurance.target_values[rows]).mean()
    assert measured == pytest.approx(trial.history.val_metric[trial.kept_epoch - 1], rel=1e-4)
    assert list(found.frame.columns) == [*insurance.table.frame.columns, "predicted charges"]
    assert set(kinds(found)) <= {"target_present", "outside_training_range"}


def test_repairs_of_the_training_file_are_made_to_new_rows(german, german_model):
    found = tc.predict(german_model, german_csv(), filename="neu.csv")
    assert german.feature_kinds == {
        "Preis": "numeric",
        "Wann": "datetime",
        "Ja": "boolean",
        "Aktiv": "boolean",
        "Farbe": "categorical",
    }
    np.testing.assert_allclose(found.values, german_model.predict(german.frame), rtol=1e-6)
    assert kinds(found)["missing_values"].columns == ("Preis",)
    one = b"Farbe;Aktiv;Preis;Ja;Wann\nGR\xc3\x9cN ;TRUE;1.234,5;Ja;03.02.2021\n"  # one row, columns in another order
    typed = pd.DataFrame(
        {"Preis": [1234.5], "Wann": pd.to_datetime(["2021-02-03"]), "Ja": ["ja"], "Aktiv": [True], "Farbe": ["grün"]}
    ).astype({"Aktiv": "boolean"})
    again = tc.predict(german_model, one)
    np.testing.assert_allclose(again.values, german_model.predict(typed), rtol=1e-6)
    assert not again.notices
    np.testing.assert_allclose(tc.predict(german_model, typed).values, again.values, rtol=1e-6)


def test_everything_out_of_the_ordinary_is_said(trial):
    csv = b"age,sex,bmi,children,smoker,region,note\n19,female,,0,yes,mars,a\nold,male,400,1,no,northwest,b\n"
    found = tc.predict(trial, csv)
    said = kinds(found)
    assert set(said) == {"unreadable_cells", "missing_values", "unseen_categories", "outside_training_range", "extra_columns"}
    assert said["unreadable_cells"].columns == ("age",) and said["missing_values"].count == 2
    assert "'mars'" in said["unseen_categories"].message and said["outside_training_range"].columns == ("bmi",)
    assert np.isfinite(found.values).all() and len(found.frame) == 2


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (b"age,sex\n19,female\n", "missing_columns"),
        (pd.DataFrame({"age": []}), "missing_columns"),
        (b"age,sex,bmi,children,smoker,region\n", "no_data_rows"),
        (b"", "empty_file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", None),
        (b"age,sex,bmi,children,smoker,region\n$19,female,20,0,yes,northwest\n\xe2\x82\xac30,male,21,1,no,northwest\n" * 2, None),
    ],
)
def test_what_is_no_table_of_such_rows_is_refused_in_words(trial, rows, kind):
    with pytest.raises(tc.TableError) as refusal:
        tc.predict(trial, rows)
    assert refusal.value.remedy and (kind is None or refusal.value.kind == kind)


def test_a_model_of_one_feature_takes_a_file_of_one_column(insurance):
    dataset = tc.Dataset(insurance.table, target="charges", features=["age"])
    trial = tc.train(dataset, FAST).best_trial
    alone = tc.predict(trial, b'"Age"\n19\n\n"40"\nold\n')
    np.testing.assert_array_equal(alone.values[:2], tc.predict(trial, b"bmi,age\n30,19\n30,40\n").values)
    assert set(kinds(alone)) == {"unreadable_cells", "missing_values"}
    with pytest.raises(tc.TableError):
        tc.predict(trial, b"weight\n19\n40\n")


def test_formulas_in_new_rows_do_not_reach_a_spreadsheet(trial):
    csv = b"age,sex,bmi,children,smoker,region,=cmd\n19,female,30,0,yes,northwest,=1+1\n"
    back = pd.read_csv(io.BytesIO(tc.predict(trial, csv).to_csv()), encoding="utf-8-sig")
    assert back.iloc[0, 6] == "'=1+1" and back.columns[6] == "'=cmd"


@pytest.mark.parametrize(("file", "target"), [("penguins.csv", "species"), ("moons.csv", "moon")])
def test_classes_get_a_label_and_a_probability_each(file, target):
    dataset = tc.Dataset(tc.read_table(SAMPLES / file), target=target)
    found = tc.predict(tc.train(dataset, FAST).best_trial, dataset.table)
    shares = found.frame[[f"probability of {name}" for name in dataset.classes]].to_numpy()
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-6)
    assert (found.frame[f"predicted {target}"] == np.array(dataset.classes)[shares.argmax(axis=1)]).all()


def test_a_model_survives_its_file_and_needs_neither_keras_nor_scikit_learn(german, german_model, tmp_path):
    again = tc.Model.from_bytes(german_model.to_bytes())
    np.testing.assert_array_equal(again.predict(german.frame), german_model.predict(german.frame))
    assert again.fields == german_model.fields and again.fields[0].decimal == ","
    (tmp_path / "model.zip").write_bytes(german_model.to_bytes())
    (tmp_path / "rows.csv").write_bytes(german_csv())
    code = f"""
import sys, pathlib
from tuning_core.prediction import Model, partial_dependence, predict
folder = pathlib.Path({str(tmp_path)!r})
model = Model.from_bytes((folder / "model.zip").read_bytes())
print(repr(float(predict(model, folder / "rows.csv").values.sum())))
partial_dependence(model, "Preis")
heavy = {{"tensorflow", "keras", "sklearn", "scipy"}} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=SAMPLES.parent)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == pytest.approx(float(german_model.predict(german.frame).sum()), rel=1e-6)


def test_partial_effects_are_what_changing_the_column_by_hand_gives(german_model):
    for column in german_model.columns:
        found = tc.partial_dependence(german_model, column, points=7, rows=40)
        assert found.curves.shape == (40, len(found.values), 1) and found.mean.shape == (len(found.values), 1)
        rows = german_model.background.iloc[:40].copy()
        last = pd.Timestamp(found.values[-1]) if found.kind == "date" else found.values[-1]
        rows[column] = pd.Series([last] * 40, index=rows.index).astype(rows[column].dtype)
        np.testing.assert_allclose(found.curves[:, -1, 0], german_model.predict(rows), rtol=1e-5)
    with pytest.raises(tc.DatasetError, match="does not use"):
        tc.partial_dependence(german_model, "Ziel")


def test_refit_trains_on_training_and_validation_rows_for_the_epochs_that_were_kept(insurance, trial):
    again = tc.refit(trial)
    assert again.refitted and len(again.history) == trial.kept_epoch and again.best_epoch is None
    assert again.history.context["n_train"] == len(insurance.rows.train) + len(insurance.rows.validation)
    assert np.isnan(again.history.val_loss).all()
    rows = np.concatenate([insurance.rows.train, insurance.rows.validation])
    assert again.preparation.to_json() == insurance.prepare(rows).to_json()
    measured = np.abs(tc.predict(again, insurance.frame).values[rows] - insurance.target_values[rows]).mean()
    assert measured == pytest.approx(again.history.metric[-1], rel=1e-4)
    report = tc.final_exam(again)
    assert [step.name for step in report.ledger] == ["baseline", "train", "test"]


def test_missing_markers_stay_levels_where_training_had_them_as_levels():
    assert "n/a" in MISSING
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.choice(["?", "b"], 60), "x": random.normal(size=60)})
    dataset = tc.Dataset(tc.Table.from_frame(frame), "x")
    found = tc.predict(tc.train(dataset, FAST).best_trial, frame)
    assert "missing_values" not in kinds(found)
