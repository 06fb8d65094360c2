"""Who is in a class, under which nickname, and what they answered; kept as long as the class, at most."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from tuning_core.errors import UserError
from tuning_core.store.classrooms import Classroom, classroom_by_code, get_classroom
from tuning_core.store.database import Database
from tuning_core.store.migrations import NOW

SHORTEST, LONGEST = 2, 24  # characters of a nickname
LONGEST_ITEM, LONGEST_OPTION = 80, 200
MOST_MEMBERS = 300
SEEN_SECONDS = 60.0  # between two notes that somebody is there


@dataclass(frozen=True)
class Member:
    """A student's workspace in a class; `answer_run` is the run that they hand in, None for the best. Times in Unix seconds."""

    workspace: str
    nickname: str
    joined: float
    seen: float
    answer_run: str | None = None


@dataclass(frozen=True)
class Removed:
    """Who may not join a class again until its teacher lets them in, under the nickname that they had."""

    workspace: str
    nickname: str


@dataclass(frozen=True)
class ItemAnswers:
    """The last answer of each member to one item: how many chose each option, how many were right, who has answered."""

    options: Mapping[str, int]
    right: int
    workspaces: frozenset[str]


def join(db: Database, code: str, workspace: str, nickname: str) -> Classroom:
    """Enter a class, or take another nickname in it: a browser is one member, whose runs stay.

    Raises
    ------
    UserError
        For a code of no class (kind "unknown_class"), a nickname outside its rules ("nickname") or taken ("nickname_taken"), the
        teacher's own browser ("own_class"), one that the teacher has removed ("removed"), or a class with as many members as one
        may have ("class_full").
    """
    found = classroom_by_code(db, code)
    if found is None:
        raise UserError(
            f"{code.strip()[:40]!r} is not the code of a class that is open.",
            kind="unknown_class",
            remedy="Ask your teacher for the code: six letters and digits.",
        )
    if found.owner == workspace:
        raise UserError(
            f"The class {found.name!r} is your own, and you see it as its teacher.",
            kind="own_class",
            remedy="To see it as a student does, join from a private window or another browser.",
        )
    if any(workspace == one.workspace for one in removed(db, found.id)):
        raise UserError(
            f"Your teacher has removed this browser from the class {found.name!r}.",
            kind="removed",
            remedy="Ask your teacher to let you in again.",
        )
    nickname = checked_nickname(nickname)
    folded = _folded(nickname)
    with db.transaction() as connection:
        others = connection.execute(
            "SELECT count(*) AS n, total(folded = ?) AS taken FROM members WHERE classroom_id = ? AND workspace != ?",
            (folded, found.id, workspace),
        ).fetchone()
        if others["taken"]:
            raise UserError(
                f"Somebody in this class is called {nickname!r} already.",
                kind="nickname_taken",
                remedy="Choose another nickname.",
            )
        if others["n"] >= MOST_MEMBERS:
            raise UserError(
                f"The class has {MOST_MEMBERS} members, and no more may join.", kind="class_full", remedy="Ask your teacher."
            )
        connection.execute(
            f"""INSERT INTO members (classroom_id, workspace, nickname, folded, entered)
                VALUES (?, ?, ?, ?, (SELECT coalesce(max(entered), 0) + 1 FROM members))
                ON CONFLICT (classroom_id, workspace) DO UPDATE SET nickname = excluded.nickname, folded = excluded.folded,
                entered = excluded.entered, seen = {NOW}""",  # nosec B608
            (found.id, workspace, nickname, folded),
        )
    return found


def checked_nickname(nickname: str) -> str:
    """The nickname as it is kept: blanks made single. UserError (kind "nickname") for one outside the rules."""
    plain = " ".join(unicodedata.normalize("NFC", nickname).split())
    if not SHORTEST <= len(plain) <= LONGEST:
        raise UserError(
            f"The nickname {plain[:40]!r} has {len(plain)} characters, but it must have {SHORTEST} to {LONGEST}.",
            kind="nickname",
            remedy="Choose a longer one." if len(plain) < SHORTEST else "Choose a shorter one.",
        )
    if not plain.isprintable() or not any(sign.isalnum() for sign in plain):
        raise UserError(
            f"The nickname {plain!r} cannot be read by everybody.",
            kind="nickname",
            remedy="Use letters and digits of any language.",
        )
    return plain


