"""Stacked networks: K models of one shape in one set of variables, and the plain Keras model of one of them."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import keras
import numpy as np

from tuning_core.experiment import Hyperparameters, Trial
from tuning_core.experiment.seeds import layer_seed


def stacked_layers(k: int, n_features: int, hidden_units: tuple[int, ...], n_outputs: int, activation: str) -> list[keras.Layer]:
    """Stock `EinsumDense` layers for K models: kernels (K, in, out), biases (K, 1, out), outputs linear.

    Inputs and outputs have shape (K, rows, features); the last layer gives the prediction or the logits.
    """
    layers = []
    width = n_features
    for i, units in enumerate((*hidden_units, n_outputs)):
        layer = keras.layers.EinsumDense(
            "kbi,kio->kbo",
            output_shape=(None, units),
            bias_axes="ko",
            activation=activation if i < len(hidden_units) else None,
        )
        layer.build((k, None, width))
        layers.append(layer)
        width = units
    return layers


@lru_cache(maxsize=256)
def _initial_kernel(seed: int, fan_in: int, fan_out: int) -> np.ndarray:
    kernel = np.asarray(keras.initializers.GlorotUniform(seed=seed)((fan_in, fan_out)))
    kernel.setflags(write=False)
    return kernel


def initial_weights(seed: int, n_features: int, hidden_units: tuple[int, ...], n_outputs: int) -> tuple[np.ndarray, ...]:
    """Keras's own start (Glorot uniform kernels, zero biases) for one trial: kernel (in, out), bias (out,), ..."""
    weights: list[np.ndarray] = []
    width = n_features
    for i, units in enumerate((*hidden_units, n_outputs)):
        weights += [_initial_kernel(layer_seed(seed, i), width, units), np.zeros(units, np.float32)]
        width = units
    return tuple(weights)


def padded_weights(weights: tuple[np.ndarray, ...], n_features: int, hidden_units: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    """The same model with zeros for features and units that it does not have: kernel (in, out), bias (out,), ..."""
    ins, outs = (n_features, *hidden_units), (*hidden_units, weights[-1].shape[0])
    wanted = [shape for i, o in zip(ins, outs, strict=True) for shape in ((i, o), (o,))]
    if all(w.shape == shape for w, shape in zip(weights, wanted, strict=True)):
        return weights
    missing = [[(0, s - have) for s, have in zip(shape, w.shape, strict=True)] for w, shape in zip(weights, wanted, strict=True)]
    return tuple(np.pad(w, pad) for w, pad in zip(weights, missing, strict=True))


def own_weights(weights: Sequence[np.ndarray], n_features: int, hidden_units: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    """The weights of a model of these features and layers out of `padded_weights`."""
    outs = (*hidden_units, weights[-1].shape[0])
    ins = (n_features, *hidden_units)
    cut = [part for i, o, k, b in zip(ins, outs, weights[::2], weights[1::2], strict=True) for part in (k[:i, :o], b[:o])]
    return tuple(np.ascontiguousarray(part) for part in cut)


def build_keras(hp: Hyperparameters, n_features: int, n_outputs: int, task: str, *, inference: bool = False) -> keras.Sequential:
    """The plain `keras.Sequential` of these hyperparameters, not compiled; probabilities out for classification.

    `inference=True` leaves out dropout and L2, which change nothing after training.
    """
    model = keras.Sequential([keras.Input((n_features,))])
    regularizer = keras.regularizers.L2(hp.l2) if hp.l2 and not inference else None
    for units, rate in zip(hp.hidden_units, hp.dropout_rates, strict=True):
        model.add(keras.layers.Dense(units, activation=hp.activation, kernel_regularizer=regularizer))
        if rate and not inference:
            model.add(keras.layers.Dropout(rate))
    final = None if task == "regression" else "sigmoid" if n_outputs == 1 else "softmax"
    model.add(keras.layers.Dense(n_outputs, activation=final, kernel_regularizer=regularizer))
    return model


def to_keras(trial: Trial) -> keras.Sequential:
    """A plain `keras.Sequential` with the trial's trained weights.

    Its input is the prepared features (`trial.preparation.transform(frame)`), shape (rows, features). For regression its
    output is in the target's own units: a last layer undoes the scaling of the target, in float64, so that targets far from zero
    (Unix seconds, 1e9) keep their digits, and another the logarithm where one was learned. For classification it
    gives the probability of the second class, shape (rows, 1), or of every class, shape (rows, classes).
    """
    if not trial.weights:
        raise ValueError(f"Trial {trial.number} has no weights: its status is {trial.status!r}.")
    task = trial.history.context.get("task", "regression")
    model = build_keras(trial.hyperparameters, trial.weights[0].shape[0], trial.weights[-1].shape[0], task, inference=True)
    model.set_weights(list(trial.weights))
    if task == "regression" and trial.preparation is not None:
        scale, offset = trial.preparation.target_scale, trial.preparation.target_offset
        if (scale, offset) != (1.0, 0.0):
            # arrays: Keras would make a float32 of a plain number first
            model.add(keras.layers.Rescaling(np.array([scale]), np.array([offset]), dtype="float64"))
        if trial.preparation.target_transform == "log":
            model.add(keras.layers.Activation("exponential", dtype="float64"))
    return model


def keras_file(trial: Trial) -> bytes:
    """The bytes of a .keras file with `to_keras(trial)`."""
    with tempfile.TemporaryDirectory(prefix="tunescope-") as folder, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="__array__ implementation", category=DeprecationWarning)  # Keras's own
        path = Path(folder) / "model.keras"
        to_keras(trial).save(path)
        return path.read_bytes()
