"""Sections that build, fit and evaluate the Keras model of a trial."""

from __future__ import annotations

import textwrap

from tuning_core.experiment import EarlyStopping, Hyperparameters, Trial
from tuning_core.experiment.optimizers import OPTIMIZERS
from tuning_core.experiment.seeds import layer_seed
from tuning_core.export.code.text import literal, wrapped


def is_scaled(trial: Trial) -> bool:
    """Whether the target is standardised for training."""
    return trial.preparation.task == "regression" and (trial.preparation.target_scale, trial.preparation.target_offset) != (
        1.0,
        0.0,
    )


def scaling_code(trial: Trial) -> str:
    """Source that leaves the target's scale in `mean` and `scale`."""
    rows = "train"
    return f"mean, scale = y[{rows}].mean(), y[{rows}].std()  # the net learns (y - mean) / scale\nt = (y - mean) / scale"


def model_code(trial: Trial) -> str:
    """Source that leaves the compiled model in `model`."""
    hp, n_outputs = trial.hyperparameters, _n_outputs(trial)
    layers = ["keras.Input((X.shape[1],))"]
    for i, (units, rate) in enumerate(zip(hp.hidden_units, hp.dropout_rates, strict=True)):
        layers.append(_dense(hp, trial.seed, i, units, hp.activation))
        if rate:
            layers.append(f"keras.layers.Dropout({rate!r}, seed={layer_seed(trial.seed, i)})")
    final = None if trial.preparation.task == "regression" else "sigmoid" if n_outputs == 1 else "softmax"
    layers.append(_dense(hp, trial.seed, len(hp.hidden_units), n_outputs, final))
    stacked = "".join(textwrap.indent(layer, "        ") + ",\n" for layer in layers)
    lines = [
        "# no global seed: with one, Keras shows the rows in the same order in every epoch",
        f"model = keras.Sequential(\n    [\n{stacked}    ]\n)",
    ]
    arguments = [f"optimizer={_optimizer(hp)}", f'loss="{_loss(trial)}"', f"metrics=[{_metrics(trial)}]"]
    return "\n".join([*lines, wrapped("model.compile(", arguments, ")")])


def _dense(hp: Hyperparameters, seed: int, layer: int, units: int, activation: str | None) -> str:
    arguments = [str(units)]
    if activation and activation != "linear":
        arguments.append(f'activation="{activation}"')
    arguments.append(f"kernel_initializer=keras.initializers.GlorotUniform(seed={layer_seed(seed, layer)})")
    if hp.l2:
        arguments.append(f"kernel_regularizer=keras.regularizers.L2({hp.l2!r})")
    return wrapped("keras.layers.Dense(", arguments, ")")


def _optimizer(hp: Hyperparameters) -> str:
    optimizer = OPTIMIZERS[hp.optimizer]
    arguments = [f"learning_rate={hp.learning_rate!r}"]
    if optimizer.own_setting is not None:
        arguments.append(f"{optimizer.own_setting}={getattr(hp, optimizer.own_setting)!r}")
    return f"keras.optimizers.{optimizer.keras_name}({', '.join(arguments)})"


def _n_outputs(trial: Trial) -> int:
    n = len(trial.preparation.classes)
    return n if n > 2 else 1


def _loss(trial: Trial) -> str:
    return str(trial.history.context["loss_name"])


def _metrics(trial: Trial) -> str:
    """The metric of the curves and, because Keras adds the L2 penalty to the loss it shows, the loss without it."""
    pure = {
        "mse": "keras.metrics.MeanSquaredError",
        "mae": "keras.metrics.MeanAbsoluteError",
        "binary_crossentropy": "keras.metrics.BinaryCrossentropy",
        "sparse_categorical_crossentropy": "keras.metrics.SparseCategoricalCrossentropy",
    }[_loss(trial)]
    return f'"{metric_name(trial)}", {pure}(name="pure_loss")' if trial.hyperparameters.l2 else f'"{metric_name(trial)}"'


def metric_name(trial: Trial) -> str:
    """What Keras calls the metric of the curves."""
    return "mae" if trial.preparation.task == "regression" else "accuracy"


def watched(trial: Trial) -> str:
    """What Keras calls the loss without the penalty."""
    return "pure_loss" if trial.hyperparameters.l2 else "loss"


