"""The Search page without an engine: building, pricing, refusing, launching; and what is shown of a search in the store."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.search.score_choice import AUTOMATIC
from tests.support.engine_answers import answer_setups
from tests.support.paths import ROUTER
from tests.support.stored_searches import score, write_search
from tuning_core.store import questions, runs, search_configurations, sharing


@pytest.fixture
def page(db):
    """The page on the sample, with its setup answered."""
    db.write("DELETE FROM questions")
    test = AppTest.from_file(ROUTER, default_timeout=300).run().switch_page("search/page.py").run()
    answer_setups(db)
    return test.run()


def button(app, label):
    return next(b for b in app.button if label in b.label)


def widget(group, label):
    return next(w for w in group if w.label == label)


def words(app):
    found = [e.value for e in (*app.caption, *app.markdown, *app.error)]
    return " ".join(found).replace("\\", "")


def launched(page, db):
    button(page, "Search").click().run()
    return runs.get_run(db, page.query_params["search"])


def test_a_first_visit_can_search_at_once(page, db):
    assert not page.exception
    run = launched(page, db)
    assert run.kind == "search" and run.status == "queued"
    assert run.spec["space"]["strategy"] == "quasi_random" and run.spec["cv"] is None and run.spec["seeds"] == [0]
    assert button(page, "Extend").disabled, "a search that is still going cannot be extended"


def test_every_control_explains_itself(page):
    groups = (page.text_input, page.number_input, page.selectbox, page.multiselect, page.toggle, page.slider, page.button)
    widgets = [w for group in groups for w in group]
    assert len(widgets) >= 15
    assert [w.label for w in widgets if not w.help and "queued" not in w.label] == []


def test_the_lesson_is_one_click(page, db):
    button(page, "lesson's grid").click().run()
    assert "4 settings × 5 = 20 trainings" in words(page)
    spec = launched(page, db).spec
    assert spec["space"]["axes"]["epochs"]["options"] == [10, 50] and spec["cv"]["folds"] == 5


def test_what_is_typed_into_a_form_that_is_just_replaced_is_not_for_the_new_one(page, db):
    """Both reach the server at once where a page run was ended for the next one."""
    typed = next(field for field in page.text_input if field.key.startswith("build_"))
    typed.input("0.5, 0.7")
    button(page, "lesson's grid").click().run()
    assert not page.exception and "4 settings × 5 = 20 trainings" in words(page)
    assert "learning_rate" not in launched(page, db).spec["space"]["axes"]


def test_what_ranks_is_a_choice_that_is_shown_from_the_start(page, db):
    rank = widget(page.selectbox, "Rank by")
    assert (rank.value, rank.options[0]) == ("", "mean squared error (automatic)")
    rank.set_value("mae").run()
    assert not page.exception and launched(page, db).spec["score"] == "mae"


PRICE = {"settings": 32, "trials": 32, "stacks": 3, "programs": 3, "seconds": 4.2, "early_stopping": False}


def test_the_price_is_asked_for_before_anything_is_trained(page, db):
    (asked,) = questions.take_questions(db)
    assert asked.kind == "estimate" and asked.spec["setup"]["target"] == "charges"
    questions.answer_question(
        db, asked.id, {"settings": 32, "trials": 32, "stacks": 3, "programs": 3, "seconds": 4.2, "early_stopping": False}
    )
    page.run()
    assert "32 settings in 3 stacks, about **4.2 s**" in words(page)


def test_a_long_search_offers_a_time_budget(page, db):
    (asked,) = questions.take_questions(db)
    questions.answer_question(
        db,
        asked.id,
        {
            "settings": 32,
            "trials": 32,
            "stacks": 3,
            "programs": 3,
            "seconds": 7200.0,
            "most_seconds": 14400.0,
            "early_stopping": True,
        },
    )
    page.run()
    assert "about **2 h 0 min**, up to **4 h 0 min** if no training stops early" in words(page)
    button(page, "fits into a minute").click().run()
    assert launched(page, db).spec["space"]["seconds"] == 60


def test_an_absurd_grid_is_refused_with_a_way_out(page, db):
    widget(page.selectbox, "Strategy").set_value("grid").run()
    many = ", ".join(str(i) for i in range(1, 100))
    for label in ("Batch size", "Learning rate"):
        widget(page.text_input, label).set_value(many).run()
    assert button(page, "Search").disabled and "more than the 10,000" in words(page)
    button(page, "200 at random").click().run()
    assert not page.exception
    spec = launched(page, db).spec["space"]
    assert (spec["strategy"], spec["n_iter"]) == ("random", 200)


def test_a_mistake_is_one_sentence_and_nothing_starts(page, db):
    label = "Learning rate, low end"
    for value, sentence in (("0", "only numbers above 0 have a logarithm"), ("2", "learning rate from 2 to 0.06 is empty")):
        widget(page.text_input, label).set_value(value).run()
        assert not page.exception
        assert words(page).count(sentence) == 1
        assert button(page, "Search").disabled
        assert widget(page.text_input, label).value == value, "what was typed is still there to be mended"
    widget(page.text_input, label).set_value("0.001").run()
    widget(page.number_input, "Settings to try").set_value(None).run()
    assert "There is no limit to this search." in words(page) and button(page, "Search").disabled


def test_axes_that_others_wake_explain_themselves(page):
    widget(page.multiselect, "Axes").set_value(["learning_rate", "optimizer", "momentum"]).run()
    assert "Momentum is tried only with sgd." in words(page)
    widget(page.multiselect, "Axes").set_value(["learning_rate", "momentum"]).run()
    assert "momentum would change nothing" in words(page) and button(page, "Search").disabled


def test_folds_and_seeds_multiply_the_trainings(page, db):
    widget(page.toggle, "Cross-validation").set_value(True).run()
    widget(page.number_input, "Repeats").set_value(2).run()
    widget(page.slider, "Seeds").set_value(3).run()
    assert "32 settings × 30 = 960 trainings" in words(page)
    spec = launched(page, db).spec
    assert (spec["cv"]["folds"], spec["cv"]["repeats"], spec["cv"]["shuffle"], spec["seeds"]) == (5, 2, True, [0, 1, 2])


def test_a_finished_search_is_ranked_and_its_best_goes_to_tune(page, db):
    hps = write_search(db, launched(page, db).id)
    page.run()
    assert not page.exception
    table = page.dataframe[0].value
    expected = sorted(score(hp) for hp in hps if score(hp) == score(hp))
    assert list(table["mean squared error"].dropna()) == pytest.approx(expected)
    best = min((hp for hp in hps if score(hp) == score(hp)), key=score)
    assert "the best, setting" in words(page)
    button(page, "Open in Tune").click().run()
    assert not page.exception
    assert widget(page.select_slider, "Learning rate").value == best.learning_rate


def test_the_score_that_ranks_is_a_choice(page, db):
    """By R2 the highest comes first; charts draw 1 - R2."""
    assert widget(page.selectbox, "Rank by").value == AUTOMATIC, "the loss, unless one says otherwise"
    widget(page.selectbox, "Rank by").set_value("r2").run()
    run = launched(page, db)
    assert run.spec["score"] == "r2"
    hps = write_search(db, run.id)
    page.run()
    assert not page.exception
    found = list(page.dataframe[0].value["R²"].dropna())
    assert found == pytest.approx(sorted((score(hp) for hp in hps if score(hp) == score(hp)), reverse=True))
    best = search_configurations.best_setting(db, run.id)
    assert best.mean == found[0] and f"the best, setting {best.number + 1}" in words(page)
    page.session_state["search_view"] = "Parallel"
    page.run()
    assert not page.exception


def test_a_link_to_a_search_shows_it_with_its_controls(page, db):
    widget(page.number_input, "Settings to try").set_value(12).run()
    write_search(db, launched(page, db).id)
    other = AppTest.from_file(ROUTER, default_timeout=300)
    other._page_hash = calc_hash("search")  # a cold deep link: `switch_page` knows the page's address only after a first run
    other.query_params["search"] = page.query_params["search"]
    sharing.share_run(db, page.query_params["search"], page.session_state["workspace"], "view")
    other.run()
    assert not other.exception
    assert widget(other.number_input, "Settings to try").value == 12
    assert len(other.dataframe[0].value) == 12
    assert "Stop" not in [b.label for b in other.button], "another's search is for looking at"


def test_each_picture_of_a_search_is_drawn(page, db):
    write_search(db, launched(page, db).id)
    for view, charts in (("Heat map", 1), ("Parallel", 1), ("Axes", 3)):
        page.session_state["search_view"] = view
        page.run()
        assert not page.exception
        assert len(page.get("plotly_chart")) == charts


def test_the_best_at_an_edge_can_be_widened(page, db):
    widget(page.text_input, "Learning rate, high end").set_value("0.1").run()
    run = launched(page, db)
    write_search(db, run.id)
    page.session_state["search_view"] = "Axes"
    page.run()
    assert "The best is at the upper edge" in words(page)
    button(page, "Widen to").click().run()
    again = runs.get_run(db, run.id)
    assert again.status == "queued" and again.spec["space"]["axes"]["learning_rate"]["high"] > 0.1
    assert again.spec["first"] == 32, "what was tried is kept"
    high = again.spec["space"]["axes"]["learning_rate"]["high"]
    assert float(widget(page.text_input, "Learning rate, high end").value) == high, "Extend goes on from the wider range"


def test_more_settings_go_on_with_the_sequence(page, db):
    run = launched(page, db)
    write_search(db, run.id)
    page.run()
    widget(page.number_input, "More settings").set_value(8).run()
    button(page, "Train more").click().run()
    again = runs.get_run(db, run.id)
    assert (again.status, again.spec["space"]["n_iter"], len(search_configurations.list_settings(db, run.id))) == (
        "queued",
        40,
        32,
    )


def test_a_setting_is_tried_by_hand_in_the_next_search(page, db):
    write_search(db, launched(page, db).id)
    page.run()
    button(page, "Into the next search").click().run()
    button(page, "Add Tune's settings").click().run()
    include = launched(page, db).spec["space"]["include"]
    assert len(include) == 2 and include[1]["learning_rate"] == 0.002


def test_importance_and_luck_come_from_the_engine(page, db):
    run = launched(page, db)
    write_search(db, run.id)
    page.session_state["search_view"] = "Importance"
    page.run()
    asked = next(q for q in questions.take_questions(db) if q.kind == "search_analysis")
    axes = [{"name": "learning_rate", "share": 0.9, "error": 0.05}, {"name": "dropout", "share": 0.1, "error": 0.02}]
    found = {"axes": axes, "explained": 0.1, "n": 32, "method": "permutation importance"}
    luck = {"reported": 1.0, "corrected": 1.2, "low": 0.9, "high": 1.5, "same_winner": 0.4, "n_settings": 32, "n_rows": 268}
    questions.answer_question(db, asked.id, {"importances": found, "winners_curse": luck})
    page.run()
    assert "10.0 %" in words(page) and "take the order of the axes for a guess" in words(page)
    page.session_state["search_view"] = "Luck"
    page.run()
    assert "32 settings" in words(page) and "1.20" in words(page) and "20.0 % more" in words(page)


def test_stop_name_and_delete(page, db):
    run = launched(page, db)
    write_search(db, run.id, ended=3)
    page.run()
    assert len(page.dataframe[0].value) == 3
    button(page, "Stop").click().run()
    assert runs.get_run(db, run.id).stop_requested
    runs.finish(db, run.id, "stopped", note="Stopped by request; what was trained is kept.")
    widget(page.text_input, "Name").set_value("<b>first</b>").run()
    assert "Continue" in " ".join(b.label for b in page.button) and "&lt;b&gt;" in words(page)
    button(page, "Delete this search").click().run()
    assert not page.exception and "search" not in page.query_params
    button(page, "Undo").click().run()
    assert page.query_params["search"] == run.id and len(page.dataframe[0].value) == 3
