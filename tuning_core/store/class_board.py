"""What a class has tried: every setting of its members with its score, so that everybody sees how far luck goes by trying."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from tuning_core.experiment import RunStatus
from tuning_core.store.class_members import Member
from tuning_core.store.classrooms import Board, Classroom
from tuning_core.store.database import Database
from tuning_core.store.datasets import get_setup, setup_id
from tuning_core.store.run_state import RunState
from tuning_core.store.search_configurations import FINAL

QUIET_SECONDS = 180.0  # without a new run, while others train
WITHOUT_GAIN = 5  # settings in a row that bring nothing

# A fold counts by the rows held out, other trials by the validation rows at the kept epoch. Trials of one setting are one row.
_SCORE = "CASE WHEN t.fold IS NULL THEN t.kept_metric ELSE t.metric END"
_ROWS = f"""
SELECT r.id AS run_id, r.workspace, m.nickname, r.created AS at, r.deleted IS NOT NULL AS deleted, r.status AS run_status,
    coalesce(t.setting, 0) AS setting, coalesce(sum(t.epochs), 0) AS epochs,
    CASE WHEN count({_SCORE}) = count(t.number) THEN avg({_SCORE}) END AS score,
    count(t.fold) AS folds, total(t.status IN ('queued', 'running')) AS live, total(t.status = 'diverged') AS diverged,
    total(t.status = 'failed') AS failed, total(t.status = 'stopped') AS stopped
FROM runs AS r JOIN members AS m ON m.classroom_id = r.classroom_id AND m.workspace = r.workspace
LEFT JOIN trials AS t ON t.run_id = r.id AND t.number < {FINAL}
WHERE r.classroom_id = ? GROUP BY r.id, t.setting ORDER BY r.created, r.rowid, t.setting"""  # nosec B608

_STATE = """
SELECT c.version, c.board,
    (SELECT count(*) || ' ' || total(entered) FROM members WHERE classroom_id = c.id) AS members,
    (SELECT count(*) || ' ' || total(created) FROM class_answers WHERE classroom_id = c.id) AS answers,
    (SELECT count(*) || ' ' || total(status = 'queued') || ' ' || total(status = 'running') || ' ' || total(finished) || ' '
        || count(deleted) FROM runs WHERE classroom_id = c.id) AS runs,
    (SELECT total(status != 'queued') || ' ' || total(status NOT IN ('queued', 'running')) || ' ' || count(metric) FROM trials
        WHERE run_id IN (SELECT id FROM runs WHERE classroom_id = c.id AND status = 'running')) AS trials
