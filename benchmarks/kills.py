"""kill -9 at random while a few virtual students train and upload: is anything lost that was acknowledged?

    python -m benchmarks.kills --kills 50

Acknowledged is a run that a page has named or a table that it has taken, and every epoch that a browser was sent. In the
end each of these runs is in the store and finishes, after a click on Continue where its server was killed, with the very
epochs that were seen.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from benchmarks.students.record import Book
from benchmarks.students.student import Student
from benchmarks.students.tab import Http, Tab
from tests.support.server import App
from tests.support.waiting import wait_for
from tuning_core.store import Database, curves, datasets, runs

THINK = (0.5, 2.0)
SOON = (0.0, 1.5)  # seconds from when a browser was sent epochs to the kill
PATIENCE = 120.0  # seconds in which it should be sent some again; then the kill meets a server that is starting
EPOCHS = "2,000"
Seen = dict[tuple[str, int], dict[int, float | None]]  # validation losses by run, trial and epoch, as the browser was sent them


class Stubborn(Student):
    """Opens the page again whenever the server is gone, with the cookies it had, and goes on; notes what was acknowledged."""

    def __init__(self, number: int, kind: str, port: int, book: Book, storm: Storm) -> None:
        super().__init__(number, kind, port, book, THINK, assets=False)
        self.storm, self.port = storm, port
        self._watch()

    async def live(self, starts: float, until: float) -> None:
        while time.perf_counter() < until:
            try:
                await self.tab.open(assets=False)
                await self.tab.rerun()
                await self.tab.settle()
                if self.kind == "upload":
                    await self.bring_table()
                    self.storm.tables.add(f"mine{self.number}.csv")
                await self._train_long()
                while time.perf_counter() < until:
                    await self.pause()
                    await self.do_tune()
            except Exception as problem:
                self.book.errors[type(problem).__name__] += 1
                await self._again()
        await self.tab.close()

    async def _train_long(self) -> None:
        """So that kills fall into trainings."""
        stopping, slider = self.tab.widget("checkbox", "Early stopping"), self.tab.widget("slider", "Epochs")
        await self.tab.rerun({stopping.id: lambda w: setattr(w, "bool_value", False)})
        await self.tab.rerun({slider.id: lambda w: w.string_array_value.data.append(EPOCHS)})

    async def _again(self) -> None:
        self._note_run()
        cookies = self.tab.cookies
        with suppress(Exception):
            await self.tab.close()
        self.tab = Tab(self.port, self.book)
        self.tab.cookies = cookies
        self._watch()
        await asyncio.sleep(0.5)

    def _note_run(self) -> None:
        if (run := self.tab.shown("run")) is not None:
            self.storm.runs.add(run)

    def _watch(self) -> None:
        get = self.tab.get

        async def watched(path: str, http: Http | None = None, **more: str) -> tuple[int, bytes]:
            status, body = await get(path, http, **more)
            if status == 200 and path.startswith("/api/curves/"):
                run = path.removeprefix("/api/curves/").partition("?")[0]
                self.storm.runs.add(run)
                for chunk in json.loads(body)["chunks"]:
                    losses = enumerate(chunk["val_loss"], chunk["first"])
                    self.storm.seen[run, chunk["number"]].update(losses)
            return status, body

        self.tab.get = watched  # type: ignore[method-assign]


class Storm:
    """What was acknowledged, and who kills."""

    def __init__(self, app: App, seed: int) -> None:
        self.app, self.random = app, random.Random(seed)
        self.runs: set[str] = set()
        self.tables: set[str] = set()
        self.seen: Seen = defaultdict(dict)
        self.killed: Counter[str] = Counter()

    def processes(self) -> Iterator[tuple[str, psutil.Process]]:
        web = psutil.Process(self.app.process.pid)
        yield "web", web
        for process in web.children(recursive=True):
            words = " ".join(process.cmdline())
            for role, word in (("engine", "tuning_core.engine"), ("reader", "data.sandbox"), ("worker", "spawn_main")):
                if word in words:
                    yield role, process

    async def kill(self, number: int, until: float) -> None:
        """So many kills; each kind of process is as likely as another. A web process is started again, as systemd would do."""
        while sum(self.killed.values()) < number and time.monotonic() < until:
            await self._something_is_seen()
            await asyncio.sleep(self.random.uniform(*SOON))
            with suppress(psutil.Error):
                there = defaultdict(list)
                for role, process in self.processes():
                    there[role].append(process)
                role = self.random.choice(sorted(there))
                self.random.choice(there[role]).send_signal(signal.SIGKILL)
                self.killed[role] += 1
                print(f"{sum(self.killed.values())}: {role}", file=sys.stderr, flush=True)
                if role == "web":
                    await asyncio.to_thread(self.app.process.wait)
                    self.app.log.close()
                    self.app.start()
                    await asyncio.to_thread(wait_for, lambda: self.app.state() != "no answer")

    async def _something_is_seen(self) -> None:
        before, began = self.n_seen, time.monotonic()
        while time.monotonic() - began < PATIENCE and self.n_seen == before:
            await asyncio.sleep(0.05)

    @property
    def n_seen(self) -> int:
        return sum(map(len, self.seen.values()))


def ended(db: Database, run_ids: set[str]) -> list[str]:
    """Let all runs end, and continue those that a killed server has interrupted; what is wrong, in words."""
    wrong = [f"run {run_id} is not in the store" for run_id in run_ids if runs.get_run(db, run_id) is None]
    there = [run_id for run_id in run_ids if runs.get_run(db, run_id) is not None]
    for _ in range(3):
        for run_id in there:
            wait_for(lambda run_id=run_id: not runs.get_run(db, run_id).live)
            if runs.get_run(db, run_id).status == "interrupted":
                runs.request_continue(db, run_id)
    return wrong + [
        f"run {run_id} ended as {run.status}: {run.error or run.note}"
        for run_id in there
        if (run := runs.get_run(db, run_id)).status not in ("finished", "stopped")
    ]


def lost(db: Database, seen: Seen) -> list[str]:
    """Epochs that a browser was sent and that the final curve does not have, or not so."""
    wrong = []
    for (run_id, number), epochs in seen.items():
        history = curves.histories(db, run_id).get(number)
        for epoch, loss in epochs.items():
            if history is None or epoch >= len(history) or not _is_same(history.val_loss[epoch], loss):
                wrong.append(f"run {run_id}, trial {number}: epoch {epoch + 1} was sent as {loss}")
    return wrong


def _is_same(stored: float, sent: float | None) -> bool:
    """Numbers are sent with six digits, and null where they are not finite."""
    return math.isclose(stored, sent, rel_tol=1e-5) if sent is not None else not math.isfinite(stored)


async def storm(app: App, kills: int, minutes: float, students: int, seed: int) -> tuple[Storm, Book]:
    found, book = Storm(app, seed), Book()
    kinds = ["tune"] * (students - 1) + ["upload"]
    everybody = [Stubborn(number, kind, app.port, book, found) for number, kind in enumerate(kinds)]
    tasks = [asyncio.create_task(student.live(0, float("inf"))) for student in everybody]
    await found.kill(kills, time.monotonic() + 60 * minutes)
    await asyncio.sleep(5)
    for student, task in zip(everybody, tasks, strict=True):
        student._note_run()
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return found, book


def report(found: Storm, book: Book) -> dict[str, Any]:
    db = Database(found.app.home)
    of_students = "SELECT name, status FROM datasets WHERE workspace != ?"
    tables = {row["name"]: row["status"] for row in db.rows(of_students, datasets.SAMPLES)}
    wrong = [f"table {name} is {tables.get(name, 'not there')}" for name in found.tables if tables.get(name) != "ready"]
    wrong += ended(db, found.runs)
    wrong += lost(db, found.seen)
    return {
        "killed": dict(found.killed),
        "runs acknowledged": len(found.runs),
        "epochs seen": found.n_seen,
        "tables": len(found.tables),
        "students met": dict(book.errors),
        "wrong": wrong,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=60, help="after which no more are killed")
    parser.add_argument("--students", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    app = App(Path(tempfile.mkdtemp(prefix="tunescope-kills-")), TUNESCOPE_WORKERS="2")
    app.wait_ready()
    found, book = asyncio.run(storm(app, args.kills, args.minutes, args.students, args.seed))
    found.app.wait_ready()
    try:
        print(json.dumps(report(found, book), indent=1))
    finally:
        found.app.close()


if __name__ == "__main__":
    main()
