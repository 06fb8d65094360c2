"""Words of the glossary wherever they stand: a sentence, a small picture, and the chapter that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages.state.database import is_dark
from pages.state.view import change_view
from tuning_core.charts.sparkline import picture_html
from tuning_core.charts.term_picture import HEIGHT, WIDTH, term_picture
from tuning_core.lessons import Term, glossary


def word_chips(names: Sequence[str], *, key: str, chapter: str = "") -> None:
    """A small button for each word; `chapter` is the one on screen, to which no button leads."""
    with st.container(horizontal=True, gap="small", key=key):
        for name in names:
            with st.popover(name, type="tertiary", key=f"{key}_{name}"):
                _entry(glossary()[name], key, chapter)
        if st.button("All words", type="tertiary", icon=":material/dictionary:", key=f"{key}_all", help="The whole glossary."):
            all_words()


@st.dialog("Words", width="medium")
def all_words() -> None:
    """The whole glossary, or what holds some letters."""
    wanted = st.text_input("Find", key="word_wanted", placeholder="overfitting").strip().casefold()
    found = [term for term in glossary().values() if wanted in f"{term.name} {term.text}".casefold()]
    for term in found:
        _entry(term, "all_words")
    if not found:
        st.caption("No word of the glossary holds these letters.")


def _entry(term: Term, key: str, chapter: str = "") -> None:
    picture = picture_html(term_picture(term.picture, f"picture of {term.name}", dark=is_dark()), HEIGHT)
    st.html(
        f'<div style="display: flex; gap: 1.2rem; align-items: center"><div style="width: {WIDTH}px; flex: none">{picture}</div>'
        f"<div><strong>{escape(term.name)}</strong>: {escape(term.text)}</div></div>"
    )
    if term.chapter != chapter:
        clicked = st.button("Open its chapter", key=f"{key}_open_{term.name}", type="tertiary", icon=":material/school:")
        if clicked:
            change_view(chapter=term.chapter)
            st.switch_page("lessons/page.py")