FROM classrooms AS c WHERE c.id = ?"""


@dataclass(frozen=True)
class BoardRow:
    """One setting that a member has tried, with all its seeds or folds.

    Attributes
    ----------
    number : the how-manieth setting of this member it is, from 1; 0 while nothing of its run has begun.
    score : the one number of the setting, as on Compare: mean absolute error or accuracy of the kept weights on the validation
        rows, or on the rows held out, mean over seeds or folds; None until all have ended, and where one diverged.
    at : when its run was asked for, Unix seconds.
    status : queued | running | finished | stopped | diverged | failed.
    cross_validated : scored on held-out folds of training and validation rows, not on the validation rows.
    deleted : its run lies in the trash: it was tried, but cannot be opened.
    """

    workspace: str
    nickname: str
    run_id: str
    setting: int
    number: int
    score: float | None
    at: float
    status: str
    cross_validated: bool = False
    deleted: bool = False


@dataclass(frozen=True)
class Measure:
    """What the scores of a class are: in words, and whether a greater one is better."""

    words: str
    greater_is_better: bool

    def better(self, a: float, b: float) -> bool:
        return a > b if self.greater_is_better else a < b


def measure_of(db: Database, classroom: Classroom) -> Measure:
    """By the task of the setup, which is known once the engine has checked it."""
    stored = get_setup(db, setup_id(classroom.dataset_id, classroom.setup))
    task = stored.summary["task"] if stored is not None and stored.summary else classroom.setup.get("task")
    return Measure("accuracy", True) if task == "classification" else Measure("MAE", False)


def board_rows(db: Database, classroom: Classroom) -> list[BoardRow]:
    """All of the class, in the order in which they were asked for. What was stopped before its first epoch is left out."""
    found: list[BoardRow] = []
    tried: Counter[str] = Counter()
    for _, settings in groupby(db.rows(_ROWS, classroom.id), key=itemgetter("run_id")):
        first, *others = settings
        begun = [row for row in (first, *others) if row["epochs"]]
        for row in begun:
            tried[row["workspace"]] += 1
            found.append(_board_row(row, tried[row["workspace"]]))
        if not begun and RunStatus(first["run_status"]).live:
            found.append(_board_row(first, 0))
    return found


def _board_row(row: Any, number: int) -> BoardRow:
    live = RunStatus(row["run_status"]).live and bool(row["live"] or not number)
    ended = next((name for name in ("diverged", "failed", "stopped") if row[name]), "finished")
    status = ("running" if number else "queued") if live else ended
    score = row["score"] if not live else None
    return BoardRow(
        row["workspace"], row["nickname"], row["run_id"], row["setting"], number, score, row["at"], status, bool(row["folds"]),
        bool(row["deleted"]),
    )  # fmt: skip


def best_so_far(rows: Sequence[BoardRow], measure: Measure) -> list[float | None]:
    """After each row, the best score of all up to it; of one member's rows, or of everybody's, in their order."""
    best: float | None = None
    found = []
    for row in rows:
        if row.score is not None and (best is None or measure.better(row.score, best)):
            best = row.score
        found.append(best)
    return found


def best_rows(rows: Iterable[BoardRow], measure: Measure) -> dict[str, BoardRow]:
    """By workspace the row with the best score; of equal ones the first."""
    best: dict[str, BoardRow] = {}
    for row in rows:
        if row.score is None or row.deleted:
            continue
        before = best.get(row.workspace)
        if before is None or before.score is None or measure.better(row.score, before.score):
            best[row.workspace] = row
    return best


def told_to_member(row: BoardRow, classroom: Classroom, workspace: str) -> BoardRow | None:
    """A row as a member may see it: of others neither run nor, unless they are shown, nickname; None where it is not shown."""
    if row.workspace == workspace:
        return row
    if classroom.board is Board.HIDDEN:
        return None
    named = row.nickname if classroom.board is Board.NAMED else f"student {_hidden(classroom, row.workspace, 4)}"
    return replace(row, workspace="", nickname=named, run_id=_hidden(classroom, row.run_id, 8))


def _hidden(classroom: Classroom, text: str, size: int) -> str:
    return hashlib.blake2s(f"{classroom.id} {text}".encode(), digest_size=size).hexdigest()


def who_is_stuck(rows: Sequence[BoardRow], members: Iterable[Member], measure: Measure, now: float) -> dict[str, str]:
    """By workspace why somebody may need help; `now` in Unix seconds. Nobody is, while the class as a whole is quiet."""
    by_member: dict[str, list[BoardRow]] = {}
    for row in rows:
        by_member.setdefault(row.workspace, []).append(row)
    last = {who: max(row.at for row in own) for who, own in by_member.items()}
    found = {}
    for member in members:
        own = by_member.get(member.workspace, [])
        at_work = any(row.status in ("queued", "running") for row in own)
        since = max(member.joined, last.get(member.workspace, 0.0))
        others = any(at > now - QUIET_SECONDS for who, at in last.items() if who != member.workspace)
        ended = [row for row in own if row.number and row.status != "running"]
        gains = best_so_far(ended, measure)
        if not at_work and others and now - since >= QUIET_SECONDS:
            found[member.workspace] = f"{'no new run' if own else 'no run yet'} for {round((now - since) / 60)} minutes"
        elif len(ended) > WITHOUT_GAIN and gains[-1] == gains[-1 - WITHOUT_GAIN]:
            found[member.workspace] = f"the last {WITHOUT_GAIN} settings brought no gain"
    return found


def settings_tried(db: Database, classroom: Classroom) -> dict[tuple[str, int], Mapping[str, Any]]:
    """Hyperparameters as JSON by (run id, setting), of all runs of the class."""
    rows = db.rows(
        """SELECT t.run_id, t.setting, min(t.hyperparameters) AS hyperparameters FROM trials AS t
           JOIN runs AS r ON r.id = t.run_id WHERE r.classroom_id = ? GROUP BY t.run_id, t.setting""",
        classroom.id,
    )
    return {(row["run_id"], row["setting"]): json.loads(row["hyperparameters"]) for row in rows}


def class_board_state(db: Database, classroom_id: str) -> RunState | None:
    """A token that changes with everything a teacher's board shows, without reading the rows; None where there is no class."""
    row = db.row(_STATE, classroom_id)
    if row is None:
        return None
    token = hashlib.blake2s(repr(tuple(row)).encode(), digest_size=8).hexdigest()
    return RunState(RunStatus.RUNNING, 0, token)
