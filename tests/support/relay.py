"""A link between two processes that a test can cut: first nothing passes any more, later it is closed."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress


class Relay:
    """Passes on what comes to `port` to another port of this machine, and back."""

    def __init__(self, target: int) -> None:
        self.target, self.listener = target, socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.others: dict[socket.socket, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.waker, self.woken = socket.socketpair()
        self.selector.register(self.woken, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self._pass_on, daemon=True)
        self.thread.start()

    def cut(self) -> None:
        """From now on nothing passes, and neither side is told; returns when the last byte has passed."""
        if self.thread.is_alive():
            self.waker.send(b"x")
            self.thread.join()

    def close(self) -> None:
        """Both sides are told."""
        self.cut()
        for one in (*self.others, self.listener, self.waker, self.woken):
            one.close()
        self.selector.close()

    def _pass_on(self) -> None:
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.woken:
                    return
                if key.fileobj is self.listener:
                    self._join(self.listener.accept()[0])
                elif isinstance(key.fileobj, socket.socket) and key.fileobj in self.others:
                    self._pass(key.fileobj)

    def _join(self, came: socket.socket) -> None:
        went = socket.create_connection(("127.0.0.1", self.target))
        for one, other in ((came, went), (went, came)):
            self.others[one] = other
            self.selector.register(one, selectors.EVENT_READ)

    def _pass(self, one: socket.socket) -> None:
        other, data = self.others[one], b""
        with suppress(ConnectionError):
            data = one.recv(2**16)
            if data:
                other.sendall(data)
                return
        for end in (one, other):
            self.selector.unregister(end)
            del self.others[end]
            end.close()
