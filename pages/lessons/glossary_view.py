"""The words of a chapter, and all words, with a sentence each."""

from __future__ import annotations

import streamlit as st

from pages.state.view import change_view
from tuning_core.lessons import Chapter, Term, glossary


def chapter_words(chapter: Chapter) -> None:
    """A small button for each word that the chapter explains, and one for the whole glossary."""
    with st.container(horizontal=True, gap="small", key="lesson_words"):
        for name in chapter.terms:
            with st.popover(name, type="tertiary"):
                _entry(glossary()[name])
        with st.popover("All words", type="tertiary", icon=":material/dictionary:"):
            for term in glossary().values():
                _entry(term, leads_to=term.chapter if term.chapter != chapter.name else None)


def _entry(term: Term, leads_to: str | None = None) -> None:
    st.markdown(f"**{term.name}**: {term.text}")
    if leads_to is not None:
        st.button(
            "Open its chapter",
            key=f"lesson_word_{term.name}",
            type="tertiary",
            icon=":material/school:",
            on_click=change_view,
            kwargs={"chapter": leads_to},
        )
