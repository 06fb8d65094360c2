"""Dropout masks from a counter-based integer hash: as good as random bits, and nearly free inside an XLA loop."""

from __future__ import annotations

import tensorflow as tf

STRIDE = 1024  # units of the widest layer: a unit's number does not depend on how many there are


def _mix(bits: tf.Tensor) -> tf.Tensor:
    """Scramble uint32 words; the "lowbias32" finaliser (Wellons 2018, Hash Prospector), any shape."""
    bits = tf.bitwise.bitwise_xor(bits, tf.bitwise.right_shift(bits, tf.constant(16, tf.uint32)))
    bits = bits * tf.constant(0x7FEB352D, tf.uint32)
    bits = tf.bitwise.bitwise_xor(bits, tf.bitwise.right_shift(bits, tf.constant(15, tf.uint32)))
    bits = bits * tf.constant(0x846CA68B, tf.uint32)
    return tf.bitwise.bitwise_xor(bits, tf.bitwise.right_shift(bits, tf.constant(16, tf.uint32)))


def dropout_mask(seeds: tf.Tensor, layer: int, step: tf.Tensor, rates: tf.Tensor, rows: int, units: int) -> tf.Tensor:
    """Inverted-dropout factors: 0 with probability `rate`, else 1 / (1 - rate).

    Parameters
    ----------
    seeds : uint32 tensor of shape (K,), one per trial.
    layer : index of the hidden layer.
    step : int32 scalar, optimizer steps done since the start of the training.
    rates : float32 tensor of shape (K,), each in [0, 1).
    rows, units : the mask's size per trial, at most 1,024 units; that of a smaller one is its corner.

    Returns
    -------
    float32 tensor of shape (K, rows, units); a pure function of its arguments, so a training run again is the same.
    """
    key = _mix(seeds + tf.constant(0x9E3779B9, tf.uint32) * tf.constant(layer + 1, tf.uint32))  # (K,)
    key = _mix(tf.bitwise.bitwise_xor(key, _mix(tf.cast(step, tf.uint32) + tf.constant(0x632BE5AB, tf.uint32))))
    index = tf.cast(tf.range(rows)[:, None] * STRIDE + tf.range(units), tf.uint32)[None]  # (1, rows, units)
    bits = _mix(tf.bitwise.bitwise_xor(key[:, None, None], index * tf.constant(0x9E3779B1, tf.uint32)))
    bits = _mix(bits + key[:, None, None])  # a second round: keys that differ by an XOR must not give shuffled copies
    uniform = tf.cast(tf.bitwise.right_shift(bits, tf.constant(8, tf.uint32)), tf.float32) * 2.0**-24  # [0, 1)
    rates = rates[:, None, None]
    return tf.where(uniform >= rates, 1.0 / (1.0 - rates), 0.0)
