"""Another account of this machine: it reaches the ports of the training processes, but cannot tell them anything or read them."""

from __future__ import annotations

import os
import socket
import ssl
import stat
import urllib.error
import urllib.request

import psutil
import pytest

pytestmark = [pytest.mark.process]


def listening_ports(engine):
    root = psutil.Process(engine.process.pid)
    found = set()
    for process in [root, *root.children(recursive=True)]:
        for connection in process.net_connections(kind="tcp"):
            if connection.status == psutil.CONN_LISTEN:
                assert connection.laddr.ip in ("127.0.0.1", "::1"), f"open to other machines: {connection.laddr}"
                found.add(connection.laddr.port)
    return sorted(found)


def answer(port, data, wrap=lambda plain: plain):
    """What comes back first; b"" when the other side hangs up or refuses."""
    try:
        with socket.create_connection(("127.0.0.1", port), 10) as plain, wrap(plain) as connection:
            connection.settimeout(3)
            connection.sendall(data)
            return connection.recv(200)
    except (TimeoutError, ConnectionError, ssl.SSLError):
        return b""


def test_no_port_talks_plainly_or_to_somebody_without_a_certificate(engine):
    ports = listening_ports(engine)
    assert len(ports) >= 3, "a scheduler, a worker and a nanny at least"
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    speaks_tls = 0
    for port in ports:
        first = answer(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        if first.startswith(b"HTTP/"):
            assert b" 404 " in first, "a status page"
            continue
        assert b"compression" not in first and b"dask" not in first.lower(), "the greeting of an open Dask port"
        speaks_tls += 1
        assert answer(port, b"\x00" * 64, lambda plain: anybody.wrap_socket(plain)) == b"", "a stranger's TLS was answered"
    assert speaks_tls >= 3


def test_status_pages_have_nothing_to_tell(engine):
    for port in listening_ports(engine):
        for path in ("/status", "/info/main/workers.html", "/json/identity.json", "/metrics", "/health"):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
                    pytest.fail(f"port {port} answers {path} with {response.status}")
            except (urllib.error.URLError, ConnectionError, TimeoutError) as problem:
                assert getattr(problem, "code", 404) == 404


def test_the_store_is_for_its_owner_alone(engine):
    home = engine.db.home
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    for folder, _, files in os.walk(home):
        for name in files:
            path = os.path.join(folder, name)
            if os.path.exists(path):  # a worker's files come and go
                assert not stat.S_IMODE(os.stat(path).st_mode) & 0o077, f"{path} can be read by others"
