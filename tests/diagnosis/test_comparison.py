"""Settings side by side: what differs, what may be ranked, and pairs of seeds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tuning_core.diagnosis.comparison import Contender, Training, apart, difference, flat_settings, what_differs
from tuning_core.experiment import EarlyStopping, History, Hyperparameters
from tuning_core.experiment.band import band_of


def training(seed, val, *, loss="mse", best=None, task="regression"):
    val = np.asarray(val, float)
    history = History.from_arrays(
        loss=val, train_loss=val / 2, val_loss=val, metric=val / 4, val_metric=val / 8, context={"loss_name": loss, "task": task}
    )
    return Training(seed, None, "finished", history, best)


def contender(*trainings, split=0, **settings):
    return Contender(Hyperparameters(**settings), trainings, {"table": "a", "split": split})


def test_a_band_is_of_those_that_got_as_far():
    band = band_of([np.array([1.0, 2.0, 3.0]), np.array([3.0, math.inf])])
    assert band.middle.tolist() == [2.0, 2.0, 3.0]
    assert (band.low[0], band.high[0]) == (1.0, 3.0)
    assert band.count.tolist() == [2, 1, 1]
    assert len(band_of([])) == 0
    assert np.isnan(band_of([np.array([math.nan])]).middle).all()


def test_a_band_of_many_is_ten_to_ninety_per_cent():
    band = band_of([np.array([float(i)]) for i in range(11)])
    assert (band.low[0], band.middle[0], band.high[0]) == (1.0, 5.0, 9.0)


def test_only_what_differs_is_told():
    one = flat_settings(Hyperparameters(learning_rate=0.1))
    two = flat_settings(Hyperparameters(learning_rate=0.2, early_stopping=EarlyStopping()))
    assert what_differs([one, two]) == {"learning_rate": [0.1, 0.2], "early_stopping": [False, True]}
    assert what_differs([one, one]) == what_differs([one]) == what_differs([]) == {}


def test_a_setting_that_some_do_not_have_differs_when_it_is_not_the_default():
    adam = flat_settings(Hyperparameters())
    assert "momentum" not in what_differs([adam, flat_settings(Hyperparameters(optimizer="sgd"))])
    told = what_differs([adam, flat_settings(Hyperparameters(optimizer="sgd", momentum=0.9))])
    assert told["momentum"] == [None, 0.9]


def test_kept_best_and_final_values():
    stopping = EarlyStopping(patience=5)
    restores = contender(training(0, [4, 2, 3], best=2), early_stopping=stopping)
    assert (restores.kept("loss")[0], restores.best("loss")[0], restores.final("loss")[0]) == (2.0, 2.0, 3.0)
    assert contender(training(0, [4, 2, 3], best=2)).kept("loss")[0] == 2.0, "the best epoch's, unless one says otherwise"
    assert contender(training(0, [4, 2, 3], best=2), keep="last").kept("loss")[0] == 3.0
    assert restores.best("metric")[0] == 0.25
    assert math.isnan(contender(training(0, [4, math.nan], best=1)).kept("loss")[0])
    assert math.isnan(contender(training(0, [], best=None)).final("loss")[0])


def test_seeds_are_paired_by_their_number_not_by_their_place():
    before = contender(training(0, [10.0]), training(1, [20.0]), training(2, [30.0]))
    after = contender(training(2, [28.0]), training(7, [0.0]), training(1, [19.0]))
    found = difference(before, after, "loss")
    assert (found.n, found.mean) == (2, 1.5)


def test_accuracy_is_better_when_higher():
    low, high = (contender(training(0, [v], task="classification"), training(1, [v + 1], task="classification")) for v in (8, 16))
    assert difference(low, high, "metric").mean == 1.0
    assert difference(low, high, "loss").mean == -8.0


def test_other_losses_are_not_ranked_but_their_metric_is():
    mse, mae = contender(training(0, [1.0])), contender(training(0, [1.0], loss="mae"))
    assert apart(mse, mae, "loss") == ["loss"]
    assert apart(mse, mae, "metric") == []
    assert mse.unit("loss") != mae.unit("loss")


@pytest.mark.parametrize("panel", ["loss", "metric"])
def test_other_splits_share_an_axis_but_are_not_ranked(panel):
    one, other = contender(training(0, [1.0])), contender(training(0, [1.0]), split=1)
    assert apart(one, other, panel) == ["split"]
    assert one.yardstick(panel) != other.yardstick(panel)
    assert one.unit(panel) == other.unit(panel)


def test_the_one_number_of_a_setting_is_the_mean_of_what_is_kept():
    """As a search ranks it: of the weights that are handed over, not of the best epoch that was thrown away."""
    curves = [[3.0, 1.0, 2.0], [4.0, 2.0, 5.0]]
    histories = [History.from_arrays(c, c, c, c, c, {"task": "regression"}) for c in curves]
    last = Hyperparameters(epochs=3, early_stopping=EarlyStopping(patience=9, restore_best_weights=False))
    best = Hyperparameters(epochs=3, early_stopping=EarlyStopping(patience=9, restore_best_weights=True))
    seeds = tuple(Training(seed, None, "finished", h, best_epoch=2) for seed, h in enumerate(histories))
    assert Contender(last, seeds).score("metric") == pytest.approx((2.0 + 5.0) / 2)
    assert Contender(best, seeds).score("metric") == pytest.approx((1.0 + 2.0) / 2)
    assert Contender(best, seeds).measured == "validation rows, mean of 2 seeds"
    assert Contender(best, seeds[:1]).measured == "validation rows"
    folds = tuple(Training(0, fold, "finished", h, 2, held_out=(9.0, 7.0 + fold)) for fold, h in enumerate(histories))
    assert Contender(best, folds).score("metric") == 7.5 and Contender(best, folds).measured == "mean of 2 folds"
    broken = (*seeds[:1], Training(1, None, "diverged", History.from_arrays([np.inf], [np.inf], [np.inf], [np.inf], [np.inf])))
    assert np.isnan(Contender(best, broken).score("loss"))
