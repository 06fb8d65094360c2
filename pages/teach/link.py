"""The link itself: its text, its QR code, and what it opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from pages.state.address import shared_address
from pages.state.database import database
from pages.state.waiting import ask_impatiently
from pages.widgets.qr_code import qr_code
from pages.widgets.share_link import is_open_to_class, open_to_class
from tuning_core.charts.sparkline import picture_html
from tuning_core.store import datasets

PREVIEW_HEIGHT = 520


@dataclass(frozen=True)
class LinkTarget:
    """Where a link leads; `guide` is its guide as text."""

    page: str
    dataset_id: str
    setup: dict[str, Any] | None
    chapter: str | None = None
    guide: str = ""


def path_of(target: LinkTarget) -> str:
    """Path and query below the app's address."""
    query = {"dataset": target.dataset_id}
    if target.setup is not None:
        query["setup"] = datasets.setup_id(target.dataset_id, target.setup)
    if target.chapter:
        query["chapter"] = target.chapter
    query["guide"] = target.guide
    return f"{target.page}?{urlencode(query)}"


def link_panel(target: LinkTarget) -> None:
    """Copy it, show it, try it."""
    table = datasets.get_dataset(database(), target.dataset_id)
    if table is not None and not is_open_to_class(table):
        open_to_class(table)
        return
    if target.setup is not None:  # a link names a setup that the store knows
        ask_impatiently(lambda: datasets.request_setup(database(), target.dataset_id, target.setup))
    address, reachable = shared_address()
    link = f"{address}/{path_of(target)}"
    st.markdown("**The link**")
    st.code(link, language=None, wrap_lines=True)
    if not reachable:
        st.caption(
            ":material/info: The server listens on this machine only, so the link works nowhere else. Start it with "
            "`--server.address 0.0.0.0` to let a class in."
        )
    else:
        st.caption("Where the server has a class code, each browser is asked for it once.")
    svg = qr_code(link)
    code, more = st.columns([1, 1], vertical_alignment="center")
    with code:
        st.html(picture_html(svg, None))
    with more:
        st.download_button(
            "QR code", data=svg.encode(), file_name="class-link.svg", mime="image/svg+xml", icon=":material/download:",
            help="As SVG, for slides and paper.",
        )  # fmt: skip
        shown = st.toggle("Preview", key="teach_preview", help="Opens the link below, as the class will see it.")
    if shown:
        st.iframe(f"{_here()}/{path_of(target)}&embed=true", height=PREVIEW_HEIGHT)


def _here() -> str:
    """The address under which this browser has the app."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rsplit('/', 1)[0]}"
