"""Trying a change from a run, and going back, on a page of their own: what is launched, shown, and put on the sliders."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.live_curve import VerdictActions, act_on
from tests.support.app_test import button, slider
from tests.support.engine_answers import answer_setups
from tests.support.paths import ROUTER
from tests.support.stored_runs import all_runs
from tuning_core.store import runs


def page() -> None:
    import streamlit as st

    from pages.state.tune_settings import settings
    from pages.state.view import current_view
    from pages.tune.experiment_actions import go_back, try_changes

    view = current_view()
    settings()
    wish = st.session_state.get("wish", {})
    st.button("try", on_click=try_changes, args=(st.session_state.get("of", view.run_id), wish))
    st.button("back", on_click=go_back)
    st.text(str(st.session_state.get("refusal")))


@pytest.fixture
def first(app, db):
    """A run of the sample, launched from the page at a learning rate of its own."""
    slider(app, "Learning rate").set_value(0.3).run()
    slider(app, "Seeds").set_value(3).run()
    button(app, "Train").click().run()
    return all_runs(db)[0]


@pytest.fixture
def trying(first):
    test = AppTest.from_function(page, default_timeout=300)
    test.query_params["run"] = first.id
    test.session_state["workspace"] = first.workspace
    return test.run()


def test_a_remedy_is_launched_on_the_same_split_and_seeds(trying, first, db):
    stop = {"patience": 30, "min_delta": 0.0, "start_from_epoch": 0, "restore_best_weights": True, "monitor": "val_loss"}
    trying.session_state["wish"] = {"learning_rate": 0.06, "early_stopping": stop, "hidden_units": [32, 16]}
    trying.run()
    trying.button[0].click().run()
    assert not trying.exception
    before, after = all_runs(db)
    assert (after.dataset_id, after.setup, after.spec["seeds"]) == (before.dataset_id, before.setup, [0, 1, 2])
    differing = {n for n, v in after.spec["hyperparameters"].items() if v != before.spec["hyperparameters"][n]}
    assert differing == {"learning_rate", "early_stopping", "hidden_units"}
    view = trying.session_state["view"]
    assert (view.run_id, view.ghost_id) == (after.id, first.id)
    flat = trying.session_state["settings"]
    assert (flat["learning_rate"], flat["patience"], flat["hidden_units"]) == (0.06, 30, [32, 16])


def test_going_back_takes_it_back_and_forth(trying, first, db):
    trying.session_state["wish"] = {"learning_rate": 0.06}
    trying.run()
    trying.button[0].click().run()
    trying.button[1].click().run()
    view, second = trying.session_state["view"], all_runs(db)[1]
    assert (view.run_id, view.ghost_id) == (first.id, second.id)
    assert trying.session_state["settings"]["learning_rate"] == 0.3
    trying.button[1].click().run()
    assert trying.session_state["view"].run_id == second.id
    assert trying.session_state["settings"]["learning_rate"] == 0.06
    runs.delete_run(db, first.id)
    trying.button[1].click().run()
    assert trying.session_state["view"].run_id == second.id  # there is nothing to go back to, and nothing breaks


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({"learning_rate": -1}, "learning_rate is -1"),
        ({"colour": "red"}, "colour"),
        ({"hidden_units": 3}, "hidden_units is 3"),
        ({"early_stopping": {"patience": "x"}}, "patience is"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_words_and_nothing_changes(trying, first, db, wish, named):
    trying.session_state["wish"] = wish
    trying.run()
    trying.button[0].click().run()
    assert not trying.exception and len(all_runs(db)) == 1
    assert named in trying.text[0].value
    assert trying.session_state["view"].run_id == first.id


def test_a_run_that_is_gone_is_left_alone(trying, db):
    trying.session_state["of"] = "gone"
    trying.run()
    trying.button[0].click().run()
    assert not trying.exception and len(all_runs(db)) == 1


def test_only_what_the_verdict_may_ask_for_is_done():
    done = []
    verdict = VerdictActions(lambda *what: done.append(what), lambda: done.append("back"))
    for wish in ({"back": True}, {"run_id": "r", "changes": {"l2": 0.1}}, {"run_id": 3, "changes": {}}, {"changes": {}}, {}):
        act_on(wish, verdict)
    assert done == ["back", ("r", {"l2": 0.1})]


def test_the_ghost_is_part_of_the_link(trying, first, db):
    trying.session_state["wish"] = {"learning_rate": 0.06}
    trying.run()
    trying.button[0].click().run()
    other = AppTest.from_file(ROUTER, default_timeout=300)
    other.session_state["workspace"] = first.workspace
    for name in ("run", "before"):
        other.query_params[name] = trying.query_params[name]
    other.run()
    answer_setups(db)
    assert other.session_state["view"].ghost_id == first.id
