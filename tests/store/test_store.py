"""The store: epochs are recorded once and in order, requests and outcomes are what was written."""

from __future__ import annotations

import re
import sqlite3
import threading

import numpy as np
import pytest

from tests.support.paths import ROOT
from tuning_core.experiment import History, Hyperparameters, Trial
from tuning_core.store import Database, answers, curves, datasets, questions, runs, sharing, tree_baselines, workspaces
from tuning_core.store.migrations import MIGRATIONS
from tuning_core.store.trials import add_trials, get_trials


@pytest.fixture
def db(tmp_path):
    return Database(tmp_path)


@pytest.fixture
def run_id(db):
    datasets.add_dataset(db, "me", "a.csv", b"x,y\n1,2\n", dataset_id="d")
    run_id = runs.add_run(db, "me", "d", {"target": "y"}, "manual", {"hyperparameters": {}, "seeds": [0]})
    assert runs.claim(db, run_id)
    add_trials(db, run_id, [(0, Hyperparameters(epochs=7).to_json(), 0, None)])
    return run_id


def record(n, start=0):
    return np.arange(5 * n, dtype=float).reshape(5, n) + 1000 * np.arange(start, start + n)


def test_epochs_are_recorded_once_and_in_order(db, run_id):
    whole = record(7)
    assert curves.append(db, run_id, [(0, 0, whole[:, :3])]) == 3
    assert curves.append(db, run_id, [(0, 1, whole[:, 1:5])]) == 2  # overlaps: a trial that was trained again
    assert curves.append(db, run_id, [(0, 6, whole[:, 6:])]) == 0  # a gap is not recorded
    assert curves.append(db, run_id, [(0, 0, whole)]) == 2
    np.testing.assert_array_equal(curves.histories(db, run_id)[0].matrix(), whole)
    assert [(c.first, c.values.shape[1]) for c in curves.since(db, run_id)] == [(0, 3), (3, 2), (5, 2)]


def test_a_page_asks_for_what_is_newer(db, run_id):
    curves.append(db, run_id, [(0, 0, record(3))])
    seen = curves.since(db, run_id)[-1].cursor
    assert curves.since(db, run_id, seen) == []
    curves.append(db, run_id, [(0, 3, record(2))])
    assert [chunk.first for chunk in curves.since(db, run_id, seen)] == [3]


