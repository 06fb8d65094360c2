"""Sections that build, fit and evaluate the Keras model of a trial."""

from __future__ import annotations

import textwrap

from tuning_core.experiment import EarlyStopping, Hyperparameters, Trial
from tuning_core.experiment.optimizers import OPTIMIZERS
from tuning_core.experiment.score_names import GREATER_IS_BETTER
from tuning_core.experiment.seeds import layer_seed
from tuning_core.export.code.text import literal, wrapped
from tuning_core.export.code.watching import watching_code
from tuning_core.training.specs import is_balanced


def is_scaled(trial: Trial) -> bool:
    """Whether the target is standardised for training."""
    return trial.preparation.task == "regression" and (trial.preparation.target_scale, trial.preparation.target_offset) != (
        1.0,
        0.0,
    )


def is_log(trial: Trial) -> bool:
    """Whether the logarithm of the target is learned."""
    return trial.preparation.target_transform == "log"


def weights_code(trial: Trial) -> str:
    """Source that leaves the rows' weights in `w`, and those of the rows that train and validate, with mean 1, beside it."""
    dataset, hp = trial.dataset, trial.hyperparameters
    if dataset.weights is None:
        return ""
    lines = [f"w = frame[{literal(dataset.sample_weight)}].to_numpy(float)", "w_train = w[train] / w[train].mean()"]
    if not trial.refitted:
        lines.append("w_validation = w[validation] / w[validation].mean()")
    if is_balanced(hp, dataset.task):
        lines.append("counts = np.bincount(y[train], weights=w_train, minlength=y.max() + 1)")
        lines.append("share = np.where(counts > 0, counts, 1)")
        lines.append("by_class = len(train) / (np.count_nonzero(counts) * share)  # rare classes count as much as common ones")
        lines.append("w_train *= by_class[y[train]]")
        if not trial.refitted:
            lines.append("w_validation *= by_class[y[validation]]")
            lines.append("w_validation /= w_validation.mean()")
    return "\n".join(lines)


def scaling_code(trial: Trial) -> str:
    """Source that leaves what is learned in `t`, and the target's scale in `mean` and `scale`."""
    learned = "np.log(y)" if is_log(trial) else "y"
    lines = ["z = np.log(y)  # what is learned"] if is_log(trial) else []
    values = "z" if is_log(trial) else "y"
    if not is_scaled(trial):
        return f"mean, scale, t = 0.0, 1.0, {learned}  # what is learned"
    if trial.dataset.weights is None:
        lines.append(f"mean, scale = {values}[train].mean(), {values}[train].std()  # the net learns ({values} - mean) / scale")
    else:
        lines.append(f"mean = np.average({values}[train], weights=w[train])  # the net learns ({values} - mean) / scale")
        lines.append(f"scale = np.sqrt(np.average(({values}[train] - mean) ** 2, weights=w[train]))")
    return "\n".join([*lines, f"t = ({values} - mean) / scale"])


OWN_MAE = '''

def own_mae(y_true, y_pred):
    """Absolute error in the target's own units."""
    y_true = keras.ops.reshape(keras.ops.cast(y_true, y_pred.dtype), keras.ops.shape(y_pred))
    return keras.ops.abs(keras.ops.exp(y_pred * scale + mean) - keras.ops.exp(y_true * scale + mean))

'''

OWN_ACCURACY = """

class OwnAccuracy(keras.metrics.{keras_name}):
    \"\"\"Counts rows by their own weights: those of the classes are for the loss.\"\"\"

    def update_state(self, y_true, y_pred, sample_weight):
        labels = keras.ops.reshape(keras.ops.cast(y_true, "int32"), keras.ops.shape(sample_weight))
        of_class = keras.ops.take(keras.ops.convert_to_tensor(by_class, sample_weight.dtype), labels)
        super().update_state(y_true, y_pred, sample_weight / of_class)

"""


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
    metrics = "metrics" if trial.dataset.weights is None else "weighted_metrics"
    arguments = [f"optimizer={_optimizer(hp)}", f'loss="{_loss(trial)}"', f"{metrics}=[{_metrics(trial)}]"]
    if _weighs_pure_loss(trial):
        arguments.append(f"weighted_metrics=[{_pure_loss(trial)}]")
    return "\n".join([*_own_metric(trial), *lines, wrapped("model.compile(", arguments, ")")])


def _own_metric(trial: Trial) -> list[str]:
    """Source of the metric where Keras has none that counts rows as the curves do."""
    if is_log(trial):
        return [OWN_MAE]
    if _weighs_both(trial):
        return [OWN_ACCURACY.format(keras_name="BinaryAccuracy" if _n_outputs(trial) == 1 else "SparseCategoricalAccuracy")]
    return []


def _weighs_both(trial: Trial) -> bool:
    """Rows have weights of their own beside those of their classes, which the metric leaves out."""
    return trial.dataset.weights is not None and is_balanced(trial.hyperparameters, trial.preparation.task)


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
    metric = "own_mae" if is_log(trial) else f'"{metric_name(trial)}"'
    if _weighs_both(trial):
        metric = 'OwnAccuracy(name="accuracy")'
    beside = trial.hyperparameters.l2 and not _weighs_pure_loss(trial)
    return f"{metric}, {_pure_loss(trial)}" if beside else metric


def _weighs_pure_loss(trial: Trial) -> bool:
    """The loss without the penalty counts rows by class weights, the metric does not: they are compiled apart."""
    hp = trial.hyperparameters
    return bool(hp.l2) and is_balanced(hp, trial.preparation.task) and trial.dataset.weights is None


