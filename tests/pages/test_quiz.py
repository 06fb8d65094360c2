"""The Quiz page: nothing is told before the commitment, everything after it, and a refresh finds the progress."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.widgets.text import plain
from tests.support.app_test import button
from tests.support.paths import ROUTER
from tuning_core.lessons import KINDS, quiz_items
from tuning_core.store import answers

ME = "quizzing_workspace"


@pytest.fixture
def visit(db):
    db.write("DELETE FROM answers")

    def opened() -> AppTest:
        app = AppTest.from_file(ROUTER, default_timeout=300)
        app.session_state.workspace = ME
        app.run()
        return app.switch_page("quiz/page.py").run()

    return opened


def words(app):
    return " ".join(e.value for e in (*app.markdown, *app.caption, *app.success, *app.warning, *app.error, *app.info))


def item_asked(app):
    heads = [found.value for found in app.markdown]
    radios = {radio.key: radio.options for radio in app.radio}
    shown = next((options for key, options in radios.items() if key.startswith("quiz_choice")), None)
    return next(
        item
        for item in quiz_items()
        if f"**{plain(item.question)}**" in heads
        and any(head.endswith(f"the table {plain(item.table)}") for head in heads)
        and (item.kind == "point" or [plain(option) for option in item.options] == shown)
    )


def answer(app, number, choice, sure="sure"):
    app.radio(key=f"quiz_choice_{number}").set_value(choice).run()
    if any(radio.key == f"quiz_sure_{number}" for radio in app.radio):
        assert button(app, "Commit").disabled, "how sure one is comes before the answer"
        app.radio(key=f"quiz_sure_{number}").set_value(sure).run()
    button(app, "Commit").click().run()
    assert not app.exception


def test_commit_then_reasons_then_the_next_and_a_refresh_keeps_it(visit, db):
    app = visit()
    item = item_asked(app)
    assert item.kind == "verdict" and button(app, "Commit").disabled
    assert not any(plain(why) in words(app) for why in item.explanations.values()), "nothing is told before"
    wrong = next(option for option in item.options if option != item.answer)
    answer(app, 0, wrong)
    assert all(plain(why) in words(app) for why in item.explanations.values())
    assert f"It is: {plain(item.answer)}" in words(app) and "The curve doctor" in words(app)
    assert answers.list_answers(db, ME, "quiz") == [(item.id, {"choice": wrong, "score": 0.0, "sure": "sure"})]
    button(app, "Next").click().run()
    second = item_asked(app)
    assert second.kind == "point" and second.id != item.id
    app.slider(key="quiz_epoch_1").set_value(int(second.answer.removeprefix("epoch "))).run()
    button(app, "Commit").click().run()
    assert f"Right: {second.answer}" in words(app)
    again = visit()
    assert item_asked(again).kind == "predict" and "1 of 2 right" in again.expander[0].label
    assert "0 of 1 (0 %)" in words(again), "of the answers given as sure"
    button(again, "Begin anew").click().run()
    assert item_asked(again).id == item.id and answers.list_answers(db, ME, "quiz") == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_asked_and_told(visit, kind):
    app = visit()
    app.selectbox(key="quiz_kind").set_value(kind).run()
    for number in range(2):
        item = item_asked(app)
        assert item.kind == kind and not app.exception
        if kind == "point":
            button(app, "Commit").click().run()
        else:
            answer(app, number, item.answer, "a guess")
            assert "Right:" in words(app)
        assert not app.exception and all(plain(why) in words(app) for why in item.explanations.values())
        button(app, "Next").click().run()
