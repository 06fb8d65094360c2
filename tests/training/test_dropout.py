"""The hashed dropout mask: right mean, and no pattern over units, rows, steps, layers or trials."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from tuning_core.training.dropout import dropout_mask

ROWS, UNITS = 64, 96


def dropped(seeds=(0,), layer=0, step=0, rate=0.5):
    """Which units are silenced, bool (K, ROWS, UNITS)."""
    rates = tf.fill([len(seeds)], tf.constant(rate, tf.float32))
    return dropout_mask(tf.constant(seeds, tf.uint32), layer, tf.constant(step), rates, ROWS, UNITS).numpy() == 0


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.9])
def test_mean_and_scale(rate):
    seeds = list(range(40))
    share = dropped(seeds, rate=rate).mean()
    error = np.sqrt(rate * (1 - rate) / (40 * ROWS * UNITS))
    assert abs(share - rate) <= 4 * error
    mask = dropout_mask(tf.constant(seeds, tf.uint32), 0, tf.constant(3), tf.fill([40], np.float32(rate)), ROWS, UNITS).numpy()
    assert set(np.unique(mask)) <= {np.float32(0), np.float32(1) / (np.float32(1) - np.float32(rate))}


def agreement(a, b):
    """Standard errors by which two masks of rate 1/2 agree more often than independent ones."""
    return (np.mean(a == b) - 0.5) / (0.5 / np.sqrt(a.size))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"step": 0}, {"step": 1}),
        ({"step": 7}, {"step": 7 + 2**16}),
        ({"layer": 0}, {"layer": 1}),
        ({"seeds": (0,)}, {"seeds": (1,)}),
        ({"seeds": (3,), "step": 5}, {"seeds": (5,), "step": 3}),
        ({"layer": 1, "step": 0}, {"layer": 0, "step": 1}),
    ],
)
def test_masks_are_independent(first, second):
    assert abs(agreement(dropped(**first), dropped(**second))) < 4.5


def test_no_pattern_inside_a_mask():
    mask = dropped(step=11)[0]
    for shift in range(1, 20):
        assert abs(agreement(mask[:, shift:], mask[:, :-shift])) < 4.5
        assert abs(agreement(mask[shift:], mask[:-shift])) < 4.5


def test_masks_of_another_step_are_not_the_same_bits_moved():
    """Keys that differ by an XOR must not give the same bits at other places."""
    first, second = dropped(step=0)[0].ravel(), dropped(step=1)[0].ravel()
    spectrum = np.fft.ifft(np.fft.fft(first - first.mean()) * np.conj(np.fft.fft(second - second.mean()))).real
    assert np.abs(spectrum).max() / (0.25 * np.sqrt(first.size)) < 6
    for bit in range(12):
        place = np.arange(4096) ^ (1 << bit)
        assert abs(agreement(first[:4096], second[place])) < 4.5


def test_every_unit_is_silenced_equally_often_over_steps():
    counts = np.mean([dropped(step=step)[0].mean(axis=0) for step in range(60)], axis=0)
    error = 0.5 / np.sqrt(60 * ROWS)
    assert np.abs(counts - 0.5).max() < 5 * error


def test_the_same_arguments_give_the_same_mask():
    np.testing.assert_array_equal(dropped(step=9), dropped(step=9))


def test_each_trial_has_its_own_rate():
    rates = tf.constant([0.0, 0.8])
    mask = dropout_mask(tf.constant([1, 1], tf.uint32), 0, tf.constant(0), rates, ROWS, UNITS).numpy()
    assert (mask[0] == 1).all()
    assert 0.75 < (mask[1] == 0).mean() < 0.85
