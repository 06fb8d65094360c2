"""A lesson of a class: a code, students who join, train, search, answer, are paused and get settings, and one exam at the end.

    python -m benchmarks.students.class_lesson --minutes 45        # 30 students by protocol, a teacher and two in browsers

It says what took how long, and fails where a run is lost, a page fails, the board lacks a run, or a member has not one look.
The students and the browsers run on the same machine as the server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose
from pathlib import Path
from typing import Any

from benchmarks.students.lesson import in_words, measured
from benchmarks.students.member import Member
from benchmarks.students.record import Book, Sampler
from benchmarks.students.room import Room
from pages.state.guide import read_guide
from pages.state.tune_settings import flat_from_spec
from tests.support.server import App
from tuning_core.store import Database, class_board, class_exam, class_members, classrooms, runs, test_set_looks
from tuning_core.store.search_configurations import list_settings

PARTS = (0.4, 0.4, 0.2)  # of the lesson: before the pause, after it, and after the settings were sent
MIX = (("do_tune", 0.84), ("do_answer", 0.08), ("do_search", 0.08))


@dataclass(frozen=True)
class ClassLesson:
    """
    Attributes
    ----------
    students : by protocol; `browsers` more in browsers.
    seconds : until the exam. With `rounds` the clock does not count: each part lasts until everybody has done so many things.
    think : between two things that a student does, from so many seconds to so many.
    """

    students: int = 30
    browsers: int = 2
    seconds: float = 2700.0
    rounds: int | None = None
    think: tuple[float, float] = (5.0, 20.0)


async def hold(lesson: ClassLesson, port: int, home: Path, pid: int) -> dict[str, Any]:
    """The lesson on a server that is ready; `times`, `errors`, and `server`, as `lesson.hold` has them, and `class`."""
    book, db = Book(), Database(home)
    sampler = Sampler(home, pid)
    sampler.start()
    async with Room(f"http://127.0.0.1:{port}", lesson.browsers, book.errors) as room:
        code = await room.make_class("Class lesson")
        found = classrooms.classroom_by_code(db, code)
        everybody = [Member(i, port, book, lesson.think, lesson.rounds) for i in range(lesson.students)]
        try:
            await asyncio.gather(room.join(code), *(member.join(code, found.id) for member in everybody))
            course = _Course(lesson, room, everybody, db, found.id, book)
            facts = await course.run()
        finally:
            await asyncio.gather(*(member.leave() for member in everybody))
    sampler.going = False
    sampler.join()
    db.close()
    return {
        "students": lesson.students + lesson.browsers,
        "kinds": {"protocol": lesson.students, "browser": lesson.browsers},
        "seconds": lesson.seconds,
        **measured(book, sampler),
        "class": facts,
    }


class _Course:
    """What happens after all have joined."""

    def __init__(
        self, lesson: ClassLesson, room: Room, members: Sequence[Member], db: Database, classroom_id: str, book: Book
    ) -> None:
        self.lesson, self.room, self.members, self.db, self.id, self.book = lesson, room, members, db, classroom_id, book
        self.browser_runs: set[str] = set()

    async def run(self) -> dict[str, Any]:
        await self.work(0)
        await self.pause()
        await self.work(1)
        await self.send()
        await self.work(2)
        await self.room.open_exam()
        await self.tell()
        await self.room.see_exam()
        return await self.check()

    async def work(self, part: int) -> None:
        """Everybody does what one does in a lesson, until the part is over."""
        until = time.perf_counter() + PARTS[part] * self.lesson.seconds
        busy = [self._one(member, part, until) for member in self.members]
        await asyncio.gather(*busy, *(self._in_browser(page, until) for page in self.room.students))

    async def _one(self, member: Member, part: int, until: float) -> None:
        done = 0
        while done != self.lesson.rounds and (self.lesson.rounds is not None or time.perf_counter() < until):
            await member.pause()
            await member.catch_up()
            await getattr(member, self._next(member, part, done))()
            done += 1

    def _next(self, member: Member, part: int, done: int) -> str:
        """By chance; where rounds are counted, all train at first, and then one searches and one answers."""
        if self.lesson.rounds is None:
            names, shares = zip(*MIX, strict=True)
            return member.random.choices(names, shares)[0]
        return {(1, 0): "do_search", (1, 1): "do_answer"}.get((part, member.number), "do_tune")

    async def _in_browser(self, page: Any, until: float) -> None:
        done = 0
        while done != self.lesson.rounds and (self.lesson.rounds is not None or time.perf_counter() < until):
            await asyncio.sleep(sum(self.lesson.think) / 2)
            began = time.perf_counter()
            self.browser_runs.add(await self.room.train(page))
            self.book.add("browser: press to complete curve", time.perf_counter() - began)
            done += 1

    async def tell(self) -> None:
        """Until every member has heard, and seen, what the teacher did last."""
        began = time.perf_counter()
        now = classrooms.version(self.db, self.id)
        await asyncio.gather(*(member.hear(now) for member in self.members))
        self.book.add("teacher's press to the last student", time.perf_counter() - began)

    async def pause(self) -> None:
        await self.room.pause()
        await self.tell()
        before = self._count()
        self._expect(not any(member.may_train() for member in self.members), "a student could train in the pause")
        await self.room.see_pause(True)
        self._expect(self._count() == before, "a run began in the pause")
        await self.room.go_on()
        await self.tell()
        self._expect(all(member.may_train() for member in self.members), "a student could not train after the pause")
        await self.room.see_pause(False)

    async def send(self) -> None:
        before = classrooms.version(self.db, self.id)
        await self.room.send_settings()
        while classrooms.version(self.db, self.id) == before:
            await asyncio.sleep(0.05)
        await self.tell()
        wanted = flat_from_spec(None) | dict(read_guide(classrooms.get_classroom(self.db, self.id).guide).settings)
        for member in self.members:
            self._expect(float(member.slider("Learning rate")) == wanted["learning_rate"], "settings were not on the sliders")

    async def check(self) -> dict[str, Any]:
        """Nothing was lost, the board has all, and each member has one look at the test rows."""
        known = set.union(self.browser_runs, *(member.runs for member in self.members)) - {None}
        stored = {run_id: runs.get_run(self.db, run_id) for run_id in known}
        kept = [run for run in stored.values() if run is not None and run.status == "finished" and run.classroom_id == self.id]
        self._expect(len(kept) == len(known), f"{len(known) - len(kept)} of {len(known)} runs are lost")
        rows = await self.room.board_rows(self.id)
        self._expect({row["run_id"] for row in rows} == known, "the board has other runs than were trained")
        searches = set().union(*(member.searches for member in self.members))
        for search in searches:
            settings = sum(row["run_id"] == search for row in rows)
            self._expect(settings == len(list_settings(self.db, search)), "the board lacks settings of a search")
        exam = class_exam.exam_rows(self.db, self.id)
        everybody = class_members.members(self.db, self.id)
        self._expect({row.workspace for row in exam} == {one.workspace for one in everybody}, "somebody was not examined")
        self._expect(all(row.test is not None and not row.error for row in exam), "an examined model has no number")
        found = classrooms.get_classroom(self.db, self.id)
        best = class_board.best_rows(class_board.board_rows(self.db, found), class_board.measure_of(self.db, found))
        boards = all(isclose(row.validation or 0, best[row.workspace].score, rel_tol=1e-3) for row in exam)
        self._expect(boards, "the exam has another validation score than the board")
        vault = test_set_looks.vault_of(self.db, found.dataset_id, found.setup)
        looks = [len(test_set_looks.looks(self.db, one.workspace, vault)) for one in everybody]
        self._expect(set(looks) == {1}, f"members have {sorted(set(looks))} looks")
        answers = class_members.answers(self.db, self.id)
        return {
            "members": len(everybody),
            "runs": len(known),
            "searches": len(searches),
            "settings on the board": len(rows),
            "answers": sum(len(one.workspaces) for one in answers.values()),
            "examined": len(exam),
        }

    def _count(self) -> int:
        return self.db.row("SELECT count(*) AS n FROM runs WHERE classroom_id = ?", self.id)["n"]

    def _expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.book.errors[otherwise] += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--students", type=int, default=30, help="by protocol")
    parser.add_argument("--browsers", type=int, default=2, help="students in browsers, beside the teacher's")
    parser.add_argument("--think", type=float, nargs=2, default=(5, 20))
    parser.add_argument("--out", type=Path, help="a file for the results, as JSON")
    args = parser.parse_args()
    app = App(Path(tempfile.mkdtemp(prefix="tunescope-class-")))
    try:
        app.wait_ready()
        lesson = ClassLesson(args.students, args.browsers, 60 * args.minutes, None, (args.think[0], args.think[1]))
        result = asyncio.run(hold(lesson, app.port, app.home, app.process.pid))
    finally:
        app.close()
    print(in_words(result), "\n", result["class"])
    if args.out:
        args.out.write_text(json.dumps(result, indent=1))
    if result["errors"]:
        raise SystemExit(f"the lesson did not hold: {result['errors']}")


if __name__ == "__main__":
    main()
