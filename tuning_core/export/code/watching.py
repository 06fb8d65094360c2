"""The section that lets Keras watch a score: a callback that asks scikit-learn after each epoch."""

from __future__ import annotations

from tuning_core.experiment import Trial

_FUNCTIONS = {
    "mse": "mean_squared_error",
    "rmse": "root_mean_squared_error",
    "mae": "mean_absolute_error",
    "median_absolute_error": "median_absolute_error",
    "r2": "r2_score",
    "cross_entropy": "log_loss",
    "accuracy": "accuracy_score",
    "balanced_accuracy": "balanced_accuracy_score",
    "macro_f1": "f1_score",
    "roc_auc": "roc_auc_score",
    "average_precision": "average_precision_score",
}
_OF_LABELS = ("accuracy", "balanced_accuracy", "macro_f1")
_AREAS = ("roc_auc", "average_precision")


def watching_code(trial: Trial, score: str, predicted: str) -> str:
    """Source of a callback that puts the score of the validation rows into the logs as "val_score".

    `predicted` : an expression for a regression's predictions of these rows in the target's own units.
    """
    function, n_classes = _FUNCTIONS[score], len(trial.preparation.classes)
    weights = "" if trial.dataset.weights is None else ", sample_weight=w[validation]"
    outputs = "self.model.predict(X[validation], verbose=0)"
    if trial.preparation.task == "regression":
        found = predicted.replace("model.", "self.model.", 1)
    elif score in _OF_LABELS:
        found = f"{outputs}[:, 0] > 0.5" if n_classes <= 2 else f"{outputs}.argmax(axis=1)"
    else:
        found = f"{outputs}[:, 0]" if n_classes <= 2 else outputs
    target = "y[validation]"
    if score == "macro_f1":
        weights += ', average="macro", zero_division=0'
    if score == "cross_entropy":
        weights += f", labels=np.arange({max(2, n_classes)})"
    asked = f"metrics.{function}({target}, found{weights})"
    if score in _AREAS and n_classes > 2:
        one = f"metrics.{function}({target} == k, found[:, k]{weights})"
        asked = f"np.mean([{one} for k in np.unique({target})])"
    return f'''from sklearn import metrics


class Watching(keras.callbacks.Callback):
    """Scikit-learn\'s score of the validation rows after each epoch, for early stopping."""

    def on_epoch_end(self, epoch, logs=None):
        found = {found}
        logs["val_score"] = float({asked})


watching = Watching()'''
