"""One quantity is one number wherever it stands: the search's table, the run box, the card before the exam, Compare."""

from __future__ import annotations

import numpy as np
import pytest

from pages.state.contenders import entries_of
from pages.widgets.contender_labels import score_words
from pages.widgets.model_picker import _label
from tests.support.datasets import SETUP
from tests.support.stored_runs import recorded_run
from tuning_core.charts.style import number
from tuning_core.experiment import CrossValidation, History, Hyperparameters, SearchSpace, Trial
from tuning_core.store import class_board, class_members, classrooms, curves, runs, search_configurations, test_set_looks
from tuning_core.store.search_configurations import FINAL, list_settings, trial_words
from tuning_core.store.trials import add_trials

CONTEXT = {"task": "regression", "loss_name": "mse", "metric_name": "mae"}
HELD_OUT = {0: (2500.0, 3000.0, 3332.0), 1: (4000.0, 4100.0, 4200.0)}  # MAE of each fold's kept weights, by setting


@pytest.fixture
def search(db) -> str:
    """Two settings in three folds; the final model of the first has other curves than its folds."""
    settings = [Hyperparameters(epochs=3, learning_rate=rate) for rate in (0.01, 0.1)]
    space = SearchSpace({}, strategy="grid", base=settings[0], include=tuple(settings))
    spec = {"space": space.to_json(), "cv": CrossValidation(3).to_json(), "seeds": [0]}
    run_id = runs.add_run(db, "one_number", "insurance", SETUP, "search", spec)
    runs.claim(db, run_id)
    search_configurations.add_settings(db, run_id, [(n, {}, hp) for n, hp in enumerate(settings)])
    trials = []
    for n, hp in enumerate(settings):
        for fold, held_out in enumerate(HELD_OUT[n]):
            watched = np.array([9e3, 2560.0, 2700.0])  # on the rows that chose the epoch: never the score
            history = History.from_arrays(watched**2, watched**2, watched**2, watched, watched, CONTEXT)
            trials.append((Trial(3 * n + fold, hp, 0, history, "finished", best_epoch=2, fold=fold), held_out, n))
    final = np.array([9e3, 3110.0, 3200.0])
    history = History.from_arrays(final**2, final**2, final**2, final, final, CONTEXT)
    trials.append((Trial(FINAL, settings[0], 0, history, "finished", best_epoch=2), None, 0))
    add_trials(db, run_id, [(t.number, t.hyperparameters.to_json(), t.seed, t.fold, n) for t, _, n in trials])
    curves.finish_trials(db, run_id, [trial for trial, _, _ in trials])
    blank = np.zeros(0)
    scored = [(t.number, held**2, held, blank, blank) for t, held, _ in trials if held is not None]
    search_configurations.score_trials(db, run_id, scored)
    for n, held_out in HELD_OUT.items():
        search_configurations.score_setting(db, run_id, n, "finished", [h**2 for h in held_out], list(held_out))
    runs.finish(db, run_id, "finished")
    return run_id


@pytest.fixture
def course(db):
    """A class on the sample that the search's workspace is in, made before the search."""
    made = classrooms.add_classroom(db, "its teacher", "Numbers", "insurance", SETUP)
    class_members.join(db, made.code, "one_number", "One")
    yield made
    classrooms.end_classroom(db, made.id, "its teacher")


def test_a_cross_validated_setting_has_one_number_everywhere(db, search):
    mean = np.mean(HELD_OUT[0])
    table = list_settings(db, search)[0].metric_mean
    run = runs.get_run(db, search)
    first, second = entries_of(run)
    assert table == first.contender.score("metric") == pytest.approx(mean)
    assert first.contender.score("loss") == pytest.approx(list_settings(db, search)[0].mean)
    assert score_words(first) == f"MAE {number(mean)}" and score_words(second) == "MAE 4,100"
    assert first.contender.measured == "mean of 3 folds" and first.final == FINAL
    assert _label(run) == f"MAE {number(mean)} · mean of 3 folds · search of 2 settings", "and not that of the luckiest fold"


def test_a_classs_board_shows_the_same_number(db, course, search):
    row, other = class_board.board_rows(db, course)
    first, second = entries_of(runs.get_run(db, search))
    assert row.score == pytest.approx(first.contender.score("metric")) and row.cross_validated
    assert other.score == pytest.approx(second.contender.score("metric")) and other.number == 2
    three_seeds = recorded_run(db, "one_number", [Hyperparameters(epochs=4)], level=3.0)
    (entry,) = entries_of(runs.get_run(db, three_seeds))
    assert class_board.board_rows(db, course)[-1].score == pytest.approx(entry.contender.score("metric"))


def test_the_final_model_is_told_by_what_it_is_and_not_by_a_number(db, search):
    assert trial_words(4) == "trial 4"
    assert trial_words(FINAL + 3) == "the final model of setting 4, trained on all training rows after the cross-validation"
    test_set_looks.add_look(db, "a look of its own", runs.get_run(db, search), FINAL, "a vault of its own", "")
    (look,) = test_set_looks.looks(db, "one_number", "a vault of its own")
    assert look.what == trial_words(FINAL)
