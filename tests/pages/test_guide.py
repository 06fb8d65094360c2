"""A teacher's link: what it sets, locks and leaves out, for the visit that it opens and for no other."""

from __future__ import annotations

import base64
import json
import secrets
from urllib.parse import parse_qsl, urlsplit

import pytest
import segno
from streamlit.testing.v1 import AppTest

from pages.state.guide import CONTROLS, PAGES, Guide, read_guide, write_guide
from pages.state.tune_settings import START
from pages.widgets.qr_code import qr_code
from tests.support.app_test import button, slider
from tests.support.paths import ROUTER
from tests.support.stored_runs import all_runs
from tuning_core.errors import SettingsError

MADE = Guide(
    {"learning_rate": 1.0, "seeds": 3}, ("batch_size", "units"), ("l2", "dropout", "epochs"), ("lessons",), "**Look** at 1.0"
)


def visit(text=None, *, workspace=None, **query):
    """In a browser that was never here, or in that of a workspace."""
    app = AppTest.from_file(ROUTER, default_timeout=300)
    app.session_state["workspace"] = workspace or secrets.token_hex(8)
    for name, value in (query | ({"guide": text} if text else {})).items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def labels(app):
    return [s.label for s in (*app.select_slider, *app.selectbox, *app.toggle)]


def test_what_was_written_is_read_again():
    found = read_guide(write_guide(MADE))
    assert (found.settings["learning_rate"], found.settings["seeds"], found.settings["batch_size"]) == (1.0, 3, START.batch_size)
    assert (found.locked, found.hidden, found.pages, found.note) == (
        ("units", "batch_size"),
        ("epochs", "dropout", "l2"),
        ("lessons",),
        MADE.note,
    )
    assert read_guide(write_guide(Guide())) == Guide()
    assert len(write_guide(MADE)) < 250


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"set": {"learning_rate": -1}}, "set"),
        ({"set": {"learning_rate": "much"}}, "set"),
        ({"set": {"leaning_rate": 1}}, "leaning_rate"),
        ({"set": {"seeds": 0}}, "seeds is 0"),
        ({"set": {"seeds": 10**9}}, "from 1 to 16"),
        ({"set": {"epochs": 10**9}}, "epochs"),
        ({"lock": ["everything"]}, "lock"),
        ({"lock": "seeds"}, "lock"),
        ({"pages": [["tune"]]}, "pages"),
        ({"note": "x" * 301}, "note"),
        ({"run": 1}, "run"),
        ([1], "fields"),
    ],
)
def test_a_mistake_is_named_and_the_page_is_shown_without_it(db, facts, named):
    text = base64.urlsafe_b64encode(json.dumps(facts).encode()).decode().rstrip("=")
    with pytest.raises(SettingsError, match=named) as caught:
        read_guide(text)
    if named in ("set", "fields"):
        app = visit(text)
        assert any("guide in this link" in error.value for error in app.error)
        assert caught.value.remedy and "guide" not in app.query_params
        assert slider(app, "Learning rate").value == START.learning_rate


@pytest.mark.parametrize("text", ["a", "%%%", "x" * 5000, write_guide(MADE)[:-9]])
def test_a_link_that_was_cut_or_spoilt_is_refused_in_words(text):
    with pytest.raises(SettingsError, match="cannot be read"):
        read_guide(text)


def test_a_link_presets_locks_and_leaves_out_and_no_other_visit_notices(db):
    app = visit(write_guide(MADE))
    assert slider(app, "Learning rate").value == 1.0 and slider(app, "Seeds").value == 3
    assert slider(app, "Batch size").disabled and slider(app, "Units").disabled and not slider(app, "Learning rate").disabled
    assert not {"Epochs", "Dropout", "L2 penalty"} & set(labels(app))
    assert "\\*\\*Look\\*\\* at 1\\.0" in " ".join(m.value for m in app.markdown)  # what a stranger wrote shows as itself
    assert app.query_params["guide"] == write_guide(MADE)
    button(app, "Train").click().run()
    (run,) = all_runs(db)
    assert run.spec["hyperparameters"]["learning_rate"] == 1.0 and len(run.spec["seeds"]) == 3
    assert app.query_params["guide"]  # it goes on with the visit
    other = visit()
    assert slider(other, "Learning rate").value == START.learning_rate and not slider(other, "Batch size").disabled
    button(app, "Leave the guide").click().run()
    assert "guide" not in app.query_params and not slider(app, "Batch size").disabled and "Epochs" in labels(app)
    assert slider(app, "Learning rate").value == 1.0


def test_a_refresh_after_training_shows_the_run_not_the_preset(db):
    app = visit(write_guide(MADE))
    slider(app, "Learning rate").set_value(0.1).run()
    button(app, "Train").click().run()
    again = visit(workspace=app.session_state["workspace"], **dict(app.query_params.items()))
    assert slider(again, "Learning rate").value == 0.1 and slider(again, "Batch size").disabled


def test_the_builders_link_opens_what_was_chosen(db):
    app = visit()
    slider(app, "Learning rate").set_value(0.3).run()
    app.switch_page("teach/page.py").run()
    next(m for m in app.multiselect if m.label == "Locked").set_value(["seeds"]).run()
    next(m for m in app.multiselect if m.label.startswith("Pages")).set_value(["lessons", "data"]).run()
    next(a for a in app.text_area).set_value("Lower it.").run()
    assert not app.exception
    link = next(c.value for c in app.code)
    assert urlsplit(link).path.endswith("/tune")
    query = dict(parse_qsl(urlsplit(link).query))
    found = read_guide(query["guide"])
    assert (found.locked, found.pages, found.note) == (("seeds",), ("data", "lessons"), "Lower it.")
    opened = visit(**query)
    assert slider(opened, "Learning rate").value == 0.3 and slider(opened, "Seeds").disabled
    assert opened.session_state["view"].setup == app.session_state["view"].setup


def test_every_control_of_the_sliders_can_be_named(app):
    keys = {
        str(w.key).removeprefix("set_")
        for w in (*app.select_slider, *app.selectbox, *app.toggle)
        if str(w.key).startswith("set_")
    }
    keys = {"units" if key.startswith("units_") else key for key in keys}
    details = {"monitor", "restore_best_weights"}  # in the popover of patience
    assert keys - details <= set(CONTROLS)
    assert set(PAGES) == {"data", "search", "compare", "exam", "predict", "gallery", "lessons", "quiz"}


def test_a_code_holds_the_link():
    link = "http://127.0.0.1:8501/tune?dataset=insurance&guide=" + write_guide(MADE)
    svg = qr_code(link)
    assert svg.startswith("<svg") and "#fff" in svg
    assert segno.make_qr(link, error="l").symbol_size()[0] > 0
