"""What a run tells without a page (curves, boards, verdicts) is for those who may see the run."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from pages.state.connection import cookie, refuse
from pages.state.workspace import COOKIE, is_of_nobody, signed_workspace
from tuning_core.store import Database, runs, sharing
from tuning_core.store.sharing import Right

_PATH = re.compile(r"/api/(?:curves|board|verdicts)/([^/]+)$")
REFUSAL = "This run is not shared with you. Ask its owner to share it."


class SharedRuns:
    """ASGI middleware: the browser's cookie says who asks; a run that is not theirs and not shared is refused with a sentence."""

    def __init__(self, app: ASGIApp, get_database: Callable[[], Database]) -> None:
        self.app, self._get_database = app, get_database
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="rights-read")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _PATH.search(scope["path"]) if scope["type"] == "http" else None
        if asked is not None:
            wanted = [asked[1], *parse_qs(scope.get("query_string", b"").decode("latin-1")).get("ghost", ())]
            given = cookie(scope, COOKIE)
            if not await asyncio.get_running_loop().run_in_executor(self._reading, self._may_see, wanted, given):
                return await refuse(scope, receive, send, 403, REFUSAL)
        return await self.app(scope, receive, send)

    def _may_see(self, run_ids: list[str], given: str) -> bool:
        db = self._get_database()
        workspace = signed_workspace(db, given)
        return all(
            sharing.right_to_run(db, run_id, workspace) is not Right.NONE or (workspace is None and _of_nobody(db, run_id))
            for run_id in run_ids
        )


def _of_nobody(db: Database, run_id: str) -> bool:
    run = runs.get_run(db, run_id)
    return run is not None and is_of_nobody(run.workspace)