def fit_code(trial: Trial) -> str:
    """Source that trains; `history` holds the curves."""
    hp = trial.hyperparameters
    target = "t" if is_scaled(trial) else "y"
    arguments = [f"X[train], {target}[train]"]
    if not trial.refitted:
        arguments.append(f"validation_data=(X[validation], {target}[validation])")
    arguments += [f"epochs={hp.epochs}", f"batch_size={min(hp.batch_size, _n_train(trial))}"]
    if not hp.shuffle:
        arguments.append("shuffle=False")
    lines = []
    if hp.class_weight and trial.preparation.task == "classification":
        lines.append("counts = np.bincount(y[train])")
        lines.append("weights = {k: len(train) / (np.count_nonzero(counts) * n) for k, n in enumerate(counts) if n}")
        arguments.append("class_weight=weights")
    if hp.early_stopping:
        lines.append(wrapped("stopping = keras.callbacks.EarlyStopping(", _stopping(trial, hp.early_stopping), ")"))
        arguments.append("callbacks=[stopping]")
    elif hp.keeps_best and not trial.refitted:
        keeping = [f'monitor="val_{watched(trial)}"', 'mode="min"', f"patience={hp.epochs}", "restore_best_weights=True"]
        lines.append("# stops nothing; at the end it puts back the weights of the epoch with the lowest validation loss")
        lines.append(wrapped("keeping = keras.callbacks.EarlyStopping(", keeping, ")"))
        arguments.append("callbacks=[keeping]")
    arguments.append("verbose=2")
    return "\n".join([*lines, wrapped("history = model.fit(", arguments, ").history")])


def _n_train(trial: Trial) -> int:
    rows = trial.dataset.rows
    return len(rows.train) + len(rows.validation) * trial.refitted


def _stopping(trial: Trial, stop: EarlyStopping) -> list[str]:
    on_metric = stop.monitor == "val_metric"
    found = [f'monitor="val_{metric_name(trial) if on_metric else watched(trial)}"']
    found.append(f'mode="{"max" if on_metric and metric_name(trial) == "accuracy" else "min"}"')
    found.append(f"patience={stop.patience}")
    if stop.min_delta:
        squared = "**2" if not on_metric and _loss(trial) == "mse" else ""
        found.append(f"min_delta={stop.min_delta!r}" + (f" / scale{squared}" if is_scaled(trial) else ""))
    if stop.start_from_epoch:
        found.append(f"start_from_epoch={stop.start_from_epoch}")
    found.append(f"restore_best_weights={stop.restore_best_weights}")
    return found


def evaluate_code(trial: Trial) -> str:
    """Source that prints the best epoch, its validation loss and metric in the target's own units."""
    if trial.refitted:
        return f'print("training loss after the last epoch:", history["{watched(trial)}"][-1]{_unit(trial, True)})'
    loss, metric = f'history["val_{watched(trial)}"]', f'history["val_{metric_name(trial)}"]'
    lines = [
        f"best = int(np.nanargmin({loss}))",
        'print("best epoch:", best + 1)',
        f'print("best validation loss:", {loss}[best]{_unit(trial, True)})',
        f'print("validation {metric_name(trial)}:", {metric}[best]{_unit(trial, False)})',
    ]
    return "\n".join(lines)


def _unit(trial: Trial, is_loss: bool) -> str:
    """What turns a scaled value into the target's own units."""
    if not is_scaled(trial):
        return ""
    return " * scale**2" if is_loss and _loss(trial) == "mse" else " * scale"


def exam_code(trial: Trial) -> str:
    """Source that looks at the test rows when EXAM is set."""
    if not len(trial.dataset.rows.test):
        return ""
    if trial.preparation.task == "regression":
        predicted = "model.predict(X[test], verbose=0)[:, 0]" + (" * scale + mean" if is_scaled(trial) else "")
        measure = f'    print("test mae:", np.abs(({predicted}) - y[test]).mean())'
    else:
        shares = "model.predict(X[test], verbose=0)"
        guess = f"({shares}[:, 0] > 0.5)" if _n_outputs(trial) == 1 else f"{shares}.argmax(axis=1)"
        measure = f'    print("test accuracy:", ({guess} == y[test]).mean())'
    note = "# True once, when nothing is left to be chosen"
    return f"EXAM = False  {note}\nif EXAM:\n{measure}"


def settings_words(trial: Trial) -> str:
    """The settings that differ from nothing, in one line for a comment."""
    hp = trial.hyperparameters
    return (
        f"learning rate {hp.learning_rate:g}, batch {hp.batch_size}, {hp.epochs} epochs, units {literal(list(hp.hidden_units))}"
    )
