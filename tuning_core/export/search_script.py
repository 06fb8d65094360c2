"""The settings of a search as scikit-learn code: GridSearchCV over Keras models, with nothing of Tunescope in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tuning_core.errors import SettingsError
from tuning_core.experiment import Configuration, CrossValidation, SearchRun, Trial
from tuning_core.experiment.scores import RECORDED_LOSS, Score
from tuning_core.export.code import preparing
from tuning_core.export.code.net import net_code, net_settings
from tuning_core.export.code.scoring import score_code
from tuning_core.export.code.text import literal
from tuning_core.export.script import header, read_code
from tuning_core.training.row_splits import cross_validation_splits, fold_method

MOST_SETTINGS = 500
NOTE = (
    "Rows and classes weigh what they weighed, folds and the start of each network are the recorded ones, and the score is the\n"
    "one that ranked. Each network trains for as many epochs as were kept (in a cross-validation the median over its folds), so\n"
    "that what is scored are the weights that were handed over; rows that were set aside to choose that epoch train here, too."
)


def export_search(run: SearchRun, *, cv: int | CrossValidation | None = None, source: bytes | None = None) -> str:
    """Python source that tries the same settings with `GridSearchCV`, a Keras network and scikit-learn's own scores.

    Preparation is part of the pipeline, so that every fold fits its own. Row weights, class weights, folds (also of groups, of
    copies and in time), initial weights and the score are those of the search. `GridSearchCV` cannot give early stopping rows of
    its own: each network trains for the number of epochs whose weights were kept, in a cross-validation for their median over
    the folds. On one split, and where the last weights were kept, the scores are the recorded ones if rows were not shuffled;
    shuffled rows are another seed's, and dropout draws anew.

    Parameters
    ----------
    cv : the cross-validation of the search; None scores on the validation rows.
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
    dataset = trial.dataset
    features, _ = preparing.features_code(trial)
    weighted = dataset.weights is not None
    lines = [
        _header(trial),
        "# Read",
        read_code(trial, source),
        "\n# Target and rows",
        preparing.target_code(trial),
        preparing.split_code(trial),
        *([f"w = frame[{literal(dataset.sample_weight)}].to_numpy(float)  # how much each row counts"] if weighted else []),
        "\n# Prepare",
        features[: features.index("X = prepare.fit")].rstrip(),
        "\n# Model",
        net_code(trial),
        "\npipeline = make_pipeline(prepare, Net())",
        "\n# Settings, as they were tried",
        _settings(run.settings, dataset.task),
        "\n# Search",
        score_code(dataset, _score(run, trial)),
        "",
        _folds(dataset, CrossValidation(cv) if isinstance(cv, int) else cv),
        "search = GridSearchCV(pipeline, settings, cv=folds, scoring=score, refit=False)",
        f"search.fit(frame.iloc[rows], y[rows]{', net__sample_weight=w[rows]' if weighted else ''})",
        'table = pd.DataFrame(search.cv_results_).sort_values("rank_test_score")',
        'print(table[["params", "mean_test_score", "std_test_score", "rank_test_score"]].to_string())',
    ]
    return "\n".join(lines) + "\n"


def _score(run: SearchRun, trial: Trial) -> Score:
    """What ranked; a run without a named score goes by its loss."""
    from tuning_core.experiment.scores import SCORES

    if run.ranked_by.name != RECORDED_LOSS.name:
        return run.ranked_by
    return SCORES["cross_entropy" if trial.dataset.task == "classification" else str(trial.history.context["loss_name"])]


