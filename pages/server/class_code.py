"""A server that other machines can reach asks everybody for a code first, once a browser.

The code is TUNESCOPE_CLASS_CODE, or one of six characters that is made for the store and said at start. Whoever knows it gets a
cookie that this server alone can write; with another code all of these are void.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from pages.server.operators import OPERATOR
from pages.state.connection import asks_for_page, came_by_proxy, cookie, is_encrypted, is_loopback, refuse
from pages.state.secret import is_signature, signature
from tuning_core.config import NO_CODE
from tuning_core.store import Database
from tuning_core.store.classrooms import CODE_LENGTH, CODE_LETTERS, classroom_by_code, plain_code

COOKIE = "tunescope_class"
FIELD = "class_code"
FILE = "class_code"
OPEN_PATHS = ("/_stcore/health",)  # says "ok", to whoever watches over the server
TERM_SECONDS = 180 * 24 * 3600
WRONG_CODES = 20  # of one address within a minute; 31^6 codes then take 80 years
MINUTE = 60.0
PAGES = Environment(loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True)


class ClassCode:
    """ASGI middleware: no page, file, feed or WebSocket without the code, where others can reach this server.

    That is where it listens to other machines, or a code was chosen and a proxy of this machine passes their requests on.

    Parameters
    ----------
    home : folder of the store.
    chosen : TUNESCOPE_CLASS_CODE; None for one of the store's own, `NO_CODE` for none at all.
    get_database : of the store; the join code of a class in it opens as well, and leads to that class. Called from threads.
    """

    def __init__(self, app: ASGIApp, home: Path, chosen: str | None, get_database: Callable[[], Database] | None = None) -> None:
        self.app, self.home, self.chosen, self.get_database = app, home, chosen, get_database
        self.wrong: dict[str, deque[float]] = defaultdict(deque)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or not self._asks(scope):
            return await self.app(scope, receive, send)
        code = class_code(self.home, self.chosen)
        if is_signature(self.home, COOKIE, plain_code(code), cookie(scope, COOKIE)):
            return await self.app(scope, receive, send)
        if scope["type"] == "http":
            request = Request(scope, receive)
            given = await _given(request)
            if given is not None:
                answer = await self._judge(request, given, code)
                return await answer(scope, receive, send)
            if asks_for_page(scope):
                return await _form(request, "")(scope, receive, send)
        return await refuse(scope, receive, send, 401, "This server asks for its class code: open its page and enter it.")

    def _asks(self, scope: Scope) -> bool:
        if self.chosen == NO_CODE or scope.get("path") in OPEN_PATHS or scope.get(OPERATOR):
            return False
        if self.chosen is not None and came_by_proxy(scope):
            return True
        arrived = (scope.get("server") or ("",))[0] or ""
        return is_open(config.get_option("server.address")) or not (is_loopback(arrived) or arrived.startswith(("/", "test")))

    async def _judge(self, request: Request, given: str, code: str) -> Response:
        """The way in, or the form again; a wrong code costs a second, and many of them a minute."""
        who = request.client.host if request.client else ""
        tries, now = self.wrong[who], time.monotonic()
        while tries and now - tries[0] > MINUTE:
            tries.popleft()
        if len(tries) >= WRONG_CODES:
            return _form(request, "Too many wrong codes came from your address. Wait a minute, then try again.", 429)
        is_own = secrets.compare_digest(plain_code(given).encode("utf-8", "replace"), plain_code(code).encode())
        joins = None if is_own else await asyncio.to_thread(self._joined_by, given)
        if not is_own and joins is None:
            tries.append(now)
            await asyncio.sleep(1)
            return _form(request, f"{given[:40]!r} is not the code of this class. Ask your teacher for it.", 403)
        answer = RedirectResponse(
            _without_code(request) if joins is None else _class_page(request, joins), 303, headers={"Cache-Control": "no-store"}
        )
        signed = signature(self.home, COOKIE, plain_code(code))
        secure = is_encrypted(request.scope)
        answer.set_cookie(COOKIE, signed, TERM_SECONDS, path="/", secure=secure, httponly=True, samesite="lax")
        return answer

    def _joined_by(self, given: str) -> str | None:
        """The join code of a class that is open, as it is written; None where it is none."""
        found = classroom_by_code(self.get_database(), given) if self.get_database is not None else None
        return found.code if found is not None else None


def is_open(address: str | None) -> bool:
    """Whether a server that listens on this address (Streamlit's `server.address`) can be reached by other machines."""
    if address and address.startswith("unix:"):
        return False
    return not is_loopback(address or "")


@lru_cache(maxsize=8)
def class_code(home: Path, chosen: str | None) -> str:
    """The chosen one, or that of the store, made once."""
    if chosen is not None:
        return chosen
    file = home / FILE
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text("".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)))
    return file.read_text().strip()


def say_class_code(home: Path, chosen: str | None) -> None:
    """At start, to whoever starts a server that others can reach: the code, and how to choose it."""
    if chosen == NO_CODE or not is_open(config.get_option("server.address")):
        return
    code = class_code(home, chosen)
    print(f"\n  Others can reach this server, so it asks each browser for the class code: {code}", flush=True)
    print(f"  A link with ?{FIELD}={code} opens it at once. To choose the code, set TUNESCOPE_CLASS_CODE.\n", flush=True)


async def _given(request: Request) -> str | None:
    """The code that comes with a form, or with a link; None without one."""
    if request.method == "POST":
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > 1_000:
                return None
        return dict(parse_qsl(body.decode("utf-8", "replace"))).get(FIELD)
    return request.query_params.get(FIELD) if request.method == "GET" else None


def _without_code(request: Request) -> str:
    """The same address of this server, as the browser would ask for it."""
    left = urlencode([pair for pair in parse_qsl(request.url.query, keep_blank_values=True) if pair[0] != FIELD])
    return "/" + request.url.path.lstrip("/") + (f"?{left}" if left else "")


def _class_page(request: Request, code: str) -> str:
    """Where a class is joined: beside the page that was asked for."""
    folder = request.url.path.lstrip("/").rpartition("/")[0]
    return f"/{folder}{'/' if folder else ''}classroom?{urlencode({'join': code})}"


def _form(request: Request, problem: str, status: int = 401) -> Response:
    text = PAGES.get_template("class_code.html.jinja").render(
        problem=problem, action=_without_code(request), field=FIELD, known=request.query_params.get("join", "")[:40]
    )
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})
