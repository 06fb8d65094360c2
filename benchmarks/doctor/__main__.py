"""Command line of the doctor's bank; see the package's docstring."""

from __future__ import annotations

import argparse
import gzip
import json
import time
from pathlib import Path

import numpy as np

from benchmarks.doctor import tables
from benchmarks.doctor.design import THEMES, draw

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doctor", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    growing = commands.add_parser("grow", help="train runs with and without each remedy")
    growing.add_argument("--table", action="append", help="name of a table; all at hand when left out")
    growing.add_argument("--tables", type=Path, help="a folder with more of the known CSV files")
    growing.add_argument("--programs", type=int, default=16, help="architectures that programs are compiled for")
    growing.add_argument("--groups", type=int, default=8, help="groups of about 4 runs that are trained with each")
    growing.add_argument("--budget", type=float, default=6e6, help="work that the training of a group may take")
    growing.add_argument("--theme", choices=list(THEMES), help="draw settings in this way only")
    growing.add_argument("--seed", type=int, default=0)
    growing.add_argument("--runs", type=Path, default=Path(".tunescope/bank"), help="folder for the runs with their curves")
    collecting = commands.add_parser("collect", help="measure the grown runs and add them to bank.json.gz")
    collecting.add_argument("--runs", type=Path, default=Path(".tunescope/bank"))
    commands.add_parser("calibrate", help="choose the doctor's numbers from bank.json.gz")
    commands.add_parser("report", help="choose on half of the tables, judge the other half, write rates.json")
    commands.add_parser("time", help="milliseconds a curve")
    quizzing = commands.add_parser("quiz", help="train the runs of the lessons' quiz (unless they are there) and write its items")
    quizzing.add_argument("--tables", type=Path, help="a folder with more of the known CSV files")
    quizzing.add_argument("--seed", type=int, default=0)
    quizzing.add_argument("--runs", type=Path, default=Path(".tunescope/quiz"), help="folder for the runs with their curves")
    quizzing.add_argument("--predict", action="store_true", help='train anew only "predict the change", whose tables are at hand')
    arguments = parser.parse_args()
    if arguments.command == "time":
        from benchmarks.doctor import timing

        timing.main()
        return
    todo = {"grow": _grow, "collect": _collect, "calibrate": _calibrate, "report": _report, "quiz": _quiz}
    todo[arguments.command](arguments)


def _collect(arguments: argparse.Namespace) -> None:
    from benchmarks.doctor import bank

    runs = bank.read_runs(arguments.runs)
    bank.collect(runs)
    print(f"{len(runs)} runs on {len({run['table'] for run in runs})} tables: {bank.BANK}")


def _calibrate(arguments: argparse.Namespace) -> None:
    from benchmarks.doctor import bank
    from benchmarks.doctor.calibrate import calibrate, write
    from tuning_core.diagnosis.calibrated_trees import FILE

    write({"bank": bank.digest(), **calibrate(bank.load())}, FILE)
    print(f"{FILE}: {FILE.stat().st_size / 1000:.0f} kB")


def _grow(arguments: argparse.Namespace) -> None:
    from benchmarks.doctor.grow import grow

    arguments.runs.mkdir(parents=True, exist_ok=True)
    names = arguments.table or tables.names(arguments.tables)
    sources = [tables.load(name, arguments.tables) for name in names]
    random = np.random.default_rng(arguments.seed)
    began = time.perf_counter()
    for program in range(arguments.programs):
        runs: list[dict] = []
        for number, group in enumerate(draw(sources, random, arguments.groups, arguments.budget, arguments.theme)):
            runs += [run | {"group": f"{arguments.seed}/{program}/{number}"} for run in grow(group)]
        with gzip.open(arguments.runs / f"{arguments.seed}-{program}.json.gz", "wt") as file:
            json.dump(runs, file)
        print(f"{arguments.seed}-{program}: {len(runs)} runs, {time.perf_counter() - began:.0f} s", flush=True)


def _quiz(arguments: argparse.Namespace) -> None:
    from benchmarks.doctor.quiz import write_quiz
    from benchmarks.doctor.quiz_runs import grow_quiz

    if not arguments.predict and not arguments.runs.exists():
        arguments.runs.mkdir(parents=True)
        sources = [tables.load(name, arguments.tables) for name in tables.names(arguments.tables)]
        for number, runs in enumerate(grow_quiz(sources, np.random.default_rng(arguments.seed))):
            with gzip.open(arguments.runs / f"{number:03d}.json.gz", "wt") as file:
                json.dump(runs, file)
            if runs:
                print(f"{number}: {runs[0]['family']} on {runs[0]['table']}", flush=True)
    items = write_quiz(None if arguments.predict else arguments.runs, np.random.default_rng(arguments.seed))
    print(f"{len(items)} items on {len({item.table for item in items})} tables")


def _report(arguments: argparse.Namespace) -> None:
    from benchmarks.doctor import bank
    from benchmarks.doctor.report import markdown, publish, report, write
    from tuning_core.diagnosis.published_rates import FILE

    rates = {"bank": bank.digest(), **report(bank.load())}
    write(rates, FILE)
    publish(rates)
    print(markdown(rates))


main()