def test_outcome_and_weights_come_back(db, run_id):
    weights = (np.eye(3, dtype=np.float32), np.zeros(3, np.float32))
    history = History.from_matrix(record(7), {"task": "regression"})
    trial = Trial(0, Hyperparameters(epochs=7), 0, history, "stopped_early", 4, 7, weights=weights)
    curves.finish_trials(db, run_id, [trial])
    stored = get_trials(db, run_id)[0]
    assert (stored.status, stored.best_epoch, stored.stopped_epoch, stored.epochs) == ("stopped_early", 4, 7, 7)
    assert stored.context == {"task": "regression"}
    for ours, theirs in zip(curves.weights(db, run_id, 0), weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert curves.weights(db, run_id, 5) == ()


def test_nothing_is_written_for_a_deleted_run(db, run_id):
    runs.delete_run(db, run_id)
    assert curves.append(db, run_id, [(0, 0, record(3))]) == 0
    curves.finish_trials(db, run_id, [Trial(0, Hyperparameters(), 0, History.from_matrix(record(2)), "finished")])
    assert db.rows("SELECT * FROM curves") == []


def test_a_run_is_claimed_by_one(db, run_id):
    assert not runs.claim(db, run_id)


def test_orphans_are_tried_again_three_times_and_then_marked(db, run_id):
    for _ in range(2):
        assert runs.settle_orphans(db, requeue=True, note="again") == [run_id]
        assert runs.get_run(db, run_id).status == "queued"
        assert runs.claim(db, run_id)
    runs.settle_orphans(db, requeue=True, note="enough")
    assert (runs.get_run(db, run_id).status, runs.get_run(db, run_id).note) == ("interrupted", "enough")


def test_an_automatic_run_asks_the_one_it_supersedes_to_stop_and_no_other(db, run_id):
    arguments = ("d", {"target": "y"}, "manual", {})
    sharing.share_table(db, "d", "me", "work")
    first, in_another_tab = (runs.add_run(db, "me", *arguments, automatic=True) for _ in range(2))
    others = runs.add_run(db, "you", *arguments, automatic=True)
    second = runs.add_run(db, "me", *arguments, automatic=True, supersedes=first)
    runs.add_run(db, "me", *arguments, automatic=True, supersedes=others)  # not its own
    runs.add_run(db, "me", *arguments, automatic=True, supersedes=run_id)  # not automatic
    asked = {r: runs.get_run(db, r).stop_requested for r in (run_id, first, in_another_tab, others, second)}
    assert asked == {run_id: False, first: True, in_another_tab: False, others: False, second: False}


def test_a_run_in_the_trash_is_in_no_list_and_comes_back_until_it_is_emptied(db, run_id):
    other = runs.add_run(db, "me", "d", {}, "manual", {})
    runs.trash_run(db, run_id)
    assert [run.id for run in runs.list_runs(db, "me")] == [other]
    assert runs.get_run(db, run_id).stop_requested and not runs.get_run(db, other).stop_requested
    runs.restore_run(db, run_id)
    assert {run.id for run in runs.list_runs(db, "me")} == {run_id, other}
    runs.trash_run(db, other)
    assert runs.empty_trash(db, 3600) == 0
    assert runs.empty_trash(db, -1) == 1 and runs.get_run(db, other) is None and runs.get_run(db, run_id) is not None


def test_what_a_workspace_remembers_is_replaced(db):
    assert workspaces.remembered(db, "me") == {}
    workspaces.remember(db, "me", {"a": 1})
    workspaces.remember(db, "me", {"b": [2]})
    assert (workspaces.remembered(db, "me"), workspaces.remembered(db, "you")) == ({"b": [2]}, {})


def test_runs_are_listed_pinned_first_then_newest(db, run_id):
    others = [runs.add_run(db, "me", "d", {}, "manual", {}) for _ in range(2)]
    runs.set_pinned(db, run_id, True)
    runs.rename(db, run_id, "n" * 200)
    listed = runs.list_runs(db, "me")
    assert [run.id for run in listed] == [run_id, *reversed(others)]
    assert len(listed[0].name) == 80
    assert runs.list_runs(db, "you") == []


def test_a_failed_transaction_leaves_nothing(db):
    with pytest.raises(sqlite3.IntegrityError), db.transaction() as connection:
        connection.execute("INSERT INTO datasets (id, workspace, name) VALUES ('a', 'w', 'n')")
        connection.execute("INSERT INTO datasets (id, workspace, name) VALUES ('a', 'w', 'n')")
    assert db.rows("SELECT * FROM datasets") == []


def test_opening_again_migrates_once_and_keeps_everything(db, run_id, tmp_path):
    again = Database(tmp_path)
    assert runs.get_run(again, run_id) is not None
    assert [row["name"] for row in again.rows("SELECT * FROM migrations ORDER BY rowid")] == [name for name, _ in MIGRATIONS]


def test_version_changes_when_somebody_else_commits(db, run_id, tmp_path):
    before = db.version()
    assert db.version() == before

    def write():
        other = Database(tmp_path)
        runs.rename(other, run_id, "x")
        other.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    assert db.version() != before


def test_an_upload_is_read_again_with_other_options_and_the_first_reading_stays(db):
    first = datasets.add_dataset(db, "me", "a.csv", b"x,y\n1,2\n")
    before = datasets.get_dataset(db, first)
    again = datasets.requeue_with_options(db, "you", before, {"decimal": ","})
    assert (datasets.folder(db, again) / "upload.bin").read_bytes() == b"x,y\n1,2\n"
    assert datasets.get_dataset(db, first) == before
    stored = datasets.get_dataset(db, again)
    assert (stored.workspace, stored.name, stored.options, stored.sha256) == ("you", "a.csv", {"decimal": ","}, before.sha256)
    assert datasets.find_reading(db, "you", "a.csv", before.sha256, {"decimal": ","}) is None, "not read yet"
    datasets.set_ready(db, again, {})
    assert datasets.find_reading(db, "you", "a.csv", before.sha256, {"decimal": ","}) == again
    assert datasets.find_reading(db, "me", "a.csv", before.sha256, {"decimal": ","}) is None


def test_a_second_upload_of_the_same_person_waits_and_one_of_another_does_not(db):
    first = datasets.add_dataset(db, "me", "a.csv", b"x")
    datasets.set_reading(db, first)
    mine, yours = (datasets.add_dataset(db, who, "b.csv", b"x") for who in ("me", "you"))
    assert datasets.next_queued_dataset(db).id == yours
    datasets.set_refused(db, first, {})
    datasets.set_reading(db, yours)
    assert datasets.next_queued_dataset(db).id == mine


def test_what_is_known_is_asked_again_without_waiting_for_a_writer(tmp_path):
    """A page asks for its setup on every run: it must not queue behind an engine that writes."""
    db, other = Database(tmp_path), Database(tmp_path)
    dataset = datasets.add_dataset(db, "me", "a.csv", b"x,y\n1,2\n")
    setup, question = datasets.request_setup(db, dataset, {"target": "y"}), questions.ask(db, "estimate", {"n": 1})
    other.connection.execute("PRAGMA busy_timeout = 0")
    with db.transaction():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            datasets.request_setup(other, dataset, {"target": "x"})
        assert datasets.request_setup(other, dataset, {"target": "y"}) == setup
        assert questions.ask(other, "estimate", {"n": 1}) == question
    other.close()


def test_sql_is_written_in_the_store_only():
    """Elsewhere it would break unseen when a table changes."""
    spoken = re.compile(
        r"\bimport sqlite3\b|\b(SELECT|INSERT|UPDATE|DELETE)\b[^\"']*\b(FROM|INTO|SET)\b|\.(row|rows|write)\(\s*f?\""
    )
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for folder in ("tuning_core", "pages")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "store" not in path.relative_to(ROOT / folder).parts
        for hit in spoken.finditer(path.read_text())
    ]
    assert found == []


