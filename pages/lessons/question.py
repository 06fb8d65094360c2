"""The question at the end of a chapter: an answer first, then the reason for every option."""

from __future__ import annotations

import streamlit as st

from pages.state.classroom import question_of, tell_class
from pages.state.given_answers import give_answer, last_answer
from pages.widgets.glossary import explained
from tuning_core.lessons import Chapter


def ask_question(chapter: Chapter) -> None:
    """One question; after the answer every option says why it is right or wrong."""
    with st.container(border=True, key="lesson_question"):
        texts = [option.text for option in chapter.question.options]
        key, before = f"lesson_answer_{chapter.name}", last_answer("lesson", chapter.name)
        chosen = st.radio(
            f"**{chapter.question.text}**",
            texts,
            index=texts.index(before) if before in texts else None,
            key=key,
            on_change=lambda: _answer(chapter, st.session_state[key]),
        )
        if chosen is None:
            st.caption("Choose an answer; the reasons come at once.")
            return
        for option in chapter.question.options:
            icon = ":material/check_circle:" if option.right else ":material/cancel:"
            mine = " (your answer)" if option.text == chosen else ""
            explained(option.why, before=f"{icon} **{option.text}**{mine}. ")


def _answer(chapter: Chapter, chosen: str) -> None:
    """Kept, and told to the class: of each student the first one, given before the reasons were read."""
    give_answer("lesson", chapter.name, chosen)
    right = any(option.right and option.text == chosen for option in chapter.question.options)
    tell_class(question_of(chapter.name), chosen, right, keep_first=True)
