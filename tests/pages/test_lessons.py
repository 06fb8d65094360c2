"""The Lessons page: from the text over a prediction to the curves, the claims and the question; own values, own table."""

from __future__ import annotations

import re
from html import escape

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.widgets.hyperparameter_choices import HELP, SHOWN_IN
from tests.support.app_test import button, words
from tests.support.engine_answers import answer_setups
from tests.support.paths import ROUTER
from tests.support.stored_searches import score, write_search
from tuning_core.experiment import History, Hyperparameters, Trial
from tuning_core.lessons import RETRAINED, chapters, glossary, terms_in
from tuning_core.store import curves, runs
from tuning_core.store.trials import add_trials

CONTEXT = {
    "task": "regression", "n_classes": 0, "loss_name": "mse", "dummy_loss": 1.0, "linear_loss": 0.5,
    "n_train": 936, "n_validation": 268,
}  # fmt: skip


@pytest.fixture
def lessons(db):
    test = AppTest.from_file(ROUTER, default_timeout=300).run()
    answer_setups(db)
    test.query_params["chapter"] = "learning_rate"
    test.session_state.view = type(test.session_state.view)(test.session_state.view.dataset_id, test.session_state.view.setup)
    return test.switch_page("lessons/page.py").run()


def only_run(db):
    (row,) = db.rows("SELECT id FROM runs")
    return runs.get_run(db, row["id"])


def finish(db, run):
    """Curves as an engine would write them: the larger the rate, the lower and the wilder."""
    runs.claim(db, run.id)
    settings = [Hyperparameters.from_json(hp) for hp in run.spec["settings"]]
    seeds = run.spec["seeds"]
    numbered = [(i * len(seeds) + s, hp, seed, i) for i, hp in enumerate(settings) for s, seed in enumerate(seeds)]
    add_trials(db, run.id, [(n, hp.to_json(), seed, None, i) for n, hp, seed, i in numbered])
    for n, hp, seed, _ in numbered:
        level = 1.0 if hp.learning_rate < 1e-5 else 0.2
        wild = 0.1 * (np.arange(60) % 2) if hp.learning_rate >= 1 else 0.0
        history = History.from_matrix(np.stack([np.full(60, level) + wild] * 5), CONTEXT)
        curves.finish_trials(db, run.id, [Trial(n, hp, seed, history, "finished", best_epoch=60)])
    runs.finish(db, run.id, "finished")


def open_chapter(app, name):
    chapter = next(c for c in chapters() if c.name == name)
    app.sidebar.radio(key="lesson_chapter").set_value(chapter.name).run()
    return chapter


def test_predict_then_train_then_see_then_answer(lessons, db):
    chapter = open_chapter(lessons, "learning_rate")
    assert not lessons.exception and chapter.text in words(lessons)
    button(lessons, "Train").click().run()
    run = only_run(db)
    assert (run.kind, run.dataset_id) == ("lesson", "insurance")
    assert [hp["learning_rate"] for hp in run.spec["settings"]] == [1.0, 0.01, 1e-7]
    finish(db, run)
    lessons.run()
    assert not lessons.exception
    guess = lessons.radio(key=f"guess_{run.id}")
    assert guess.options == ["A", "B", "C"] and "What to see" not in words(lessons), "nothing is told before the choice"
    guess.set_value("B").run()
    button(lessons, "That one").click().run()
    assert "1e-7" in words(lessons) and "What to see" in words(lessons)
    assert "It happened with all 5 seeds." in words(lessons)
    answer = lessons.radio(key="lesson_answer_learning_rate")
    answer.set_value(answer.options[1]).run()
    for option in chapter.question.options:
        assert option.why in words(lessons)
    marked = re.findall(r'<span class="word" tabindex="0">(.*?)<', " ".join(m.value for m in lessons.markdown))
    names = [name for word in marked for name in terms_in(word)]
    assert "learning rate" in names and len(names) == len(marked) == len(set(names)), "each word says what it means, once"
    assert {escape(glossary()[name].text) for name in names} <= set(
        re.findall(r'role="tooltip">(.*?)</span>', " ".join(m.value for m in lessons.markdown))
    )
    again = AppTest.from_file(ROUTER, default_timeout=300)  # a refresh: the same workspace, another visit
    again.session_state.workspace = lessons.session_state.workspace
    again.run()
    again.switch_page("lessons/page.py").run()
    open_chapter(again, "learning_rate")
    assert again.radio(key="lesson_answer_learning_rate").value == answer.options[1]
    assert "What to see" in words(again), "what was predicted is known, too"


def test_what_is_said_of_the_inside_opens_the_insides_of_that_panel(lessons, db):
    open_chapter(lessons, "learning_rate")
    button(lessons, "Train").click().run()
    lesson = only_run(db)
    finish(db, lesson)
    lessons.run()
    lessons.radio(key=f"guess_{lesson.id}").set_value("B").run()
    button(lessons, "That one").click().run()
    button(lessons, "See its way down the loss: 0.01").click().run()
    assert not lessons.exception
    view = lessons.session_state.view
    run = runs.get_run(db, view.run_id)
    assert (run.kind, run.dataset_id, run.setup) == ("manual", lesson.dataset_id, lesson.setup)
    assert run.spec == {"hyperparameters": lesson.spec["settings"][1], "seeds": [0]}
    assert (lessons.session_state.insides_of, lessons.session_state.insides_shown) == (run.id, "Loss landscape")
    assert lessons.session_state.settings["learning_rate"] == 0.01