def test_trees_are_known_to_every_trial_of_their_setup_before_and_after(db):
    setup, other = {"target": "y"}, {"target": "x"}
    datasets.add_dataset(db, "me", "a.csv", b"x,y\n1,2\n", dataset_id="d")
    before = runs.add_run(db, "me", "d", setup, "manual", {})
    beside = runs.add_run(db, "me", "d", other, "manual", {})
    for run_id in (before, beside):
        add_trials(db, run_id, [(0, {"epochs": 1}, 0, None), (1, {"epochs": 1}, 0, 2)])
        for number in (0, 1):
            curves.set_context(db, run_id, number, {"loss_name": "mae", "n_train": 7})
    assert tree_baselines.get_scores(db, "d", setup) is None
    tree_baselines.put_scores(db, "d", setup, {"mse": 4.0, "mae": 1.5, "metric": 1.5})
    assert tree_baselines.get_scores(db, "d", setup) == {"mse": 4.0, "mae": 1.5, "metric": 1.5}
    after = runs.add_run(db, "me", "d", setup, "manual", {})
    add_trials(db, after, [(0, {"epochs": 1}, 0, None)])
    history = History.from_arrays([1.0], [1.0], [1.0], [1.0], [1.0], {"loss_name": "mse"})
    curves.finish_trials(db, after, [Trial(0, Hyperparameters(), 0, history, "finished", best_epoch=1)])
    known = {"loss_name": "mae", "n_train": 7}
    assert get_trials(db, before)[0].context == known | {"tree_loss": 1.5, "tree_metric": 1.5}
    assert get_trials(db, before)[1].context == known, "a fold has other rows"
    assert [t.context for t in get_trials(db, beside)] == [known, known], "another setup"
    assert curves.histories(db, after)[0].context == {"loss_name": "mse", "tree_loss": 4.0, "tree_metric": 1.5}
    tree_baselines.put_scores(db, "gone", setup, {"mse": 4.0})
    datasets.delete_dataset(db, "d")
    assert tree_baselines.get_scores(db, "d", setup) is None


def test_answers_are_kept_in_their_order_by_workspace_and_subject(db):
    for number, (who, subject) in enumerate([("me", "quiz"), ("you", "quiz"), ("me", "lesson"), ("me", "quiz")]):
        answers.add_answer(db, who, subject, "q", {"choice": number})
    assert answers.list_answers(db, "me", "quiz") == [("q", {"choice": 0}), ("q", {"choice": 3})]
    answers.forget_answers(db, "me", "quiz")
    assert answers.list_answers(db, "me", "quiz") == []
    assert len(answers.list_answers(db, "me", "lesson")) == len(answers.list_answers(db, "you", "quiz")) == 1


def test_no_statement_numbers_its_placeholders():
    """With a sequence of values they are deprecated from Python 3.12 on: a warning there, later an error, and nothing before."""
    numbered = re.compile(r"[=(,<>] ?\?\d")
    sources = [path for folder in ("tuning_core", "pages") for path in (ROOT / folder).rglob("*.py")]
    assert [str(path) for path in sources if numbered.search(path.read_text(encoding="utf-8"))] == []
