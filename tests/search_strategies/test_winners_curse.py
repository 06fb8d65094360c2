"""The bias correction on simulated searches whose true losses are known."""

from __future__ import annotations

import numpy as np
import pytest

import tuning_core as tc
from tuning_core.search_analysis.winners_curse import winners_curse, winners_curse_by


def optimism(found):
    """How much better the winner looked than it is."""
    return found.corrected - found.reported


def simulated(random, settings, rows, spread):
    """Row losses with a common difficulty of each row, and the true mean loss of each setting."""
    true = 1.0 + spread * random.normal(size=settings)
    return true[:, None] + 0.5 * random.normal(size=rows) + 0.7 * random.normal(size=(settings, rows)), true


@pytest.mark.parametrize(("settings", "rows", "spread"), [(50, 60, 0.0), (100, 100, 0.02), (10, 200, 0.0)])
def test_on_average_the_correction_finds_the_winners_true_loss(settings, rows, spread):
    random = np.random.default_rng(0)
    reported, corrected, truth = [], [], []
    for _ in range(60):
        losses, true = simulated(random, settings, rows, spread)
        found = winners_curse(losses, repeats=200)
        reported.append(found.reported)
        corrected.append(found.corrected)
        truth.append(true[np.argmin(losses.mean(axis=1))])
    bias = np.mean(truth) - np.mean(reported)
    left = np.mean(truth) - np.mean(corrected)
    assert bias > 0.05
    assert abs(left) < 0.45 * bias


def test_a_clear_winner_is_no_luck():
    losses, _ = simulated(np.random.default_rng(0), 20, 300, 0.0)
    losses[7] -= 2.0
    found = winners_curse(losses)
    assert found.same_winner == 1.0
    assert optimism(found) < 0.02
    assert found.low < found.corrected < found.high


def test_more_settings_make_more_optimism_and_more_rows_less():
    random = np.random.default_rng(1)
    few, many = simulated(random, 5, 100, 0.0)[0], simulated(random, 500, 100, 0.0)[0]
    assert optimism(winners_curse(many)) > optimism(winners_curse(few))
    assert optimism(winners_curse(simulated(random, 500, 1500, 0.0)[0])) < 0.5 * optimism(winners_curse(many))


def test_failures_are_left_out_and_many_rows_are_thinned():
    losses, _ = simulated(np.random.default_rng(0), 30, 5000, 0.0)
    losses[3, 17] = np.nan
    found = winners_curse(losses, repeats=50)
    assert (found.n_settings, found.n_rows) == (29, 2000)
    assert winners_curse(losses, repeats=50) == found


@pytest.mark.parametrize("shape", [(1, 100), (10, 9), (0, 0)])
def test_too_little_to_say(shape):
    with pytest.raises(tc.SettingsError) as caught:
        winners_curse(np.ones(shape))
    assert caught.value.kind == "too_few_trials"


def test_a_score_worked_out_on_every_resample_says_what_means_over_rows_say():
    losses, _ = simulated(np.random.default_rng(0), 20, 100, 0.0)
    by_rows = winners_curse(losses, repeats=200)
    by_score = winners_curse_by([lambda times, own=own: float(times @ own / times.sum()) for own in losses], 100)
    assert by_score.reported == pytest.approx(by_rows.reported)
    assert by_score.corrected == pytest.approx(by_rows.corrected, abs=0.03)
    assert by_score.same_winner == pytest.approx(by_rows.same_winner, abs=0.15)
    with pytest.raises(tc.SettingsError):
        winners_curse_by([lambda times: 1.0, lambda times: float("nan")], 100)
