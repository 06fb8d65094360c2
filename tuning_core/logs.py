"""Logs without anybody's data: one JSON line an event, from every process of a server, bounded in total.

Our own events are words that we chose (ids, kinds and numbers beside them). Of an exception its type and places in the code are
written, never its message, which may quote a cell or a column; of what other libraries log, the place alone. The web process
writes the file, `FILE` in the store; the engine, its workers and readers write to standard error, which `pass_on` reads there.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from tuning_core.errors import UserError

FILE = "server.log"
FILE_BYTES, FILES = 2_000_000, 5  # 10 MB in total
LINE_BYTES = 16_384  # of what a child writes as one line
OURS = "tunescope"
MOST_PLACES, MOST_CAUSES = 12, 4
PLACE = re.compile(r'([\w.-]+\.(?:py|cc|cpp|h|c))(?::|", line )(\d+)')
KEYS = {"time", "level", "process", "event"}


def set_up_logs(process: str, home: Path | None = None) -> None:
    """From now on this process, of the kind "web", "engine", "worker" or "reader", logs nothing but such lines.

    With a `home` all of them go to its file, and warnings to standard error as well.
    """
    logging.raiseExceptions = False  # a full disk must not be told with what could not be written
    root = logging.getLogger()
    for name in list(root.manager.loggerDict):
        take_over(logging.getLogger(name))
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.setLevel(logging.INFO)
    here = logging.StreamHandler()
    handlers: list[logging.Handler] = [here]
    if home is not None:
        handlers.append(file_handler(home))
        here.setLevel(logging.WARNING)
    for handler in handlers:
        handler.setFormatter(LogLine(process))
        handler.addFilter(_is_worth_a_line)
        root.addHandler(handler)
    _take_over_uncaught()


def file_handler(home: Path) -> logging.Handler:
    """`FILES` files of `FILE_BYTES`. Two servers on one store write to the same: lines stay whole, and each turns by itself."""
    return RotatingFileHandler(home / FILE, maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding="ascii", delay=True)


def take_over(logger: logging.Logger) -> None:
    """What this logger says is written by the root's handlers alone."""
    logger.handlers.clear()
    logger.propagate = True


def pass_on(output: IO[bytes]) -> threading.Thread:
    """Log what a child writes, from a thread of its own, until the child and its children have ended.

    Lines of `LogLine` go on as they are. Of anything else, such as what libraries in C++ print, places in the code are kept.
    """
    thread = threading.Thread(target=_pass_on, args=(output,), daemon=True)
    thread.start()
    return thread


class LogLine(logging.Formatter):
    """One line of JSON: time (UTC), level, kind of process and its id, event; with an exception its type and places."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self.process = process

    def format(self, record: logging.LogRecord) -> str:
        if isinstance(passed := getattr(record, "passed", None), dict):
            return json.dumps(passed)
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{record.msecs:03.0f}Z",
            "level": record.levelname.lower(),
            "process": self.process,
            "pid": os.getpid(),
        }
        if _is_ours(record):
            line["event"] = record.getMessage()
        else:
            line |= {"event": f"{record.name} had something to say", "at": [f"{record.filename}:{record.lineno}"]}
        if record.exc_info and record.exc_info[1] is not None:
            line |= describe(record.exc_info[1])
        return json.dumps(line)


def describe(problem: BaseException) -> dict[str, Any]:
    """{"error", "at"} of an exception, of ours with its kind, and "because" of what caused it; nothing of its message."""
    causes = [f"{type(cause).__name__} {' '.join(_places(cause)[-1:])}".strip() for cause in _causes(problem)]
    told: dict[str, Any] = {"error": type(problem).__name__, "at": _places(problem)}
    if isinstance(problem, UserError):
        told["kind"] = problem.kind
    return told | ({"because": causes} if causes else {})


def _causes(problem: BaseException) -> Iterator[BaseException]:
    for _ in range(MOST_CAUSES):
        cause = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
        if cause is None:
            return
        yield cause
        problem = cause


def _places(problem: BaseException) -> list[str]:
    """Where it came through, "folder/file.py:12", the innermost last."""
    found, step = [], problem.__traceback__
    while step is not None:
        found.append(f"{'/'.join(Path(step.tb_frame.f_code.co_filename).parts[-2:])}:{step.tb_lineno}")
        step = step.tb_next
    return found[-MOST_PLACES:]


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == OURS


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Ours, and warnings of others; a failing page is told once, by us."""
    return _is_ours(record) or (record.levelno >= logging.WARNING and record.msg != "Uncaught app execution")


def _take_over_uncaught() -> None:
    """What Python itself would print with its message: uncaught exceptions of any thread, and warnings."""
    log = logging.getLogger(f"{OURS}.uncaught")

    def uncaught(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
        log.critical("an exception ended the process", exc_info=(kind, problem, trace))

    def in_thread(found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None:
            log.error("an exception ended a thread", exc_info=found.exc_value)

    def unraisable(found: Any) -> None:
        log.error("an exception could not be raised", exc_info=found.exc_value)

    def warned(message: Any, category: type[Warning], filename: str, lineno: int, *rest: Any) -> None:
        log.warning("%s at %s:%d", category.__name__, "/".join(Path(filename).parts[-2:]), lineno)

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_thread, unraisable
    warnings.showwarning = warned  # type: ignore[assignment]


def _pass_on(output: IO[bytes]) -> None:
    log = logging.getLogger(f"{OURS}.passed")
    with output:
        while line := output.readline(LINE_BYTES):
            told = _told(line)
            if told is not None:
                level = logging.getLevelNamesMapping().get(str(told["level"]).upper(), logging.INFO)
                log.log(level, "", extra={"passed": told})
            elif places := [f"{file}:{number}" for file, number in PLACE.findall(line.decode("ascii", "replace"))]:
                log.info("a library printed something, which names %s", " ".join(places[:MOST_PLACES]))


def _told(line: bytes) -> dict[str, Any] | None:
    """What a `LogLine` said; None for any other line."""
    if not line.startswith(b'{"time": '):
        return None
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) and told.keys() >= KEYS else None
