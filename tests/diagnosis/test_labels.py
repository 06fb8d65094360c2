"""The labels of the bank on trainings made up so that the truth is plain."""

import numpy as np
import pytest

from tuning_core.diagnosis.judged_by_remedies import judge

EPOCHS = 60
T = np.arange(EPOCHS)


def curve(start, end, epochs=EPOCHS, pace=8.0):
    return end + (start - end) * np.exp(-np.arange(epochs) / pace)


def seeds(train, test):
    return np.stack([np.stack([train, test])] * 3)


def case(train, test, *, longer=None, raised=None, lowered=None, larger=None, less_l2=None):
    """A run and its remedies; a remedy left out changes nothing."""
    tail = np.full(2 * EPOCHS, test[-1])
    same = seeds(np.pad(train, (0, EPOCHS), mode="edge"), np.pad(test, (0, EPOCHS), mode="edge"))
    remedies = {
        "epochs3": seeds(np.pad(train, (0, 2 * EPOCHS), mode="edge"), np.concatenate([test, tail if longer is None else longer])),
        "lr3": seeds(train, test if raised is None else raised),
        "lr5": same if lowered is None else lowered,
        "lr10": same if lowered is None else lowered,
        "deep": seeds(train, test if larger is None else larger),
        "wide": None,
        "less_l2": None if less_l2 is None else seeds(less_l2, less_l2),
    }
    return judge(np.stack([train, train, test, train, test]), remedies, dummy_loss=1.0)


def true_labels(judged):
    return {kind for kind, truth in judged["labels"].items() if truth}


SETTLED = curve(1.0, 0.4)


def test_a_settled_run_that_nothing_improves_is_healthy():
    judged = case(SETTLED, SETTLED + 0.02)
    assert true_labels(judged) == {"healthy"}
    assert all(abs(gain) < 0.02 for gain in judged["gains"].values() if gain is not None)
    assert judged["gains"]["less_l2"] is None and judged["labels"]["over_regularised"] is None, "there is none"


def test_a_larger_model_that_gains_a_tenth_means_underfitting():
    assert true_labels(case(SETTLED, SETTLED, larger=0.88 * SETTLED)) == {"underfitting"}
    assert case(SETTLED, SETTLED, larger=0.94 * SETTLED)["labels"]["underfitting"] is None


def test_a_tenth_gained_by_less_of_a_penalty_means_too_much_of_it_once_both_have_settled():
    better = curve(1.0, 0.34, 3 * EPOCHS)
    judged = case(SETTLED, SETTLED, less_l2=better)
    assert true_labels(judged) == {"over_regularised"}
    assert judged["gains"]["less_l2"] == pytest.approx(1 - better[: len(SETTLED)].min() / SETTLED.min(), abs=0.002)
    assert case(SETTLED, SETTLED, less_l2=curve(1.0, 0.375, 3 * EPOCHS))["labels"]["over_regularised"] is None
    assert case(SETTLED, SETTLED, less_l2=curve(1.0, 0.395, 3 * EPOCHS))["labels"]["over_regularised"] is False
    only_faster = case(SETTLED, SETTLED, longer=np.full(2 * EPOCHS, 0.34), less_l2=better)
    assert only_faster["labels"]["over_regularised"] is None, "in the end both arrive at the same loss"


def test_more_epochs_and_a_higher_rate_that_both_gain_mean_too_slow():
    slow = curve(1.0, 0.4, pace=60.0)
    judged = case(slow, slow, longer=np.linspace(slow[-1], 0.45, 2 * EPOCHS), raised=curve(1.0, 0.4, pace=20.0))
    assert true_labels(judged) == {"too_slow"}
    assert "too_slow" not in true_labels(case(slow, slow, longer=np.linspace(slow[-1], 0.45, 2 * EPOCHS)))


def test_a_held_out_rise_while_training_falls_is_overfitting_and_stopping_gains_it_back():
    test = np.where(T < 20, 0.5 + 0.5 * np.exp(-T / 5), 0.51 + 0.005 * (T - 20))
    judged = case(curve(1.0, 0.1, pace=25.0), test)
    assert "overfitting" in true_labels(judged)
    assert judged["gains"]["early_stop"] == pytest.approx(1 - test.min() / test[-3:].mean(), abs=0.02)
    assert "overfitting" not in true_labels(case(np.pad(SETTLED[:20], (0, 40), mode="edge"), test)), "training did not fall on"


def test_swings_that_a_lower_rate_calms_are_oscillation():
    swings = SETTLED + 0.2 * np.abs(np.sin(2.5 * T))
    calm = seeds(curve(1.0, 0.35, 2 * EPOCHS), curve(1.0, 0.4, 2 * EPOCHS))
    assert "oscillating" in true_labels(case(swings, SETTLED, lowered=calm))
    assert "oscillating" not in true_labels(case(swings, SETTLED)), "a lower rate did not help"


def test_a_loss_far_above_the_constant_that_a_lower_rate_repairs_has_diverged():
    calm = seeds(curve(1.0, 0.3, 2 * EPOCHS), curve(1.0, 0.3, 2 * EPOCHS))
    for wild in (np.full(EPOCHS, 4.0), np.where(T < 3, 2.0, np.nan)):
        assert true_labels(case(wild, wild, lowered=calm)) == {"diverged"}
        assert case(wild, wild)["labels"]["diverged"] is None, "nothing repairs it: ambiguous"
