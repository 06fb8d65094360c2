"""What is told of a class: to its members how far it is, to its teacher the board as well, row by row as it grows."""

from __future__ import annotations

import json
import time
from typing import Any

from pages.server.long_poll import Feed
from tuning_core.experiment import RunStatus
from tuning_core.recently_used import RecentlyUsed
from tuning_core.store import Database, class_board, class_members, classrooms
from tuning_core.store.class_board import BoardRow
from tuning_core.store.classrooms import Classroom
from tuning_core.store.run_state import RunState

CLASSES_KEPT = 32
FACTS = ("run_id", "setting", "nickname", "number", "score", "at", "status", "cross_validated", "deleted")


class BoardLog:
    """The rows of one class as they were told last; every change has a number, which is what a reader has seen.

    Numbers begin at the time, so that those of a server that was started anew are newer than all that its readers know.
    """

    def __init__(self) -> None:
        self._first = self._last = time.time_ns() // 1_000_000
        self._rows: dict[tuple[str, int], tuple[BoardRow, int]] = {}

    def since(self, rows: list[BoardRow], after: int) -> tuple[list[BoardRow], int, bool]:
        """(rows that are new after a number, the number now, whether they are all there are: the reader drops what it has)."""
        self._take(rows)
        whole = not self._first <= after <= self._last
        return [row for row, number in self._rows.values() if whole or number > after], self._last, whole

    def _take(self, rows: list[BoardRow]) -> None:
        known = {(row.run_id, row.setting): row for row in rows}
        changed = {key: row for key, row in known.items() if key not in self._rows or self._rows[key][0] != row}
        if not changed and len(known) == len(self._rows):
            return
        self._last += 1
        if not known.keys() >= self._rows.keys():  # a row cannot be taken back from readers, so they begin anew
            self._first = self._last
        self._rows = {key: (row, self._last if key in changed else self._rows[key][1]) for key, row in known.items()}


_logs: RecentlyUsed[tuple[str, str], BoardLog] = RecentlyUsed(CLASSES_KEPT)


def member_state(db: Database, classroom_id: str) -> RunState | None:
    """The class's version is cursor and token: nothing else is told to members."""
    version = classrooms.version(db, classroom_id)
    return RunState(RunStatus.RUNNING, version, str(version)) if version else None


def member_payload(db: Database, classroom_id: str, after: int, known: int, state: RunState) -> bytes | None:
    """{"version", "frozen", "shown_run"}; `after` is the version that the reader knows."""
    found = classrooms.get_classroom(db, classroom_id)
    return None if found is None else json.dumps(_facts(found, state) | {"cursor": found.version}).encode()


def teacher_payload(db: Database, classroom_id: str, after: int, known: int, state: RunState) -> bytes | None:
    """The same with "rows" newer than `after`, "whole" where they are all, and how many members and answers there are."""
    found = classrooms.get_classroom(db, classroom_id)
    if found is None:
        return None
    key = str(db.home), classroom_id
    log = _logs.get(key) or _logs.put(key, BoardLog())
    rows, cursor, whole = log.since(class_board.board_rows(db, found), after)
    said = {
        "cursor": cursor,
        "whole": whole,
        "rows": [{name: getattr(row, name) for name in FACTS} for row in rows],
        "members": len(class_members.members(db, classroom_id)),
        "answers": sum(len(item.workspaces) for item in class_members.answers(db, classroom_id).values()),
    }
    return json.dumps(_facts(found, state) | said, allow_nan=False).encode()


def _facts(found: Classroom, state: RunState) -> dict[str, Any]:
    return {"version": found.version, "frozen": found.frozen, "shown_run": found.shown_run, "state": state.token}


MEMBER_FEED = Feed("classroom", member_state, member_payload)
TEACHER_FEED = Feed("class_board", class_board.class_board_state, teacher_payload)


def feed_for(db: Database, classroom_id: str, workspace: str | None) -> Feed | None:
    """What somebody may hear of a class; None for whoever is neither its teacher nor in it."""
    found = classrooms.get_classroom(db, classroom_id)
    if found is None or workspace is None:
        return None
    if found.owner == workspace:
        return TEACHER_FEED
    return MEMBER_FEED if class_members.get_member(db, classroom_id, workspace) is not None else None
