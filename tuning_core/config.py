"""What can be set from outside: Tunescope's environment variables, each with its rule, checked in one place.

`VARIABLES` is also the table in README.md. An empty value counts as none.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tuning_core.errors import SettingsError

MOST_WORKERS = 256
MOST_DAYS = 36_500
MOST_MINUTES = 525_600  # a year
NO_CODE = "none"
LEAST_MB, MOST_MB = 300, 1_000_000  # below 300 a worker would be renewed after every stack: TensorFlow alone takes that


@dataclass(frozen=True)
class Config:
    """The checked values.

    Attributes
    ----------
    home : folder of the store, absolute.
    workers : training processes on this machine.
    scheduler : address of a Dask scheduler to train on instead; None for processes of our own.
    worker_mb : memory (MiB) above which a worker is renewed between stacks.
    class_code : what a server that others can reach asks for; None for one of the store's own, `NO_CODE` for nothing.
    metrics_token : what a program of another machine brings to read how busy the server is; None where none may.
    run_minutes : how long one run or search may take, as modelled before it begins.
    keep_days : age in days at which runs, and tables without runs, are deleted; None where they are kept.
    """

    home: Path
    workers: int
    scheduler: str | None
    worker_mb: int
    class_code: str | None = None
    metrics_token: str | None = None
    run_minutes: int = 60
    keep_days: int | None = None


@dataclass(frozen=True)
class Variable:
    """One environment variable.

    Attributes
    ----------
    name, meaning, default : as README.md tells them.
    rule : what a value must be, to follow "must be".
    example : a value that would do.
    parse : from the text to the value; ValueError where it breaks the rule.
    make_default : the value where nothing is set.
    """

    name: str
    meaning: str
    default: str
    rule: str
    example: str
    parse: Callable[[str], Any]
    make_default: Callable[[], Any]


def _folder(text: str) -> Path:
    path = Path(text).expanduser().resolve()
    there = next(folder for folder in (path, *path.parents) if folder.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise ValueError
    return path


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError
        return int(text)

    return parse


def _address(text: str) -> str:
    found = re.fullmatch(r"(tcp|tls|ws|wss|ucx)://(\[[0-9a-fA-F:.]+\]|[^\s:/\[\]]+):(\d{1,5})", text)
    if found is None or not 1 <= int(found[3]) <= 65535:
        raise ValueError
    return text


def _code(text: str) -> str:
    if text.lower() == NO_CODE:
        return NO_CODE
    if not re.fullmatch(r"[A-Za-z0-9-]{6,40}", text) or len(text.replace("-", "")) < 6:
        raise ValueError
    return text


def _token(text: str) -> str:
    if not re.fullmatch(r"[!-~]{16,200}", text):
        raise ValueError
    return text


VARIABLES = {
    "home": Variable(
        "TUNESCOPE_HOME",
        "folder of the store",
        "`.tunescope`",
        "a folder that can be written to, or a new one in such a folder",
        ".tunescope",
        _folder,
        lambda: _folder(".tunescope"),
    ),
    "workers": Variable(
        "TUNESCOPE_WORKERS",
        "training processes",
        "one per core, at most 4",
        f"a whole number from 1 to {MOST_WORKERS}",
        "2",
        _whole(1, MOST_WORKERS),
        lambda: max(1, min(4, os.cpu_count() or 1)),  # a class needs answers, not every core of the machine
    ),
    "scheduler": Variable(
        "TUNESCOPE_SCHEDULER",
        "address of a Dask scheduler to train on instead, such as `tls://host:8786` (docs/scaling.md)",
        "none",
        "the address of a Dask scheduler with protocol, host and port",
        "tcp://host:8786",
        _address,
        lambda: None,
    ),
    "worker_mb": Variable(
        "TUNESCOPE_WORKER_MB",
        "memory in MB above which a worker is renewed between stacks",
        "1800",
        f"a whole number of megabytes from {LEAST_MB} to {MOST_MB}",
        "1800",
        _whole(LEAST_MB, MOST_MB),
        lambda: 1800,
    ),
    "class_code": Variable(
        "TUNESCOPE_CLASS_CODE",
        "code that a server asks for when other machines can reach it; `none` for no code",
        "six characters, made once and said at start",
        f"{NO_CODE}, or 6 to 40 letters, digits and hyphens",
        "OAK-723-FERN",
        _code,
        lambda: None,
    ),
    "metrics_token": Variable(
        "TUNESCOPE_METRICS_TOKEN",
        "token with which programs of other machines may read `/api/metrics` and `/_stcore/metrics`",
        "none",
        "16 to 200 visible ASCII characters",
        "the output of `openssl rand -hex 16`",
        _token,
        lambda: None,
    ),
    "run_minutes": Variable(
        "TUNESCOPE_RUN_MINUTES",
        "minutes that one run or search may take, as modelled before it begins; longer ones are refused",
        "60",
        f"a whole number of minutes from 1 to {MOST_MINUTES}",
        "240",
        _whole(1, MOST_MINUTES),
        lambda: 60,
    ),
    "keep_days": Variable(
        "TUNESCOPE_KEEP_DAYS",
        "days after which runs, and tables without runs, are deleted",
        "none: they are kept",
        f"a whole number of days from 1 to {MOST_DAYS}",
        "180",
        _whole(1, MOST_DAYS),
        lambda: None,
    ),
}


def read_config(environment: Mapping[str, str] | None = None) -> Config:
    """The configuration that the environment asks for.

    Raises
    ------
    SettingsError
        For a value that breaks its rule; kind "bad_environment".
    """
    given = os.environ if environment is None else environment
    texts = tuple(given.get(variable.name, "").strip() for variable in VARIABLES.values())
    return _kept(texts, os.getcwd()) if environment is None else _parsed(texts)


@lru_cache(maxsize=8)
def _kept(texts: tuple[str, ...], folder: str) -> Config:
    """Of this process, whose paths may begin at its folder: pages ask four times a run."""
    return _parsed(texts)


def _parsed(texts: tuple[str, ...]) -> Config:
    pairs = zip(VARIABLES.items(), texts, strict=True)
    return Config(**{field: _value(variable, text) for (field, variable), text in pairs})


def _value(variable: Variable, text: str) -> Any:
    try:
        return variable.parse(text) if text else variable.make_default()
    except (ValueError, OSError):
        shown = text if text else variable.default.strip("`")
        raise SettingsError(
            f"{variable.name} is {shown[:200]!r}, but it must be {variable.rule}.",
            kind="bad_environment",
            remedy=f"Set it to such as {variable.example}, or unset it for its default ({variable.default.strip('`')}).",
        ) from None


def config_or_exit() -> Config:
    """For what a person starts: the configuration, or the end of this process with the refusal as its last words."""
    try:
        return read_config()
    except SettingsError as problem:
        sys.exit(str(problem))
