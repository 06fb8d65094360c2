"""The Data page: what was read, and a setup that changes only when it can work."""

from __future__ import annotations

import pytest

from tests.support.app_test import button
from tests.support.engine_answers import answer_setups, open_upload, read_uploads
from tuning_core.store import datasets, runs


@pytest.fixture
def page(app, db):
    app.switch_page("data/page.py").run()
    return app


def widget(group, label):
    return next(w for w in group if w.label == label)


def test_shows_columns_rows_and_the_split(page):
    assert not page.exception
    table = page.dataframe[0].value
    assert list(table["column"]) == ["age", "sex", "bmi", "children", "smoker", "region", "charges"]
    assert list(table["note"]) == [""] * 6 + ["the target"]
    assert list(table["used as"]) == ["number", "category", "number", "number", "yes/no", "category", "number"]
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


PRESSURES = "pressure,age,ill\n" + "".join(f"{0 if i % 9 == 0 else 60 + i % 40},{20 + i % 50},{i % 2}\n" for i in range(200))


def test_zeros_that_look_missing_are_asked_about_and_one_click_reads_them_so(page, db):
    first = open_upload(page, db, PRESSURES.encode())
    assert widget(page.selectbox, "Target").value == "ill"
    widget(page.selectbox, "Target").set_value("age").run()
    answer_setups(db)
    page.run()
    widget(page.button, "Read as missing").click().run()
    read_uploads(db)
    page.run()
    answer_setups(db)
    page.run()
    assert not page.exception
    view = page.session_state["view"]
    assert view.dataset_id != first and view.setup["target"] == "age", "the setup is kept"
    again = datasets.get_dataset(db, view.dataset_id)
    assert again.options["missing_in"] == {"pressure": ["0"]}
    assert again.profile["columns"][0]["missing"] == 23 and again.profile["columns"][0]["min"] == 60
    assert "0 is missing in pressure" in " ".join(c.value for c in page.caption)
    widget(page.button, "Find out everything").click().run()
    page.run()
    assert page.session_state["view"].dataset_id == first, "the reading that is there is opened, not made again"


def test_other_reading_options_read_the_same_upload_again(page, db):
    first = open_upload(page, db, b"a;b\n" + b"".join(b"1,%03d;%d\n" % (i, i % 7) for i in range(100, 160)))
    widget(page.selectbox, "Decimal sign").set_value(".")
    widget(page.button, "Read again").click().run()
    read_uploads(db)
    page.run()
    again = datasets.get_dataset(db, page.session_state["view"].dataset_id)
    assert again.id != first and again.options["decimal"] == "." and again.profile["columns"][0]["min"] == 1100
    assert datasets.get_dataset(db, first).profile["columns"][0]["min"] == 1.1


def test_options_that_cannot_be_say_so_and_change_nothing(page, db):
    first = open_upload(page, db, PRESSURES.encode())
    widget(page.selectbox, "Decimal sign").set_value(",")
    widget(page.selectbox, "Thousands sign").set_value(",")
    widget(page.button, "Read again").click().run()
    assert not page.exception and "must differ" in page.error[0].value
    assert page.session_state["view"].dataset_id == first and not datasets.next_queued_dataset(db)


def test_a_refused_file_says_why_and_can_be_read_in_another_way(page, db):
    before = page.session_state["view"]
    lines = "".join(f"{i}|{i % 5}|{i * 3 % 11}\n" for i in range(80))
    open_upload(page, db, ("a|b|c\n" + lines).encode(), header=True, delimiter="@")
    assert "one column" in page.error[0].value.replace("\\", "") and "mine" in page.error[0].value
    assert page.session_state["view"] == before
    widget(page.selectbox, "Separator").set_value("|")
    widget(page.button, "Read again").click().run()
    read_uploads(db)
    page.run()
    assert not page.error and page.session_state["view"].dataset_id != before.dataset_id


def test_a_leak_is_shown_above_all_and_can_be_left_out(page, db):
    rows = "".join(f"{i % 13},{i * 7 % 29},{i * 5 % 17},{i % 13 + i * 7 % 29}\n" for i in range(150))
    open_upload(page, db, ("casual,registered,wind,total\n" + rows).encode())
    assert any("Suspected leak" in m.value for m in page.markdown)
    widget(page.button, "Leave out").click().run()
    answer_setups(db)
    page.run()
    assert page.session_state["view"].setup["kinds"] == {"casual": "left_out", "registered": "left_out"}
    assert not any("Suspected leak" in m.value for m in page.markdown)


