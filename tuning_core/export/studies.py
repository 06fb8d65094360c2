"""A search for other dashboards: an Optuna study with intermediate values, and TensorBoard's HParams."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment import Trial, TrialStatus

_STATES = {
    TrialStatus.FINISHED: "COMPLETE",
    TrialStatus.STOPPED_EARLY: "COMPLETE",
    TrialStatus.STOPPED: "PRUNED",
    TrialStatus.DIVERGED: "FAIL",
    TrialStatus.FAILED: "FAIL",
}


def to_optuna(trials: Sequence[Trial], path: str | Path, name: str = "tunescope") -> Any:
    """Write a study into a SQLite file, `optuna-dashboard sqlite:///PATH` opens it; returns the `optuna.Study`.

    One Optuna trial each, with the validation loss of every epoch as intermediate values and that of the kept epoch as its
    value; parameters are the settings that differ. Diverged and failed trials are failed ones there.
    """
    optuna = _module("optuna", "optuna")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    settings = [_flat(trial) for trial in trials]
    differ = [key for key in (settings[0] if settings else {}) if len({str(s[key]) for s in settings}) > 1]
    ranges = {key: _distribution(optuna, [s[key] for s in settings]) for key in differ}
    storage = optuna.storages.RDBStorage(f"sqlite:///{Path(path).absolute()}")
    study = optuna.create_study(storage=storage, study_name=name, direction="minimize")
    for trial, values in zip(trials, settings, strict=True):
        losses = {epoch: float(v) for epoch, v in enumerate(trial.history.val_loss, 1) if math.isfinite(v)}
        value = losses.get(trial.kept_epoch or 0)
        state = _STATES[trial.status] if value is not None else "FAIL"
        study.add_trial(
            optuna.trial.create_trial(
                state=getattr(optuna.trial.TrialState, state),
                value=value if state == "COMPLETE" else None,
                params={key: _parameter(values[key]) for key in differ},
                distributions=ranges,
                user_attrs={"seed": trial.seed, "fold": trial.fold, "status": str(trial.status)},
                intermediate_values=losses,
            )
        )
    storage.engine.dispose()  # the file is complete; who reads the study on opens it again
    return study


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
