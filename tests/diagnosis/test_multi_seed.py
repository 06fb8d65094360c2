"""One verdict over several seeds, and a calm one while they train."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import tuning_core as tc
from tests.support.paths import RECORDED_CURVES
from tuning_core.diagnosis import LiveReading, diagnose_seeds, next_look, read_on
from tuning_core.diagnosis.multi_seed import LIVE_KINDS

with gzip.open(RECORDED_CURVES, "rt") as file:
    RUNS = [tc.History.from_arrays(**run["curves"], context=run["context"]) for run in json.load(file)]
HEALTHY_NUMBER = [h for h in RUNS if np.isfinite(h.matrix()).all()]


def kinds(findings):
    return [f.kind for f in findings]


def part(history, epochs):
    return tc.History.from_matrix(history.matrix()[:, :epochs], history.context)


def exploding(history, epoch):
    values = history.matrix().copy()
    values[:, epoch - 1 :] = np.nan
    return tc.History.from_matrix(values, history.context)


@pytest.mark.parametrize("history", RUNS[:8])
def test_one_seed_or_the_same_thrice_is_the_plain_verdict(history):
    assert kinds(diagnose_seeds([history])) == kinds(tc.diagnose(history)) == kinds(diagnose_seeds([history] * 3))


def test_the_epochs_shaded_are_those_of_the_seed_in_the_middle():
    base = 5 / np.arange(1, 101) + 1
    seeds = []
    for best in (20, 60, 30):
        val = base + np.maximum(0, np.arange(100) - best) * 0.02
        seeds.append(tc.History.from_arrays(loss=base, train_loss=base, val_loss=val))
    found = next(f for f in diagnose_seeds(seeds) if f.kind == "overfitting")
    assert abs(found.epochs[0] - 30) <= 4


def test_an_overfit_curve_whose_best_epoch_was_kept_says_so():
    base = 5 / np.arange(1, 101) + 1
    val = base + np.maximum(0, np.arange(100) - 30) * 0.02
    said = {}
    for restore in (True, False):
        rules = tc.EarlyStopping(patience=90, restore_best_weights=restore)
        context = {"hyperparameters": tc.Hyperparameters(early_stopping=rules).to_json()}
        history = tc.History.from_arrays(loss=base, train_loss=base, val_loss=val, context=context)
        said[restore] = next(f.message for f in tc.diagnose(history) if f.kind == "overfitting")
    assert said[True] == said[False] + " Early stopping kept the weights of its best epoch."


def test_one_seed_that_diverged_is_said_first():
    whole = HEALTHY_NUMBER[0]
    found = diagnose_seeds([whole, exploding(whole, 8), whole])
    assert found[0].kind == "diverged"
    assert found[0].message.startswith("1 of 3 seeds diverged. The training loss stopped being a number in epoch 8")
    assert "seeds diverged" not in diagnose_seeds([exploding(whole, 8)])[0].message


def test_nothing_to_read():
    assert diagnose_seeds([]) == [] == diagnose_seeds([tc.History.from_arrays(loss=[])])


@pytest.mark.parametrize("history", HEALTHY_NUMBER[:6])
def test_a_live_reading_does_not_depend_on_how_often_it_is_asked_for(history):
    at_once = read_on(LiveReading(), [history])
    step_by_step = LiveReading()
    for epochs in range(1, len(history) + 1, 3):
        step_by_step = read_on(step_by_step, [part(history, epochs)])
    step_by_step = read_on(step_by_step, [history])
    assert step_by_step.epochs == at_once.epochs and kinds(step_by_step.shown) == kinds(at_once.shown)


def test_a_finding_holds_before_it_is_shown_and_before_it_goes(monkeypatch):
    said = iter(["overfitting", "", "overfitting", "overfitting", "", "overfitting", "", "", "overfitting"])

    def diagnose(histories):
        kind = next(said)
        return [tc.Finding(kind, "moderate", (1, 2), (), kind)] if kind else []

    monkeypatch.setattr("tuning_core.diagnosis.multi_seed.diagnose_seeds", diagnose)
    reading, shown = LiveReading(), []
    for _ in range(9):
        length = next_look(reading.epochs)
        reading = read_on(reading, [tc.History.from_arrays(loss=np.ones(length))])
        shown.append(bool(reading.shown))
    assert shown == [False, False, False, True, True, True, True, False, False]


def test_what_a_training_ended_like_is_not_said_while_it_goes_on():
    ended = {f.kind for history in RUNS for f in tc.diagnose(history)}
    live = {f.kind for history in RUNS for f in read_on(LiveReading(), [history]).shown}
    assert {"too_slow", "healthy"} <= ended and live and live <= set(LIVE_KINDS)


@settings(max_examples=40, deadline=None)
@given(st.lists(hnp.arrays(float, st.tuples(st.just(5), st.integers(0, 30))), max_size=4))
def test_no_seeds_raise(matrices):
    with np.errstate(all="ignore"):
        histories = [tc.History.from_matrix(m) for m in matrices]
        assert isinstance(diagnose_seeds(histories), list)
        assert isinstance(read_on(LiveReading(), histories), LiveReading)


def test_sentences_have_no_powers_of_ten():
    for history in RUNS:
        assert [f.message for f in diagnose_seeds([history]) if "e+" in f.message] == []
