"""What a lesson is like: times by name, errors by kind, memory and CPU of the server."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil


@dataclass
class Book:
    """Seconds by what was done, errors by kind, bytes by channel."""

    began: float = field(default_factory=time.perf_counter)
    times: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter = field(default_factory=Counter)
    bytes: Counter = field(default_factory=Counter)

    def add(self, name: str, seconds: float) -> None:
        self.times[name].append((time.perf_counter() - self.began, seconds))
        if name.startswith("rerun: ") and name != "rerun: waiting":
            self.times["page interaction"].append(self.times[name][-1])

    def table(self) -> dict[str, dict[str, float]]:
        found = {}
        for name, pairs in sorted(self.times.items()):
            values = sorted(s for _, s in pairs)
            at = lambda q: round(values[min(len(values) - 1, int(q * len(values)))], 3)  # noqa: B023, E731
            found[name] = {"n": len(values), "p50": at(0.5), "p95": at(0.95), "max": round(values[-1], 3)}
        return found


class Sampler(threading.Thread):
    """Once a second: memory and CPU by role, runs waiting and training, from outside the server."""

    def __init__(self, home: Path, pid: int) -> None:
        super().__init__(daemon=True)
        self.web, self.home, self.rows, self.going = psutil.Process(pid), home, [], True
        self.before: dict[int, tuple[float, float]] = {}
        self.own = psutil.Process()

    def roles(self) -> Iterator[tuple[str, psutil.Process]]:
        yield "generator", self.own
        yield "web", self.web
        for process in self.web.children(recursive=True):
            words = " ".join(process.cmdline())
            if "tuning_core.engine" in words:
                yield "engine", process
            elif "tuning_core.data" in words:
                yield "reader", process
            elif "spawn_main" in words:
                yield "workers", process

    def sample(self) -> dict[str, Any]:
        row: dict[str, Any] = {"at": time.time(), "cpu": Counter(), "rss": Counter()}
        now = time.monotonic()
        with suppress(psutil.Error):
            for role, process in self.roles():
                with suppress(psutil.Error):
                    used = sum(process.cpu_times()[:2])
                    old = self.before.get(process.pid)
                    self.before[process.pid] = (now, used)
                    if old is not None:
                        row["cpu"][role] += 100 * (used - old[1]) / (now - old[0])
                    row["rss"][role] += process.memory_info().rss / 2**20
        row["machine"] = psutil.cpu_percent()
        with suppress(psutil.Error):
            row["threads"], row["fds"] = self.web.num_threads(), self.web.num_fds()
        with suppress(sqlite3.Error):
            store = sqlite3.connect(f"file:{self.home / 'tunescope.sqlite'}?mode=ro", uri=True, timeout=1)
            row["runs"] = dict(store.execute("SELECT status, count(*) FROM runs WHERE status IN ('queued','running') GROUP BY 1"))
            row["questions"] = store.execute("SELECT count(*) FROM questions WHERE status IN ('queued','working')").fetchone()[0]
            row["setups"] = store.execute("SELECT count(*) FROM setups WHERE status = 'queued'").fetchone()[0]
            store.close()
        return row

    def run(self) -> None:
        while self.going:
            self.rows.append(self.sample())
            time.sleep(1.0)

    def facts(self) -> dict[str, Any]:
        rows = self.rows[2:] or self.rows
        mean = lambda values: round(sum(values) / max(1, len(values)), 1)  # noqa: E731
        roles = ("web", "engine", "workers", "reader", "generator")
        queued = [row.get("runs", {}).get("queued", 0) for row in rows]
        return {
            "cpu_mean": {role: mean([row["cpu"][role] for row in rows]) for role in roles},
            "cpu_p95": {role: round(sorted(row["cpu"][role] for row in rows)[int(0.95 * (len(rows) - 1))]) for role in roles},
            "machine": mean([row["machine"] for row in rows]),
            "rss_first": {role: round(rows[0]["rss"][role]) for role in roles},
            "rss_max": {role: round(max(row["rss"][role] for row in rows)) for role in roles},
            "rss_last": {role: round(rows[-1]["rss"][role]) for role in roles},
            "queued_mean": mean(queued),
            "queued_max": max(queued, default=0),
            "questions_max": max((row.get("questions", 0) for row in rows), default=0),
            "threads_max": max((row.get("threads", 0) for row in rows), default=0),
            "fds_max": max((row.get("fds", 0) for row in rows), default=0),
        }
