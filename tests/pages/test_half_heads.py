"""Heads that are sent by halves end their connection; whole ones, pauses between requests and WebSockets do not."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from pages.server.half_heads import _is_too_many, limit_heads
from tests.support.waiting import wait_for

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
KEY = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
UPGRADE = HEAD + b"Upgrade: websocket\r\nConnection: Upgrade\r\n" + KEY


@contextmanager
def server(protocol):
    """A uvicorn that answers everything; its port."""

    async def app(scope, receive, send):
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await receive()
        elif scope["type"] == "http":
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, http=protocol, log_config=None, lifespan="off", timeout_keep_alive=3600)
        running = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(running.serve([listening])))
        thread.start()
        wait_for(lambda: running.started)
        yield listening.getsockname()[1]
        running.should_exit = running.force_exit = True
        thread.join()


@pytest.fixture
def protocol():
    """uvicorn's own, of this test alone, with little patience."""
    found = type("Protocol", (AutoHTTPProtocol,), {})
    limit_heads(0, 0.3, found)
    return found


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=300)


def ask(browser: socket.socket) -> None:
    browser.sendall(HEAD + b"\r\n")
    assert browser.recv(1000).startswith(b"HTTP/1.1 204")


def until_the_end(browser) -> bytes:
    """What comes until the server ends the connection."""
    said = b""
    try:
        while part := browser.recv(1000):
            said += part
    except ConnectionResetError:
        pass
    return said


def test_a_head_that_never_ends_loses_its_connection_also_after_a_whole_one(protocol):
    with server(protocol) as port:
        for whole, half in ((False, b""), (False, HEAD), (True, HEAD)):
            with connect(port) as browser:
                if whole:
                    ask(browser)
                browser.sendall(half)
                assert until_the_end(browser) == b""


def test_who_waits_between_two_requests_or_talks_by_websocket_is_left_alone(protocol):
    with server(protocol) as port, connect(port) as idle, connect(port) as talking:
        ask(idle)
        talking.sendall(UPGRADE)
        assert talking.recv(1000).startswith(b"HTTP/1.1 101")
        with connect(port) as other:  # whose time began later than theirs
            assert until_the_end(other) == b"", "its time is over"
        ask(idle)
        talking.setblocking(False)
        with pytest.raises(BlockingIOError):
            talking.recv(1)


def test_an_address_has_half_of_the_connections_and_this_machine_all():
    many = [SimpleNamespace(client=("10.0.0.7", port)) for port in range(6)]
    here = SimpleNamespace(client=("127.0.0.1", 1))
    for connections, who, too_many in ((many, many[0], True), (many[:5], many[0], False), ([*many, here], here, False)):
        assert _is_too_many(SimpleNamespace(connections=connections, client=who.client), 5) == too_many