def test_classes_are_counted_and_what_is_unequal_is_said(page, db):
    rows = "".join(f"{i},{i % 7},{'rare' if i < 4 else 'common'}\n" for i in range(300))
    open_upload(page, db, ("x,z,label\n" + rows).encode())
    said = " ".join(m.value for m in page.markdown) + " ".join(c.value for c in page.caption)
    assert "common 296 (98\\.7 %)" in said or "common 296 (98.7 %)" in said
    assert "Unequal classes" in said and "Rare classes" in said


@pytest.fixture
def own_table(page, db):
    """A table of this visitor's own, on screen."""
    identity = datasets.add_dataset(db, page.session_state["workspace"], "mine.csv", b"a,b,y\n" + b"1,2,3\n4,5,7\n2,8,9\n" * 20)
    read_uploads(db)
    page.run()
    widget(page.selectbox, "Table").set_value(identity).run()
    answer_setups(db)
    page.run()
    assert page.query_params["dataset"] == identity and not page.exception
    return identity


def test_a_table_of_ones_own_has_another_name_and_a_note(page, db, own_table):
    widget(page.text_input, "Name").set_value("../Prices **2024**.csv").run()
    widget(page.text_area, "Note").set_value("From *the* bureau.").run()
    stored = datasets.get_dataset(db, own_table)
    assert (stored.name, stored.note) == ("Prices **2024**.csv", "From *the* bureau.")  # never a path
    assert "From \\*the\\* bureau" in " ".join(c.value for c in page.caption)
    assert any("Prices" in option for option in widget(page.selectbox, "Table").options)
    widget(page.text_input, "Name").set_value("  ").run()
    assert datasets.get_dataset(db, own_table).name == "Prices **2024**.csv"


def test_a_table_goes_with_its_runs_which_is_said_first(page, db, own_table):
    folder = datasets.folder(db, own_table)
    for kind in ("manual", "search", "sweep"):
        last = runs.add_run(db, page.session_state["workspace"], own_table, {}, kind, {})
    page.run()
    assert folder.exists() and "the table and its 2 runs" in " ".join(c.value for c in page.caption)
    button(page, "Delete table and 2 runs").click().run()
    assert not page.exception and page.query_params["dataset"] == "insurance"
    assert datasets.get_dataset(db, own_table) is None and runs.get_run(db, last) is None and not folder.exists()


def test_a_sample_is_nobodys_to_delete(page):
    assert "Delete" not in " ".join(b.label for b in page.button)


ROWS = "\n".join(f"{i},{i % 7},{(i * 37) % 101}" for i in range(60)).encode()


def test_columns_without_a_header_are_named_and_the_setup_follows(page, db):
    open_upload(page, db, ROWS)
    assert page.session_state["view"].setup["target"] == "column_3"
    field = next(f for f in page.text_input if f.label.startswith("Names of all 3 columns"))
    assert field.value == "column_1, column_2, column_3"
    field.set_value("age, children").run()
    button(page, "Name the columns").click().run()
    assert "2 names for 3 columns" in page.error[0].value.replace("\\", "")
    field = next(f for f in page.text_input if f.label.startswith("Names of all 3 columns"))
    field.set_value("age, children, charges").run()
    button(page, "Name the columns").click().run()
    read_uploads(db)
    page.run()
    answer_setups(db)
    page.run()
    assert not page.exception and not page.error
    assert list(page.dataframe[0].value["column"]) == ["age", "children", "charges"]
    assert page.session_state["view"].setup["target"] == "charges"


def test_the_split_names_what_keras_cuts_off(page, db):
    assert any("Rows up to 70 % train" in caption.value for caption in page.caption)
    widget(page.toggle, "Keras's validation_split").set_value(True).run()
    answer_setups(db)
    page.run()
    spec = next(chart for chart in page.get("plotly_chart") if "validation_split" in chart.proto.spec)
    assert "validation_split=0.222: the last rows" in spec.proto.spec
