"""The exam of a class: shut for everybody until its teacher opens it once, a look for each member, and true numbers."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import mean_absolute_error

import tuning_core as tc
from tests.support.datasets import SETUP
from tests.support.engine_answers import answer_questions, answer_setups, read_uploads
from tests.support.keras_oracle import fit_with_keras
from tests.support.paths import INSURANCE
from tuning_core.export.class_csv import exam_csv
from tuning_core.store import Database, class_board, class_exam, class_members, classrooms, curves, datasets, questions, runs
from tuning_core.store import test_set_looks as looks
from tuning_core.store.class_exam import ExamRow
from tuning_core.store.deletion import delete_workspace
from tuning_core.store.trials import add_trials
from tuning_core.training.fold import make_fold
from tuning_core.training.layers import build_keras

HP = tc.Hyperparameters(epochs=3, hidden_units=(4,), batch_size=64, learning_rate=0.02)
VALUES = ("validation", "test", "gap")


@pytest.fixture(scope="module")
def dataset():
    return tc.Dataset.from_spec(tc.read_table(INSURANCE), SETUP)


@pytest.fixture(scope="module")
def trained(dataset):
    """Trials of two seeds at each of two rates."""
    return {rate: tc.train(dataset, HP.replace(learning_rate=rate), seeds=(0, 1)).trials for rate in (0.02, 0.2)}


@pytest.fixture
def db(tmp_path):
    found = Database(tmp_path)
    datasets.add_dataset(found, datasets.SAMPLES, "insurance.csv", INSURANCE.read_bytes(), dataset_id="insurance")
    read_uploads(found)
    return found


@pytest.fixture
def course(db):
    made = classrooms.add_classroom(db, "teacher", "Statistics", "insurance", SETUP)
    answer_setups(db)
    for who in ("ada", "ben", "cy"):
        class_members.join(db, made.code, who, who.title())
    return made


def store(db, who, trials, setup=SETUP):
    """A run of these trained trials, as the engine would have written it."""
    hp = trials[0].hyperparameters
    spec = {"hyperparameters": hp.to_json(), "seeds": [trial.seed for trial in trials]}
    run_id = runs.add_run(db, who, "insurance", setup, "manual", spec)
    runs.claim(db, run_id)
    add_trials(db, run_id, [(trial.number, trial.hyperparameters.to_json(), trial.seed, None) for trial in trials])
    curves.finish_trials(db, run_id, trials)
    runs.finish(db, run_id, "finished")
    return run_id


def open_exam(db, course, again=False):
    identity = questions.ask(db, "class_exam", {"classroom": course.id}, again=again)
    answer_questions(db)
    return questions.get_question(db, identity)


def own_look(db, run_id, word):
    identity = questions.ask(db, "exam", {"run": run_id, "trial": 0, "reason": "", "look": word})
    answer_questions(db)
    return questions.get_question(db, identity)


def test_numbers_are_those_of_the_exam_of_each_model_and_of_scikit_learn(db, course, trained, dataset):
    store(db, "ada", trained[0.02])
    store(db, "ada", trained[0.2])
    without_weights = [replace(trial, weights=()) for trial in trained[0.2][:1]]  # too large to keep: trained again
    store(db, "ben", without_weights)
    assert open_exam(db, course).answer == {"classroom": course.id}
    rows = {row.workspace: row for row in class_exam.exam_rows(db, course.id)}
    assert set(rows) == {"ada", "ben"} and not any(row.error for row in rows.values())
    assert (rows["ada"].tried, rows["ada"].seeds, rows["ada"].nickname, rows["ben"].tried, rows["ben"].seeds) == (
        2,
        2,
        "Ada",
        1,
        1,
    )
    best = class_board.best_rows(class_board.board_rows(db, course), class_board.measure_of(db, course))
    for who, trials in (("ada", trained[rows["ada"].hyperparameters["learning_rate"]]), ("ben", trained[0.2][:1])):
        assert (rows[who].run_id, rows[who].setting) == (best[who].run_id, best[who].setting)
        assert rows[who].validation == pytest.approx(best[who].score, rel=1e-4), "the number that stood on the board"
        reports = [tc.final_exam(trial) for trial in trials]
        assert rows[who].test == pytest.approx(np.mean([report.scores["mae"].value for report in reports]), rel=1e-6)
        errors = [mean_absolute_error(report.actual, report.predicted) for report in reports]
        assert rows[who].test == pytest.approx(np.mean(errors), rel=1e-6)
        assert rows[who].gap == pytest.approx(rows[who].test - rows[who].validation)


def test_the_vault_is_opened_once_with_one_look_for_each(db, course, trained):
    run_id = store(db, "ada", trained[0.02])
    vault = looks.vault_of(db, "insurance", SETUP)
    assert open_exam(db, course).error is None
    opened = classrooms.get_classroom(db, course.id)
    assert opened.opened is not None and opened.version == 3, "opened, and then the numbers"
    (look,) = looks.looks(db, "ada", vault)
    assert (look.run_id, look.reason) == (run_id, class_exam.REASON) and looks.looks(db, "ben", vault) == ()
    store(db, "ada", trained[0.2]), store(db, "ben", trained[0.2])  # afterwards
    before = class_exam.exam_rows(db, course.id)
    db.write("DELETE FROM questions")
    open_exam(db, course)
    assert class_exam.exam_rows(db, course.id) == before and len(looks.looks(db, "ada", vault)) == 1
    assert classrooms.get_classroom(db, course.id).opened == opened.opened


def test_what_a_fault_left_unscored_is_scored_and_no_look_is_added(db, course, trained):
    store(db, "ada", trained[0.02]), store(db, "ben", trained[0.2])
    open_exam(db, course)
    whole = class_exam.exam_rows(db, course.id)
    db.write("UPDATE class_exam SET found = NULL WHERE workspace = 'ben'")
    db.write("UPDATE questions SET status = 'refused'")
    assert [row.test is None for row in class_exam.exam_rows(db, course.id)] == [False, True]
    open_exam(db, course, again=True)
    assert class_exam.exam_rows(db, course.id) == whole
    assert db.row("SELECT count(*) AS n FROM looks")["n"] == 2


def test_nobody_of_the_class_looks_before_and_everybody_may_afterwards(db, course, trained):
    vault = looks.vault_of(db, "insurance", SETUP)
    adas, teachers, strangers = (store(db, who, trained[0.02][:1]) for who in ("ada", "teacher", "stranger"))
    for run_id, way_out in ((adas, "Your teacher opens them"), (teachers, "on the class's board")):
        error = own_look(db, run_id, f"early {run_id}").error
        assert error["kind"] == "class_vault" and "Statistics" in error["message"] and way_out in error["remedy"]
    assert db.row("SELECT count(*) AS n FROM looks")["n"] == 0
    other = SETUP | {"features": ["age", "bmi"]}  # the same rows under other features are the same vault
    datasets.request_setup(db, "insurance", other), answer_setups(db)
    assert class_exam.sealed_by(db, "ada", looks.vault_of(db, "insurance", other)).id == course.id
    assert class_exam.sealed_by(db, "stranger", vault) is None
    assert own_look(db, strangers, "theirs").error is None
    open_exam(db, course)
    assert class_exam.sealed_by(db, "ada", vault) is None and own_look(db, adas, "late").error is None
    assert [look.reason for look in looks.looks(db, "ada", vault)] == [class_exam.REASON, ""]


def test_looks_from_before_the_class_are_told(db, course, trained):
    class_members.leave(db, course.id, "ada")  # as it was before
    assert own_look(db, store(db, "ada", trained[0.02][:1]), "before").error is None
    class_members.join(db, course.code, "ada", "Ada")
    store(db, "ada", trained[0.2][:1]), store(db, "ben", trained[0.2][:1])
    open_exam(db, course)
    assert [(row.workspace, row.looks_before, row.tried) for row in class_exam.exam_rows(db, course.id)] == [
        ("ben", 0, 1),
        ("ada", 1, 1),
    ]


def test_the_run_that_was_handed_in_is_examined(db, course, trained):
    ids = [store(db, "ada", trained[rate]) for rate in (0.02, 0.2)]
    best = class_board.best_rows(class_board.board_rows(db, course), class_board.measure_of(db, course))["ada"].run_id
    other = next(run_id for run_id in ids if run_id != best)
    class_members.choose_run(db, course.id, "ada", other)
    open_exam(db, course)
    assert [row.run_id for row in class_exam.exam_rows(db, course.id)] == [other]
    with pytest.raises(tc.UserError) as caught:
        class_members.choose_run(db, course.id, "ada", best)
    assert caught.value.kind == "not_handed_in"


def test_what_cannot_be_opened_stays_shut(db, course):
    assert open_exam(db, course).error["kind"] == "no_models"
    assert classrooms.get_classroom(db, course.id).opened is None
    no_test_rows = SETUP | {"split": {**SETUP["split"], "train": 0.8, "test": 0.0}}
    without = classrooms.add_classroom(db, "teacher", "No test rows", "insurance", no_test_rows)
    assert open_exam(db, without).error["kind"] == "setup_unknown"
    answer_setups(db)
    assert open_exam(db, without, again=True).error["kind"] == "no_test_rows"
    classrooms.end_classroom(db, course.id, "teacher")
    assert open_exam(db, course).error["kind"] == "unknown_class"


def test_who_leaves_or_deletes_everything_leaves_the_exam_and_a_deleted_run_keeps_its_numbers(db, course, trained):
    ids = {who: store(db, who, trained[0.02][:1]) for who in ("ada", "ben", "cy")}
    open_exam(db, course)
    values = [row.test for row in class_exam.exam_rows(db, course.id)]
    class_members.leave(db, course.id, "ada"), delete_workspace(db, "ben"), runs.delete_run(db, ids["cy"])
    (left,) = class_exam.exam_rows(db, course.id)
    assert (left.workspace, left.hyperparameters, left.test) == ("cy", {}, values[2])


def test_a_setting_that_has_folds_only_is_trained_on_all_training_rows_and_measured_as_keras_and_scikit_learn_do(
    db, course, trained, dataset
):
    """As a cross-validated search leaves it: its board's score is of the folds, its exam of one network a seed."""
    hp, (first, second) = HP.replace(keep="last"), trained[0.02]
    nonsense = tuple(np.zeros_like(array) for array in first.weights)  # of the folds: not what is examined
    folds = [
        replace(trial, number=number, hyperparameters=hp, seed=seed, fold=fold, weights=nonsense)
        for number, (trial, seed, fold) in enumerate([(first, 0, 0), (first, 0, 1), (second, 1, 0), (second, 1, 1)])
    ]
    run_id = runs.add_run(db, "ada", "insurance", SETUP, "search", {"hyperparameters": hp.to_json(), "seeds": [0, 1]})
    runs.claim(db, run_id)
    add_trials(db, run_id, [(t.number, hp.to_json(), t.seed, t.fold) for t in folds])
    curves.finish_trials(db, run_id, folds)
    for number, held_out in enumerate((4000.0, 4400.0, 4100.0, 4300.0)):
        db.write("UPDATE trials SET metric = ? WHERE run_id = ? AND number = ?", held_out, run_id, number)
    runs.finish(db, run_id, "finished")
    (row,) = class_board.board_rows(db, course)
    assert row.cross_validated and row.score == pytest.approx(4200.0)
    open_exam(db, course)
    (found,) = class_exam.exam_rows(db, course.id)
    assert (found.seeds, found.tried, found.error) == (2, 1, "")
    preparation = dataset.prepare()
    fold = make_fold(dataset, hp, preparation, dataset.rows.train, dataset.rows.validation)
    errors = {"validation": [], "test": []}
    for seed in (0, 1):
        model = build_keras(hp, fold.x_train.shape[1], 1, "regression")
        model.set_weights(fit_with_keras(hp, fold, seed).weights)
        for part, of_part in errors.items():
            rows = getattr(dataset.rows, part)
            scaled = model.predict(preparation.transform(dataset.frame, rows), verbose=0)[:, 0]
            of_part.append(mean_absolute_error(dataset.target_values[rows], preparation.inverse_transform_target(scaled)))
    assert found.validation == pytest.approx(np.mean(errors["validation"]), rel=1e-3)
    assert found.test == pytest.approx(np.mean(errors["test"]), rel=1e-3)
    assert found.gap == pytest.approx(found.test - found.validation)


