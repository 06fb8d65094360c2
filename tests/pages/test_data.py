"""The Data page: what was read, and a setup that changes only when it can work."""

from __future__ import annotations

import pytest

from tests.pages.conftest import answer_setups
from tuning_core.store import datasets


@pytest.fixture
def page(app, db):
    app.switch_page("data.py").run()
    return app


def widget(group, label):
    return next(w for w in group if w.label == label)


def test_shows_columns_rows_and_the_split(page):
    assert not page.exception
    table = page.dataframe[0].value
    assert list(table["column"]) == ["age", "sex", "bmi", "children", "smoker", "region", "charges"]
    assert list(table["used as"])[-1] == "target"
    assert "1,338 rows" in " ".join(c.value for c in page.caption)
    assert len(page.dataframe[1].value) == 50


def test_another_table_brings_its_own_target(page, db):
    widget(page.selectbox, "Table").set_value("penguins").run()
    answer_setups(db)
    page.run()
    assert not page.exception
    assert widget(page.selectbox, "Target").value == "species"
    assert page.query_params["dataset"] == "penguins"


def test_an_impossible_split_says_why_and_changes_nothing(page):
    before = page.session_state["view"].setup
    widget(page.slider, "Training | validation | test, %").set_value((70, 70)).run()
    assert not page.exception
    assert "validation is 0" in page.error[0].value.replace("\\", "")
    assert page.session_state["view"].setup == before


def test_a_setup_that_the_engine_refuses_changes_nothing(page, db):
    before = page.session_state["view"].setup
    widget(page.selectbox, "Task").set_value("classification").run()  # 1,337 different charges are no classes
    answer_setups(db)
    page.run()
    assert not page.exception
    assert page.error, "the refusal is shown"
    assert page.session_state["view"].setup == before


def test_a_good_change_is_taken_over(page, db):
    widget(page.slider, "Training | validation | test, %").set_value((60, 80)).run()
    answer_setups(db)
    page.run()
    split = page.session_state["view"].setup["split"]
    assert (split["train"], split["validation"], split["test"]) == (0.6, 0.2, 0.2)
    setup = datasets.get_setup(db, page.query_params["setup"])
    assert setup.summary["rows"] == {"train": 802, "validation": 268, "test": 268}
