"""What each test costs: CPU seconds of this process and of all that it has started, XLA compilations and their seconds, memory.

    python -m pytest -n 3 --capture=sys -p tests.support.costs     # writes .pytest_cache/costs.jsonl
    python -m tests.support.costs                                  # sums it up

CPU seconds stay about the same on a busy machine, where durations do not. Children are all processes that the test process has
started, ended or not: the browser, the app and its engine with their workers count in the tests that they work for.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

FILE = Path(".pytest_cache/costs.jsonl")
COMPILED = re.compile(r"Compiled \S+ \d+ times, compile time: (\d+) us")


def pytest_configure(config: pytest.Config) -> None:
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "0", "TF_CPP_VMODULE": "device_compilation_profiler=1"}
    if not hasattr(config, "workerinput"):
        FILE.parent.mkdir(exist_ok=True)
        FILE.unlink(missing_ok=True)
    config.stash[LOG] = log = tempfile.TemporaryFile()  # noqa: SIM115
    os.dup2(log.fileno(), 2)  # where TensorFlow says what it compiles; children write there too


LOG = pytest.StashKey()


def children_seconds() -> float:
    """CPU seconds of all processes that this one has started, directly or not, so far."""
    ended = os.times()[2:4]
    seconds = sum(ended)
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            seconds += sum(process.cpu_times()[:4])  # its own and that of its ended children
    return seconds


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: object):
    log = item.config.stash[LOG]
    before, children, place = os.times(), children_seconds(), log.seek(0, os.SEEK_END)
    result = yield
    after = os.times()
    size = log.seek(0, os.SEEK_END)
    found = [int(us) / 1e6 for us in COMPILED.findall(os.pread(log.fileno(), size - place, place).decode(errors="replace"))]
    row = {
        "test": item.nodeid,
        "cpu": sum(after[:2]) - sum(before[:2]),
        "children": children_seconds() - children,
        "seconds": after[4] - before[4],
        "compilations": len(found),
        "compiling": sum(found),
        "pid": os.getpid(),
        "mb": psutil.Process().memory_info().rss / 1e6,
    }
    with FILE.open("a") as file:
        file.write(json.dumps(row) + "\n")
    return result


def main() -> None:
    rows = [json.loads(line) for line in FILE.read_text().splitlines()]
    files: dict[str, list[dict]] = defaultdict(list)
    for row in rows:
        files[row["test"].split("::")[0]].append(row)
    columns = ("cpu", "children", "seconds", "compilations", "compiling")

    def line(name: str, part: list[dict]) -> str:
        return f"{name:52s}{len(part):6d}" + "".join(f"{sum(row[c] for row in part):13.1f}" for c in columns)

    print(f"{'':52s} tests" + "".join(f"{c:>13s}" for c in columns))
    for name, part in sorted(files.items(), key=lambda f: -sum(row["cpu"] + row["children"] for row in f[1])):
        print(line(name, part))
    print(line("all", rows))
    peaks = {pid: max(row["mb"] for row in rows if row["pid"] == pid) for pid in {row["pid"] for row in rows}}
    print("largest resident memory of each test process, MB:", sorted(round(mb) for mb in peaks.values()))


if __name__ == "__main__":
    sys.exit(main())
