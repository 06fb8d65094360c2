"""Rankings, heat maps, importances, edges and divergence on searches whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

import tuning_core as tc
from tuning_core.search_analysis.divergence import diverged_share, divergence
from tuning_core.search_analysis.heat_map import heat_map
from tuning_core.search_analysis.importance import importances
from tuning_core.search_analysis.points import Point, coordinates, is_log, label, ranked
from tuning_core.search_analysis.range_edges import edges
from tuning_core.search_strategies import make_strategy

HP = tc.Hyperparameters(epochs=20)


def searched(space, score):
    """Points of a space scored by a function; None is a divergence."""
    found = []
    for c in make_strategy(space).ask():
        value = score(c.hyperparameters)
        found.append(
            Point(
                c.number, c.values, math.nan if value is None else value, status="finished" if value is not None else "diverged"
            )
        )
    return found


def bowl(hp):
    return (math.log10(hp.learning_rate) + 2) ** 2


def test_ranking_puts_failures_last_and_keeps_the_order_of_equals():
    points = [Point(0, {}, 2.0), Point(1, {}, math.nan, status="diverged"), Point(2, {}, 1.0), Point(3, {}, 2.0)]
    assert [p.number for p in ranked(points)] == [2, 0, 3, 1]


def test_heat_map_of_a_grid_has_its_values():
    space = tc.grid(base=HP, learning_rate=[0.1, 0.001, 0.01], batch_size=[8, 32], activation=["relu", "tanh"])
    points = searched(
        space,
        lambda hp: (
            None if hp.learning_rate == 0.1 and hp.batch_size == 8 else hp.batch_size + bowl(hp) + (hp.activation == "tanh")
        ),
    )
    found = heat_map(points, space, "learning_rate", "batch_size")
    assert found.x_labels == ("0.001", "0.01", "0.1")
    assert found.y_labels == ("8", "32")
    np.testing.assert_allclose(found.best, [[9, 8, np.nan], [33, 32, 33]])
    np.testing.assert_allclose(found.mean, [[9.5, 8.5, np.nan], [33.5, 32.5, 33.5]])
    assert found.count.tolist() == [[2, 2, 2], [2, 2, 2]]
    assert found.diverged.tolist() == [[0, 0, 2], [0, 0, 0]]


def test_heat_map_of_ranges_cuts_log_axes_by_factors():
    space = tc.quasi_random(base=HP, n_iter=64, learning_rate=tc.loguniform(1e-4, 1), dropout=tc.uniform(0, 0.5))
    found = heat_map(searched(space, bowl), space, "learning_rate", "dropout", bins=4)
    assert found.x_labels == ("0.0001 to 0.001", "0.001 to 0.01", "0.01 to 0.1", "0.1 to 1")
    assert found.count.sum() == 64
    assert found.count.min() >= 2
    column = np.nanmean(found.mean, axis=0)
    assert column[3] > column[2] and column[0] > column[1]


def test_heat_map_leaves_out_what_is_switched_off_and_bins_whole_numbers():
    space = tc.random(base=HP, n_iter=60, layers=[1, 2], units_2=tc.randint(4, 7), learning_rate=tc.loguniform(1e-3, 1))
    points = searched(space, bowl)
    found = heat_map(points, space, "units_2", "layers")
    assert found.count.shape == (2, 3)
    assert found.count[0].sum() == 0
    assert found.count[1].sum() == sum(p.values["layers"] == 2 for p in points)


def test_importance_finds_the_axis_that_matters():
    space = tc.random(
        base=HP,
        n_iter=60,
        learning_rate=tc.loguniform(1e-4, 1),
        dropout=tc.uniform(0, 0.5),
        activation=["relu", "tanh", "elu"],
        layers=[1, 2],
        units_2=tc.randint(4, 64),
    )
    found = importances(searched(space, lambda hp: bowl(hp) + 0.3 * (hp.activation == "tanh")), space)
    assert found.axes[0].name == "learning_rate"
    assert found.axes[0].share > 0.7
    assert sum(axis.share for axis in found.axes) == pytest.approx(1.0)
    assert found.explained > 0.25
    assert "random forest" in found.method


def test_importance_of_noise_says_so():
    space = tc.random(base=HP, n_iter=60, learning_rate=tc.loguniform(1e-4, 1), dropout=tc.uniform(0, 0.5))
    noise = np.random.default_rng(0)
    assert importances(searched(space, lambda hp: noise.normal()), space).explained < 0.25
    flat = importances(searched(space, lambda hp: 1.0), space)
    assert flat.explained == 0 and all(axis.share == 0 for axis in flat.axes)


def test_importance_counts_divergence_as_bad():
    space = tc.random(base=HP, n_iter=60, learning_rate=tc.loguniform(1e-4, 1), dropout=tc.uniform(0, 0.5))
    found = importances(searched(space, lambda hp: None if hp.learning_rate > 0.05 else 1.0 + 0.01 * hp.dropout), space)
    assert found.axes[0].name == "learning_rate"


def test_importance_needs_settings():
    space = tc.random(base=HP, n_iter=5, learning_rate=tc.loguniform(1e-4, 1))
    with pytest.raises(tc.SettingsError, match="too few"):
        importances(searched(space, bowl), space)


def only(found, name):
    assert [e.name for e in found] == [name]
    return found[0]


def test_the_best_at_the_edge_is_said_with_a_wider_axis():
    space = tc.grid(base=HP, learning_rate=[1e-5, 1e-4, 1e-3], batch_size=[8, 16, 32])
    edge = only(edges(searched(space, lambda hp: bowl(hp) + abs(hp.batch_size - 16)), space), "learning_rate")
    assert (edge.side, edge.value) == ("high", 1e-3)
    assert edge.wider.probes() == (1e-5, 1e-4, 1e-3, 0.01)
    assert "Widen it to 0.01?" in edge.message


def test_widening_knows_ranges_lists_and_limits():
    def wider(score, **axes):
        return only(
            edges(searched(tc.random(base=HP, n_iter=40, **axes), score), tc.random(base=HP, n_iter=40, **axes)), *axes
        ).wider

    assert wider(lambda hp: -hp.learning_rate, learning_rate=tc.loguniform(1e-4, 1e-2)).high == pytest.approx(0.1)
    assert wider(lambda hp: hp.learning_rate, learning_rate=tc.loguniform(1e-4, 1e-2)).low == pytest.approx(1e-5)
    assert wider(lambda hp: -hp.dropout, dropout=tc.uniform(0, 0.4)).high == pytest.approx(0.6)
    assert wider(lambda hp: -hp.batch_size, batch_size=tc.randint(2, 16)).probes() == (2, 22)
    assert wider(lambda hp: -hp.hidden_units[0], units=[16, 32, 64]).probes() == (16, 32, 64, 128)
    assert wider(lambda hp: -hp.epochs, epochs=[10, 20, 30]).probes() == (10, 20, 30, 40)


def test_no_warning_where_there_is_nothing_beyond_or_nothing_was_compared():
    space = tc.grid(base=HP, layers=[0, 1, 2], dropout=[0.0, 0.1, 0.2], activation=["relu", "tanh"])
    points = searched(space, lambda hp: len(hp.hidden_units) + hp.dropout + (hp.activation == "tanh"))
    assert edges(points, space) == []
    one = tc.grid(base=HP, learning_rate=[0.1])
    assert edges(searched(one, bowl), one) == []
    assert edges([], one) == []


def test_shares_of_divergence():
    space = tc.grid(base=HP, learning_rate=[0.01, 0.1, 1.0], batch_size=[8, 16])
    points = searched(
        space, lambda hp: None if hp.learning_rate > 0.5 or (hp.learning_rate > 0.05 and hp.batch_size == 8) else 1.0
    )
    found = divergence(points, space, "learning_rate")
    assert found.labels == ("0.01", "0.1", "1")
    assert found.share == (0.0, 0.5, 1.0)
    assert diverged_share(points) == 0.5
    assert math.isnan(diverged_share([]))


def test_log_axes_are_recognised():
    axes = tc.random(
        base=HP, learning_rate=[1e-3, 1e-2, 0.1], epochs=[10, 20, 30], batch_size=[8, 16, 32], l2=[0.0, 0.1, 1.0]
    ).axes
    assert [is_log(axes[name]) for name in ("learning_rate", "epochs", "batch_size", "l2")] == [True, False, True, False]


def test_coordinates_and_labels():
    space = tc.grid(base=HP, early_stopping=[None, tc.EarlyStopping(patience=5)], hidden_units=[(), (8, 4)])
    points = searched(space, lambda hp: 1.0)
    assert coordinates(space, "early_stopping", points).tolist() == [0, 0, 1, 1]
    assert coordinates(space, "hidden_units", points).tolist() == [0, 1, 0, 1]
    assert [label(v) for v in (None, True, 0.00012345, (8, 4), (), "relu", tc.EarlyStopping(patience=5))] == [
        "none",
        "yes",
        "0.000123",
        "8-4",
        "none",
        "relu",
        "patience 5",
    ]
