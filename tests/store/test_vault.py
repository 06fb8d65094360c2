"""Looks at test rows: counted once each, per workspace and vault, and never forgotten."""

from __future__ import annotations

import pytest

from tuning_core.experiment import Hyperparameters
from tuning_core.store import Database, datasets, runs, sharing, test_set_looks
from tuning_core.store.trials import add_trials


@pytest.fixture
def db(tmp_path):
    db = Database(tmp_path)
    datasets.add_dataset(db, "me", "a.csv", b"x,y\n1,2\n", dataset_id="d")
    for seed, rows in ((0, "vault-a"), (1, "vault-b")):
        identity = datasets.request_setup(db, "d", {"target": "y", "split": {"seed": seed}})
        datasets.answer_setup(db, identity, summary={"vault": rows})
    return db


def trained(db, seed, rates, workspace="me"):
    run_id = runs.add_run(db, workspace, "d", {"target": "y", "split": {"seed": seed}}, "manual", {})
    settings = [Hyperparameters(learning_rate=rate).to_json() for rate in rates]
    add_trials(db, run_id, [(number, hp, 0, None) for number, hp in enumerate(settings)])
    return runs.get_run(db, run_id)


def test_looks_outlive_run_and_dataset_and_a_repeated_write_is_one_look(db):
    run = trained(db, 0, [0.1])
    test_set_looks.add_look(db, "first", run, 0, "vault-a", "")
    test_set_looks.add_look(db, "first", run, 0, "vault-a", "")
    test_set_looks.add_look(db, "second", run, 0, "vault-a", "another seed")
    assert [look.reason for look in test_set_looks.looks(db, "me", "vault-a")] == ["", "another seed"]
    assert len(test_set_looks.looks(db, "me", "vault-a", until="first")) == 1
    runs.delete_run(db, run.id)
    db.write("DELETE FROM datasets WHERE id = 'd'")
    assert len(test_set_looks.looks(db, "me", "vault-a")) == 2
    datasets.add_dataset(db, "me", "again.csv", b"x,y\n1,2\n", dataset_id="e")
    assert test_set_looks.other_looks(db, "me", "e", "vault-b") == 2  # the same file, uploaded again


def test_workspaces_count_for_themselves(db):
    test_set_looks.add_look(db, "mine", trained(db, 0, [0.1]), 0, "vault-a", "")
    assert test_set_looks.looks(db, "you", "vault-a") == () and test_set_looks.other_looks(db, "you", "d", "vault-b") == 0


def test_configurations_are_counted_over_all_runs_with_the_same_test_rows(db):
    trained(db, 0, [0.1, 0.01])
    trained(db, 0, [0.01, 0.001])
    trained(db, 1, [0.5])
    sharing.share_table(db, "d", "me", "work")
    trained(db, 0, [0.7], workspace="you")
    assert test_set_looks.tried(db, "me", "d", "vault-a") == 3 and test_set_looks.tried(db, "me", "d", "vault-b") == 1
