"""Rows on the Data page: by time, copies and groups at a click, own parts, weights, the logarithm, a class named None."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc
from tests.support.engine_answers import answer_setups, open_upload, read_uploads
from tuning_core.store import datasets


@pytest.fixture
def page(app, db):
    app.switch_page("data/page.py").run()
    return app


def clinic() -> bytes:
    random = np.random.default_rng(6)
    n = 240
    frame = pd.DataFrame(
        {
            "day": (pd.Timestamp("2022-01-01") + pd.to_timedelta(random.integers(0, 600, n), unit="D")).strftime("%Y-%m-%d"),
            "patient": [f"patient {k:02d}" for k in random.integers(0, 40, n)],
            "dose": random.normal(size=n).round(2),
            "weight": random.integers(0, 3, n),
            "fold": random.choice(["train", "train", "val", "test"], n),
            "cost": np.exp(random.normal(size=n) + 3).round(2),
        }
    )
    return pd.concat([frame, frame.iloc[:60]]).sample(frac=1, random_state=0).to_csv(index=False).encode()


def by_label(group, label):
    return next(widget for widget in group if widget.label == label)


def changed(page, db, widget):
    widget.run()
    answer_setups(db)
    page.run()
    assert not page.exception
    view = page.session_state["view"]
    dataset = datasets.get_dataset(db, view.dataset_id)
    table = tc.Table.load(datasets.folder(db, dataset.id) / "table")
    return view.setup, tc.Dataset.from_spec(table, view.setup)


def test_one_click_splits_by_time_or_keeps_copies_and_groups_together(page, db):
    open_upload(page, db, clinic())
    setup, dataset = changed(page, db, by_label(page.button, "Split by time").click())
    assert (setup["split"]["method"], setup["split"]["column"]) == ("time", "day")
    days = [dataset.frame["day"].iloc[rows] for _, rows in dataset.rows.parts()]
    assert days[0].max() <= days[1].min() and days[1].max() <= days[2].min()
    assert "Split by time" not in [button.label for button in page.button]
    setup, dataset = changed(page, db, by_label(page.button, "Keep copies together").click())
    assert setup["split"]["method"] == "copies" and "column" not in setup["split"]
    assert "Keep copies together" not in [button.label for button in page.button]
    setup, dataset = changed(page, db, by_label(page.button, "Keep each together").click())
    assert (setup["split"]["method"], setup["split"]["group"]) == ("grouped", "patient")
    names = [set(dataset.frame["patient"].iloc[rows]) for _, rows in dataset.rows.parts()]
    assert not names[0] & names[1]


def test_part_weights_and_the_logarithm_are_chosen_on_the_left(page, db):
    open_upload(page, db, clinic())
    setup, dataset = changed(page, db, by_label(page.selectbox, "Draw rows").set_value("part"))
    assert setup["part"] == "fold" and set(dataset.frame["fold"].iloc[dataset.rows.validation]) == {"val"}
    setup, dataset = changed(page, db, by_label(page.selectbox, "Weight of a row").set_value("weight"))
    assert setup["sample_weight"] == "weight" and dataset.weights.min() > 0 and "weight" not in dataset.features
    setup, dataset = changed(page, db, by_label(page.toggle, "Learn its logarithm").set_value(True))
    assert (setup["target_transform"], setup["part"], setup["sample_weight"]) == ("log", "fold", "weight")
    notes = dict(zip(page.dataframe[0].value["column"], page.dataframe[0].value["note"], strict=True))
    assert notes["weight"] == "weighs the rows" and notes["fold"] == "names the part of each row"
    setup, _ = changed(page, db, by_label(page.selectbox, "Weight of a row").set_value(""))
    assert "sample_weight" not in setup


def test_a_bad_weight_is_refused_in_words_and_changes_nothing(page, db):
    data = clinic().replace(b",2,train", b",-2,train", 1)
    open_upload(page, db, data)
    before = page.session_state["view"].setup
    setup, _ = changed(page, db, by_label(page.selectbox, "Weight of a row").set_value("weight"))
    assert setup == before and "finite number, 0 or more" in page.error[0].value


def test_a_class_named_none_is_asked_about(page, db):
    ill = ["None", "flu", "cold"]
    data = ("dose,ill\n" + "".join(f"{i * 7 % 50},{ill[i % 3]}\n" for i in range(120))).encode()
    first = open_upload(page, db, data)
    assert set(datasets.get_setup(db, page.query_params["setup"]).summary["classes"]) == {"None", "cold", "flu"}
    assert any("a class of ill, or no value" in words.value for words in page.markdown)
    by_label(page.button, "No value").click().run()
    read_uploads(db)
    page.run()
    answer_setups(db)
    page.run()
    assert not page.exception and page.query_params["dataset"] != first
    assert set(datasets.get_setup(db, page.query_params["setup"]).summary["classes"]) == {"cold", "flu"}
    assert not any("or no value" in words.value for words in page.markdown)
