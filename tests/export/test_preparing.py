"""The scripts' reading, split and preparation, run as they stand: the same rows and the same arrays as the dataset's own."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc
from tests.hostile.corpus import build
from tests.support.datasets import german_csv
from tests.support.paths import SAMPLES
from tuning_core.experiment import History, Trial
from tuning_core.export.script import header, needs_cleaned, sections
from tuning_core.training.fold import loss_name


def untrained(dataset, **hyperparameters):
    """A trial as far as exports need it before any weight is known."""
    hp = tc.Hyperparameters(**hyperparameters)
    context = {"loss_name": loss_name(dataset.task, len(dataset.classes), hp)}
    history = History.from_arrays(loss=[1.0], val_loss=[1.0], val_metric=[1.0], context=context)
    preparation = dataset.prepare(scale_target=hp.scale_target)
    return Trial(0, hp, 0, history, "finished", 1, dataset=dataset, preparation=preparation)


def run_until_model(trial, data, source, folder):
    """What the script has in its hands before it builds the model."""
    path = folder / "data.csv"
    path.write_bytes(data)
    if needs_cleaned(trial, source):
        path = folder / "cleaned.parquet"
        trial.dataset.table.frame.to_parquet(path)
    parts = sections(trial, source)
    imports = [line for line in header(trial, parts).splitlines() if line.startswith(("import", "from")) and "keras" not in line]
    code = [part.code for part in parts if part.title in ("Read", "Target", "Split", "Prepare")]
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["script", str(path)])
        exec("\n".join([*imports, *code]), found)
    return found


def assert_same(found, dataset, preparation):
    for part, rows in dataset.rows.parts():
        np.testing.assert_array_equal(np.sort(found[part]), np.sort(rows))
    every = np.arange(len(dataset.frame))
    np.testing.assert_allclose(np.clip(found["X"], -1e6, 1e6), preparation.transform(dataset.frame, every), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found["y"], dataset.target_values)


def odd_frame():
    """Gaps, flags, dates with gaps, rare levels, numbers as categories, a group column."""
    random = np.random.default_rng(0)
    n = 400
    frame = pd.DataFrame(
        {
            "size": np.where(random.uniform(size=n) < 0.1, np.nan, random.normal(50, 9, n).round(2)),
            "rooms": random.integers(1, 7, n),
            "when": pd.Series(pd.date_range("2021-03-01 07:00", periods=n, freq="31h")).where(random.uniform(size=n) > 0.05),
            "town": [f"town {k}" for k in (random.zipf(1.3, n) % 80)],
            "open": pd.array(random.choice([True, False, None], n, p=[0.5, 0.4, 0.1]), dtype="boolean"),
            "street": [f"street {k:02d}" for k in random.integers(0, 40, n)],
            "heat": np.where(random.uniform(size=n) < 0.2, None, random.choice(["gas", "oil", "zzz"], n)),
        }
    )
    frame["price"] = (frame["rooms"] * 100 + random.normal(0, 20, n)).round(1)
    return frame


@pytest.mark.parametrize(
    ("split", "kinds"),
    [
        (tc.Split(), {"rooms": "categorical"}),
        (tc.Split(method="ordered"), {}),
        (tc.Split(method="grouped", group="street"), {}),
        (tc.Split(method="stratified", seed=4), {}),
        (tc.Split(0.75, 0.25, 0.0, keras_validation_split=True), {}),
    ],
)
def test_odd_columns_and_every_split(split, kinds, tmp_path):
    data = odd_frame().to_csv(index=False).encode()
    dataset = tc.Dataset(tc.read_table(data, filename="homes.csv"), "price", split=split, kinds=kinds)
    trial = untrained(dataset)
    assert_same(run_until_model(trial, data, data, tmp_path), dataset, trial.preparation)


@pytest.mark.parametrize(
    "settings",
    [
        {"split": tc.Split(method="time", column="when")},  # which has gaps
        {"split": tc.Split(method="copies")},
        {"part": "heat_part"},
        {"sample_weight": "rooms_left"},
        {"split": tc.Split(method="time", column="size"), "sample_weight": "rooms_left", "target_transform": "log"},
    ],
)
def test_rows_by_time_copies_part_and_weights(settings, tmp_path):
    frame = odd_frame()
    frame["heat_part"] = np.resize(["Train", "train", "val", "test", None, "Train"], len(frame))
    frame["rooms_left"] = frame["rooms"] - 1
    data = pd.concat([frame, frame.iloc[:60]]).to_csv(index=False).encode()
    dataset = tc.Dataset(tc.read_table(data, filename="homes.csv"), "price", **settings)
    trial = untrained(dataset)
    found = run_until_model(trial, data, data, tmp_path)
    assert_same(found, dataset, trial.preparation)
    for part, rows in dataset.rows.parts():  # in this order, too: row orders of the training begin with it
        np.testing.assert_array_equal(found[part], rows)


@pytest.mark.parametrize(
    ("file", "target", "split"),
    [
        ("insurance.csv", "charges", tc.Split()),
        ("penguins.csv", "species", tc.Split(method="stratified")),
        ("moons.csv", "moon", tc.Split(seed=3)),
        ("breast_cancer.csv", "diagnosis", tc.Split()),
        (german_csv(), "Ziel", tc.Split()),
        (german_csv(), "Ja", tc.Split()),
    ],
)
def test_files_as_people_have_them(file, target, split, tmp_path):
    data = file if isinstance(file, bytes) else (SAMPLES / file).read_bytes()
    table = tc.read_table(data, filename="a.csv")
    target = target if target in table.frame else table.columns[-1].name
    dataset = tc.Dataset(table, target, split=split)
    trial = untrained(dataset)
    assert not needs_cleaned(trial, data)  # pandas can read them
    assert_same(run_until_model(trial, data, None, tmp_path), dataset, trial.preparation)


def test_hostile_files_are_read_by_pandas_alone_or_known_not_to_be(tmp_path):
    folder = build().write(tmp_path).parent
    cases = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["cases"][::4]
    plain = cleaned = 0
    for case in cases:
        data = (folder / case["file"]).read_bytes()
        try:
            dataset = tc.Dataset(tc.read_table(data, filename=case["file"]), case.get("target") or "price")
        except tc.UserError:
            continue
        trial = untrained(dataset)
        if needs_cleaned(trial, data):
            cleaned += 1
        else:
            plain += 1
            assert_same(run_until_model(trial, data, data, tmp_path), dataset, trial.preparation)
    assert plain > 25 and cleaned < 0.2 * plain, (plain, cleaned)


def test_names_and_cells_are_only_ever_string_literals(tmp_path):
    nasty = "x\"); import os; os.abort() #\n'\\"
    random = np.random.default_rng(0)
    frame = pd.DataFrame({nasty: random.normal(size=60), "c": random.choice([nasty + "1", '"""', "`b`"], 60)})
    frame["y"] = random.normal(size=60)
    data = frame.to_csv(index=False).encode()
    dataset = tc.Dataset(tc.read_table(data, filename=nasty), "y")
    trial = untrained(dataset)
    compile(tc.export_script(trial, source=data), "script", "exec")
    json.loads(tc.export_notebook(trial, source=data))
    assert_same(run_until_model(trial, data, data, tmp_path), dataset, trial.preparation)


