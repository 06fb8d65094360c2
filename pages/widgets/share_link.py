"""A link for others: the address that they can reach, and what it shows them."""

from __future__ import annotations

import streamlit as st

from pages.state.address import shared_address


def share_link(page: str, query: str, shows: str) -> None:
    """The address of a page with this query, to be copied; `shows` is what whoever has it sees."""
    address, reachable = shared_address()
    st.code(f"{address}/{page}?{query}", language=None, wrap_lines=True)
    if reachable:
        st.caption(f"Whoever has this link sees {shows} on this server. Nobody can guess it.")
    else:
        st.caption(
            "The server listens on this machine only, so the link works nowhere else. Start it with `--server.address 0.0.0.0` "
            "to let others in."
        )
