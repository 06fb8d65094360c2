"""What the server tells of a class without a page: to whom, how much, and when."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.server import long_poll, stalled_requests
from pages.server.class_feed import MEMBER_BOARD_FEED, MEMBER_FEED, TEACHER_FEED, BoardLog, reader_for
from pages.server.routes import routes
from pages.state.workspace import COOKIE, sign_workspace
from tests.support.classes import expire, make_class, store_with_tables, train
from tests.support.stored_runs import recorded_run
from tests.support.waiting import wait_for
from tuning_core.experiment import Hyperparameters
from tuning_core.store import Database, class_members, classrooms
from tuning_core.store.class_board import BoardRow
from tuning_core.store.classrooms import Board

WORKSPACES = {"teacher": "teacher_workspace", "ada": "ada_workspace_01", "ben": "ben_workspace_01"}
HP = Hyperparameters(epochs=4)


@pytest.fixture
def db(tmp_path):
    found = store_with_tables(tmp_path)
    yield found
    found.close()


@pytest.fixture
def course(db, monkeypatch):
    """The workspaces have names as cookies may bear them."""
    made = make_class(db)
    db.write("UPDATE classrooms SET owner = ?", WORKSPACES["teacher"])
    db.write("UPDATE datasets SET workspace = ? WHERE id = 'table'", WORKSPACES["teacher"])
    for who in ("ada", "ben"):
        db.write("UPDATE members SET workspace = ? WHERE workspace = ?", WORKSPACES[who], who)
    return classrooms.get_classroom(db, made.id)


@pytest.fixture
def asks(db):
    app = Starlette(routes=routes(lambda: db))
    with TestClient(app) as client:

        def get(who, course, feed="classroom", **query):
            headers = {"cookie": f"{COOKIE}={sign_workspace(db, WORKSPACES[who])}"} if who in WORKSPACES else {}
            answer = client.get(f"/api/{feed}/{course.id}", params=query, headers=headers)
            return answer.status_code, json.loads(answer.text)

        yield get


def test_members_hear_what_the_teacher_does_and_nothing_of_each_other(db, course, asks):
    recorded_run(db, WORKSPACES["ben"], [HP], dataset_id="table")
    status, said = asks("ada", course)
    assert status == 200 and said == {"version": 1, "frozen": False, "shown_run": None, "state": "1", "cursor": 1}
    classrooms.freeze(db, course.id, WORKSPACES["teacher"], True)
    assert asks("ada", course, after=1, state="1")[1] == {
        "version": 2,
        "frozen": True,
        "shown_run": None,
        "state": "2",
        "cursor": 2,
    }


def test_nobody_else_hears_anything(db, course, asks):
    assert asks("stranger", course)[0] == 403
    class_members.leave(db, course.id, WORKSPACES["ben"])
    assert asks("ben", course)[0] == 403
    expire(db, course)
    assert asks("ada", course)[0] == asks("teacher", course)[0] == 403
    assert asks("ada", course, after="x")[0] == 400


def test_the_teacher_gets_the_rows_that_are_new(db, course, asks, monkeypatch):
    monkeypatch.setattr(
        "pages.server.routes.CLASS_WAIT_SECONDS", 600.0
    )  # who has heard nothing yet, or has missed news, waits for none
    first = recorded_run(db, WORKSPACES["ada"], [HP], dataset_id="table")
    said = asks("teacher", course)[1]
    assert [(row["run_id"], row["nickname"], row["number"]) for row in said["rows"]] == [(first, "Ada", 1)]
    assert (said["whole"], said["members"], said["answers"], said["version"]) == (True, 2, 0, 1)
    assert not any(workspace in json.dumps(said) for workspace in WORKSPACES.values())
    second = recorded_run(db, WORKSPACES["ben"], [HP, HP.replace(learning_rate=0.5)], kind="sweep", dataset_id="table")
    news = asks("teacher", course, after=said["cursor"], state=said["state"])[1]
    assert [(row["run_id"], row["setting"]) for row in news["rows"]] == [(second, 0), (second, 1)] and not news["whole"]
    assert asks("teacher", course, after=news["cursor"])[1]["rows"] == []
    class_members.remove_member(db, course.id, WORKSPACES["teacher"], WORKSPACES["ben"])
    left = asks("teacher", course, after=news["cursor"], state=news["state"])[1]
    assert left["whole"] and [row["run_id"] for row in left["rows"]] == [first]


def test_who_waits_is_woken_by_the_teacher_and_not_by_other_students(db, course, asks, monkeypatch):
    monkeypatch.setattr("pages.server.routes.CLASS_WAIT_SECONDS", 600.0)
    watchers = []
    init = long_poll.Watcher.__init__
    monkeypatch.setattr(long_poll.Watcher, "__init__", lambda self, get: (watchers.append(self), init(self, get))[1])
    database = Database(db.home)
    with TestClient(Starlette(routes=routes(lambda: database))) as client, ThreadPoolExecutor(1) as pool:
        cookie = {"cookie": f"{COOKIE}={sign_workspace(db, WORKSPACES['ada'])}"}
        waiting = pool.submit(client.get, f"/api/classroom/{course.id}", params={"after": 1, "state": "1"}, headers=cookie)
        wait_for(lambda: watchers[0]._waiting)
        train(db, WORKSPACES["ben"], table="table")
        classrooms.send_guide(db, course.id, WORKSPACES["teacher"], "another")
        assert waiting.result(600).json()["version"] == 2
        waiting = pool.submit(client.get, f"/api/classroom/{course.id}", params={"after": 2, "state": "2"}, headers=cookie)
        wait_for(lambda: watchers[0]._waiting)
        monkeypatch.setattr(stalled_requests._stopping, "is_set", lambda: True)
        assert waiting.result(600).json()["version"] == 2, "a server that is to end lets them go"
    database.close()


def test_a_log_numbers_every_change_and_begins_anew_where_a_row_is_gone():
    def row(number, score=None):
        return BoardRow("w", "Ada", "r", number, number, score, 0.0, "finished")

    log, reads = BoardLog(), []

    def since(rows, after, token=None):
        return log.since(token or str(rows), lambda: (reads.append(1), rows)[1], after)

    rows, start, whole = since([row(1), row(2)], 0)
    assert (rows, whole) == ([row(1), row(2)], True)
    assert since([row(1), row(2)], start) == ([], start, False) and len(reads) == 1, "nothing has changed"
    assert since([row(1), row(2)], start, "another") == ([], start, False), "nothing that the board shows has changed"
    assert since([row(1), row(2, 5.0), row(3)], start) == ([row(2, 5.0), row(3)], start + 1, False)
    assert since([row(1), row(2, 5.0), row(3)], start)[0] == [row(2, 5.0), row(3)], "for a reader that comes later, too"
    assert since([row(1), row(3)], start + 1) == ([row(1), row(3)], start + 2, True)
    assert since([row(1), row(3)], start + 9)[2], "a number of another server"


def test_a_student_who_looks_at_the_board_hears_of_it_what_the_teacher_lets_them(db, course, asks):
    own = recorded_run(db, WORKSPACES["ada"], [HP], dataset_id="table")
    bens = recorded_run(db, WORKSPACES["ben"], [HP], dataset_id="table")

    def rows(**query):
        status, said = asks("ada", course, feed="class_board", **query)
        assert status == 200 and WORKSPACES["ben"] not in str(said) and bens not in str(said) and "members" not in said
        return {row["run_id"]: row for row in said["rows"]}, said

    hidden, said = rows()
    assert len(hidden) == 2 and hidden.pop(own)["nickname"] == "Ada"
    (other,) = hidden.values()
    assert other["nickname"].startswith("student ") and other["score"] == pytest.approx(5.05)  # half of 10, 10.1, 10.2, the mean
    more = recorded_run(db, WORKSPACES["ada"], [HP], dataset_id="table")
    assert list(rows(after=said["cursor"], state=said["state"])[0]) == [more]
    classrooms.choose_board(db, course.id, WORKSPACES["teacher"], Board.NAMED)
    assert {row["nickname"] for row in rows()[0].values()} == {"Ada", "Ben"}
    classrooms.choose_board(db, course.id, WORKSPACES["teacher"], Board.HIDDEN)
    assert set(rows()[0]) == {own, more}
    assert asks("stranger", course, feed="class_board")[0] == 403


def test_a_commit_costs_two_small_reads_for_a_whole_class_and_rows_are_read_once_for_all(db, course, monkeypatch):
    """A teacher and a hundred students wait, half of whom look at the board."""
    for number in range(98):
        class_members.join(db, course.code, f"student_workspace_{number}", f"Student {number}")
    everybody = [WORKSPACES["teacher"], *(member.workspace for member in class_members.members(db, course.id))]
    readers = [reader_for(db, course.id, who, 0, board=place % 2 == 0) for place, who in enumerate(everybody)]
    assert len({reader.known for reader in readers if reader.feed is MEMBER_BOARD_FEED}) == 50
    watcher = long_poll.Watcher(lambda: db)
    watcher._waiting = {reader.topic: {object()} for reader in readers}
    answers = [watcher._answer_now(db, reader) for reader in readers]
    watcher._moved()
    asked = []
    db.connection.set_trace_callback(lambda sql: asked.append(sql) if sql.startswith(("SELECT", "\nSELECT")) else None)
    monkeypatch.setattr(long_poll, "TURN_SECONDS", 0.05)
    other = Database(db.home)
    other.write("UPDATE datasets SET note = 'x'")
    assert watcher._moved() == [] and len(asked) == 2, "how far it is, and the board's token"
    recorded_run(other, WORKSPACES["ada"], [HP], dataset_id="table")
    other.close()
    assert {feed for feed, _ in watcher._moved()} == {TEACHER_FEED, MEMBER_BOARD_FEED}, "others are not woken"
    asked.clear()
    boards = [reader for reader in readers if reader.feed is not MEMBER_FEED]
    assert len({watcher._answer_now(db, reader).state for reader in boards}) == 1 and answers[0].state.token
    assert sum("LEFT JOIN trials" in sql for sql in asked) == 1
    watcher.close()
