"""A request whose head never ends keeps no connection, and no address keeps most of them.

uvicorn waits for the end of a head for ever: it ends only connections that say nothing between two requests.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from pages.state.connection import is_loopback

PATIENCE = 20.0  # seconds from the first byte of a head, or from the connection, to the end of the head
SHARE = 0.5  # of the connections that this process may hold, for one address; a school may be behind one


def limit_heads(most: int, patience: float = PATIENCE, protocol: Any = AutoHTTPProtocol) -> None:
    """From now on every connection of this process is bound so. Once is enough.

    Parameters
    ----------
    most : files that this process may open; 0 where that is unknown, and no address is counted.
    """
    made, received, lost = protocol.connection_made, protocol.data_received, protocol.connection_lost
    if getattr(made, "limits_heads", False):
        return

    def connection_made(self: Any, transport: asyncio.Transport) -> None:
        made(self, transport)
        if most and _is_too_many(self, int(SHARE * most)):
            transport.abort()
        else:
            _expect_head(self, patience)

    def data_received(self: Any, data: bytes) -> None:
        received(self, data)
        if self.transport.is_closing() or _is_within_request(self) or self.timeout_keep_alive_task is not None:
            _stop_waiting(self)
        else:
            _expect_head(self, patience)

    def connection_lost(self: Any, problem: Exception | None) -> None:
        _stop_waiting(self)
        lost(self, problem)

    connection_made.limits_heads = True  # type: ignore[attr-defined]
    protocol.connection_made, protocol.data_received, protocol.connection_lost = connection_made, data_received, connection_lost


def _is_within_request(protocol: Any) -> bool:
    """Whether a whole head has come, and its answer is not yet given; a WebSocket has another protocol from its head on."""
    is_answering = protocol.cycle is not None and not protocol.cycle.response_complete
    return is_answering or protocol.transport.get_protocol() is not protocol


def _expect_head(protocol: Any, patience: float) -> None:
    """Give up on the connection unless a head ends in time; more bytes of the same head win no time."""
    if getattr(protocol, "head_timer", None) is None:
        protocol.head_timer = asyncio.get_running_loop().call_later(patience, protocol.transport.abort)


def _stop_waiting(protocol: Any) -> None:
    timer, protocol.head_timer = getattr(protocol, "head_timer", None), None
    if timer is not None:
        timer.cancel()


def _is_too_many(protocol: Any, share: int) -> bool:
    """Whether an address has more than its share; a proxy of this machine speaks for many."""
    if len(protocol.connections) <= share or protocol.client is None or is_loopback(protocol.client[0]):
        return False
    return sum(other.client is not None and other.client[0] == protocol.client[0] for other in protocol.connections) > share
