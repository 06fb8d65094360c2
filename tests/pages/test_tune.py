"""The Tune page: first visit, sliders, launching, refusing, the URL."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.tune import train_bar
from pages.tune.what_if import CHANGEABLE
from tests.support.app_test import button, slider
from tests.support.engine_answers import answer_setups
from tests.support.paths import ROOT, ROUTER
from tests.support.stored_runs import all_runs
from tuning_core.experiment import EarlyStopping, Hyperparameters
from tuning_core.store import machine_speed, runs, sharing


def test_first_visit_has_a_sample_and_sensible_settings(app):
    assert not app.exception
    assert slider(app, "Learning rate").value == 0.002
    assert slider(app, "Units").value == 64
    assert slider(app, "Batch size").value == 32
    assert not button(app, "Train").disabled
    assert app.session_state["view"].dataset_id == "insurance"
    assert "30 updates per epoch" in " ".join(c.value for c in app.caption)


def test_every_control_explains_itself(app):
    widgets = [*app.select_slider, *app.selectbox, *app.toggle, *app.number_input]
    assert len(widgets) >= 15
    assert [w.label for w in widgets if not w.help] == []


def test_one_click_queues_a_run_and_puts_it_into_the_url(app, db):
    button(app, "Train").click().run()
    assert not app.exception
    (run,) = all_runs(db)
    assert app.query_params["run"] == run.id
    assert run.spec["hyperparameters"]["learning_rate"] == 0.002
    assert len(run.spec["seeds"]) == 5
    assert not run.automatic


def test_auto_run_launches_on_every_change_and_keeps_a_ghost(app, db):
    next(t for t in app.toggle if t.label == "Auto-run").set_value(True).run()
    slider(app, "Learning rate").set_value(0.03).run()
    slider(app, "Learning rate").set_value(0.1).run()
    first, second = all_runs(db)
    assert (first.spec["hyperparameters"]["learning_rate"], second.spec["hyperparameters"]["learning_rate"]) == (0.03, 0.1)
    assert first.automatic and first.stop_requested and not second.stop_requested
    assert app.session_state["view"].ghost_id == first.id


def test_the_ghost_of_auto_run_is_the_last_whole_run(app, db):
    next(t for t in app.toggle if t.label == "Auto-run").set_value(True).run()
    slider(app, "Learning rate").set_value(0.03).run()
    runs.finish(db, all_runs(db)[0].id, "finished")
    for rate in (0.05, 0.07, 0.1):  # moved on before the runs between were over
        slider(app, "Learning rate").set_value(rate).run()
    assert len(all_runs(db)) == 4
    assert app.session_state["view"].ghost_id == all_runs(db)[0].id


def test_what_if_changes_one_thing_of_the_run_on_screen(app, db):
    slider(app, "Seeds").set_value(3).run()
    button(app, "Train").click().run()
    slider(app, "Units").set_value(8).run()  # the sliders have moved on since
    app.session_state["what_if"] = True  # opened
    app.run()
    thing = next(s for s in app.selectbox if s.label == "Change only the")
    assert "early stopping" in thing.options
    to = next(s for s in app.selectbox if s.label == "to")
    assert to.value == "as it is" and button(app, "Train the change").disabled
    assert all(option.startswith("0.002 → ") for option in to.options if option != "as it is")  # of the run, not of the sliders
    to.set_value("0.002 → 0.03").run()
    button(app, "Train the change").click().run()
    assert not app.exception
    before, after = all_runs(db)
    assert after.spec == before.spec | {"hyperparameters": before.spec["hyperparameters"] | {"learning_rate": 0.03}}
    assert (after.setup, app.session_state["view"].ghost_id) == (before.setup, before.id)
    assert slider(app, "Learning rate").value == 0.03 and slider(app, "Units").value == 64


@pytest.mark.parametrize("thing", [thing.label for thing in CHANGEABLE])
def test_everything_that_what_if_offers_can_be_trained(thing):
    (chosen,) = (t for t in CHANGEABLE if t.label == thing)
    for hp in (Hyperparameters(), Hyperparameters(early_stopping=EarlyStopping(patience=7), hidden_units=())):
        assert all(hp.replace(**chosen.wanted(hp, value)) for value in chosen.values)


def test_without_auto_run_a_slider_launches_nothing(app, db):
    slider(app, "Learning rate").set_value(0.03).run()
    assert all_runs(db) == []


def test_layers_and_units_follow_each_other(app, db):
    slider(app, "Hidden layers").set_value(3).run()
    slider(app, "Units of layer 2").set_value(8).run()
    button(app, "Train").click().run()
    assert all_runs(db)[0].spec["hyperparameters"]["hidden_units"] == [64, 8, 64]
    slider(app, "Hidden layers").set_value(0).run()
    assert not [s for s in app.select_slider if s.label.startswith("Units")]


def test_a_link_shows_the_run_and_its_settings(app, db):
    slider(app, "Learning rate").set_value(0.3).run()
    slider(app, "Seeds").set_value(2).run()
    button(app, "Train").click().run()
    other = AppTest.from_file(ROUTER, default_timeout=300)
    other.query_params["run"] = app.query_params["run"]
    sharing.share_run(db, app.query_params["run"], app.session_state["workspace"], "view")
    other.run()
    assert not other.exception
    assert slider(other, "Learning rate").value == 0.3
    assert slider(other, "Seeds").value == 2


def test_settings_of_a_run_go_back_on_the_sliders(app):
    slider(app, "Learning rate").set_value(0.3).run()
    button(app, "Train").click().run()
    slider(app, "Learning rate").set_value(0.001).run()
    button(app, "Load settings").click().run()
    assert slider(app, "Learning rate").value == 0.3


def test_a_link_to_nothing_says_so_and_shows_the_sample(db):
    app = AppTest.from_file(ROUTER, default_timeout=300)
    app.query_params["run"] = "does-not-exist"
    app.run()
    assert not app.exception
    assert "not on this server" in app.error[0].value
    assert app.query_params["dataset"] == "insurance"


def test_pin_name_and_delete(app, db):
    button(app, "Train").click().run()
    (run,) = all_runs(db)
    button(app, "Pin").click().run()
    next(t for t in app.text_input if t.label == "Name").set_value("**first**").run()
    stored = runs.get_run(db, run.id)
    assert stored.pinned and stored.name == "**first**"
    assert "\\*\\*first\\*\\*" in " ".join(m.value for m in app.markdown)  # shown verbatim
    button(app, "Delete this run").click().run()
    assert runs.list_runs(db, run.workspace) == []
    assert "run" not in app.query_params
    assert "\\*\\*first\\*\\* is deleted" in " ".join(m.value for m in app.markdown)
    button(app, "Undo").click().run()
    assert [r.id for r in runs.list_runs(db, run.workspace)] == [run.id]
    assert app.query_params["run"] == run.id and "is deleted" not in " ".join(m.value for m in app.markdown)


def test_the_page_says_that_nothing_trains_yet(app):
    assert any("engine" in c.value for c in app.caption)


def test_classification_offers_class_balance_not_loss(db):
    app = AppTest.from_file(ROUTER, default_timeout=300)
    app.query_params["dataset"] = "penguins"
    app.run()
    answer_setups(db)
    app.run()
    assert not app.exception
    labels = [t.label for t in app.toggle]
    assert "Balance the classes" in labels and "Scale the target" not in labels


def test_a_slider_that_was_not_drawn_since_other_settings_were_loaded_changes_nothing(db):
    """Its callback may be called all the same, when the page run that would have drawn it was ended early."""

    def script():
        import streamlit as st

        from pages.state.tune_settings import settings
        from pages.tune.sliders import _changed

        before = dict(settings())
        _changed("layers", None)
        st.text(f"{settings() == before}")

    app = AppTest.from_function(script, default_timeout=300).run()
    assert not app.exception and [text.value for text in app.text] == ["True"]


def test_the_browser_begins_with_the_value_if_the_page_run_that_put_it_on_was_never_sent(app):
    app.run()
    widgets = [*app.select_slider, *app.selectbox, *app.toggle, *app.number_input]
    assert not any(w.proto.set_value for w in widgets), "nothing is put on them now: all that a browser learns is the default"
    for widget in widgets:
        default = widget.proto.default
        if widget.type == "select_slider":
            assert widget.options[int(default[0])] == widget.format_func(widget.value), widget.label
        elif widget.type == "selectbox":
            assert default == widget.index, widget.label
        else:
            assert default == widget.value, widget.label


def test_loaded_settings_stay_though_the_page_run_that_tells_the_browser_is_ended_early(app, db, monkeypatch):
    button(app, "Train").click().run()
    slider(app, "Learning rate").set_value(0.1).run()
    page_ends = iter([True])
    bar = train_bar.train_bar
    monkeypatch.setattr(train_bar, "train_bar", lambda *a, **k: st.stop() if next(page_ends, False) else bar(*a, **k))
    button(app, "Put the sliders back").click().run()
    slider(app, "Learning rate").set_value(0.1).run()  # what the browser still has, and sends with its next message
    assert slider(app, "Learning rate").value == 0.002
    slider(app, "Learning rate").set_value(0.1).run()  # this time a person does it
    assert slider(app, "Learning rate").value == 0.1


def captions(app):
    return " ".join(caption.value for caption in app.caption)


def test_the_price_is_said_before_the_press_and_the_absurd_is_refused_with_a_button_that_helps(app, db):
    assert "schedule" not in captions(app), "seconds are not worth a word"
    machine_speed.save(db, {"factor": 1.0, "compiling": 1.0, "early": 1.0, "measured": 9})
    app.session_state["settings"] |= {"hidden_units": [1024] * 3, "epochs": 1000}
    app.run()
    assert ":material/schedule: about 14 min" in captions(app)
    app.session_state["settings"] |= {"epochs": 10_000}
    app.run()
    assert "about 2 h 20 min: too long" in captions(app)
    button(app, "Train").click().run()
    assert all_runs(db) == []
    assert "This run would take about 2 h 20 min here, but a run may take 60 minutes at most" in app.error[0].value
    button(app, "Take 4,200 epochs").click().run()
    assert app.session_state["settings"]["epochs"] == 4200 and not app.error
    button(app, "Train").click().run()
    (run,) = all_runs(db)
    assert run.spec["hyperparameters"]["epochs"] == 4200
    db.write("DELETE FROM pace")


def test_no_page_puts_a_run_into_the_store_by_itself():
    for path in (ROOT / "pages").rglob("*.py"):
        inserts = path.name != "queueing.py" and any(f"runs.{name}(" in path.read_text() for name in ("add_run", "extend_search"))
        assert not inserts, path
