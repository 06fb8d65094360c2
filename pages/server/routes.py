"""The HTTP side of live curves, boards and classes: a long poll for news, verdicts, plotly.js from the wheel, and readiness.

`routes(get_database)` goes to `st.App(routes=...)`. Nothing here blocks the event loop or imports pandas, scikit-learn or
TensorFlow.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit import config

from pages.server.board_feed import board_payload
from pages.server.class_feed import reader_for
from pages.server.curve_feed import curve_payload
from pages.server.long_poll import Feed, Reader, Watcher
from pages.server.metrics import MEDIA_TYPE, metrics_text
from pages.server.plotly_bundle import plotly_js
from pages.server.tcp_nodelay import NoDelay
from pages.server.verdict_service import VerdictService
from pages.state.connection import came_from_here
from pages.state.workspace import COOKIE, signed_workspace
from tuning_core.store import Database, engine_status
from tuning_core.store.run_state import board_state, run_state

JSON, FRESH = "application/json", {"Cache-Control": "no-store"}
WAIT_SECONDS = 2.0  # for news: a server that is stopped waits for the answers under way, and proxies give up after 30 s
CLASS_WAIT_SECONDS = 10.0  # a class may be quiet for long, and a hundred wait for it; they are let go when the server is to end
FEEDS = (Feed("curves", run_state, curve_payload), Feed("board", board_state, board_payload))


def routes(get_database: Callable[[], Database]) -> list[Route]:
    """The routes under the app's base path (`server.baseUrlPath`).

    Parameters
    ----------
    get_database : returns the process's Database; called from threads.
    """
    watcher = Watcher(get_database)
    desk = VerdictService(get_database)
    quick = [Middleware(NoDelay)]
    base = (config.get_option("server.baseUrlPath") or "").strip("/")
    prefix = f"/{base}/api" if base else "/api"

    async def news(request: Request, feed: Feed) -> Response:
        run_id = request.path_params["run_id"]
        try:
            after, known = (_whole(request, name) for name in ("after", "known"))
            wait = _wait(request, WAIT_SECONDS)
        except ValueError as error:
            return _json({"error": str(error)}, 400)
        answer = await watcher.answer(Reader(feed, run_id, after, known), request.query_params.get("state"), wait)
        return _body(answer and answer.body, run_id)

    async def classroom(request: Request, board: bool) -> Response:
        class_id = request.path_params["classroom_id"]
        try:
            after, wait = _whole(request, "after"), _wait(request, CLASS_WAIT_SECONDS)
        except ValueError as error:
            return _json({"error": str(error)}, 400)
        cookie = request.cookies.get(COOKIE, "")
        reader = await watcher.read(lambda db: reader_for(db, class_id, signed_workspace(db, cookie), after, board=board))
        if reader is None:
            return _json({"error": "This class has ended, or you are not in it. Join it with its code."}, 403)
        answer = await watcher.answer(reader, request.query_params.get("state"), wait)
        return Response(answer.body, media_type=JSON, headers=FRESH) if answer else _json({"error": "This class has ended."}, 404)

    async def verdicts(request: Request) -> Response:
        run_id = request.path_params["run_id"]
        return _body(await desk.answer(run_id, request.query_params.get("ghost") or None), run_id)

    async def ready(request: Request) -> Response:
        return _readiness(await watcher.read(engine_status.get_engine), to_operator=came_from_here(request.scope))

    async def metrics(request: Request) -> Response:
        return Response(await watcher.read(metrics_text), media_type=MEDIA_TYPE, headers=FRESH)

    def polled(feed: Feed) -> Route:
        return Route(f"{prefix}/{feed.name}/{{run_id}}", partial(news, feed=feed), methods=["GET"], middleware=quick)

    return [
        *(polled(feed) for feed in FEEDS),
        Route(f"{prefix}/classroom/{{classroom_id}}", partial(classroom, board=False), methods=["GET"], middleware=quick),
        Route(f"{prefix}/class_board/{{classroom_id}}", partial(classroom, board=True), methods=["GET"], middleware=quick),
        Route(f"{prefix}/verdicts/{{run_id}}", verdicts, methods=["GET"], middleware=quick),
        Route(f"{prefix}/plotly.min.js", plotly_js, methods=["GET"]),
        Route(f"{prefix}/ready", ready, methods=["GET"]),
        Route(f"{prefix}/metrics", metrics, methods=["GET"]),
    ]


def _readiness(engine: engine_status.EngineState, to_operator: bool) -> Response:
    """What keeps the engine waiting names machines, so it is told on this one only."""
    facts: dict[str, object] = {"web": True, "engine": engine.status, "workers": engine.workers}
    if engine.detail and to_operator:
        facts["detail"] = engine.detail
    return _json(facts, 200 if engine.status == "ready" else 503)


def _whole(request: Request, name: str) -> int:
    text = request.query_params.get(name, "0")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise ValueError(f"{name} is {text!r}, but it must be a whole number of at least 0.")
    return int(text)


def _wait(request: Request, most: float) -> float:
    """Seconds to wait for news; whoever has heard nothing yet is answered at once."""
    if "wait" in request.query_params:
        return min(_whole(request, "wait") / 1000, most)
    return most if "state" in request.query_params else 0.0


def _body(body: bytes | None, run_id: str) -> Response:
    if body is None:
        return _json({"error": f"There is no run {run_id!r}; it may have been deleted."}, 404)
    return Response(body, media_type=JSON, headers=FRESH)


def _json(content: dict[str, object], status: int) -> JSONResponse:
    return JSONResponse(content, status, headers=FRESH)
