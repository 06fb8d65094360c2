"""The sentence that sets the network beside trees."""

from __future__ import annotations

import math

import pytest

from tuning_core.diagnosis.tree_comparison import compared_with_trees


def said(network, trees, lower=True):
    return compared_with_trees(
        network, trees, lower_is_better=lower, score="MAE" if lower else "accuracy", rows="validation rows", form="{:g}".format
    )


@pytest.mark.parametrize(
    ("network", "trees", "lower", "words"),
    [
        ([90, 100, 110], 120, True, ["reach MAE 120", "network's 100", "90 to 110", "20 better", "more than its seeds differ"]),
        ([90, 100, 110], 105, True, ["5 better", "within what its seeds differ"]),
        ([90, 100, 110], 95, True, ["5 worse", "within what its seeds differ"]),
        ([90, 100, 110], 80, True, ["20 worse", "more than its seeds differ"]),
        ([0.8, 0.9], 0.95, False, ["0.1 worse", "mean of 2 seeds", "more than"]),
        ([0.8, 0.9], 0.7, False, ["0.15 better", "more than"]),
        ([0.98550725, 1.0], 0.9855072463768116, False, ["within what its seeds differ"]),
        ([100, math.nan], 120, True, ["20 better", "one seed only"]),
        ([100], 100, True, ["is just as good"]),
    ],
)
def test_who_is_ahead_and_whether_it_may_be_luck(network, trees, lower, words):
    sentence = said(network, trees, lower)
    assert all(word in sentence for word in words), sentence


def test_nothing_is_said_of_what_is_not_known():
    assert said([100], None) == said([math.nan], 5) == said([], 5) == said([1.0], math.nan) == ""