def test_the_exam_as_a_table_for_a_spreadsheet(db, course, trained):
    store(db, "ada", trained[0.02]), store(db, "ben", trained[0.2][:1])
    class_members.join(db, course.code, "ben", "=Ben")
    open_exam(db, course)
    rows = class_exam.exam_rows(db, course.id)
    lines = list(csv.DictReader(io.StringIO(exam_csv(rows, class_board.measure_of(db, course)).decode("utf-8-sig"))))
    assert [line["nickname"] for line in lines] == ["Ada", "'=Ben"]
    for line, row in zip(lines, rows, strict=True):
        assert float(line["MAE (test)"]) - float(line["MAE (validation)"]) == pytest.approx(float(line["worse on test by"]))
        assert float(line["MAE (test)"]) == pytest.approx(row.test) and int(line["models"]) == row.seeds
    assert [float(line["learning_rate"]) for line in lines] == [row.hyperparameters["learning_rate"] for row in rows]


def exam_row(tried, gap):
    return ExamRow("w", "n", "r", 0, {}, 1, tried, 0, 1.0, 1.0, gap, "")


def test_the_correlation_is_spearmans():
    tried, gaps = [1, 2, 2, 5, 9, 30, 4], [0.1, 0.3, -0.2, 0.3, 0.5, 0.4, 0.0]
    rows = [exam_row(*pair) for pair in zip(tried, gaps, strict=True)] + [exam_row(3, None)]
    found = class_exam.gap_correlation(rows)
    assert found.rho == pytest.approx(spearmanr(tried, gaps).statistic) and found.n == 7
    draws = np.random.default_rng(0).permuted(np.tile(np.arange(7.0), (20_000, 1)), axis=1)
    by_luck = [np.corrcoef(np.arange(7.0), draw)[0, 1] for draw in draws[:4_000]]
    assert np.mean(np.abs(by_luck) > found.by_chance) == pytest.approx(0.05, abs=0.03)
    assert class_exam.gap_correlation(rows[:3]) is None
    assert class_exam.gap_correlation([exam_row(3, gap) for gap in gaps]) is None
