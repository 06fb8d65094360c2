"""Large uploads one after another, by a visitor of a real server: the web process's memory comes back.

    python -m benchmarks uploads

Each upload is another file of 150 MB; the memory is read when its page stands, then after deleting everything.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks.students.record import Book
from benchmarks.students.student import press
from benchmarks.students.tab import Tab
from tests.support.server import App

UPLOADS, MEGABYTES, COLUMNS = 8, 150, 16


def main() -> str:
    with tempfile.TemporaryDirectory(prefix="tunescope-uploads-") as home:
        app = App(Path(home))
        app.wait_ready()
        try:
            lines, errors = asyncio.run(_visit(app))
        finally:
            app.close()
    return "\n".join(
        [
            f"### {UPLOADS} uploads of {MEGABYTES} MB\n",
            "| after | web process, MB | tables on disk, MB | upload took, s |",
            "|---|---|---|---|",
            *lines,
            f"\nErrors: {errors or 'none'}.",
        ]
    )


async def _visit(app: App) -> tuple[list[str], dict[str, int]]:
    web, book, lines = psutil.Process(app.process.pid), Book(), []

    def note(what: str, took: float = 0.0) -> None:
        stored = sum(path.stat().st_size for path in (app.home / "datasets").rglob("*") if path.is_file()) / 2**20
        lines.append(f"| {what} | {web.memory_info().rss / 2**20:.0f} | {stored:,.0f} | {took:.1f} |")

    tab = Tab(app.port, book)
    await tab.open(assets=True)
    await tab.rerun()
    await tab.settle()
    await tab.to_page("data")
    note("the first page")
    for i in range(UPLOADS):
        data = _table(i)
        took = await tab.upload(f"large{i}.csv", data, "Upload your own")
        del data
        note(f"upload {i + 1}", took)
    began = time.monotonic()
    while tab.waiting and time.monotonic() - began < 120:
        await tab.settle(5)
        if tab.waiting:
            await tab.rerun()
    note("the last table is shown")
    sure = tab.widget("checkbox", "This cannot be undone")
    agreed: Any = {sure.id: lambda w: setattr(w, "bool_value", True)}
    await tab.rerun(agreed)
    await tab.rerun({**agreed, **press(tab.widget("button", "Delete everything of mine"))})
    note("everything of mine is deleted")
    await tab.close()
    return lines, dict(book.errors)


def _table(seed: int) -> bytes:
    """Rows of numbers with fifteen digits; a tenth of them, ten times over, so that making it takes no time."""
    rng = random.Random(seed)
    row = ",".join(["%.13f"] * COLUMNS)
    size = len(row % tuple([0.5] * COLUMNS)) + 1
    block = "\n".join(row % tuple(rng.random() for _ in range(COLUMNS)) for _ in range(MEGABYTES * 2**20 // size // 10))
    return "\n".join([",".join(f"x{i}" for i in range(COLUMNS)), *[block] * 10]).encode()


if __name__ == "__main__":
    print(main())
