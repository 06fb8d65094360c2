"""The lesson's own cases: the verdict and the first remedy that a teacher would give, on recorded curves and on fresh ones."""

from __future__ import annotations

import pytest

import tuning_core as tc
from tests.support.lesson_cases import CASES, SEEDS, recorded, train
from tuning_core.diagnosis import VERDICTS, diagnose_seeds

CURVES = recorded()
READINGS = [(name, seed) for name in CASES for seed in SEEDS]


def verdicts(findings):
    return [f for f in findings if f.kind in VERDICTS]


def direction(settings, remedy):
    """ "learning_rate+" for a remedy that raises the learning rate; fields whose values are no numbers go without a sign."""
    (name, value), *_ = remedy.changes.items()
    old = getattr(settings, name)
    return name if not isinstance(value, (int, float)) else name + ("+" if value > old else "-")


def check(case, findings):
    first = verdicts(findings)[0]
    assert first.kind in case.kinds
    said = direction(case.settings, first.remedies[0]) if first.remedies else ""
    assert said in case.first, (first.kind, said)
    for finding in findings:
        for remedy in finding.remedies:
            assert case.settings.replace(**remedy.changes) != case.settings


@pytest.mark.parametrize(("name", "seed"), READINGS)
def test_every_seed_is_read_as_a_teacher_would(name, seed):
    check(CASES[name], tc.diagnose(CURVES[name][seed]))


@pytest.mark.parametrize("name", CASES)
def test_and_so_are_all_seeds_together(name):
    check(CASES[name], diagnose_seeds(CURVES[name]))


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if case.settings.learning_rate < 1e-6])
def test_what_never_moved_is_far_too_slow_and_not_by_a_little(name):
    for history in CURVES[name]:
        (finding,) = verdicts(tc.diagnose(history))
        assert "far too small" in finding.message
        assert finding.remedies[0].changes["learning_rate"] >= 100 * CASES[name].settings.learning_rate


@pytest.mark.parametrize(("name", "seed"), READINGS)
def test_the_buttons_of_a_finding_are_its_own(name, seed):
    """No button twice, none that another finding has, and nobody who memorises is told to stay inside a valley."""
    found = verdicts(tc.diagnose(CURVES[name][seed]))
    buttons = [str(sorted(remedy.changes.items())) for finding in found for remedy in finding.remedies]
    assert len(buttons) == len(set(buttons))
    for finding in found:
        if finding.kind == "overfitting":
            assert all("valley" not in remedy.reason and "learning_rate" not in remedy.changes for remedy in finding.remedies)
        if finding.kind == "too_slow":
            assert all("hidden_units" not in remedy.changes for remedy in finding.remedies)


def test_textbook_overfitting_is_in_the_recorded_curves():
    """After 500 epochs training has fallen to a sixth of the validation loss or less, far below what any row deserves."""
    for history in CURVES["three of 128"]:
        assert history.train_loss[-1] < 1e7 < 3e7 < history.val_loss[-1]
        assert history.val_loss[-1] > 1.25 * history.val_loss.min()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rate 1", "rate 0.1", "rate 0.001", "rate 1e-06", "rate 1e-07", "batch 936", "no hidden layer"])
def test_and_so_are_fresh_trainings(name):
    histories = train(name)
    check(CASES[name], diagnose_seeds(histories))
    for history in histories:
        check(CASES[name], tc.diagnose(history))
