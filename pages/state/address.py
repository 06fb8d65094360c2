"""The address of this server as others reach it."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import streamlit as st
from streamlit import config

from pages.state.connection import is_loopback


def shared_address() -> tuple[str, bool]:
    """(address with the app's base path, whether other machines can reach it).

    A page that was opened as localhost is reached by others under this machine's own address, if the server listens there.
    """
    return _shared(st.context.url or "http://localhost:8501", config.get_option("server.address"), _own_address())


def _shared(url: str, listens_on: str | None, own: str | None) -> tuple[str, bool]:
    parts = urlsplit(url)
    folder = parts.path.rsplit("/", 1)[0]
    if not is_loopback(parts.hostname or ""):
        return f"{parts.scheme}://{parts.netloc}{folder}", True
    everywhere = not listens_on or listens_on in ("0.0.0.0", "::")  # nosec B104
    host = own if everywhere else None if is_loopback(listens_on or "") else listens_on
    if host is None:
        return f"{parts.scheme}://{parts.netloc}{folder}", False
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}{f':{parts.port}' if parts.port else ''}{folder}", True


def _own_address() -> str | None:
    """Of the network card that leads outwards. A connected UDP socket has sent nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1, RFC 5737
        except OSError:
            return None
        found = probe.getsockname()[0]
    return None if is_loopback(found) or found == "0.0.0.0" else found  # nosec B104
