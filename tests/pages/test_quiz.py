"""The Quiz page: nothing is told before the commitment, everything after it, and a refresh finds the progress."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.widgets.text import plain
from tests.support.app_test import button, words
from tests.support.datasets import SETUP
from tests.support.paths import ROUTER
from tuning_core.experiment import History, Hyperparameters, Trial
from tuning_core.lessons import KINDS, quiz_items
from tuning_core.lessons.asked_change import asked_change
from tuning_core.lessons.quiz_tables import QUIZ_TABLES
from tuning_core.store import answers, class_members, classrooms, curves, datasets, runs, sharing
from tuning_core.store.trials import add_trials

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


def test_after_a_predicted_change_both_settings_train_on_the_items_own_table(visit, db):
    app = visit()
    app.selectbox(key="quiz_kind").set_value("predict").run()
    for number in range(len(quiz_items())):
        item = item_asked(app)
        table = QUIZ_TABLES[item.made_from]
        if table.make is not None:
            break
        answer(app, number, item.answer)
        button(app, "Next").click().run()
    made = datasets.get_dataset(db, table.id)
    assert made.status == "queued", "while one thinks"
    assert made.id not in [own.id for own in datasets.list_datasets(db, ME)] and sharing.right_to_table(db, made.id, ME) == 2
    before = db.rows("SELECT id FROM runs")
    answer(app, number, item.answer)
    assert "is being read" in words(app) and len(db.rows("SELECT id FROM runs")) == len(before)
    datasets.set_ready(db, made.id, {})
    app.run().run()
    (row,) = db.rows("SELECT id FROM runs WHERE dataset_id = ?", made.id)  # once, however often the page runs
    run, change = runs.get_run(db, row["id"]), asked_change(item)
    assert not app.exception and f"trains** on {plain(item.table)}" in words(app)
    assert (run.kind, run.setup, run.spec["seeds"]) == ("lesson", table.setup, [0])
    assert [Hyperparameters.from_json(hp) for hp in run.spec["settings"]] == [change.before, change.after]
    runs.claim(db, run.id)
    runs.finish(db, run.id, "failed", error={"message": "m", "remedy": "r"})
    app.run()
    assert len(db.rows("SELECT id FROM runs WHERE dataset_id = ?", made.id)) == 1, "what fails is not begun again and again"


def test_a_press_on_the_curve_chooses_the_epoch_and_one_beside_it_nothing():
    pressing = AppTest.from_function(press_the_curve)
    assert pressing.run().session_state.epoch == 5


def press_the_curve() -> None:
    from pages.quiz.question_view import choose_epoch

    choose_epoch({"selection": {"points": [{"x": 5, "y": 0.2}, {"x": 5, "y": 0.1}]}}, "epoch")
    choose_epoch({"selection": {"points": []}}, "epoch")


def test_on_my_own_table_the_engine_trains_and_the_validation_rows_decide(visit, db):
    app = visit()
    app.toggle(key="quiz_own").set_value(True).run()
    assert "the test rows stay locked" in words(app) and not any("quiz_choice" in (radio.key or "") for radio in app.radio)
    button(app, "Train on my table").click().run()
    (row,) = db.rows("SELECT id FROM runs")
    run = runs.get_run(db, row["id"])
    assert (run.kind, run.dataset_id, run.spec["seeds"]) == ("lesson", "insurance", [0, 1, 2])
    finish(db, run)
    app.run()
    assert not app.exception and "insurance" in words(app) and "Name it" in words(app)
    first = app.radio(key="quiz_choice_0")
    answer(app, 0, next(o for o in first.options if "slow" in o))
    assert "validation rows" in words(app) and "Right:" in words(app)
    button(app, "Next").click().run()
    app.selectbox(key="quiz_kind").set_value("luck").run()
    assert "there is no clear case for “Luck or effect”" in words(app)


def finish(db, run):
    """Curves as an engine would write them: the lower the rate, the slower they fall."""
    runs.claim(db, run.id)
    settings = [Hyperparameters.from_json(hp) for hp in run.spec["settings"]]
    numbered = [(3 * i + seed, hp, seed) for i, hp in enumerate(settings) for seed in range(3)]
    add_trials(db, run.id, [(n, hp.to_json(), seed, None, n // 3) for n, hp, seed in numbered])
    context = {
        "task": "regression",
        "loss_name": "mse",
        "dummy_loss": 1.0,
        "linear_loss": 0.5,
        "n_train": 900,
        "n_validation": 200,
    }
    for n, hp, seed in numbered:
        falling = 0.2 + 0.8 * np.exp(-np.arange(1, hp.epochs + 1) * min(hp.learning_rate, 0.004) * 30)
        history = History.from_matrix(np.stack([falling] * 5), context)
        curves.finish_trials(db, run.id, [Trial(n, hp, seed, history, "finished", best_epoch=hp.epochs)])
    runs.finish(db, run.id, "finished")


def test_a_class_hears_which_option_was_chosen(visit, db):
    made = classrooms.add_classroom(db, "teacher-of-a-quiz", "Tuesday", "insurance", SETUP)
    class_members.join(db, made.code, ME, "Ana")
    app = visit()
    item = item_asked(app)
    if item.kind == "point":
        button(app, "Commit").click().run()
        chosen = f"epoch {len(item.history) // 2 + 1}"
    else:
        chosen = item.options[0]
        answer(app, 0, chosen)
    assert not app.exception
    told = class_members.answers(db, made.id)
    assert {name: dict(one.options) for name, one in told.items()} == {item.id: {chosen: 1}}
    assert told[item.id].right == (item.score(chosen) >= 1)
    class_members.leave(db, made.id, ME)
