"""What the regressor and the classifier share: settings, rows set aside, weights of rows, what is kept of a training."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from tuning_core.errors import SettingsError
from tuning_core.estimators.collected_fits import FitJob, fit_one
from tuning_core.experiment import EarlyStopping, Hyperparameters, Trial, TrialStatus
from tuning_core.training.fold import Fold
from tuning_core.training.scoring import forward
from tuning_core.training.train_session import MAX_SEED


class TrainingDiverged(ValueError):
    """The loss became infinite or not a number, so there is no model."""


class StackedMLP(BaseEstimator):
    """Parameters are described at the regressor."""

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
        monitor: str = "val_loss",
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
        self.monitor = monitor
        self.random_state = random_state

    # ---- fitting ----------------------------------------------------------------------------------------------------

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Train the network.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), optional
            A row of weight 2 counts like two rows, one of weight 0 like none; also among the rows that early stopping watches.

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
        self._check_target(y)
        X, y = validate_data(self, X, y, dtype=np.float32, multi_output=False, y_numeric=self._task == "regression")
        weights = None
        if sample_weight is not None:
            weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        job = self._job(X, y, weights)
        trial = fit_one(job)
        if trial is not None:  # None while a search only collects what is to be trained
            self._keep_fitted(trial, job)
        return self

    def _check_target(self, y: Any) -> None:
        """Refuse a target of several columns, or of dates, in words; all else scikit-learn checks."""
        target = np.asarray(y)  # an array-like may refuse all else that NumPy does
        if target.dtype.kind in "mM":
            raise ValueError(
                "y holds dates or durations, which a network cannot predict. Give numbers, such as days from a fixed day: "
                "(y - y.min()) / pandas.Timedelta(days=1)."
            )
        if target.ndim == 2 and target.shape[1] > 1:
            raise ValueError(f"y should be a 1d array: it has {target.shape[1]} columns. {self._several_columns(target)}")

    def _job(self, X: np.ndarray, y: np.ndarray, weights: np.ndarray | None) -> FitJob:
        """What is to be trained: settings, seed and prepared rows. Rows of weight 0 are as good as not there."""
        hp = self._hyperparameters()
        seed = int(check_random_state(self.random_state).randint(MAX_SEED))
        if weights is not None and not np.all(weights > 0):
            X, y, weights = X[weights > 0], y[weights > 0], weights[weights > 0]
        target, weights = self._target(y, weights)
        train, inner = np.arange(len(X)), np.arange(1)  # without early stopping nobody looks at validation rows
        if self.early_stopping:
            train, inner = self._inner_split(target, seed)
        x_train, y_train = X[train], target[train]
        own, watching = (None, None) if weights is None else (weights[train], weights[inner])
        if len(train) <= hp.batch_size and not any(hp.dropout_rates):
            x_train, y_train, own = merged(x_train, y_train, own)
        offset, scale = self._scaling(y_train, own)
        fold = Fold(
            task=self._task,
            n_classes=self._n_classes,
            x_train=x_train,
            y_train=((y_train - offset) / scale).astype(np.float32),
            x_val=X[inner],
            y_val=((target[inner] - offset) / scale).astype(np.float32),
            target_scale=scale,
            context={},
            weights=None if own is None else (own / own.mean()).astype(np.float32),
            val_weights=None if watching is None else (watching / watching.mean()).astype(np.float32),
            target_offset=offset,
        )
        return FitJob(hp, seed, fold, offset, reproducible=self.random_state is not None)

    def _hyperparameters(self) -> Hyperparameters:
        stop = None
        if self.early_stopping:
            stop = EarlyStopping(
                self.patience, self.min_delta, restore_best_weights=self.restore_best_weights, monitor=self.monitor
            )
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
        if trial.history.val_score is not None:
            names["val_score"] = "val_score"
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

    def _several_columns(self, y: np.ndarray) -> str:
        raise NotImplementedError

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


def merged(x: np.ndarray, y: np.ndarray, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Equal rows become one row of their common weight; rows in a fixed order.

    Only where all rows are one batch: the gradient is the same sum, and no longer depends on the order of the rows, so that a
    weight of 2 is exactly what a row given twice is.
    """
    weights = np.ones(len(x)) if weights is None else weights
    rows, index = np.unique(np.column_stack([x.astype(np.float64), y]), axis=0, return_inverse=True)
    weights = np.bincount(index.ravel(), weights=weights)
    return rows[:, :-1].astype(np.float32), rows[:, -1], None if np.all(weights == weights[0]) else weights
