"""The exam of a class: one vault for all, shut for everybody until its teacher opens it, and what it then says of each member.

What is found stands here and not in the answer to a question, because it goes with the class: nobody's nickname outlives it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tuning_core.errors import UserError
from tuning_core.store import class_board, class_members, runs, test_set_looks
from tuning_core.store.class_board import BoardRow
from tuning_core.store.classrooms import Classroom, get_classroom
from tuning_core.store.database import Database
from tuning_core.store.migrations import NOW
from tuning_core.store.search_configurations import FINAL

REASON = "the exam of the class"
FEWEST = 4  # members of whom a correlation is told


@dataclass(frozen=True)
class ExamRow:
    """How the setting did that a member handed in, or else the best one on the validation rows.

    Attributes
    ----------
    hyperparameters : as JSON; {} where the run was deleted since.
    seeds : models that the setting has; the numbers are means over them.
    tried : settings that the member had tried by then.
    looks_before : looks of the member's own at these test rows, before the class's.
    validation, test : mean absolute error or accuracy; None until they are there, and where `error` says why not.
    gap : how much worse it is on the test rows, in the same unit; negative where it is better there.
    """

    workspace: str
    nickname: str
    run_id: str
    setting: int
    hyperparameters: Mapping[str, Any]
    seeds: int
    tried: int
    looks_before: int
    validation: float | None
    test: float | None
    gap: float | None
    error: str


@dataclass(frozen=True)
class Correlation:
    """Spearman's between settings tried and gap, over n members; luck alone reaches `by_chance` in one class of twenty."""

    rho: float
    n: int
    by_chance: float


def exam_rows(db: Database, classroom_id: str) -> list[ExamRow]:
    """In the order in which members joined; empty before the exam. Who leaves the class leaves its exam."""
    rows = db.rows(
        f"""SELECT e.*, m.nickname, (SELECT hyperparameters FROM trials AS t
                WHERE t.run_id = e.run_id AND t.setting = e.setting AND t.number < {FINAL} ORDER BY t.number LIMIT 1) AS settings
            FROM class_exam AS e JOIN members AS m ON m.classroom_id = e.classroom_id AND m.workspace = e.workspace
            WHERE e.classroom_id = ? ORDER BY m.joined, m.rowid""",  # nosec B608
        classroom_id,
    )
    return [_exam_row(row) for row in rows]


def _exam_row(row: Any) -> ExamRow:
    found = json.loads(row["found"]) if row["found"] else {}
    return ExamRow(
        workspace=row["workspace"],
        nickname=row["nickname"],
        run_id=row["run_id"],
        setting=row["setting"],
        hyperparameters=json.loads(row["settings"]) if row["settings"] else {},
        seeds=found.get("seeds", 0),
        tried=row["tried"],
        looks_before=row["looks_before"],
        validation=found.get("validation"),
        test=found.get("test"),
        gap=found.get("gap"),
        error=found.get("error", ""),
    )


def gap_correlation(rows: Sequence[ExamRow]) -> Correlation | None:
    """Whether those who tried more are further from their validation score; None for few members, or where all are alike.

    Under chance Spearman's rho has a standard deviation of 1 / sqrt(n - 1).
    """
    pairs = np.array([(row.tried, row.gap) for row in rows if row.gap is not None], dtype=np.float64).reshape(-1, 2)
    if len(pairs) < FEWEST or (pairs == pairs[0]).all(axis=0).any():
        return None
    rho = float(np.corrcoef(_ranks(pairs[:, 0]), _ranks(pairs[:, 1]))[0, 1])
    return Correlation(rho, len(pairs), 1.96 / math.sqrt(len(pairs) - 1))


