"""An upload that stands still: given up after a while, and at once when the server is to end."""

from __future__ import annotations

import asyncio
import signal
import socket

import pytest

from pages.server import stalled_requests
from pages.server.stalled_requests import StalledRequests
from tests.support.server import App
from tests.support.waiting import wait_for

HOST = "Host: 127.0.0.1\r\n"
PART, END = ({"type": "http.request", "body": b"x", "more_body": more} for more in (True, False))


def status(messages, patience=0.0):
    """Of what an app that reads all answers, where nothing comes after `messages`."""
    sent, coming = [], iter(messages)

    async def receive():
        return next(coming, None) or await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    async def app(scope, receive, send):
        while (await receive())["more_body"]:
            pass
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    asyncio.run(StalledRequests(app, patience, 0.0)({"type": "http", "headers": []}, receive, send))
    return sent[0]["status"]


def test_a_body_that_goes_on_is_read_and_one_that_stops_is_given_up():
    assert status([PART, PART, END]) == 204
    assert status([PART]) == status([]) == 408


def test_a_server_that_is_to_end_does_not_wait(monkeypatch):
    monkeypatch.setattr(stalled_requests._stopping, "is_set", lambda: True)
    assert status([PART], patience=1e9) == 408


@pytest.mark.process
def test_sigterm_ends_the_server_amid_a_body(tmp_path, monkeypatch):
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "0.0.0.0")  # so that the form of the class code reads what is sent
    app = App(tmp_path)
    wait_for(lambda: b"200 OK" in answer(app.port, "GET /_stcore/health"))
    with socket.create_connection(("127.0.0.1", app.port)) as browser:
        browser.sendall(f"POST / HTTP/1.1\r\n{HOST}Content-Length: 900\r\n\r\nclass_code=".encode())
        assert b"200 OK" in answer(app.port, "GET /_stcore/health"), "the server has the other request by now"
        app.process.send_signal(signal.SIGTERM)
        assert app.process.wait(300) in (0, -signal.SIGTERM)
        assert browser.recv(100).startswith(b"HTTP/1.1 408")
    app.log.close()


def answer(port: int, request: str) -> bytes:
    try:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(f"{request} HTTP/1.1\r\n{HOST}\r\n".encode())
            return connection.recv(100)
    except ConnectionError:
        return b""
