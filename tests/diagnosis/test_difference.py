"""The paired difference over seeds: against SciPy, in words, and with seeds that diverged."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from tuning_core.diagnosis import kept_score, paired_difference
from tuning_core.diagnosis.difference import VERDICTS, t_quantile
from tuning_core.experiment import EarlyStopping, History, Hyperparameters

NAN = math.nan


@pytest.mark.parametrize("freedom", [1, 2, 5, 10, 11, 15, 30, 267, 10_000])
def test_quantiles_of_student(freedom):
    assert t_quantile(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-4)


@pytest.mark.parametrize("n", [2, 3, 5, 16])
def test_the_interval_is_that_of_the_paired_t_test(n):
    random = np.random.default_rng(n)
    before, after = random.normal(10, 3, n), random.normal(8, 3, n)
    found = paired_difference(before, after)
    expected = stats.ttest_rel(before, after).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-4)
    assert found.mean == pytest.approx(np.mean(before - after)) and found.n == n
    assert (found.verdict == "luck") == (stats.ttest_rel(before, after).pvalue > 0.05)


def test_pairs_show_what_the_spread_between_seeds_hides():
    seeds = np.array([1000.0, 3000.0, 2000.0, 5000.0, 4000.0])
    change = np.array([400.0, 430.0, 390.0, 420.0, 410.0])
    found = paired_difference(seeds, seeds - change)
    assert found.verdict == "better"
    assert found.sentence("{:,.0f}".format) == "better by 410 (95 % interval 390 to 430)"
    assert paired_difference(seeds - change, seeds).sentence("{:,.0f}".format) == "worse by 410 (95 % interval 390 to 430)"
    assert paired_difference(seeds - change, seeds, lower_is_better=False).verdict == "better"


def test_losses_are_compared_by_factors():
    before, after = np.array([1e6, 20.0, 30.0, 25.0]), np.array([10.0, 10.0, 14.0, 12.0])
    assert paired_difference(before, after).verdict == "luck"  # one seed far out drowns the others
    halved = paired_difference(before[1:], before[1:] / 2 * np.array([1.01, 1.0, 0.99]), relative=True)
    assert halved.verdict == "better" and halved.mean == pytest.approx(0.5, abs=1e-3)
    doubled = paired_difference(before[1:], before[1:] * 2, relative=True)
    assert (doubled.verdict, doubled.mean) == ("worse", pytest.approx(-1.0))
    for bad in ({"before": [0.0], "after": [1.0]}, {"before": [1.0], "after": [2.0], "lower_is_better": False}):
        with pytest.raises(ValueError, match="positive losses"):
            paired_difference(**bad, relative=True)
    assert math.isnan(paired_difference([2.0], [1.0], relative=True).low)
    huge = paired_difference([1e300, 1e-300], [1e-300, 1e300], relative=True)
    assert huge.verdict == "luck" and huge.sentence()


def test_luck_is_called_luck():
    found = paired_difference([10, 12, 11], [11, 10.5, 11.2])
    assert found.verdict == "luck"
    assert "which may be luck (95 % interval" in found.sentence() and "3 seeds)" in found.sentence()
    same = paired_difference([1, 2, 3], [1, 2, 3])
    assert same.verdict == "luck" and "no difference at all" in same.sentence()


def test_one_seed_cannot_tell_unless_the_rows_can():
    alone = paired_difference([10.0], [9.0])
    assert alone.verdict == "one_seed" and alone.n == 1 and math.isnan(alone.low)
    assert "cannot tell luck from effect" in alone.sentence()
    rows = np.linspace(1, 19, 200)
    clear = paired_difference([10.0], [9.0], rows=(rows, rows - 1 + 0.1 * np.sin(rows)))
    assert clear.verdict == "better" and clear.over == "rows"
    noisy = paired_difference([10.0], [9.0], rows=(rows, rows[::-1] - 1))
    assert noisy.verdict == "rows" and "no difference that these rows can show" in noisy.sentence()


def test_rows_may_take_back_what_seeds_agree_on():
    rows = np.linspace(1, 19, 200)
    before, after = [10.0, 10.1, 10.2], [9.0, 9.1, 9.3]
    assert paired_difference(before, after).verdict == "better"
    assert paired_difference(before, after, rows=(rows, rows[::-1] - 1)).verdict == "rows"
    assert paired_difference(before, after, rows=(rows, rows - 1)).verdict == "better"


def test_seeds_that_diverged():
    cured = paired_difference([NAN, math.inf, NAN], [8.0, 9.0, 10.0])
    assert (cured.verdict, cured.cured, cured.n) == ("better", 3, 0)
    assert cured.sentence() == "better, 3 seeds no longer diverge"
    broken = paired_difference([8.0, 9.0, 10.0], [7.9, 9.1, NAN])
    assert (broken.verdict, broken.broken, broken.n) == ("worse", 1, 2)
    assert broken.sentence().startswith("worse, 1 seed diverges now; ")
    neither = paired_difference([NAN, NAN], [NAN, NAN])
    assert neither.verdict == "unknown" and "no seed" in neither.sentence()
    mixed = paired_difference([NAN, 9.0], [8.0, NAN])
    assert mixed.verdict == "unknown" and mixed.sentence() == "1 seed no longer diverges, 1 seed diverges now"


def test_more_seeds_in_one_run_than_in_the_other():
    assert paired_difference([1, 2, 3, 4], [1.5, 2.5]).n == 2
    assert paired_difference([], [1.0]).verdict == "unknown"


@given(hnp.arrays(float, st.integers(0, 6)), hnp.arrays(float, st.integers(0, 6)))
def test_no_scores_raise(before, after):
    with np.errstate(all="ignore"):
        found = paired_difference(before, after)
    assert found.verdict in VERDICTS and found.sentence()


def stopping(**rules) -> Hyperparameters:
    return Hyperparameters(early_stopping=EarlyStopping(**rules))


def test_the_score_is_that_of_the_model_that_is_kept():
    history = History.from_arrays(loss=[5, 4, 3, 2], train_loss=[5, 4, 3, 2], val_loss=[6, 4, 5, 7], val_metric=[3, 2, 2.5, 3])
    assert kept_score(history, Hyperparameters(keep="last")) == 7
    assert kept_score(history, Hyperparameters(keep="best")) == 4
    assert kept_score(history, stopping(start_from_epoch=9)) == 7, "nothing was watched: the last weights, as in Keras"
    assert kept_score(history, stopping(patience=1)) == 4
    assert kept_score(history, stopping(patience=1), "val_metric") == 2
    assert kept_score(history, stopping(patience=1, restore_best_weights=False)) == 5
    assert math.isnan(kept_score(History.from_arrays(loss=[1, 2], val_loss=[1, NAN]), Hyperparameters()))
    assert math.isnan(kept_score(History.from_arrays(loss=[]), Hyperparameters()))