def _folded(nickname: str) -> str:
    """Equal for nicknames that nobody would tell apart: capitals, widths and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", nickname).casefold().split())


def classroom_of_member(db: Database, workspace: str) -> Classroom | None:
    """The class that a workspace has entered last and not left."""
    row = db.row(
        f"""SELECT c.id FROM members AS m JOIN classrooms AS c ON c.id = m.classroom_id
            WHERE m.workspace = ? AND c.expires > {NOW} ORDER BY m.entered DESC LIMIT 1""",  # nosec B608
        workspace,
    )
    return get_classroom(db, row["id"]) if row else None


def get_member(db: Database, classroom_id: str, workspace: str) -> Member | None:
    found = db.row(f"{_MEMBERS} AND workspace = ?", classroom_id, workspace)
    return Member(**dict(found)) if found else None


def member_number(db: Database, classroom_id: str, workspace: str) -> int | None:
    """A number that no other member of any class has; another one whenever the class is entered anew."""
    row = db.row("SELECT entered FROM members WHERE classroom_id = ? AND workspace = ?", classroom_id, workspace)
    return row["entered"] if row else None


def numbered_member(db: Database, classroom_id: str, number: int) -> Member | None:
    """Whose number it is."""
    found = db.row(f"{_MEMBERS} AND entered = ?", classroom_id, number)
    return Member(**dict(found)) if found else None


def members(db: Database, classroom_id: str) -> list[Member]:
    """In the order in which they joined."""
    return [Member(**dict(row)) for row in db.rows(f"{_MEMBERS} ORDER BY joined, rowid", classroom_id)]


_MEMBERS = "SELECT workspace, nickname, joined, seen, answer_run FROM members WHERE classroom_id = ?"


def note_seen(db: Database, classroom_id: str, workspace: str) -> None:
    """A member is there now; written once a minute at most, so that pages may say it on every run."""
    stale = f"classroom_id = ? AND workspace = ? AND seen < {NOW} - {SEEN_SECONDS}"
    if db.row(f"SELECT 1 FROM members WHERE {stale}", classroom_id, workspace) is not None:  # nosec B608
        db.write(f"UPDATE members SET seen = {NOW} WHERE {stale}", classroom_id, workspace)  # nosec B608


def leave(db: Database, classroom_id: str, workspace: str) -> None:
    """Nickname, answers and the place in the exam go, and the class sees none of their runs any more; the runs stay theirs."""
    with db.transaction() as connection:
        connection.execute("DELETE FROM members WHERE classroom_id = ? AND workspace = ?", (classroom_id, workspace))
        connection.execute(
            "UPDATE runs SET classroom_id = NULL WHERE classroom_id = ? AND workspace = ?", (classroom_id, workspace)
        )


def remove_member(db: Database, classroom_id: str, owner: str, workspace: str) -> None:
    """As `leave`, by the teacher; the browser cannot join again until it is let in. Its nickname is kept for that."""
    found, member = get_classroom(db, classroom_id), get_member(db, classroom_id, workspace)
    if found is None or member is None or found.owner != owner:
        return
    db.write(
        "INSERT OR REPLACE INTO class_removals (classroom_id, workspace, nickname) VALUES (?, ?, ?)",
        *(classroom_id, workspace, member.nickname),
    )
    leave(db, classroom_id, workspace)


def removed(db: Database, classroom_id: str) -> list[Removed]:
    """Who was removed and not let in again, the first one first."""
    rows = db.rows("SELECT workspace, nickname FROM class_removals WHERE classroom_id = ? ORDER BY removed, rowid", classroom_id)
    return [Removed(**dict(row)) for row in rows]


def let_in_again(db: Database, classroom_id: str, owner: str, workspace: str) -> None:
    """Whoever was removed can join with the code again."""
    found = get_classroom(db, classroom_id)
    if found is not None and found.owner == owner:
        db.write("DELETE FROM class_removals WHERE classroom_id = ? AND workspace = ?", classroom_id, workspace)


def choose_run(db: Database, classroom_id: str, workspace: str, run_id: str | None) -> None:
    """The run that a member hands in for the class's exam; None for their best one.

    UserError (kind "not_handed_in") for a run that the class does not see, or once the vault was opened.
    """
    found = get_classroom(db, classroom_id)
    known = run_id is None or db.row(
        "SELECT 1 FROM runs WHERE id = ? AND workspace = ? AND classroom_id = ? AND deleted IS NULL",
        run_id,
        workspace,
        classroom_id,
    )
    if found is None or found.opened is not None or not known:
        raise UserError(
            "This run cannot be handed in any more." if found and found.opened else "This run is not one of yours in this class.",
            kind="not_handed_in",
            remedy="Choose a run that you trained on the class's table and setup before the exam.",
        )
    db.write("UPDATE members SET answer_run = ? WHERE classroom_id = ? AND workspace = ?", run_id, classroom_id, workspace)


def add_answer(
    db: Database, classroom_id: str, workspace: str, item: str, option: str, right: bool, *, keep_first: bool = False
) -> None:
    """A member's answer to a question of quiz or lesson; a later one takes the place of an earlier one, unless `keep_first`."""
    again = f"UPDATE SET choice = excluded.choice, is_right = excluded.is_right, created = {NOW}"  # nosec B608
    db.write(
        f"""INSERT INTO class_answers (classroom_id, workspace, item, choice, is_right)
            SELECT classroom_id, workspace, ?, ?, ? FROM members WHERE classroom_id = ? AND workspace = ?
            ON CONFLICT (classroom_id, item, workspace) DO {"NOTHING" if keep_first else again}""",  # nosec B608
        *(item[:LONGEST_ITEM], option[:LONGEST_OPTION], int(right), classroom_id, workspace),
    )


def answers(db: Database, classroom_id: str) -> dict[str, ItemAnswers]:
    """By item, the items in the order in which they were first answered."""
    found: dict[str, tuple[dict[str, int], list[int], set[str]]] = {}
    for row in db.rows("SELECT * FROM class_answers WHERE classroom_id = ? ORDER BY created, rowid", classroom_id):
        options, right, who = found.setdefault(row["item"], ({}, [], set()))
        options[row["choice"]] = options.get(row["choice"], 0) + 1
        right.append(row["is_right"])
        who.add(row["workspace"])
    return {item: ItemAnswers(options, sum(right), frozenset(who)) for item, (options, right, who) in found.items()}
