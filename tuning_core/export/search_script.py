"""The settings of a search as scikit-learn code: GridSearchCV over Keras models, with nothing of Tunescope in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment import Hyperparameters, SearchRun, Trial
from tuning_core.experiment.optimizers import OPTIMIZERS
from tuning_core.export.code import preparing
from tuning_core.export.code.text import literal, wrapped
from tuning_core.export.script import header, read_code

MOST_SETTINGS = 500
_FIT = ("batch_size", "epochs")
_BUILD = ("learning_rate", "hidden_units", "activation", "optimizer", "momentum", "weight_decay", "dropout", "l2")


def export_search(run: SearchRun, *, cv: int | None = None, source: bytes | None = None) -> str:
    """Python source that tries the same settings with `GridSearchCV` and Keras's own scikit-learn wrapper.

    Preparation is part of the pipeline, so that every fold fits its own. Early stopping and class weights, which the wrapper
    cannot give each fold fairly, are left out and said. Settings are listed as they were tried, whatever strategy chose them.

    Parameters
    ----------
    cv : folds of the search; None scores on the validation rows.
    source : see `export_script`.
    """
    if not run.settings:
        raise SettingsError("The search has no finished setting.", kind="too_few_trials", remedy="Let it go on for a while.")
    if len(run.settings) > MOST_SETTINGS:
        raise SettingsError(
            f"The search tried {len(run.settings):,} settings; a script lists at most {MOST_SETTINGS}.",
            kind="too_many",
            remedy="Export the curves instead.",
        )
    trial = run.best_trial
    features, _ = preparing.features_code(trial)
    prepare = features[: features.index("X = prepare.fit")].rstrip()
    regression = trial.preparation.task == "regression"
    wrapper = "SKLearnRegressor" if regression else "SKLearnClassifier"
    folds = _folds(trial, cv)
    scoring = "neg_mean_squared_error" if regression and trial.hyperparameters.loss != "mae" else "neg_mean_absolute_error"
    scaler = "StandardScaler()"
    if trial.preparation.target_transform == "log":
        scaler = "make_pipeline(FunctionTransformer(np.log, inverse_func=np.exp), StandardScaler())"
    scaled = f"TransformedTargetRegressor(pipeline, transformer={scaler})"
    lines = [
        _header(trial, wrapper, cv),
        "# Read",
        read_code(trial, source),
        "\n# Target and rows",
        preparing.target_code(trial),
        preparing.split_code(trial),
        "\n# Prepare",
        prepare,
        "\n# Model",
        _build(trial),
        _net(wrapper),
        "\npipeline = make_pipeline(prepare, Net(build))",
        f"model = {scaled if regression else 'pipeline'}",
        "\n# Settings, as they were tried",
        _settings([setting.hyperparameters for setting in run.settings], "regressor__" if regression else ""),
        "\n# Search",
        folds,
        f'search = GridSearchCV(model, settings, cv=folds, scoring="{scoring if regression else "accuracy"}", refit=False)',
        "search.fit(frame.iloc[rows], y[rows])",
        'table = pd.DataFrame(search.cv_results_).sort_values("rank_test_score")',
        'print(table[["params", "mean_test_score", "std_test_score", "rank_test_score"]].to_string())',
    ]
    return "\n".join(lines) + "\n"


def _header(trial: Trial, wrapper: str, cv: int | None) -> str:
    found = header(trial, ()).partition('"""\n\n')[2]
    more = [f"from keras.wrappers import {wrapper}"]
    more.append(f"from sklearn.model_selection import GridSearchCV, {_folder(trial, cv)}, train_test_split")
    if trial.preparation.task == "regression":
        more.append("from sklearn.compose import TransformedTargetRegressor")
    if trial.preparation.target_transform == "log":
        more.append("from sklearn.preprocessing import FunctionTransformer")
    for name, module in (("make_pipeline", "sklearn.pipeline"), ("StandardScaler", "sklearn.preprocessing")):
        if name not in found:
            more.append(f"from {module} import {name}")
    note = "Left out: early stopping, weights of classes and rows, the best epoch. Every setting is scored by its last weights."
    return f'"""The settings of a search, tried with scikit-learn and Keras.\n\n{note}\n"""\n\n{found}\n' + "\n".join(more) + "\n"


def _folder(trial: Trial, cv: int | None) -> str:
    """What scikit-learn calls the folds: rows in time are held out after those that train."""
    if not cv:
        return "PredefinedSplit"
    return "KFold" if trial.dataset.order is None else "TimeSeriesSplit"


def _folds(trial: Trial, cv: int | None) -> str:
    if cv:
        return f"rows = np.concatenate([train, validation])\nfolds = {_folder(trial, cv)}({cv})"
    return (
        "rows = np.concatenate([train, validation])\n"
        "folds = PredefinedSplit(np.repeat([-1, 0], [len(train), len(validation)]))  # scored on the validation rows"
    )


def _build(trial: Trial) -> str:
    regression = trial.preparation.task == "regression"
    loss = "mae" if trial.hyperparameters.loss == "mae" else "mse"
    outputs, final = ("1", "None") if regression else ("y.shape[1]", '"softmax"')
    loss = loss if regression else "categorical_crossentropy"
    optimizers = wrapped("OPTIMIZERS = {", [f'"{k}": keras.optimizers.{o.keras_name}' for k, o in OPTIMIZERS.items()], "}")
    return f'''{optimizers}


def build(X, y, hidden_units, activation, optimizer, learning_rate, dropout=0.0, l2=0.0, **more):
    """A network for these rows; the wrapper gives classes one-hot."""
    keras.utils.set_random_seed({trial.seed})
    rates = dropout if isinstance(dropout, (list, tuple)) else [dropout] * len(hidden_units)
    penalty = keras.regularizers.L2(l2) if l2 else None
    model = keras.Sequential([keras.Input((X.shape[1],))])
    for units, rate in zip(hidden_units, rates):
        model.add(keras.layers.Dense(units, activation=activation, kernel_regularizer=penalty))
        if rate:
            model.add(keras.layers.Dropout(rate))
    model.add(keras.layers.Dense({outputs}, activation={final}, kernel_regularizer=penalty))
    model.compile(optimizer=OPTIMIZERS[optimizer](learning_rate, **more), loss="{loss}")
    return model
'''


def _net(wrapper: str) -> str:
    """Keras 3.15's wrapper drops `fit_kwargs` when scikit-learn clones it: one epoch instead of all."""
    return f'''
class Net({wrapper}):
    """Keras's wrapper, with a clone that keeps `fit_kwargs`."""

    def __sklearn_clone__(self):
        return type(self)(self.model, model_kwargs=self.model_kwargs, fit_kwargs=self.fit_kwargs)
'''


def _settings(settings: Sequence[Hyperparameters], outer: str) -> str:
    rows = []
    for hp in settings:
        values: dict[str, Any] = hp.to_json()
        skipped = {"momentum"} if hp.optimizer != "sgd" else set()
        skipped |= {"weight_decay"} if hp.optimizer != "adamw" else set()
        build = {name: values[name] for name in _BUILD if name not in skipped and values[name] not in (0.0, None)}
        build.setdefault("hidden_units", [])
        fit = {**{name: values[name] for name in _FIT}, "verbose": 0}
        rows.append(f"({literal(build)}, {literal(fit)})")
    listed = "".join(f"    {row},\n" for row in rows)
    names = f'"{outer}net__model_kwargs": [build], "{outer}net__fit_kwargs": [fit]'
    return f"tried = [\n{listed}]\nsettings = [{{{names}}} for build, fit in tried]"
