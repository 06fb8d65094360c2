"""StackedMLPRegressor: a network of Keras layers for one number."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin

from tuning_core.estimators.base import StackedMLP


class StackedMLPRegressor(RegressorMixin, StackedMLP):
    """A network of Keras layers for one number, with scikit-learn's interface.

    Parameters
    ----------
    hidden_units : tuple of int
        Units of each hidden layer; () for a linear model.
    activation, optimizer, learning_rate, batch_size, epochs, momentum, weight_decay, dropout, l2, shuffle
        See `Hyperparameters`. The default batch size is Keras's 32.
    loss : {"mse", "mae"}
    scale_target : bool
        Standardise the target while training; predictions are in its own units. Features are taken as they are: put a
        StandardScaler before this estimator.
    early_stopping : bool
        Set `validation_fraction` of the rows aside and stop after `patience` epochs in which their loss has not improved by
        more than `min_delta`; `restore_best_weights` keeps the best epoch's weights.
    monitor : str
        What is watched on the rows set aside: "val_loss", "val_metric" or a score, see `EarlyStopping`.
    random_state : int, RandomState or None
        Of initial weights, row order, dropout and the rows set aside.

    Attributes
    ----------
    coefs_, intercepts_ : lists of ndarray, (in, out) and (out,) of each layer
    history_ : dict of str to list
        One number an epoch, in the target's own units: loss, and with early stopping val_loss and val_mae
        (and val_score where a score is watched).
    n_iter_, best_epoch_ : int
        Epochs trained; epoch of the weights kept (from 1).
    n_features_in_, feature_names_in_ : as in scikit-learn
    """

    _task = "regression"

    def __init__(
        self,
        hidden_units: Any = (64,),
        *,
        activation: str = "relu",
        optimizer: str = "adam",
        learning_rate: float = 0.01,
        batch_size: int = 32,
        epochs: int = 100,
        momentum: float = 0.0,
        weight_decay: float = 0.004,
        dropout: Any = 0.0,
        l2: float = 0.0,
        loss: str = "mse",
        scale_target: bool = True,
        shuffle: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.2,
        patience: int = 10,
        min_delta: float = 0.0,
        restore_best_weights: bool = True,
        monitor: str = "val_loss",
        random_state: Any = None,
    ) -> None:
        super().__init__(
            hidden_units,
            activation=activation,
            optimizer=optimizer,
            learning_rate=learning_rate,
            batch_size=batch_size,
            epochs=epochs,
            momentum=momentum,
            weight_decay=weight_decay,
            dropout=dropout,
            l2=l2,
            shuffle=shuffle,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            patience=patience,
            min_delta=min_delta,
            restore_best_weights=restore_best_weights,
            monitor=monitor,
            random_state=random_state,
        )
        self.loss = loss
        self.scale_target = scale_target

    def predict(self, X: Any) -> np.ndarray:
        """Predictions, shape (n_samples,), float64, in the target's own units.

        The network's outputs are float32; the scaling of the target is undone in float64, so targets far from zero keep their
        digits.
        """
        return self._outputs(X)[:, 0].astype(np.float64) * self.target_scale_ + self.target_offset_

    def _several_columns(self, y: np.ndarray) -> str:
        return (
            "A network predicts one number: use sklearn.multioutput.MultiOutputRegressor(StackedMLPRegressor()), or one column."
        )

    def _extra_hyperparameters(self) -> dict[str, Any]:
        return {"loss": self.loss, "scale_target": self.scale_target}

    def _target(self, y: np.ndarray, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
        return np.asarray(y, dtype=np.float64), weights

    def _scaling(self, target: np.ndarray, weights: np.ndarray | None) -> tuple[float, float]:
        if not self.scale_target:
            return 0.0, 1.0
        mean = np.average(target, weights=weights)
        spread = np.sqrt(np.average((target - mean) ** 2, weights=weights))
        return float(mean), float(spread) if spread > 1e-12 * max(1.0, abs(mean)) else 1.0
