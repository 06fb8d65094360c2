"""How much of the server one workspace may ask for at once."""

from __future__ import annotations

import sqlite3

from tuning_core.errors import UserError

MOST_QUEUED = 100
MOST_SEARCHES = 8
MOST_BYTES = 2 * 2**30
"""Of uploads, as they came; what is read of them takes about as much again."""
MOST_ROWS = 10_000_000
"""Of all tables together; one alone has `data.limits.MAX_ROWS` at most."""


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


def check_storage(connection: sqlite3.Connection, workspace: str, stored: int, wanted: int) -> None:
    """UserError (kind "too_much_stored") where a workspace has as many bytes or rows as it may.

    Parameters
    ----------
    stored, wanted : bytes of its uploads that are there, and of the one that comes.
    """
    rows = connection.execute(
        "SELECT coalesce(sum(json_extract(profile, '$.rows')), 0) FROM datasets WHERE workspace = ?", (workspace,)
    ).fetchone()[0]
    if stored + wanted > MOST_BYTES:
        said = f"Your tables have {stored / 2**20:,.0f} MB already, and this one has {wanted / 2**20:,.0f} MB"
        limit = f"{MOST_BYTES / 2**20:,.0f} MB"
    elif rows >= MOST_ROWS:
        said, limit = f"Your tables have {rows:,} rows already", f"{MOST_ROWS:,} rows"
    else:
        return
    raise UserError(
        f"{said}; together they may have {limit}.",
        kind="too_much_stored",
        remedy="Delete tables that you do not need any more, or everything of yours (All of mine, on the Data page).",
    )
