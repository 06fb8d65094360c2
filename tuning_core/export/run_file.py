"""A run file: everything about a run but its data, as JSON that another server can check and show.

What comes from elsewhere is not trusted: size, depth and every value are checked before anything is kept, and nothing in it is
ever run. Settings are read by the classes that validate them anyway.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tuning_core.data.dataset.settings import LATER, TRANSFORMS
from tuning_core.errors import SettingsError, UserError
from tuning_core.experiment import SERIES, History, Hyperparameters, SearchSpace, Split, Trial, TrialStatus
from tuning_core.experiment.history import SCORE_SERIES
from tuning_core.export.provenance import versions

SCHEMA = "tunescope-run"
VERSION = 1
MAX_BYTES = 50 * 2**20
MAX_TRIALS = 10_000
MAX_EPOCHS_TOTAL = 2_000_000
MAX_NAME = 200
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SETUP = ("target", "features", "split", "task", "kinds")


@dataclass(frozen=True, eq=False)
class RunFile:
    """A run as it travels.

    Attributes
    ----------
    name, kind : the run's name, and "manual" or "search".
    dataset_name, sha256 : the data's file name (for showing only) and the SHA-256 of its bytes.
    reading : options the file was read with, see `ReadOptions`.
    setup : target, features, split, task and kinds, see `Dataset.from_spec`.
    space : of a search, see `SearchSpace.to_json`; None otherwise.
    trials : with settings, seeds and curves, without weights.
    versions : of the packages that trained it.
    """

    name: str
    kind: str
    dataset_name: str
    sha256: str
    reading: Mapping[str, Any]
    setup: Mapping[str, Any]
    space: Mapping[str, Any] | None
    trials: tuple[Trial, ...]
    versions: Mapping[str, str]

    def data_differs(self, sha256: str) -> str:
        """A sentence when data with this hash are not those of the run; empty when they are the same bytes."""
        if sha256 == self.sha256:
            return ""
        return (
            f"This is not the file that the run was trained on: its SHA-256 begins with {sha256[:12]}, the run's data with "
            f"{self.sha256[:12]}. Curves of other data cannot be compared with these, and training again will give others."
        )


def write_run_file(
    trials: Sequence[Trial],
    *,
    dataset_name: str,
    sha256: str,
    setup: Mapping[str, Any],
    reading: Mapping[str, Any] | None = None,
    name: str = "",
    kind: str = "manual",
    space: Mapping[str, Any] | None = None,
) -> bytes:
    """UTF-8 JSON of a run; `read_run_file` gives it back."""
    facts = {
        "schema": SCHEMA,
        "version": VERSION,
        "name": name,
        "kind": kind,
        "dataset": {"name": dataset_name, "sha256": sha256, "reading": dict(reading or {})},
        "setup": dict(setup),
        "space": None if space is None else dict(space),
        "trials": [_trial_json(trial) for trial in trials],
        "versions": versions(),
    }
    return json.dumps(facts, allow_nan=False).encode()


def _trial_json(trial: Trial) -> dict[str, Any]:
    return {
        "number": trial.number,
        "hyperparameters": trial.hyperparameters.to_json(),
        "seed": trial.seed,
        "fold": trial.fold,
        "status": trial.status,
        "best_epoch": trial.best_epoch,
        "stopped_epoch": trial.stopped_epoch,
        "diverged_epoch": trial.diverged_epoch,
        "history": trial.history.to_json(),
    }


def read_run_file(data: bytes) -> RunFile:
    """Check and read a run file.

    Raises
    ------
    SettingsError
        With kind "bad_run_file" and the place in the file, for anything that is not a run file of this version within the limits.
    """
    facts = _parsed(data)
    _keys(facts, "the file", ("schema", "version", "name", "kind", "dataset", "setup", "space", "trials", "versions"))
    if facts["schema"] != SCHEMA or facts["version"] != VERSION:
        raise _bad(f"its schema is {str(facts['schema'])[:40]!r}, version {str(facts['version'])[:10]}; "
                   f"{SCHEMA!r}, version {VERSION} is read here")  # fmt: skip
    dataset = _mapping(facts["dataset"], "dataset")
    _keys(dataset, "dataset", ("name", "sha256", "reading"))
    sha256 = _text(dataset["sha256"], "dataset.sha256")
    if not _SHA256.fullmatch(sha256):
        raise _bad("dataset.sha256 is no SHA-256 (64 hexadecimal digits)")
    if facts["kind"] not in ("manual", "search"):
        raise _bad(f"kind is {str(facts['kind'])[:40]!r}; it is 'manual' or 'search'")
    return RunFile(
        name=_text(facts["name"], "name"),
        kind=facts["kind"],
        dataset_name=_text(dataset["name"], "dataset.name"),
        sha256=sha256,
        reading=_reading(dataset["reading"]),
        setup=_setup(facts["setup"]),
        space=_space(facts["space"]),
        trials=_trials(facts["trials"]),
        versions={_text(k, "versions"): _text(v, "versions") for k, v in _mapping(facts["versions"], "versions").items()},
    )


def _parsed(data: bytes) -> Mapping[str, Any]:
    if len(data) > MAX_BYTES:
        raise _bad(f"it has {len(data) / 2**20:.0f} MB; the limit is {MAX_BYTES / 2**20:.0f} MB")
    try:
        return _mapping(json.loads(data.decode("utf-8"), parse_constant=_no_constant), "the file")
    except (ValueError, RecursionError) as problem:
        raise _bad("it is no JSON text in UTF-8") from problem


def _no_constant(word: str) -> float:
    raise ValueError(word)  # NaN and Infinity are no JSON


def _reading(values: Any) -> Mapping[str, Any]:
    from tuning_core.data import ReadOptions

    values = _mapping(values, "dataset.reading")
    return _checked("dataset.reading", lambda: ReadOptions.from_json(values).to_json() if values else {})


def _setup(values: Any) -> Mapping[str, Any]:
    values = _mapping(values, "setup")
    set_later = tuple(name for name in LATER if values.get(name) is not None)
    _keys(values, "setup", (*_SETUP, *set_later))
    for name in set_later:
        _text(values[name], f"setup.{name}", 10_000)
    if values.get("target_transform") not in (None, *TRANSFORMS):
        raise _bad(f"setup.target_transform is {values['target_transform'][:40]!r}")
    _text(values["target"], "setup.target", 10_000)
    if values["features"] is not None:
        for feature in _sequence(values["features"], "setup.features", 5_000):
            _text(feature, "setup.features", 10_000)
    for name, kind in _mapping(values["kinds"] or {}, "setup.kinds").items():
        _text(name, "setup.kinds", 10_000), _text(kind, "setup.kinds")
    if values["task"] not in (None, "regression", "classification"):
        raise _bad(f"setup.task is {str(values['task'])[:40]!r}")
    split = _checked("setup.split", lambda: Split.from_json(_mapping(values["split"], "setup.split")).to_json())
    return {**values, "split": split}


def _space(values: Any) -> Mapping[str, Any] | None:
    if values is None:
        return None
    return _checked("space", lambda: SearchSpace.from_json(_mapping(values, "space")).to_json())


def _trials(values: Any) -> tuple[Trial, ...]:
    found = [_trial(trial, f"trials[{at}]") for at, trial in enumerate(_sequence(values, "trials", MAX_TRIALS))]
    if len({trial.number for trial in found}) != len(found):
        raise _bad("two trials have the same number")
    total = sum(len(trial.history) for trial in found)
    if total > MAX_EPOCHS_TOTAL:
        raise _bad(f"its curves have {total:,} epochs in all; the limit is {MAX_EPOCHS_TOTAL:,}")
    return tuple(found)


def _trial(values: Any, where: str) -> Trial:
    values = _mapping(values, where)
    epochs = ("best_epoch", "stopped_epoch", "diverged_epoch")
    _keys(values, where, ("number", "hyperparameters", "seed", "fold", "status", "history", *epochs))
    if values["status"] not in [status for status in TrialStatus if status.in_file]:
        raise _bad(f"{where}.status is {str(values['status'])[:40]!r}")
    history = _history(values["history"], f"{where}.history")
    hp = _checked(where, lambda: Hyperparameters.from_json(_mapping(values["hyperparameters"], where)))
    if len(history) > hp.epochs:
        raise _bad(f"{where} has {len(history):,} epochs, more than its setting of {hp.epochs:,}")
    return Trial(
        number=_whole(values["number"], f"{where}.number", 10_000_000),
        hyperparameters=hp,
        seed=_whole(values["seed"], f"{where}.seed", 2**31 - 1),
        fold=None if values["fold"] is None else _whole(values["fold"], f"{where}.fold", 10_000),
        history=history,
        status=TrialStatus(values["status"]),
        best_epoch=_epoch(values["best_epoch"], f"{where}.best_epoch", len(history)),
        stopped_epoch=_epoch(values["stopped_epoch"], f"{where}.stopped_epoch", len(history)),
        diverged_epoch=_epoch(values["diverged_epoch"], f"{where}.diverged_epoch", len(history)),
    )


def _history(values: Any, where: str) -> History:
    values = _mapping(values, where)
    series = [*SERIES, *([SCORE_SERIES] if SCORE_SERIES in values else [])]
    _keys(values, where, (*series, "context"))
    for name in series:
        for value in _sequence(values[name], f"{where}.{name}", 10_000):
            if value is not None and (type(value) not in (int, float) or not -1e308 < value < 1e308):
                raise _bad(f"{where}.{name} holds {str(value)[:40]!r}, which is no number")
    context = _mapping(values["context"], f"{where}.context")
    if len(json.dumps(context)) > 20_000:
        raise _bad(f"{where}.context is too long")
    for name, value in context.items():
        if name != "hyperparameters" and not (value is None or isinstance(value, (bool, int, float, str))):
            raise _bad(f"{where}.context.{name[:40]} is no plain value")
    return _checked(where, lambda: History.from_json(values))


# ---- small checks; each names the place ------------------------------------------------------------------------------


def _checked(where: str, make: Any) -> Any:
    try:
        return make()
    except UserError as problem:
        raise _bad(f"{where}: {problem.message}") from problem
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as problem:
        raise _bad(f"{where} is not as it should be") from problem


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _bad(f"{where} is no JSON object")
    return value


def _sequence(value: Any, where: str, limit: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > limit:
        raise _bad(f"{where} is no list of at most {limit:,} entries")
    return value


def _keys(values: Mapping[str, Any], where: str, wanted: Sequence[str]) -> None:
    lacking, unknown = [k for k in wanted if k not in values], [k for k in values if k not in wanted]
    if lacking or unknown:
        raise _bad(f"{where} {'lacks ' + repr(lacking[0]) if lacking else 'has an unknown entry ' + repr(unknown[0][:40])}")


def _text(value: Any, where: str, limit: int = MAX_NAME) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise _bad(f"{where} is no text of at most {limit:,} characters")
    return value


def _whole(value: Any, where: str, limit: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= limit:
        raise _bad(f"{where} is no whole number from 0 to {limit:,}")
    return value


def _epoch(value: Any, where: str, length: int) -> int | None:
    if value is None:
        return None
    if _whole(value, where, length) < 1:
        raise _bad(f"{where} is 0; epochs are counted from 1")
    return value


def _bad(what: str) -> SettingsError:
    return SettingsError(
        f"This is no run file that can be read: {what}.",
        kind="bad_run_file",
        remedy="Export the run again from the server that has it.",
    )
