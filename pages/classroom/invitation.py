"""How students come into the class: code, link and QR code, to be read from the last row."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from pages.state.address import shared_address
from pages.widgets.qr_code import qr_code
from tuning_core.charts.sparkline import picture_html
from tuning_core.store.classrooms import Classroom

STYLE = "font: 700 {size}/1.15 ui-monospace, monospace; letter-spacing: 0.08em; margin: 0; white-space: nowrap"
CODE = f'<div style="container-type: inline-size"><p style="{STYLE}">{{code}}</p></div>'
PICTURE = '<div style="width: {width}; border-radius: 0.5rem; overflow: hidden">{picture}</div>'
LOCAL = "The server listens on this machine only. Start it with `--server.address 0.0.0.0` to let a class in."


def join_link(found: Classroom) -> tuple[str, bool]:
    """(the link, whether other machines can reach it)."""
    address, reachable = shared_address()
    return f"{address}/classroom?{urlencode({'join': found.code})}", reachable


def invitation(found: Classroom) -> None:
    """The whole page, until somebody has joined."""
    link, reachable = join_link(found)
    words, picture = st.columns([1.9, 1], vertical_alignment="center", gap="large")
    with words:
        st.markdown("### Join with this code")
        st.html(CODE.format(size="clamp(3rem, 23cqi, 18rem)", code=found.code))
        st.markdown(f"##### {'or by this link' if reachable else LOCAL}")
        st.code(link, language=None, wrap_lines=True)
        st.markdown("##### :material/hourglass_top: Waiting for students. Each one appears here at once.")
    with picture:
        st.html(PICTURE.format(width="min(52vh, 100%)", picture=picture_html(qr_code(link), None)))


def code_again(found: Classroom) -> None:
    """Beside the board, for whoever comes late."""
    link, _ = join_link(found)
    with st.popover(
        f"Code **{found.code}**", icon=":material/qr_code_2:", key="class_code", help="Code, link and QR code, large."
    ):
        st.html(CODE.format(size="4.5rem", code=found.code))
        st.html(PICTURE.format(width="min(46vh, 26rem)", picture=picture_html(qr_code(link), None)))
        st.code(link, language=None, wrap_lines=True)
