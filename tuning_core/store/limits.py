"""How much of the server one workspace may ask for at once."""

from __future__ import annotations

import sqlite3

from tuning_core.errors import UserError

MOST_QUEUED = 100
MOST_SEARCHES = 8


def check_room(connection: sqlite3.Connection, workspace: str, kind: str) -> None:
    """UserError (kind "too_many_runs") where as many runs wait, or searches are under way, as a workspace may have."""
    waiting, searches = connection.execute(
        """SELECT count(*) FILTER (WHERE status = 'queued'), count(*) FILTER (WHERE kind = 'search')
           FROM runs WHERE workspace = ? AND status IN ('queued', 'running')""",
        (workspace,),
    ).fetchone()
    if waiting >= MOST_QUEUED:
        raise UserError(
            f"{waiting} of your runs wait already, and no more than {MOST_QUEUED} may.",
            kind="too_many_runs",
            remedy="Wait until some have ended, or stop or delete some.",
        )
    if kind == "search" and searches >= MOST_SEARCHES:
        raise UserError(
            f"{searches} of your searches are under way, and no more than {MOST_SEARCHES} may be at once.",
            kind="too_many_runs",
            remedy="Wait until one has ended, or stop one.",
        )