def test_a_line_that_is_drawn_is_kept_with_the_run_and_the_real_curve_comes_over_it(lessons, db):
    open_chapter(lessons, "learning_rate")
    assert "Draw the training loss" in words(lessons)
    lessons.session_state.line_learning_rate = [0.2] * 13  # what the drawing tells
    button(lessons, "Train").click().run()
    run = only_run(db)
    finish(db, run)
    lessons.run()
    assert "Your line and" not in words(lessons), "the real curve is not told before the names are"
    lessons.radio(key=f"guess_{run.id}").set_value("B").run()
    button(lessons, "That one").click().run()
    # the curve lies at 0.2 and 0.3 in turn for 60 epochs, and the line at 0.2
    assert "Your line and the training loss of “1”" in words(lessons) and "Your line is near" in words(lessons)
    button(lessons, "Train again").click().run()
    assert "Draw the training loss" not in words(lessons) and "Your line and" not in words(lessons)


def test_a_list_of_values_typed_once_makes_the_panels(lessons, db):
    open_chapter(lessons, "learning_rate")
    lessons.text_input(key="lesson_values_learning_rate").set_value("3, 0.03").run()
    button(lessons, "Train").click().run()
    run = only_run(db)
    assert [hp["learning_rate"] for hp in run.spec["settings"]] == [3.0, 0.03]
    finish(db, run)
    lessons.run()
    assert not lessons.exception and "Open in Tune" in words(lessons)
    button(lessons, "0.03").click().run()
    assert lessons.session_state.settings["learning_rate"] == 0.03


@pytest.mark.parametrize(
    ("typed", "says"), [("0.1, fast", "'fast' is not a number"), ("-1", "learning"), ("1,2,3,4,5,6,7", "at most 6")]
)
def test_a_value_that_will_not_do_is_said_and_nothing_is_lost(lessons, db, typed, says):
    open_chapter(lessons, "learning_rate")
    lessons.text_input(key="lesson_values_learning_rate").set_value(typed).run()
    assert not lessons.exception and says in words(lessons).replace("\\", "")
    button(lessons, "Train").click().run()
    assert [hp["learning_rate"] for hp in only_run(db).spec["settings"]] == [1.0, 0.01, 1e-7]


def test_a_chapter_with_a_search_queues_it(lessons, db):
    chapter = open_chapter(lessons, "grid_search")
    button(lessons, "Train").click().run()
    run = only_run(db)
    assert run.kind == "search" and run.spec["space"] == chapter.search.space.to_json() and run.spec["cv"]["folds"] == 5
    assert not lessons.exception


def test_the_winner_of_a_search_is_trained_again_and_its_claim_is_held_against_that(lessons, db):
    chapter = open_chapter(lessons, "luck")
    button(lessons, "Train").click().run()
    search = only_run(db)
    asked = write_search(db, search.id)
    lessons.run()
    assert chapter.claims[0].text not in words(lessons), "not before it is known"
    button(lessons, "Train the winner again").click().run()
    (row,) = db.rows("SELECT id FROM runs WHERE kind = 'lesson'")
    again = runs.get_run(db, row["id"])
    winner = min(asked, key=lambda hp: score(hp) if np.isfinite(score(hp)) else np.inf)
    assert again.spec == {"settings": [winner.to_json()], "seeds": list(RETRAINED)}
    finish(db, again)  # ends at 0.2, below what any setting of the search had
    lessons.run()
    assert not lessons.exception and chapter.claims[0].text in words(lessons)
    assert "It does not happen on this table." in words(lessons)


@pytest.mark.parametrize("name", [chapter.name for chapter in chapters()])
def test_every_chapter_opens(lessons, name):
    chapter = open_chapter(lessons, name)
    assert not lessons.exception and chapter.text in words(lessons)
    assert chapter.question.text in " ".join(radio.label for radio in lessons.radio)


@pytest.mark.parametrize(
    ("dataset", "chapter", "says", "trains"),
    [
        ("penguins", "class_weights", "needs a target with two classes; species has 3 classes", False),
        ("penguins", "changing_the_model", "of the 2 claims it can show 1", True),
        ("penguins", "learning_rate", "", True),
    ],
)
def test_a_table_without_a_numeric_target_says_what_it_can_still_show(db, dataset, chapter, says, trains):
    app = AppTest.from_file(ROUTER, default_timeout=300)
    app.query_params["dataset"], app.query_params["chapter"] = dataset, chapter
    app.run()
    answer_setups(db)
    app.switch_page("lessons/page.py").run()
    app.toggle(key=f"lesson_own_{chapter}").set_value(True).run()
    assert not app.exception and says in words(app).replace("\\", "")
    others = [b.label for b in app.button if b.key and b.key.startswith("lesson_other_")]
    assert ("Train" in [b.label for b in app.button]) == trains == (not others)
    assert trains or ("The learning rate" in others and "Class weights" not in others)


def test_all_words_open_from_the_help_with_their_pictures(lessons):
    lessons.button(key="help_words").click().run()
    opened = " ".join(element.proto.body for element in lessons.get("html"))
    assert not lessons.exception and [name for name in glossary() if f'alt="picture of {escape(name)}"' not in opened] == []


def test_the_help_of_a_setting_leads_to_a_chapter_that_is_there():
    assert set(SHOWN_IN) <= set(HELP) and set(SHOWN_IN.values()) <= {chapter.name for chapter in chapters()}
    assert "(lessons?chapter=learning_rate)" in HELP["learning_rate"]
