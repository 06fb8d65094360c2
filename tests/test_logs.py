"""Logs: lines of JSON that never quote a table or a person, from every process, and no more than so many bytes."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys

import pytest

from tests.support.paths import ROOT
from tuning_core import logs
from tuning_core.logs import FILE, FILES, describe, pass_on

SECRET = "telltale"
PAGE = """
import asyncio, logging, sys, threading, warnings
from pathlib import Path
from streamlit.error_util import handle_user_script_exception
from streamlit.logger import get_logger
from pages.server.streamlit_logs import take_over_streamlit
from pages.widgets.errors import log_script_error
from tuning_core.errors import TableError
from tuning_core.logs import set_up_logs
early = get_logger("streamlit.early")
set_up_logs("web", Path(sys.argv[1]))
take_over_streamlit()

def fail(text="telltale"):
    try:
        raise KeyError(text)
    except KeyError as problem:
        raise ValueError(f"cell {text!r}") from problem

def failure():
    try:
        fail()
    except ValueError as problem:
        return problem

handle_user_script_exception(failure(), log_script_error)
log_script_error(TableError("Column 'telltale' is constant.", kind="constant_target"))
for logger in (early, get_logger("streamlit.later"), logging.getLogger("uvicorn.error"), logging.getLogger("asyncio")):
    logger.error("telltale %s", "telltale", exc_info=failure())
logging.getLogger("uvicorn.access").info("GET /?run=telltale")
warnings.warn("telltale")
thread = threading.Thread(target=fail)
thread.start(), thread.join()

class Bad:
    def __del__(self):
        fail()

Bad()
fail()
"""
READER = """
import runpy, sys
from tuning_core.data.reading import reader
def fail(*given, **more):
    raise ValueError("telltale")
reader.read_table = fail
sys.argv = ["sandbox", *sys.argv[1:]]
runpy.run_module("tuning_core.data.sandbox", run_name="__main__")
"""


def run(code, *arguments):
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)


def test_what_a_failing_page_logs_names_places_and_no_cell(tmp_path):
    ended = run(PAGE, tmp_path)
    lines = [json.loads(line) for line in (tmp_path / FILE).read_text().splitlines()]
    assert SECRET not in (tmp_path / FILE).read_text() + ended.stdout + ended.stderr
    assert [json.loads(line) for line in ended.stderr.splitlines()] == [line for line in lines if line["level"] != "info"]
    first, last = lines[0], lines[-1]
    assert list(first) == ["time", "level", "process", "pid", "event", "error", "at", "because"]
    assert (first["level"], first["process"], first["event"], first["error"]) == ("error", "web", "a page failed", "ValueError")
    assert first["at"][-1].startswith("<string>:") and first["because"][0].startswith("KeyError <string>:")
    assert [(line["error"], line["kind"]) for line in lines if "kind" in line] == [("TableError", "constant_target")]
    told = [line["event"] for line in lines]
    names = ("streamlit.early", "streamlit.later", "uvicorn.error", "asyncio")
    assert {f"{name} had something to say" for name in names} <= set(told) and not any("access" in event for event in told)
    assert {"an exception ended a thread", "an exception could not be raised"} <= set(told)
    assert any(event.startswith("UserWarning at <string>:") for event in told)
    assert last["event"] == "an exception ended the process" and last["level"] == "critical"


def test_what_a_failing_reader_logs(tmp_path):
    (tmp_path / "telltale.csv").write_text("telltale,b\ntelltale,2\n")
    ended = run(READER, tmp_path / "telltale.csv", tmp_path / "out", "--name", "telltale.csv")
    line = json.loads(ended.stderr)
    assert ended.returncode == 2 and SECRET not in ended.stderr
    assert (line["process"], line["event"], line["error"]) == ("reader", "an upload could not be read", "ValueError")


def test_of_a_childs_output_only_lines_of_ours_go_on_and_places_of_others(caplog):
    ours = {"time": "x", "level": "warning", "process": "engine", "pid": 1, "event": "renewing worker"}
    written = [
        json.dumps(ours),
        'Traceback: telltale\n  File "/a/b/tasks.py", line 12, in do',
        "W0000 1.2 3 port.cc:153] telltale",
        '{"time": "telltale"}',
        '{"time": telltale',
        "telltale" * 10_000,
    ]
    with caplog.at_level(logging.INFO):
        pass_on(io.BytesIO("\n".join(written).encode())).join()
    assert [getattr(record, "passed", None) or record.getMessage() for record in caplog.records] == [
        ours,
        "a library printed something, which names tasks.py:12",
        "a library printed something, which names port.cc:153",
    ]
    assert caplog.records[0].levelname == "WARNING"


def test_the_files_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "FILE_BYTES", 2_000)
    handler = logs.file_handler(tmp_path)
    handler.setFormatter(logs.LogLine("web"))
    for number in range(500):
        handler.emit(logging.LogRecord("tunescope.x", logging.INFO, "x.py", 1, "event %d", (number,), None))
    handler.close()
    files = sorted(tmp_path.glob(f"{FILE}*"))
    assert len(files) == FILES and all(file.stat().st_size <= 2_000 for file in files)
    assert json.loads((tmp_path / FILE).read_text().splitlines()[-1])["event"] == "event 499"


@pytest.mark.parametrize("problem", [ValueError("telltale"), ExceptionGroup("telltale", [ValueError("telltale")])])
def test_an_exception_without_a_trace_is_described(problem):
    assert describe(problem) == {"error": type(problem).__name__, "at": []}
