"""What a connection tells of itself: the name it asked for, where it arrived, whether it is encrypted; and refusals."""

from __future__ import annotations

import ipaddress
from http.cookies import SimpleCookie

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send


def header(scope: Scope, name: str) -> str:
    """The first header of that name; "" without one."""
    wanted = name.lower().encode()
    return next((value.decode("latin-1") for key, value in scope.get("headers", ()) if key.lower() == wanted), "")


def cookie(scope: Scope, name: str) -> str:
    """The cookie's value as it came; "" without one."""
    jar = SimpleCookie()
    jar.load(header(scope, "cookie"))
    return jar[name].value if name in jar else ""


def asks_for_page(scope: Scope) -> bool:
    """Whether a browser wants a page to show, and not a script or data beside it.

    The request tells, not the answer: of a page that the browser still has, the answer is "not modified", without a type.
    """
    return scope["type"] == "http" and "text/html" in header(scope, "accept")


def is_encrypted(scope: Scope) -> bool:
    """TLS up to here, or up to a proxy that says so."""
    return scope.get("scheme") in ("https", "wss") or header(scope, "x-forwarded-proto").split(",")[0].strip() == "https"


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine itself."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def came_from_here(scope: Scope) -> bool:
    """Whether the other end is a program of this machine and no proxy that speaks for others."""
    client = scope.get("client")
    return client is not None and is_loopback(client[0]) and not came_by_proxy(scope)


def came_by_proxy(scope: Scope) -> bool:
    """Whether a proxy says that it speaks for somebody else."""
    return any(header(scope, name) for name in ("forwarded", "x-forwarded-for", "x-real-ip"))


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    """An answer with one sentence; a WebSocket is not accepted."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": sentence[:100]})
        return
    answer: Response = JSONResponse({"error": sentence}, status, headers={"Cache-Control": "no-store"})
    if asks_for_page(scope):
        answer = Response(sentence, status, media_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
    await answer(scope, receive, send)
