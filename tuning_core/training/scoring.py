"""The forward pass in NumPy, and the loss and metric of single rows. No keras."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

TINY = 1e-7  # Keras clips probabilities here before the logarithm


def forward(weights: Sequence[np.ndarray], x: np.ndarray, activation: str) -> np.ndarray:
    """Outputs (rows, outputs) of a network with these kernels and biases: the prediction, or the logits."""
    for i in range(0, len(weights), 2):
        x = x @ weights[i] + weights[i + 1]  # (rows, in) @ (in, out) + (out,)
        if i + 2 < len(weights):
            x = _activate(x, activation)
    return x


def _activate(x: np.ndarray, activation: str) -> np.ndarray:
    """Keras's activations."""
    if activation == "relu":
        return np.maximum(x, 0)
    if activation == "tanh":
        return np.tanh(x)
    if activation == "sigmoid":
        from scipy.special import expit

        return expit(x)
    if activation == "elu":
        return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))
    if activation == "gelu":
        from scipy.special import erf

        return (0.5 * x * (1 + erf(x / np.sqrt(2)))).astype(x.dtype)
    return x


def probabilities(outputs: np.ndarray) -> np.ndarray:
    """Class shares (rows, classes) of logits (rows, 1) or (rows, classes)."""
    logits = outputs.astype(np.float64)
    if logits.shape[1] == 1:
        logits = np.hstack([np.zeros_like(logits), logits])
    logits -= logits.max(axis=1, keepdims=True)
    shares = np.exp(logits)
    return shares / shares.sum(axis=1, keepdims=True)
