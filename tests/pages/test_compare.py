"""The Compare page: what is chosen, what is shown of it, and what is never ranked together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.support.datasets import SETUP
from tests.support.engine_answers import answer_setups
from tests.support.paths import ROUTER
from tests.support.stored_runs import recorded_run
from tuning_core.experiment import Hyperparameters, Split
from tuning_core.store import runs, sharing

ME = "compare_workspace"


def open_compare(db, **query):
    app = AppTest.from_file(ROUTER, default_timeout=300)
    app.session_state["workspace"] = ME  # as for a browser that refuses cookies
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    answer_setups(db)
    app.switch_page("compare/page.py").run()
    assert not app.exception
    return app


def tables(app):
    return [element.value for element in app.dataframe]


def said(app):
    return " ".join(element.value for element in [*app.caption, *app.info, *app.markdown])


def tick(app, run_id):
    return next(box for box in app.checkbox if box.key == f"compare_{run_id}")


@pytest.fixture
def two(db):
    slow, fast = (recorded_run(db, ME, [Hyperparameters(learning_rate=rate)], level=at) for rate, at in ((0.001, 12), (0.1, 10)))
    return slow, fast


def test_nothing_trained_yet_is_said(db):
    app = open_compare(db)
    assert "No runs of this table yet" in said(app) and "Tick runs in the sidebar" in said(app)


def test_the_presenter_view_shows_panels_then_all_curves_without_controls(db, two):
    app = open_compare(db, present="0")
    assert not app.segmented_control and not tables(app) and "present" in app.query_params
    app.session_state.view = replace(app.session_state.view, presented=1)
    app.run()
    assert not app.exception and not tables(app) and app.get("plotly_chart")
    app.button(key="leave_presenter").click().run()
    assert "present" not in app.query_params and len(tables(app)) == 2


def test_the_two_newest_runs_are_shown_at_first(db, two):
    app = open_compare(db)
    differing, reached = tables(app)
    assert list(differing.columns) == ["", "learning rate"]
    assert list(differing["learning rate"]) == ["0.1", "0.001"]
    assert "group" not in reached.columns
    assert "compare" not in app.query_params  # nobody has chosen yet


def test_ticks_go_into_the_url_and_a_link_restores_them(db, two):
    slow, fast = two
    app = open_compare(db)
    tick(app, fast).uncheck().run()
    assert app.query_params["compare"] == slow
    tick(app, fast).check().run()
    assert app.query_params["compare"] == f"{slow}~{fast}"
    link = open_compare(db, compare=f"{slow}~{fast}", reference=fast)
    assert next(box for box in link.selectbox if box.label == "Reference").value == "B"
    _, reached = tables(link)
    assert list(reached[""]) == ["B", "A"]  # the best first
    assert list(reached["verdict"]) == ["the reference", "worse"]
    fast_mse, slow_mse = (np.array([level, level + 0.1, level + 0.2]) for level in (10, 12))  # at the best epoch, which is kept
    assert reached["score"][0] == pytest.approx(np.sqrt(fast_mse).mean()), "the RMSE: the root of each seed's own loss"
    assert reached["than B"][1] == pytest.approx((np.sqrt(fast_mse) - np.sqrt(slow_mse)).mean())
    link.segmented_control(key="compare_value").set_value("loss").run()
    assert tables(link)[1]["than B"][1] == pytest.approx(10 - 12)


def test_a_link_of_somebody_else_shows_the_linked_run_beside_ones_own(db, two):
    theirs = recorded_run(db, "somebody_else", [Hyperparameters(epochs=4, learning_rate=0.3)])
    assert "0.3" not in list(tables(open_compare(db, run=theirs))[0]["learning rate"])
    sharing.share_run(db, theirs, "somebody_else", "view")
    app = open_compare(db, run=theirs)
    assert tick(app, theirs).value
    assert "0.3" in list(tables(app)[0]["learning rate"])


def test_choosing_none_shows_none(db, two):
    app = open_compare(db)
    next(b for b in app.button if b.label == "Choose none").click().run()
    assert app.query_params["compare"] == ""
    assert "Tick runs" in said(app) and not tables(app)


def test_a_search_offers_its_settings_best_first(db):
    run_id = recorded_run(db, ME, [Hyperparameters(batch_size=b) for b in (8, 16, 32, 64)], kind="search")
    app = open_compare(db)
    field = app.multiselect[0]
    assert len(field.options) == 4 and "batch size 8" in field.options[0]
    next(b for b in app.button if b.label == "Add the best 4").click().run()
    assert not app.exception
    assert app.query_params["compare"].split("~") == [f"{run_id}.{number}" for number in range(4)]
    differing, reached = tables(app)
    assert list(differing["batch size"]) == ["8", "16", "32", "64"]
    assert list(reached["verdict"]) == ["the reference", "worse", "worse", "worse"]


def test_what_was_measured_otherwise_is_not_ranked(db, two):
    other = recorded_run(db, ME, [Hyperparameters()], setup=SETUP | {"split": Split(seed=9).to_json()}, level=1)
    mae = recorded_run(db, ME, [Hyperparameters(loss="mae")], context={"loss_name": "mae"}, level=1)
    app = open_compare(db, compare="~".join([*two, other, mae]))
    assert app.segmented_control(key="compare_value").options == ["MAE", "Loss"], "an absolute error has no root"
    app.segmented_control(key="compare_value").set_value("loss").run()
    assert "Compared with A, B: C: other splits; D: other losses" in said(app)
    assert "another unit: D" in said(app)
    _, reached = tables(app)
    assert list(reached["group"]) == [1, 1, 2, 3]  # lower values elsewhere do not come first
    assert list(reached["verdict"])[2:] == ["not comparable", "not comparable"]
    app.segmented_control[0].set_value("metric").run()
    _, reached = tables(app)
    assert list(reached["group"]) == [1, 1, 1, 2]  # the mean absolute error compares across losses


def test_fifty_settings_are_drawn_and_no_more(db):
    run_id = recorded_run(db, ME, [Hyperparameters(batch_size=b) for b in range(1, 61)], kind="search", seeds=(0,))
    app = open_compare(db, compare="~".join(f"{run_id}.{number}" for number in range(60)))
    differing, reached = tables(app)
    assert len(differing) == len(reached) == 50
    assert "the reference and the best 7" in said(app)
    assert "at most 50" in said(app)


def test_a_run_that_still_trains_joins_later(db, two):
    live = runs.add_run(db, ME, "insurance", SETUP, "manual", {"hyperparameters": Hyperparameters().to_json(), "seeds": [0]})
    app = open_compare(db, compare=f"{two[0]}~{live}")
    assert "still training" in said(app)
    assert len(tables(app)[-1]) == 1


def test_what_is_gone_or_malformed_is_said_not_raised(db, two):
    app = open_compare(db, compare=f"{two[0]}~nothing~{two[1]}.99~'; DROP TABLE runs~{two[0]}.x", reference="<b>")
    assert "4 of what the link names" in said(app)
    assert len(tables(app)[-1]) == 1


def test_names_are_shown_verbatim(db, two):
    runs.rename(db, two[0], "**bold** <i>x</i>")
    app = open_compare(db)
    label = tick(app, two[0]).label
    assert "\\*\\*bold\\*\\*" in label and "<i>" not in label


def test_every_control_explains_itself(db, two):
    app = open_compare(db)
    widgets = [*app.selectbox, *app.toggle, *app.checkbox, *app.segmented_control]
    assert [w.label for w in widgets if not w.help] == []


def test_any_of_them_can_go_on_to_a_file_or_the_exam(db, two):
    app = open_compare(db)
    letters = next(box for box in app.selectbox if box.label == "Export & share")
    letters.set_value("B").run()
    next(b for b in app.button if b.label == "Share for viewing").click().run()
    assert not app.exception
    assert any(two[0] in code.value for code in app.code)  # the link of the older of the two
    assert "Keras script" in next(box for box in app.selectbox if box.label == "Format").options


def test_what_luck_decides_stands_at_the_top(db, two):
    assert "cannot be told apart" not in said(open_compare(db))
    level = [recorded_run(db, ME, [Hyperparameters(learning_rate=rate)], level=10) for rate in (0.2, 0.3)]
    app = open_compare(db, compare="~".join([two[0], *level]))
    assert next(element.value for element in app.info).startswith("**B and C cannot be told apart.** Other seeds")


def test_up_to_six_stand_side_by_side_and_the_switch_comes_back(db, two):
    app = open_compare(db)
    app.toggle(key="compare_beside").set_value(True).run()
    next(b for b in app.button if (b.key or "").startswith("share_beside")).click().run()
    assert not app.exception and f"beside={two[1]}~{two[0]}" in " ".join(element.value for element in app.code)
    assert len(tables(app)) == 2, "what differs and what was reached stay below"
