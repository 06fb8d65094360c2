"""A class of virtual students on one server.

    python -m benchmarks.students --whole                          # all, and the arrival of 100, in at most 8 minutes: a table
    python -m benchmarks.students                                  # a server of its own: 10, 30, 60 and 100 students
    python -m benchmarks.students --port 8501 --home HOME --pid WEB_PID --students 30

The generator runs on the same machine as the server: its own share of the processors is told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path

from benchmarks.students.lesson import Lesson, hold, in_words
from benchmarks.students.summary import WHOLE, summary
from tests.support.server import App

WHOLE_REST = 3.0  # seconds between the lessons of `--whole`


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", default="10,30,60,100", help="how many; several numbers are one lesson after the other")
    parser.add_argument("--whole", action="store_true", help="the lessons of benchmarks/students/summary.py, and their table")
    parser.add_argument("--seconds", type=float, default=150)
    parser.add_argument("--arrive", type=float, default=20, help="seconds in which they all arrive")
    parser.add_argument("--think", type=float, nargs=2, default=(3, 8))
    parser.add_argument("--rest", type=float, default=15, help="seconds between lessons")
    parser.add_argument("--port", type=int, help="of a running server; without it, one is started on a new store")
    parser.add_argument("--home", type=Path, help="the store of that server, to see its queue")
    parser.add_argument("--pid", type=int, help="that server's process")
    parser.add_argument("--no-assets", dest="assets", action="store_false", help="students whose browsers have the scripts")
    parser.add_argument("--out", type=Path, help="a file for all results, as JSON")
    args = parser.parse_args()
    if args.port is not None and (args.home is None or args.pid is None):
        parser.error("--port is the port of a running server, so --home and --pid must say which store and process it has")
    app = None
    if args.port is None:
        app = App(Path(tempfile.mkdtemp(prefix="tunescope-students-")))
        app.wait_ready()
    port, home, pid = (app.port, app.home, app.process.pid) if app else (args.port, args.home, args.pid)
    try:
        _hold_all(args, port, home, pid)
    finally:
        if app:
            app.close()


def _hold_all(args: argparse.Namespace, port: int, home: Path, pid: int) -> None:
    results = []
    numbers = [int(n) for n in args.students.split(",")]
    given = [Lesson(n, args.seconds, None, args.arrive, (args.think[0], args.think[1]), args.assets) for n in numbers]
    for lesson in WHOLE if args.whole else given:
        results.append(asyncio.run(hold(lesson, port, home, pid)))
        print(in_words(results[-1]), flush=True)
        if args.out:
            args.out.write_text(json.dumps(results, indent=1))
        time.sleep(WHOLE_REST if args.whole else args.rest)
    print(f"\n{summary(results)}", flush=True)


if __name__ == "__main__":
    main()