def _ranks(values: np.ndarray) -> np.ndarray:
    """From 1; equal values share the mean of their ranks."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def sealed_by(db: Database, workspace: str, vault_id: str) -> Classroom | None:
    """The class that keeps this vault shut for a member, or for its teacher, until its exam."""
    row = db.row(
        f"""SELECT c.id FROM classrooms AS c JOIN setups AS s ON s.id = c.setup_id
            WHERE c.opened IS NULL AND c.expires > {NOW} AND json_extract(s.summary, '$.vault') = ? AND (c.owner = ?
                OR EXISTS (SELECT 1 FROM members AS m WHERE m.classroom_id = c.id AND m.workspace = ?))
            ORDER BY c.created LIMIT 1""",  # nosec B608
        *(vault_id, workspace, workspace),
    )
    return get_classroom(db, row["id"]) if row else None


# ---- the engine's side ----------------------------------------------------------------------------------------------


def open_vault(db: Database, classroom: Classroom, vault_id: str) -> None:
    """Once: choose what each member is examined on, and write one look for each down, before anything is scored.

    UserError (kind "no_models") where no member has a model yet.
    """
    rows = class_board.board_rows(db, classroom)
    chosen = _chosen(db, classroom, rows)
    if not chosen and classroom.opened is None:
        raise UserError(
            "Nobody in this class has trained a model yet, so there is nothing to examine.",
            kind="no_models",
            remedy="Open the vault when the students have trained.",
        )
    tried = {row.workspace: row.number for row in sorted(rows, key=lambda row: row.number)}
    with db.transaction() as connection:
        first = connection.execute(
            f"UPDATE classrooms SET opened = {NOW}, version = version + 1 WHERE id = ? AND opened IS NULL",  # nosec B608
            (classroom.id,),
        ).rowcount
        if not first:
            return
        for workspace, row in chosen.items():
            before = len(test_set_looks.looks(db, workspace, vault_id))
            connection.execute(
                """INSERT INTO class_exam (classroom_id, workspace, run_id, setting, tried, looks_before)
                   VALUES (?, ?, ?, ?, ?, ?)""",
                (classroom.id, workspace, row.run_id, row.setting, tried[workspace], before),
            )
            run = runs.get_run(db, row.run_id)
            assert run is not None
            numbers = trials_of(db, row.run_id, row.setting)
            test_set_looks.add_look(db, _look_id(classroom, workspace), run, numbers[0] if numbers else 0, vault_id, REASON)


def _look_id(classroom: Classroom, workspace: str) -> str:
    return hashlib.sha256(f"class {classroom.id} {workspace}".encode()).hexdigest()[:24]


def _chosen(db: Database, classroom: Classroom, rows: Sequence[BoardRow]) -> dict[str, BoardRow]:
    """By workspace the best row of the run that was handed in, where one was and has a score; else the best of all."""
    measure = class_board.measure_of(db, classroom)
    handed_in = {member.answer_run for member in class_members.members(db, classroom.id)}
    return class_board.best_rows(rows, measure) | class_board.best_rows([r for r in rows if r.run_id in handed_in], measure)


def to_score(db: Database, classroom_id: str) -> list[tuple[str, str, int]]:
    """(workspace, run id, setting) of the members whose numbers are not there yet."""
    rows = db.rows("SELECT workspace, run_id, setting FROM class_exam WHERE classroom_id = ? AND found IS NULL", classroom_id)
    return [(row["workspace"], row["run_id"], row["setting"]) for row in rows]


def trials_of(db: Database, run_id: str, setting: int) -> list[int]:
    """Numbers of the trials that stand for a setting: one a seed; after a cross-validation the final one, where there is one.

    Of other cross-validated settings it is the first fold of each seed: the setting is then trained on all training rows.
    """
    rows = db.rows(
        """SELECT number, seed, fold FROM trials WHERE run_id = ? AND setting = ? AND epochs > 0
           AND status IN ('finished', 'stopped_early', 'stopped') ORDER BY number DESC""",
        *(run_id, setting),
    )
    if rows and rows[0]["number"] >= FINAL:
        return [rows[0]["number"]]
    return sorted({row["seed"]: row["number"] for row in rows}.values())


def keep(db: Database, classroom_id: str, found: Mapping[str, Mapping[str, Any]]) -> None:
    """Write down by workspace {"seeds", "validation", "test", "gap"} or {"error"}; who has left meanwhile is left out."""
    with db.transaction() as connection:
        connection.executemany(
            "UPDATE class_exam SET found = ? WHERE classroom_id = ? AND workspace = ?",
            [(json.dumps(dict(values)), classroom_id, workspace) for workspace, values in found.items()],
        )
        connection.execute("UPDATE classrooms SET version = version + 1 WHERE id = ?", (classroom_id,))
