"""The estimator of an exported search: a Keras network with scikit-learn's interface, started and weighed as recorded."""

from __future__ import annotations

import textwrap
from typing import Any

from tuning_core.experiment import Hyperparameters, Trial
from tuning_core.experiment.optimizers import OPTIMIZERS
from tuning_core.export.code.text import literal, wrapped
from tuning_core.training.specs import is_balanced

_LEFT_OUT = ("early_stopping", "keep", "class_weight", "scale_target", "loss")

_START = '''
    def start(self, X, n_outputs, final, loss):
        """A compiled network with the recorded kernels: Keras's own start, seeded layer by layer."""
        rates = self.dropout if isinstance(self.dropout, (list, tuple)) else [self.dropout] * len(self.hidden_units)
        sizes = [(units, self.activation) for units in self.hidden_units] + [(n_outputs, final)]
        model = keras.Sequential([keras.Input((X.shape[1],))])
        for i, (units, activation) in enumerate(sizes):
            seed = (self.seed * 1009 + i * 31 + 1) % (2**31 - 1)
            start = keras.initializers.GlorotUniform(seed)
            penalty = keras.regularizers.L2(self.l2) if self.l2 else None
            model.add(keras.layers.Dense(units, activation, kernel_initializer=start, kernel_regularizer=penalty))
            if i < len(rates) and rates[i]:
                model.add(keras.layers.Dropout(rates[i], seed=seed))
        own = {"sgd": {"momentum": self.momentum}, "adamw": {"weight_decay": self.weight_decay}}.get(self.optimizer, {})
        model.compile(optimizer=OPTIMIZERS[self.optimizer](self.learning_rate, **own), loss=loss)
        return model

    def train(self, X, target, weights):
        """All epochs; their number is the setting's."""
        size = min(self.batch_size, len(X))
        self.model_.fit(
            X, target, sample_weight=weights, batch_size=size, epochs=self.epochs, shuffle=self.shuffle, verbose=0
        )
        return self

    def __sklearn_is_fitted__(self):
        return hasattr(self, "model_")
'''

_REGRESSOR = """
    def fit(self, X, y, sample_weight=None):
        weights = np.ones(len(y)) if sample_weight is None else sample_weight / np.mean(sample_weight)
        z = {learned}
        self.mean_, self.scale_ = 0.0, 1.0
        if self.scale_target:
            self.mean_ = np.average(z, weights=weights)
            self.scale_ = np.sqrt(np.average((z - self.mean_) ** 2, weights=weights)) or 1.0
        self.model_ = self.start(X, 1, None, self.loss)
        return self.train(X, (z - self.mean_) / self.scale_, weights)

    def predict(self, X):
        found = self.model_.predict(X, verbose=0)[:, 0].astype(float) * self.scale_ + self.mean_
        return {undone}
"""

_CLASSIFIER = """
    def fit(self, X, y, sample_weight=None):
        weights = np.ones(len(y)) if sample_weight is None else sample_weight / np.mean(sample_weight)
        if self.class_weight == "balanced":  # rare classes count as much as common ones
            counts = np.bincount(y, weights=weights)
            weights = weights * len(y) / (np.count_nonzero(counts) * counts[y])
        self.classes_ = np.arange({n_classes})
        self.model_ = self.start(X, {n_outputs}, "{final}", "{loss}")
        return self.train(X, y, weights)

    def predict_proba(self, X):
        found = self.model_.predict(X, verbose=0).astype(float)
        return {shares}

    def predict(self, X):
        return self.predict_proba(X).argmax(axis=1)
"""


def net_code(trial: Trial) -> str:
    """Source of the class `Net` with the settings of this trial as its defaults."""
    hp, preparation = trial.hyperparameters, trial.preparation
    regression, n = preparation.task == "regression", len(preparation.classes)
    optimizers = wrapped("OPTIMIZERS = {", [f'"{k}": keras.optimizers.{o.keras_name}' for k, o in OPTIMIZERS.items()], "}")
    defaults = net_settings(hp, preparation.task) | {"seed": trial.seed}
    stored = "".join(f"        self.{name} = {name}\n" for name in defaults)
    if regression:
        log = preparation.target_transform == "log"
        fit = _REGRESSOR.format(learned="np.log(y)" if log else "y", undone="np.exp(found)" if log else "found")
    else:
        fit = _CLASSIFIER.format(
            n_classes=max(2, n),
            n_outputs=n if n > 2 else 1,
            final="softmax" if n > 2 else "sigmoid",
            loss="sparse_categorical_crossentropy" if n > 2 else "binary_crossentropy",
            shares="found" if n > 2 else "np.hstack([1 - found, found])",
        )
    mixin = "RegressorMixin" if regression else "ClassifierMixin"
    head = f'class Net({mixin}, BaseEstimator):\n    """A Keras network with scikit-learn\'s interface."""\n\n'
    init = wrapped("def __init__(", ["self", *(f"{name}={literal(value)}" for name, value in defaults.items())], "):")
    return f"{optimizers}\n\n\n{head}{textwrap.indent(init, '    ')}\n{stored}{_START}{fit}"


def net_settings(hp: Hyperparameters, task: str) -> dict[str, Any]:
    """What the class takes of a setting."""
    values = hp.to_json()
    values["hidden_units"], values["dropout"] = tuple(hp.hidden_units), hp.dropout
    found = {name: value for name, value in values.items() if name not in _LEFT_OUT}
    if task == "regression":
        return found | {"loss": "mae" if hp.loss == "mae" else "mse", "scale_target": hp.scale_target}
    return found | {"class_weight": "balanced" if is_balanced(hp, task) else None}
