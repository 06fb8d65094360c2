"""What a visit finds again: after a refresh, at the address /, in another tab; and what the sliders say beside the curve."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.state import address, remembered
from tests.support.app_test import button, slider
from tests.support.engine_answers import answer_setups
from tests.support.paths import ROUTER
from tests.support.stored_runs import all_runs, recorded_run
from tuning_core.experiment import Hyperparameters
from tuning_core.store import runs

ME = "remembering_workspace"


def flush() -> None:
    """What visits write beside their pages is written."""
    remembered._writer.submit(lambda: None).result()


@pytest.fixture
def visit(db):
    """Opens the app once more, as the same visitor, at an address."""

    def opened(page: str = "", **parameters: str) -> AppTest:
        flush()
        app = AppTest.from_file(ROUTER, default_timeout=30)
        app.session_state["workspace"] = ME
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
        answer_setups(db)
        app.run()
        if page:
            app.switch_page(page).run()
        assert not app.exception
        return app

    flush()  # of the test before
    db.write("DELETE FROM workspaces")
    yield opened
    flush()


def toggle(app, label):
    return next(t for t in app.toggle if t.label == label)


def test_untrained_sliders_and_switches_are_there_after_a_refresh_and_at_the_bare_address(visit, db):
    first = visit()
    slider(first, "Learning rate").set_value(0.3).run()
    slider(first, "Hidden layers").set_value(2).run()
    toggle(first, "Early stopping").set_value(False).run()
    assert all_runs(db) == []
    again = visit()
    assert (slider(again, "Learning rate").value, slider(again, "Hidden layers").value) == (0.3, 2)
    assert not toggle(again, "Early stopping").value and not toggle(again, "Auto-run").value
    toggle(again, "Auto-run").set_value(True).run()
    again.switch_page("compare/page.py").run()
    again.switch_page("tune/page.py").run()
    assert toggle(again, "Auto-run").value, "another page does not switch it off"
    assert toggle(visit(), "Auto-run").value


def test_a_refresh_keeps_what_was_moved_since_the_run_and_another_runs_link_brings_its_own(visit, db):
    own, other = (recorded_run(db, ME, [Hyperparameters(learning_rate=rate)], level=1) for rate in (0.5, 0.7))
    first = visit(run=own)
    assert slider(first, "Learning rate").value == 0.5
    slider(first, "Learning rate").set_value(0.03).run()
    assert slider(visit(run=own), "Learning rate").value == 0.03
    assert slider(visit(run=other), "Learning rate").value == 0.7


def test_two_tabs_do_not_stop_each_others_runs(visit, db):
    tabs = [visit(), visit()]
    for tab, rates in zip(tabs, ((0.03, 0.05), (0.1, 0.2)), strict=True):
        toggle(tab, "Auto-run").set_value(True).run()
        for rate in rates:
            slider(tab, "Learning rate").set_value(rate).run()
    stopped = {run.spec["hyperparameters"]["learning_rate"]: run.stop_requested for run in all_runs(db)}
    assert stopped == {0.03: True, 0.05: False, 0.1: True, 0.2: False}


def test_sliders_that_differ_from_the_curve_are_marked_and_put_back_at_a_click(visit, db):
    app = visit(run=recorded_run(db, ME, [Hyperparameters(learning_rate=0.5, hidden_units=(8,))], level=1))
    assert button(app, "Train").proto.type == "secondary"
    assert next(b for b in app.button if b.key == "put_sliders_back").disabled
    slider(app, "Learning rate").set_value(0.03).run()
    slider(app, "Units").set_value(64).run()
    back = next(b for b in app.button if b.key == "put_sliders_back")
    assert button(app, "Train").proto.type == "primary" and "learning rate 0" in back.help and "hidden units 8" in back.help
    styles = " ".join(element.proto.body for element in app.get("html"))
    assert ".st-key-set_learning_rate" in styles and "curve: 0.5" in styles and ".st-key-set_epochs" not in styles
    back.click().run()
    assert slider(app, "Learning rate").value == 0.5 and slider(app, "Units").value == 8
    assert "curve: 0.5" not in " ".join(element.proto.body for element in app.get("html"))


def test_a_new_tab_examines_the_best_model_though_a_worse_one_is_pinned(visit, db):
    good, bad = (recorded_run(db, ME, [Hyperparameters()], level=level) for level in (1, 9))
    runs.set_pinned(db, bad, True)
    app = visit("exam/page.py", dataset="insurance")  # an address without a run, as of a tab that is opened at Exam
    assert next(s for s in app.selectbox if s.label == "Run").value == good


@pytest.mark.parametrize(
    ("url", "listens_on", "own", "found"),
    [
        ("http://localhost:8501/tune?run=x", "0.0.0.0", "10.1.2.3", ("http://10.1.2.3:8501", True)),
        ("http://127.0.0.1:8501/", None, "10.1.2.3", ("http://10.1.2.3:8501", True)),
        ("http://localhost:8501/lab/tune", "", "10.1.2.3", ("http://10.1.2.3:8501/lab", True)),
        ("http://127.0.0.1:8501/tune", "127.0.0.1", "10.1.2.3", ("http://127.0.0.1:8501", False)),
        ("http://[::1]:8501/", "0.0.0.0", None, ("http://[::1]:8501", False)),
        ("http://localhost:8501/", "192.168.7.7", "10.1.2.3", ("http://192.168.7.7:8501", True)),
        ("https://lab.example.org/tune", "127.0.0.1", "10.1.2.3", ("https://lab.example.org", True)),  # behind a proxy
    ],
)
def test_a_link_names_the_address_that_others_reach(url, listens_on, own, found):
    assert address._shared(url, listens_on, own) == found
