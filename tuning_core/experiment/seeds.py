"""Seeds that follow from a trial's seed, for the training and for exported scripts alike."""

from __future__ import annotations


def layer_seed(seed: int, layer: int) -> int:
    """Seed of the initializer of one layer's kernel; layers count from 0, the output layer is the last."""
    return (seed * 1009 + layer * 31 + 1) % (2**31 - 1)
