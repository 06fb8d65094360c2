"""A good table as text, ways to change it, and a collection of files with what a good reader does about each.

The manifest has the form that `python -m tests.hostile` reads, so the same scorer judges these and anybody else's files.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Rows = list[list[str]]
HEADER = ["age", "size", "rooms", "city", "smoker", "price"]
KINDS = {
    "age": "integer",
    "size": "numeric",
    "rooms": "integer",
    "city": "categorical",
    "smoker": "boolean",
    "price": "numeric",
}
CITIES = ("Oslo", "Bern", "Turin", "Lyon")


def base(rows: int = 120, seed: int = 1) -> Rows:
    """A good table whose price is nearly linear in the rest."""
    rng = random.Random(seed)
    out = []
    for _ in range(rows):
        age, size, rooms = rng.randint(18, 70), rng.uniform(20, 140), rng.randint(1, 6)
        city, smoker = rng.choice(CITIES), rng.choice(("yes", "no"))
        price = 900 + 70 * size + 200 * rooms - 5 * age + 800 * (smoker == "yes") + 150 * CITIES.index(city) + rng.gauss(0, 100)
        out.append([str(age), f"{size:.2f}", str(rooms), city, smoker, f"{price:.2f}"])
    return out


def text(rows: Rows, header: Sequence[str] | None = HEADER, sep: str = ",", end: str = "\n") -> str:
    lines = ([list(header)] if header else []) + rows
    return "".join(sep.join(row) + end for row in lines)


def with_column(name: str, cell: Callable[[int], str], rows: Rows | None = None, header: Sequence[str] = HEADER) -> str:
    rows = rows or base()
    return text([[cell(at), *row] for at, row in enumerate(rows)], [name, *header])


def changed(at: int, cell: Callable[[int, str], str], rows: Rows | None = None) -> Rows:
    return [[*row[:at], cell(number, row[at]), *row[at + 1 :]] for number, row in enumerate(rows or base())]


class Corpus:
    """Collects cases; `write` puts the files and manifest.json into a folder."""

    def __init__(self) -> None:
        self.cases: list[dict[str, Any]] = []
        self.data: dict[str, bytes] = {}

    def add(
        self,
        name: str,
        data: bytes | str,
        action: str = "accept",
        *,
        target: Any = "price",
        task: str | None = "regression",
        upload_name: str | None = None,
        **expect: Any,
    ) -> None:
        if action != "refuse" and "rows" not in expect:
            expect |= {"rows": 120, "cols": 6}
        expect = {key: value for key, value in expect.items() if value is not None}
        group = name.split("_")[0]
        self.data[name] = data.encode() if isinstance(data, str) else data
        self.cases.append(
            {
                "id": name,
                "file": f"{name}.csv",
                "upload_name": upload_name or f"{name}.csv",
                "group": group,
                "target": target,
                "task": task,
                "expect": {"action": action, **expect},
            }
        )

    def write(self, folder: Path) -> Path:
        for name, data in self.data.items():
            (folder / f"{name}.csv").write_bytes(data)
        path = folder / "manifest.json"
        path.write_text(json.dumps({"version": 1, "cases": self.cases}, indent=1), encoding="utf-8")
        return path