def notations_csv():
    """Dates and amounts as people write them: two-digit years, months, quarters, the year first, magnitudes."""
    days = pd.date_range("1962-03-01", periods=60, freq="170D")
    lines = ["two digits,month,short month,quarter,year first,value,price"]
    for at, day in enumerate(days):
        month = pd.Timestamp("2009-11-01") + pd.DateOffset(months=at)
        start = pd.Timestamp("2014-01-01") + pd.DateOffset(days=at)
        value = f"€{at + 1}.5M" if at % 3 else f"€{at + 1}00K"
        quarter = f"{2000 + at // 4}Q{at % 4 + 1}"
        lines.append(f"{day:%d.%m.%y},{month:%b %Y},{month:%b-%y},{quarter},{start:%y-%m-%d},{value},{at * 1.7:.2f}")
    return ("\n".join(lines) + "\n").encode()


def test_dates_and_magnitudes_in_every_notation(tmp_path):
    data = notations_csv()
    dataset = tc.Dataset(tc.read_table(data, filename="a.csv"), "price")
    assert {kind for name, kind in dataset.feature_kinds.items() if name != "value"} == {"datetime"}
    assert dataset.frame["two digits"].dt.year.tolist()[0] == 1962 and dataset.frame["value"].max() == 60_500_000
    trial = untrained(dataset)
    assert not needs_cleaned(trial, data)
    assert_same(run_until_model(trial, data, None, tmp_path), dataset, trial.preparation)