def _pure_loss(trial: Trial) -> str:
    name = {
        "mse": "keras.metrics.MeanSquaredError",
        "mae": "keras.metrics.MeanAbsoluteError",
        "binary_crossentropy": "keras.metrics.BinaryCrossentropy",
        "sparse_categorical_crossentropy": "keras.metrics.SparseCategoricalCrossentropy",
    }[_loss(trial)]
    return f'{name}(name="pure_loss")'


def metric_name(trial: Trial) -> str:
    """What Keras calls the metric of the curves."""
    if is_log(trial):
        return "own_mae"
    return "mae" if trial.preparation.task == "regression" else "accuracy"


def watched(trial: Trial) -> str:
    """What Keras calls the loss without the penalty."""
    return "pure_loss" if trial.hyperparameters.l2 else "loss"


def fit_code(trial: Trial) -> str:
    """Source that trains; `history` holds the curves."""
    hp = trial.hyperparameters
    weighted = trial.dataset.weights is not None
    target = "t" if is_scaled(trial) or is_log(trial) else "y"
    arguments = [f"X[train], {target}[train]"]
    if weighted:
        arguments.append("sample_weight=w_train")
    balanced = is_balanced(hp, trial.preparation.task) and not weighted
    column = "[:, None]" if hp.l2 and (balanced or weighted) and _loss(trial) == "binary_crossentropy" else ""  # for pure_loss
    arguments[0] += column
    if not trial.refitted:
        more = ", w_validation" if weighted else ", weights[validation] / weights[validation].mean()" if balanced else ""
        arguments.append(f"validation_data=(X[validation], {target}[validation]{column}{more})")
    arguments += [f"epochs={hp.epochs}", f"batch_size={min(hp.batch_size, _n_train(trial))}"]
    if not hp.shuffle:
        arguments.append("shuffle=False")
    lines = []
    if balanced:
        lines.append("counts = np.bincount(y[train], minlength=y.max() + 1)")
        lines.append("weights = len(train) / (np.count_nonzero(counts) * np.maximum(counts, 1))[y]  # the same for each class")
        arguments.append("sample_weight=weights[train]")
    if hp.early_stopping:
        scored = hp.early_stopping.watches_score
        if scored:
            lines.append(watching_code(trial, hp.early_stopping.monitor, in_own_units(trial, "validation")))
        lines.append(wrapped("stopping = keras.callbacks.EarlyStopping(", _stopping(trial, hp.early_stopping), ")"))
        arguments.append(f"callbacks=[{'watching, ' * scored}stopping]")
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
    if stop.watches_score:
        mode = "max" if stop.monitor in GREATER_IS_BETTER else "min"
        found = ['monitor="val_score"', f'mode="{mode}"', f"patience={stop.patience}", f"min_delta={stop.min_delta!r}"]
        return [*found, f"start_from_epoch={stop.start_from_epoch}", f"restore_best_weights={stop.restore_best_weights}"]
    found = [f'monitor="val_{metric_name(trial) if on_metric else watched(trial)}"']
    found.append(f'mode="{"max" if on_metric and metric_name(trial) == "accuracy" else "min"}"')
    found.append(f"patience={stop.patience}")
    if stop.min_delta:
        squared = "**2" if not on_metric and _loss(trial) == "mse" else ""
        in_own_units = not is_scaled(trial) or (on_metric and is_log(trial))
        found.append(f"min_delta={stop.min_delta!r}" + ("" if in_own_units else f" / scale{squared}"))
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
    stop = trial.hyperparameters.early_stopping
    if stop and stop.watches_score:
        lines.append(
            f'print("best {stop.monitor}:", history["val_score"][stopping.best_epoch], "in epoch", stopping.best_epoch + 1)'
        )
    return "\n".join(lines)


def _unit(trial: Trial, is_loss: bool) -> str:
    """What turns a scaled value into the target's own units."""
    if not is_scaled(trial) or (is_log(trial) and not is_loss):
        return ""
    return " * scale**2" if is_loss and _loss(trial) == "mse" else " * scale"


def exam_code(trial: Trial) -> str:
    """Source that looks at the test rows when EXAM is set."""
    if not len(trial.dataset.rows.test):
        return ""
    weights = "" if trial.dataset.weights is None else ", weights=w[test]"
    if trial.preparation.task == "regression":
        measure = f'    print("test mae:", np.average(np.abs({in_own_units(trial, "test")} - y[test]){weights}))'
    else:
        shares = "model.predict(X[test], verbose=0)"
        guess = f"({shares}[:, 0] > 0.5)" if _n_outputs(trial) == 1 else f"{shares}.argmax(axis=1)"
        measure = f'    print("test accuracy:", np.average({guess} == y[test]{weights}))'
    note = "# True once, when nothing is left to be chosen"
    return f"EXAM = False  {note}\nif EXAM:\n{measure}"


def in_own_units(trial: Trial, rows: str) -> str:
    """An expression for a regression's predictions of these rows in the target's own units."""
    outputs = f"model.predict(X[{rows}], verbose=0)[:, 0]"
    if is_log(trial):
        return f"np.exp({outputs} * scale + mean)"
    return f"({outputs} * scale + mean)" if is_scaled(trial) else outputs


def settings_words(trial: Trial) -> str:
    """The settings that differ from nothing, in one line for a comment."""
    hp = trial.hyperparameters
    return (
        f"learning rate {hp.learning_rate:g}, batch {hp.batch_size}, {hp.epochs} epochs, units {literal(list(hp.hidden_units))}"
    )
