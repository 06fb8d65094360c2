"""StackedMLPRegressor and StackedMLPClassifier: networks of Keras layers as scikit-learn estimators."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, column_or_1d, validate_data

from tuning_core.errors import SettingsError
from tuning_core.estimators.together import FitJob, fit_one
from tuning_core.experiment import EarlyStopping, Hyperparameters, Trial, TrialStatus
from tuning_core.training.fold import Fold
from tuning_core.training.row_splits import stratified_order
from tuning_core.training.scoring import forward, probabilities
from tuning_core.training.train_session import MAX_SEED


class TrainingDiverged(ValueError):
    """The loss became infinite or not a number, so there is no model."""


class _StackedMLP(BaseEstimator):
    """What the regressor and the classifier share; parameters are described there."""

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
        shuffle: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.2,
        patience: int = 10,
        min_delta: float = 0.0,
        restore_best_weights: bool = True,
        random_state: Any = None,
    ) -> None:
        self.hidden_units = hidden_units
        self.activation = activation
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.dropout = dropout
        self.l2 = l2
        self.shuffle = shuffle
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.min_delta = min_delta
        self.restore_best_weights = restore_best_weights
        self.random_state = random_state

    # ---- fitting ----------------------------------------------------------------------------------------------------

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Train the network.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), optional
            A row of weight 2 counts like two rows, one of weight 0 like none.

        Returns
        -------
        self

        Raises
        ------
        SettingsError
            When a parameter breaks its rule.
        TrainingDiverged
            A ValueError: when the loss becomes infinite or not a number.
        """
        X, y = validate_data(self, X, y, dtype=np.float32, multi_output=False, y_numeric=self._task == "regression")
        weights = None
        if sample_weight is not None:
            weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        job = self._job(X, y, weights)
        trial = fit_one(job)
        if trial is not None:  # None while a search only collects what is to be trained
            self._keep_fitted(trial, job)
        return self

    def _job(self, X: np.ndarray, y: np.ndarray, weights: np.ndarray | None) -> FitJob:
        """What is to be trained: settings, seed and prepared rows."""
        hp = self._hyperparameters()
        seed = int(check_random_state(self.random_state).randint(MAX_SEED))
        target, weights = self._target(y, weights)
        train, inner = np.arange(len(X)), np.arange(1)  # without early stopping nobody looks at validation rows
        if self.early_stopping:
            train, inner = self._inner_split(target, seed)
        x_train, y_train = X[train], target[train]
        weights = None if weights is None else weights[train]
        if len(train) <= hp.batch_size and not any(hp.dropout_rates):
            x_train, y_train, weights = _merged(x_train, y_train, weights)
        elif weights is not None:
            x_train, y_train, weights = x_train[weights > 0], y_train[weights > 0], weights[weights > 0]
        offset, scale = self._scaling(y_train, weights)
        fold = Fold(
            task=self._task,
            n_classes=self._n_classes,
            x_train=x_train,
            y_train=((y_train - offset) / scale).astype(np.float32),
            x_val=X[inner],
            y_val=((target[inner] - offset) / scale).astype(np.float32),
            target_scale=scale,
            context={},
            weights=None if weights is None else (weights / weights.mean()).astype(np.float32),
        )
        return FitJob(hp, seed, fold, offset, reproducible=self.random_state is not None)

    def _hyperparameters(self) -> Hyperparameters:
        stop = None
        if self.early_stopping:
            stop = EarlyStopping(self.patience, self.min_delta, restore_best_weights=self.restore_best_weights)
        return Hyperparameters(
            hidden_units=self.hidden_units,
            activation=self.activation,
            optimizer=self.optimizer,
            learning_rate=self.learning_rate,
            batch_size=self.batch_size,
            epochs=self.epochs,
            momentum=self.momentum,
            weight_decay=self.weight_decay,
            dropout=self.dropout,
            l2=self.l2,
            shuffle=self.shuffle,
            early_stopping=stop,
            keep="last",  # without early stopping no rows watch
            **self._extra_hyperparameters(),
        )

    def _inner_split(self, target: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows that train and rows that watch over early stopping."""
        share, n = self.validation_fraction, len(target)
        if not isinstance(share, (int, float)) or not 0 < share < 1 or n < 2:
            raise SettingsError(
                f"validation_fraction is {share!r} of {n} rows, but some rows must train and some must watch.",
                kind="out_of_range",
                remedy="Choose a share above 0 and below 1, or early_stopping=False.",
            )
        held = min(max(1, round(share * n)), n - 1)
        order = self._order_rows(np.random.RandomState(seed).permutation(n), target)
        return np.sort(order[held:]), np.sort(order[:held])

    def _keep_fitted(self, trial: Trial, job: FitJob) -> None:
        """Keep what was learned."""
        if trial.status == TrialStatus.DIVERGED:
            raise TrainingDiverged(
                f"The training diverged: the loss is not finite from epoch {trial.diverged_epoch} on. "
                f"Try a learning_rate below {job.hyperparameters.learning_rate:g}, or scale the features."
            )
        self.coefs_ = [np.asarray(w) for w in trial.weights[0::2]]
        self.intercepts_ = [np.asarray(w) for w in trial.weights[1::2]]
        self.n_iter_ = len(trial.history)
        self.best_epoch_ = trial.best_epoch if self.early_stopping else self.n_iter_
        names = {"loss": "loss"}
        if self.early_stopping:
            names |= {"val_loss": "val_loss", "val_mae" if self._task == "regression" else "val_accuracy": "val_metric"}
        self.history_ = {name: getattr(trial.history, series).tolist() for name, series in names.items()}
        self.target_offset_, self.target_scale_ = job.target_offset, job.fold.target_scale

    # ---- predicting -------------------------------------------------------------------------------------------------

    def _outputs(self, X: Any) -> np.ndarray:
        """(n_samples, outputs) float32, before the target's units or the probabilities."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float32, reset=False)
        weights = [w for pair in zip(self.coefs_, self.intercepts_, strict=True) for w in pair]
        return forward(weights, X, self.activation)

    # ---- what differs -----------------------------------------------------------------------------------------------

    _task = ""
    _n_classes = 0

    def _extra_hyperparameters(self) -> dict[str, Any]:
        return {}

    def _target(self, y: np.ndarray, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
        raise NotImplementedError

    def _scaling(self, target: np.ndarray, weights: np.ndarray | None) -> tuple[float, float]:
        return 0.0, 1.0

    def _order_rows(self, order: np.ndarray, target: np.ndarray) -> np.ndarray:
        return order


class StackedMLPRegressor(RegressorMixin, _StackedMLP):
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
    random_state : int, RandomState or None
        Of initial weights, row order, dropout and the rows set aside.

    Attributes
    ----------
    coefs_, intercepts_ : lists of ndarray, (in, out) and (out,) of each layer
    history_ : dict of str to list
        One number an epoch, in the target's own units: loss, and with early stopping val_loss and val_mae.
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
            random_state=random_state,
        )
        self.loss = loss
        self.scale_target = scale_target

    def predict(self, X: Any) -> np.ndarray:
        """Predictions, shape (n_samples,), float32, in the target's own units."""
        outputs = self._outputs(X)[:, 0]
        return (outputs * self.target_scale_ + self.target_offset_).astype(np.float32)

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


class StackedMLPClassifier(ClassifierMixin, _StackedMLP):
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

    @property
    def _n_classes(self) -> int:  # type: ignore[override]
        return len(self.classes_)

    def _target(self, y: np.ndarray, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
        check_classification_targets(y)
        y = column_or_1d(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2 or (weights is not None and len(np.unique(y[weights > 0])) < 2):
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


def _merged(x: np.ndarray, y: np.ndarray, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Equal rows become one row of their common weight; rows in a fixed order.

    Only where all rows are one batch: the gradient is the same sum, and no longer depends on the order of the rows, so that a
    weight of 2 is exactly what a row given twice is.
    """
    weights = np.ones(len(x)) if weights is None else weights
    x, y, weights = x[weights > 0], y[weights > 0], weights[weights > 0]
    rows, index = np.unique(np.column_stack([x.astype(np.float64), y]), axis=0, return_inverse=True)
    weights = np.bincount(index.ravel(), weights=weights)
    return rows[:, :-1].astype(np.float32), rows[:, -1], None if np.all(weights == weights[0]) else weights
