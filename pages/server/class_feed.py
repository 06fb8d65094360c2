"""What is told of a class: to members how far it is, to its teacher and to members who look at it the board, row by row."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

from pages.server.long_poll import Feed, Reader
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
    The rows are read once for each token (`class_board.class_board_state`), whoever asks and how often.
    """

    def __init__(self) -> None:
        self._token: str | None = None
        self._first = self._last = time.time_ns() // 1_000_000
        self._rows: dict[tuple[str, int], tuple[BoardRow, int]] = {}

    def since(self, token: str, read: Callable[[], list[BoardRow]], after: int) -> tuple[list[BoardRow], int, bool]:
        """(rows that are new after a number, the number now, whether they are all there are: the reader drops what it has)."""
        if token != self._token:
            self._take(read())
            self._token = token
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
    rows, cursor, whole = _news(db, found, after, state)
    said = {
        "cursor": cursor,
        "whole": whole,
        "rows": _as_json(rows),
        "members": len(class_members.members(db, classroom_id)),
        "answers": sum(len(item.workspaces) for item in class_members.answers(db, classroom_id).values()),
    }
    return json.dumps(_facts(found, state) | said, allow_nan=False).encode()


def board_payload_of_member(db: Database, classroom_id: str, after: int, known: int, state: RunState) -> bytes | None:
    """The members' answer with the rows that this member may see; `known` is the member's number, which the server sets."""
    found, member = classrooms.get_classroom(db, classroom_id), class_members.numbered_member(db, classroom_id, known)
    if found is None or member is None:
        return None
    rows, cursor, whole = _news(db, found, after, state)
    told = (class_board.told_to_member(row, found, member.workspace) for row in rows)
    said = {"cursor": cursor, "whole": whole, "rows": _as_json(row for row in told if row is not None)}
    return json.dumps(_facts(found, state) | said, allow_nan=False).encode()


def _news(db: Database, found: Classroom, after: int, state: RunState) -> tuple[list[BoardRow], int, bool]:
    key = str(db.home), found.id
    log = _logs.get(key) or _logs.put(key, BoardLog())
    return log.since(state.token, lambda: class_board.board_rows(db, found), after)


def _as_json(rows: Iterable[BoardRow]) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in FACTS} for row in rows]


def _facts(found: Classroom, state: RunState) -> dict[str, Any]:
    return {"version": found.version, "frozen": found.frozen, "shown_run": found.shown_run, "state": state.token}


MEMBER_FEED = Feed("classroom", member_state, member_payload)
TEACHER_FEED = Feed("class_board", class_board.class_board_state, teacher_payload)
MEMBER_BOARD_FEED = Feed("class_board_of_member", class_board.class_board_state, board_payload_of_member)


def reader_for(db: Database, classroom_id: str, workspace: str | None, after: int, *, board: bool) -> Reader | None:
    """What somebody may hear of a class; None for whoever is neither its teacher nor in it.

    board : whether a member looks at the board, and so hears of its rows as well.
    """
    found = classrooms.get_classroom(db, classroom_id)
    if found is None or workspace is None:
        return None
    if found.owner == workspace:
        return Reader(TEACHER_FEED, classroom_id, after)
    number = class_members.member_number(db, classroom_id, workspace)
    if number is None:
        return None
    return Reader(MEMBER_BOARD_FEED, classroom_id, after, number) if board else Reader(MEMBER_FEED, classroom_id, after)
