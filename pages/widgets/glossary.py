"""Words of the glossary wherever they stand: a sentence, a small picture, and the chapter that shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from pages.state.database import is_dark
from pages.state.view import change_view
from tuning_core.charts.sparkline import picture_html
from tuning_core.charts.term_picture import HEIGHT, WIDTH, term_picture
from tuning_core.lessons import Term, glossary, term_places

_NOT_WORDS = re.compile(r"`[^`]*`|\[[^\]]*\]\([^)]*\)|:[a-z]+(?:/\w+)?:")  # code, links and icons of a text in Markdown


def begin_words() -> None:
    """At the top of a page: no word has been explained on it yet."""
    st.session_state.explained = set()


def _no_html(text: str) -> str:
    return text.replace("<", "&lt;")


def explained(text: str, as_shown: Callable[[str], str] = _no_html, *, before: str = "", after: str = "") -> None:
    """A text whose words of the glossary say what they mean, to a pointer and to the keyboard; each word once a page.

    Parameters
    ----------
    text : Markdown, unless `as_shown` makes Markdown of its pieces, as `plain` does.
    before, after : Markdown around it, in which no word is explained.
    """
    seen: set[str] = st.session_state.explained
    parts, at = [before], 0
    taken = [found.span() for found in _NOT_WORDS.finditer(text)]
    for start, end, name in term_places(text):
        if name not in seen and not any(a < end and start < b for a, b in taken):
            seen.add(name)
            tip = f'<span class="word-tip" role="tooltip">{escape(glossary()[name].text)}</span>'
            parts += [as_shown(text[at:start]), f'<span class="word" tabindex="0">{text[start:end]}{tip}</span>']
            at = end
    st.markdown("".join([*parts, as_shown(text[at:]), after]), unsafe_allow_html=True)


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
    found.sort(key=lambda term: wanted not in term.name.casefold())  # what is called so, before what mentions it
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
