"""Command line of the doctor's bank; see the package's docstring."""

from __future__ import annotations

import argparse
import gzip
import json
import time
from pathlib import Path

import numpy as np

from benchmarks.doctor import tables
from benchmarks.doctor.design import draw

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doctor", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    growing = commands.add_parser("grow", help="train runs with and without each remedy")
    growing.add_argument("--table", action="append", help="name of a table; all at hand when left out")
    growing.add_argument("--tables", type=Path, help="a folder with more of the known CSV files")
    growing.add_argument("--groups", type=int, default=8, help="groups of 12 runs for each table")
    growing.add_argument("--seed", type=int, default=0)
    growing.add_argument("--runs", type=Path, default=Path(".tunescope/bank"), help="folder for the runs with their curves")
    arguments = parser.parse_args()
    if arguments.command == "grow":
        _grow(arguments)


def _grow(arguments: argparse.Namespace) -> None:
    from benchmarks.doctor.grow import grow

    arguments.runs.mkdir(parents=True, exist_ok=True)
    for name in arguments.table or tables.names(arguments.tables):
        source = tables.load(name, arguments.tables)
        random = np.random.default_rng([arguments.seed, len(source.y), source.x.shape[1]])
        began = time.perf_counter()
        runs = []
        for number in range(arguments.groups):
            runs += [run | {"group": f"{name}/{arguments.seed}/{number}"} for run in grow(draw(source, random, 1.2e7))]
            print(f"{name}: {len(runs)} runs, {time.perf_counter() - began:.0f} s", flush=True)
        with gzip.open(arguments.runs / f"{name}-{arguments.seed}.json.gz", "wt") as file:
            json.dump(runs, file)


main()