def _header(trial: Trial) -> str:
    found = header(trial, ()).partition('"""\n\n')[2]
    splitters = "GridSearchCV, GroupKFold, KFold, PredefinedSplit, StratifiedKFold, TimeSeriesSplit, train_test_split"
    more = [
        "from sklearn import metrics",
        "from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin",
        f"from sklearn.model_selection import {splitters}",
    ]
    if "make_pipeline" not in found:
        more.append("from sklearn.pipeline import make_pipeline")
    if "StandardScaler" not in found:
        more.append("from sklearn.preprocessing import StandardScaler")
    return f'"""The settings of a search, tried with scikit-learn and Keras.\n\n{NOTE}\n"""\n\n{found}\n' + "\n".join(more) + "\n"


def _folds(dataset: Any, cv: CrossValidation | None) -> str:
    """Source that leaves the rows of the search in `rows` and its divisions in `folds`."""
    rows = "rows = np.concatenate([train, validation])"
    if cv is None:
        last = "folds = PredefinedSplit(np.repeat([-1, 0], [len(train), len(validation)]))  # scored on the validation rows"
        return f"{rows}\n{last}"
    method = fold_method(dataset, cv)
    if method == "grouped":
        return f"{rows}\n{_group_folds(dataset, cv)}"
    if method == "forward":
        if not preparing.in_order(dataset):
            places = np.concatenate([dataset.rows.train, dataset.rows.validation]).tolist()
            rows = f"rows = np.array({literal(places)})  # in the order of time"
        return f"{rows}\nfolds = TimeSeriesSplit({cv.folds})  # each fold trains on what was before it"
    name = "StratifiedKFold" if method == "stratified" else "KFold"
    if cv.repeats == 1:
        shuffled = f", shuffle=True, random_state={cv.seed}" if cv.shuffle else ""
        return f"{rows}\nfolds = {name}({cv.folds}{shuffled})"
    each = f"{name}({cv.folds}, shuffle=True, random_state={cv.seed} + i)"
    return f"{rows}\nfolds = [pair for i in range({cv.repeats}) for pair in {each}.split(rows, y[rows])]"


def _group_folds(dataset: Any, cv: CrossValidation) -> str:
    """The fold that each row is held out in, one letter a row: groups and copies stay together."""
    rows = np.concatenate([dataset.rows.train, dataset.rows.validation])
    place = np.empty(len(dataset.frame), dtype=int)
    repeats = []
    divisions = cross_validation_splits(dataset, cv)
    for start in range(0, len(divisions), cv.folds):
        for fold, division in enumerate(divisions[start : start + cv.folds]):
            place[division.validation] = fold
        repeats.append(place[rows].tolist())
    lines = ["HELD = [  # for each row the fold that holds it out: rows that belong together share one"]
    lines += [f"    {literal(held)}," for held in repeats]
    lines += ["]", "folds = [pair for held in HELD for pair in PredefinedSplit(held).split()]"]
    return "\n".join(lines)


def _settings(settings: Sequence[Configuration], task: str) -> str:
    """A grid of one setting each; what all have in common stands in the class."""
    rows = []
    for setting in settings:
        values = {name: [value] for name, value in net_settings(setting.hyperparameters, task).items()}
        for epochs, seeds in _kept_epochs(setting).items():
            own = values | {"epochs": [epochs], "seed": seeds}
            rows.append({f"net__{name}": value for name, value in own.items()})
    first = rows[0]
    alike = {name for name in first if name != "net__seed" and all(row[name] == first[name] for row in rows)}
    listed = "".join(f"    {literal({n: v for n, v in row.items() if n not in alike})},\n" for row in rows)
    return f"settings = [\n{listed}]"


def _kept_epochs(setting: Configuration) -> dict[int, list[int]]:
    """The setting's seeds by the number of epochs that were kept, the median over a seed's folds."""
    kept: dict[int, list[int]] = {}
    for trial in setting.trials:
        kept.setdefault(trial.seed, []).append(trial.kept_epoch or trial.hyperparameters.epochs)
    found: dict[int, list[int]] = {}
    for seed, epochs in kept.items():
        found.setdefault(round(np.median(epochs)), []).append(seed)
    return found or {setting.hyperparameters.epochs: [0]}
