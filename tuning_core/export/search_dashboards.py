"""A search for other dashboards: an Optuna study with intermediate values, and TensorBoard's HParams."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment import Configuration, SearchRun, Trial, TrialStatus
from tuning_core.experiment.scores import Score

_STATES = {
    TrialStatus.FINISHED: "COMPLETE",
    TrialStatus.STOPPED_EARLY: "COMPLETE",
    TrialStatus.STOPPED: "PRUNED",
    TrialStatus.DIVERGED: "FAIL",
    TrialStatus.FAILED: "FAIL",
}


def to_optuna(trials: Sequence[Trial] | SearchRun, path: str | Path, name: str = "tunescope") -> Any:
    """Write a study into a SQLite file, `optuna-dashboard sqlite:///PATH` opens it; returns the `optuna.Study`.

    Of a search one Optuna trial a setting: its value is the mean score that ranks it (over seeds and folds, by the weights
    kept), and the study's direction that of the score, so that both name the same winner. With one trial a setting the validation
    losses are its intermediate values.

    Of other trials one each, with the validation loss of every epoch as intermediate values; its value is what ranked it in
    its search, else that loss at the kept epoch. Parameters are the settings that differ. Diverged and failed trials are failed
    ones there.
    """
    optuna = _module("optuna", "optuna")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    if isinstance(trials, SearchRun):
        found, score = [_of_setting(setting, trials.ranked_by) for setting in trials.settings], trials.ranked_by
    else:
        score = _common_score(trials)
        found = [_of_trial(trial, score) for trial in trials]
    settings = [one.settings for one in found]
    differ = [key for key in (settings[0] if settings else {}) if len({str(s[key]) for s in settings}) > 1]
    ranges = {key: _distribution(optuna, [s[key] for s in settings]) for key in differ}
    storage = optuna.storages.RDBStorage(f"sqlite:///{Path(path).absolute()}")
    study = optuna.create_study(storage=storage, study_name=name, direction="maximize" if score.greater_is_better else "minimize")
    study.set_user_attr("score", score.words)
    for one in found:
        state = _STATES[one.status] if math.isfinite(one.value) else "FAIL"
        study.add_trial(
            optuna.trial.create_trial(
                state=getattr(optuna.trial.TrialState, state),
                value=one.value if state == "COMPLETE" else None,
                params={key: _parameter(one.settings[key]) for key in differ},
                distributions=ranges,
                user_attrs={**one.facts, "status": str(one.status)},
                intermediate_values=one.losses,
            )
        )
    storage.engine.dispose()  # the file is complete; who reads the study on opens it again
    return study


@dataclass(frozen=True)
class _Row:
    """One trial of a study. `value` is NaN where there is none; `losses` by epoch."""

    settings: dict[str, Any]
    value: float
    losses: dict[int, float]
    status: TrialStatus
    facts: dict[str, Any]


def _common_score(trials: Sequence[Trial]) -> Score:
    """What ranks all of them; without one the validation loss."""
    found = {trial.scored_by for trial in trials}
    return (found.pop() if len(found) == 1 else None) or Score("loss", "validation loss")


def _of_trial(trial: Trial, score: Score) -> _Row:
    losses = _losses(trial)
    value = trial.score if trial.scored_by == score else losses.get(trial.kept_epoch or 0, math.nan)
    return _Row(_flat(trial), value, losses, trial.status, {"seed": trial.seed, "fold": trial.fold})


def _of_setting(setting: Configuration, score: Score) -> _Row:
    first, n = setting.trials[0], len(setting.trials)
    settings = {key: value for key, value in _flat(first).items() if key != "seed"}
    scores = [value if math.isfinite(value) else None for value in setting.scores.tolist()]
    facts = {"score": score.name, "scores": scores, "trials": [trial.number for trial in setting.trials]}
    worst = max((trial.status for trial in setting.trials), key=list(_STATES).index)
    return _Row(settings, setting.mean, _losses(first) if n == 1 else {}, worst, facts)


def _losses(trial: Trial) -> dict[int, float]:
    return {epoch: float(v) for epoch, v in enumerate(trial.history.val_loss, 1) if math.isfinite(v)}


def to_tensorboard(trials: Sequence[Trial], folder: str | Path) -> Path:
    """Write event files for `tensorboard --logdir FOLDER`: scalars by epoch, and the settings for its HParams page."""
    _module("tensorboard", "tensorboard")
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.plugins.hparams import summary as hparams
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    folder = Path(folder)
    for trial in trials:
        writer = EventFileWriter(str(folder / f"trial_{trial.number:05d}"))
        writer.add_event(_event(hparams.session_start_pb({k: _parameter(v) for k, v in _flat(trial).items()})))
        for name, tag in (("train_loss", "loss/training"), ("val_loss", "loss/validation"), ("val_metric", "metric/validation")):
            for epoch, value in enumerate(getattr(trial.history, name).tolist(), 1):
                writer.add_event(_event(Summary(value=[Summary.Value(tag=tag, simple_value=value)]), epoch))
        writer.add_event(_event(hparams.session_end_pb("STATUS_SUCCESS")))
        writer.close()
    return folder


def _event(summary: Any, step: int = 0) -> Any:
    import time

    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary

    # Where TensorFlow is installed, its own class of the same message comes from the plugin.
    own = Summary.FromString(summary.SerializeToString())
    return Event(wall_time=time.time(), step=step, summary=own)


def _module(name: str, package: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as absent:
        raise SettingsError(
            f"The package {package!r} is not installed, which this export needs.",
            kind="package_missing",
            remedy=f"Install it on the server: pip install {package}",
        ) from absent


def _flat(trial: Trial) -> dict[str, Any]:
    """Settings by name, those of early stopping with a dot, and the seed."""
    values = trial.hyperparameters.to_json()
    stopping = values.pop("early_stopping") or {}
    return {**values, **{f"early_stopping.{name}": value for name, value in stopping.items()}, "seed": trial.seed}


def _parameter(value: Any) -> Any:
    return value if isinstance(value, (int, float, str, bool)) else str(value)


def _distribution(optuna: Any, values: Sequence[Any]) -> Any:
    """The range that holds what was tried: numbers by size (spread over decades on a log scale), others as choices."""
    numbers = [v for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]
    if len(numbers) < len(values):
        return optuna.distributions.CategoricalDistribution(sorted({_parameter(v) for v in values}, key=str))
    low, high = min(numbers), max(numbers)
    if all(isinstance(v, int) for v in numbers):
        return optuna.distributions.IntDistribution(low, high)
    return optuna.distributions.FloatDistribution(float(low), float(high), log=low > 0 and high / low > 20)
