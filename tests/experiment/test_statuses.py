"""Statuses: the words that the store and run files hold, and what follows from them."""

from __future__ import annotations

import json
import pickle
import sqlite3

import pytest

from tuning_core.experiment import RunStatus, TrialStatus


def test_a_status_is_stored_and_sent_as_its_word():
    stored = sqlite3.connect(":memory:")
    stored.execute("CREATE TABLE t (status TEXT)")
    stored.execute("INSERT INTO t VALUES (?)", (TrialStatus.STOPPED_EARLY,))
    assert stored.execute("SELECT status, typeof(status) FROM t").fetchone() == ("stopped_early", "text")
    stored.close()
    assert json.dumps([RunStatus.QUEUED]) == '["queued"]' and f"{RunStatus.FAILED}" == "failed"
    assert pickle.loads(pickle.dumps(TrialStatus.STOPPED)) is TrialStatus.STOPPED


@pytest.mark.parametrize(
    ("word", "live", "whole", "can_continue"),
    [
        ("queued", True, False, False),
        ("running", True, False, False),
        ("finished", False, True, False),
        ("diverged", False, True, False),
        ("stopped", False, False, True),
        ("failed", False, False, True),
        ("interrupted", False, False, True),
    ],
)
def test_what_a_run_may_do(word, live, whole, can_continue):
    status = RunStatus(word)
    assert (status.live, status.whole, status.can_continue) == (live, whole, can_continue)


@pytest.mark.parametrize(
    ("word", "complete", "has_model", "in_file"),
    [
        ("queued", False, False, False),
        ("running", False, False, False),
        ("interrupted", False, False, False),
        ("finished", True, True, True),
        ("stopped_early", True, True, True),
        ("diverged", True, False, True),
        ("stopped", False, True, True),
        ("failed", False, False, True),
    ],
)
def test_what_a_trial_is_good_for(word, complete, has_model, in_file):
    status = TrialStatus(word)
    assert (status.complete, status.has_model, status.in_file) == (complete, has_model, in_file)
