"""The board of a class: each setting of each member once, with one score, in the order tried; and who may need help."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest

from tests.support.classes import OTHER_SETUP, make_class, store_with_tables, train
from tests.support.datasets import SETUP
from tests.support.stored_runs import recorded_run
from tests.support.stored_searches import write_search
from tuning_core.experiment import History, Hyperparameters, SearchSpace, Trial
from tuning_core.experiment.axes import Choice
from tuning_core.export.class_csv import class_csv
from tuning_core.store import class_board, class_members, curves, datasets, runs
from tuning_core.store.class_board import BoardRow, Measure, best_rows, best_so_far, board_rows, who_is_stuck
from tuning_core.store.class_members import Member
from tuning_core.store.trials import add_trials

MAE = Measure("MAE", False)
HP = Hyperparameters(epochs=4)


@pytest.fixture
def db(tmp_path):
    return store_with_tables(tmp_path)


@pytest.fixture
def course(db):
    return make_class(db)


def recorded(db, who, level, settings=(HP,), **more):
    return recorded_run(db, who, list(settings), level=level, dataset_id="table", **more)


def test_each_setting_is_a_row_numbered_by_its_member_and_scored_by_the_mean_of_its_seeds(db, course):
    first = recorded(db, "ada", 10.0)
    bens = recorded(db, "ben", 30.0, seeds=(0,))
    second = recorded(db, "ada", 20.0, (HP, HP.replace(learning_rate=0.5)), kind="sweep")
    rows = board_rows(db, course)
    assert [(row.nickname, row.run_id, row.setting, row.number) for row in rows] == [
        ("Ada", first, 0, 1),
        ("Ben", bens, 0, 1),
        ("Ada", second, 0, 2),
        ("Ada", second, 1, 3),
    ]
    kept = 0.5  # of the third epoch, the best: see `recorded_run`
    levels = [np.mean([10, 10.1, 10.2]), 30, np.mean([20, 20.1, 20.2]), np.mean([21, 21.1, 21.2])]
    np.testing.assert_allclose([row.score for row in rows], kept * np.array(levels), rtol=1e-12)
    assert {row.status for row in rows} == {"finished"} and not any(row.cross_validated for row in rows)


def test_what_does_not_count_is_not_there(db, course):
    for who, more in (("teacher", {}), ("ada", {"setup": OTHER_SETUP}), ("ada", {"kind": "gallery"})):
        recorded(db, who, 10.0, **more)
    never_begun = train(db, "ada")
    runs.claim(db, never_begun), runs.finish(db, never_begun, "stopped")
    assert board_rows(db, course) == []
    kept, gone = recorded(db, "ada", 10.0), recorded(db, "ada", 11.0)
    runs.trash_run(db, gone)
    assert [(row.run_id, row.number, row.deleted) for row in board_rows(db, course)] == [(kept, 1, False), (gone, 2, True)]
    assert best_rows(board_rows(db, course), MAE)["ada"].run_id == kept
    runs.delete_run(db, gone)
    assert len(board_rows(db, course)) == 1
    class_members.leave(db, course.id, "ada")
    assert board_rows(db, course) == []


def test_a_search_is_as_many_settings_and_one_that_diverged_has_no_score(db, course):
    space = SearchSpace({"learning_rate": Choice((0.01, 0.1, 0.9))}, base=Hyperparameters(batch_size=16))
    run_id = runs.add_run(db, "ada", "table", SETUP, "search", {"space": space.to_json(), "cv": None, "seeds": [0, 1]})
    assert [(row.number, row.status) for row in board_rows(db, course)] == [(0, "queued")], "one row, however many may follow"
    write_search(db, run_id, ended=2)
    rows = board_rows(db, course)
    assert [(row.number, row.setting, row.status) for row in rows] == [(1, 0, "finished"), (2, 1, "finished")]
    again = runs.add_run(db, "ben", "table", SETUP, "search", {"space": space.to_json(), "cv": None, "seeds": [0, 1]})
    write_search(db, again)
    last = board_rows(db, course)[-1]
    assert (last.number, last.status, last.score) == (3, "diverged", None)


def test_a_large_class_is_read_with_one_query_by_index(db, course, monkeypatch):
    asked = []
    monkeypatch.setattr(db, "rows", lambda sql, *values: asked.append(sql) or type(db).rows(db, sql, *values))
    recorded(db, "ada", 10.0, [HP.replace(learning_rate=0.001 * i) for i in range(1, 41)], kind="sweep", seeds=(0,))
    asked.clear()
    assert len(board_rows(db, course)) == 40 and len(asked) == 1
    plan = [row["detail"] for row in db.connection.execute(f"EXPLAIN QUERY PLAN {asked[0]}", (course.id,))]
    assert not [step for step in plan if step.startswith("SCAN")], plan


def test_the_measure_is_that_of_the_classs_target(db, course):
    assert class_board.measure_of(db, course).words == "MAE"
    identity = datasets.setup_id("table", SETUP)
    datasets.answer_setup(db, identity, summary={"task": "classification", "vault": "v"})
    assert class_board.measure_of(db, course) == Measure("accuracy", True)


def row(who, number, score, at=0.0, status="finished"):
    return BoardRow(who, who.title(), f"{who}{number}", 0, number, score, at, status)


def test_best_so_far_and_best_rows():
    rows = [
        row("ada", 1, 5.0),
        row("ben", 1, None, status="diverged"),
        row("ada", 2, 6.0),
        row("ben", 2, 4.0),
        row("ada", 3, 5.0),
    ]
    assert best_so_far(rows, MAE) == [5.0, 5.0, 5.0, 4.0, 4.0]
    assert best_so_far(rows, Measure("accuracy", True)) == [5.0, 5.0, 6.0, 6.0, 6.0]
    assert {who: best.run_id for who, best in best_rows(rows, MAE).items()} == {"ada": "ada1", "ben": "ben2"}


def test_who_is_stuck_and_why():
    members = [Member(who, who.title(), 0.0, 0.0) for who in ("ada", "ben", "cy", "dan", "eve")]
    rows = [row("ada", n, score, at=900.0) for n, score in enumerate([9.0, 5.0, 6, 7, 6, 8, 9], 1)]
    rows += [row("ben", n, 9.0 - n, at=950.0) for n in range(1, 8)]
    rows += [row("dan", 1, 7.0, at=600.0), row("eve", 1, 7.0, at=600.0), row("eve", 0, None, at=610.0, status="queued")]
    assert who_is_stuck(rows, members, MAE, now=1000.0) == {
        "ada": "the last 5 settings brought no gain",
        "cy": "no run yet for 17 minutes",
        "dan": "no new run for 7 minutes",
    }
    assert set(who_is_stuck(rows, members, MAE, now=2000.0)) == {"ada"}, "where nobody trains, nobody is left behind"
    assert "ada" not in who_is_stuck(rows[:6], members, MAE, now=1000.0)
    greater = who_is_stuck(
        [row("ada", n, 0.1 * n, at=900.0) for n in range(1, 9)], members[:1], Measure("accuracy", True), 1000.0
    )
    assert greater == {}


def test_a_table_for_a_spreadsheet_runs_no_formula(db, course):
    class_members.join(db, course.code, "cy", "=1+1")
    recorded(db, "cy", 10.0, [HP.replace(hidden_units=(12, 11))], seeds=(0,))
    rows = board_rows(db, course)
    text = class_csv(rows, class_board.settings_tried(db, course), MAE).decode("utf-8-sig")
    header, line = text.splitlines()
    assert header.startswith("nickname,number,asked for (UTC),status,MAE (validation),cross-validated,")
    assert line.startswith("'=1+1,1,") and ',"12, 11",' in line and ",5.0,no," in line


def test_the_token_changes_with_what_the_board_shows(db, course):
    token = lambda: class_board.class_board_state(db, course.id).token  # noqa: E731
    seen = [token()]
    steps = (
        lambda: class_members.join(db, course.code, "cy", "Cy"),
        lambda: class_members.join(db, course.code, "cy", "Zy"),
        lambda: class_members.add_answer(db, course.id, "cy", "q", "a", True),
        lambda: train(db, "cy"),
        lambda: recorded(db, "cy", 1.0),
        lambda: db.write("UPDATE classrooms SET version = version + 1"),
        lambda: class_members.leave(db, course.id, "cy"),
    )
    for step in steps:
        assert token() == seen[-1]
        step()
        assert token() not in seen
        seen.append(token())
    other = sqlite3.connect(db.file)
    other.execute("UPDATE datasets SET note = 'x'")
    other.commit()
    assert token() == seen[-1] and class_board.class_board_state(db, "none") is None
    other.close()


def test_a_run_of_the_engine_whose_rows_are_its_first_fold_has_its_score(db, course):
    """The engine numbers the rows of a plain training as fold 0; the store knows that it is none."""
    run_id = runs.add_run(db, "ada", "table", SETUP, "manual", {"hyperparameters": HP.to_json(), "seeds": [0]})
    runs.claim(db, run_id)
    add_trials(db, run_id, [(0, HP.to_json(), 0, None, 0)])
    curve = np.array([3.0, 2.0, 1.0, 1.2])
    history = History.from_arrays(curve, curve, curve, curve, 10 * curve, {})
    curves.finish_trials(db, run_id, [Trial(0, HP, 0, history, "finished", best_epoch=3, fold=0)])
    runs.finish(db, run_id, "finished")
    assert [row.score for row in board_rows(db, course)] == [10.0]
