"""The section that lets Keras watch a score: a callback that asks scikit-learn after each epoch."""

from __future__ import annotations

from tuning_core.experiment import Trial
from tuning_core.export.code.scoring import OF_LABELS, score_call


def watching_code(trial: Trial, score: str, predicted: str) -> str:
    """Source of a callback that puts the score of the validation rows into the logs as "val_score".

    `predicted` : an expression for a regression's predictions of these rows in the target's own units.
    """
    n_classes = len(trial.preparation.classes)
    weights = "" if trial.dataset.weights is None else "w[validation]"
    outputs = "self.model.predict(X[validation], verbose=0)"
    if trial.preparation.task == "regression":
        found = predicted.replace("model.", "self.model.", 1)
    elif score in OF_LABELS:
        found = f"{outputs}[:, 0] > 0.5" if n_classes <= 2 else f"{outputs}.argmax(axis=1)"
    else:
        found = f"{outputs}[:, 0]" if n_classes <= 2 else outputs
    asked = score_call(score, n_classes, "y[validation]", weights)
    return f'''from sklearn import metrics


class Watching(keras.callbacks.Callback):
    """Scikit-learn\'s score of the validation rows after each epoch, for early stopping."""

    def on_epoch_end(self, epoch, logs=None):
        found = {found}
        logs["val_score"] = float({asked})


watching = Watching()'''
