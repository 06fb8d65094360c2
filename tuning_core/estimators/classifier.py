"""StackedMLPClassifier: a network of Keras layers for classes."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from tuning_core.estimators.base import StackedMLP
from tuning_core.training.row_splits import stratified_order
from tuning_core.training.scoring import probabilities


class StackedMLPClassifier(ClassifierMixin, StackedMLP):
    """A network of Keras layers for classes, with scikit-learn's interface; minimises the cross-entropy.

    Parameters
    ----------
    class_weight : {None, "balanced"} or dict
        As in scikit-learn; multiplied with `sample_weight`.
    hidden_units, activation, ... : see `StackedMLPRegressor`

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    history_ : as of the regressor, with val_accuracy in place of val_mae
    coefs_, intercepts_, n_iter_, best_epoch_, n_features_in_, feature_names_in_ : as of the regressor
    """

    _task = "classification"

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
        class_weight: Any = None,
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
        self.class_weight = class_weight

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probability of each class, shape (n_samples, n_classes), float32, in the order of `classes_`."""
        return probabilities(self._outputs(X)).astype(np.float32)

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest class, shape (n_samples,)."""
        shares = self.predict_proba(X)
        return self.classes_[shares.argmax(axis=1)]

    def _several_columns(self, y: np.ndarray) -> str:
        if y.dtype.kind in "biuf" and np.isin(y, (0, 1)).all() and np.all(y.sum(axis=1) == 1):
            return "These are one-hot classes: give their numbers, y.argmax(axis=1)."
        return (
            "A network predicts one class: use sklearn.multioutput.MultiOutputClassifier(StackedMLPClassifier()), or one column."
        )

    @property
    def _n_classes(self) -> int:  # type: ignore[override]
        return len(self.classes_)

    def _target(self, y: np.ndarray, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
        check_classification_targets(y)
        y = column_or_1d(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(
                f"A classifier needs rows of two classes or more, but there is only one class: {self.classes_[0]!r}."
            )
        if self.class_weight is not None:
            classes = compute_sample_weight(self.class_weight, y)
            weights = classes if weights is None else classes * weights
        return codes.astype(np.float64), weights

    def _order_rows(self, order: np.ndarray, target: np.ndarray) -> np.ndarray:
        """Classes in about their overall shares along the order, one row of each at the very end, where rows train."""
        order = stratified_order(order, target)
        last = [np.flatnonzero(target[order] == label)[-1] for label in np.unique(target)]
        return np.append(np.delete(order, last), order[last])
