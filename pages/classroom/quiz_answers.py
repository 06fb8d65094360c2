"""What the class has answered to the quiz: by option, and which one is right."""

from __future__ import annotations

import streamlit as st

from pages.state.database import database
from pages.widgets.text import plain
from tuning_core.lessons import QuizItem, quiz_items
from tuning_core.store import class_members
from tuning_core.store.class_members import ItemAnswers
from tuning_core.store.classrooms import Classroom


def quiz_answers(found: Classroom) -> None:
    """Nothing before the first answer; the newest question first."""
    told = class_members.answers(database(), found.id)
    items = {item.id: item for item in quiz_items()}
    asked = [name for name in reversed(told) if name in items]
    if not asked:
        return
    st.markdown("##### Quiz")
    for name in asked:
        one = told[name]
        who = len(one.workspaces)
        label = f"{plain(items[name].question)} {one.right} of {who} right"
        with st.expander(label, expanded=name == asked[0], key=f"class_quiz_{name}"):
            st.markdown(answer_table(items[name], one))


def answer_table(item: QuizItem, told: ItemAnswers) -> str:
    """Markdown: every option with how many chose it, the right one marked; epochs that nobody chose are left out."""
    options = sorted(told.options, key=_epoch) if item.kind == "point" else item.options
    lines = ["| option | students |", "|---|---|"]
    for option in options:
        words = f"**{plain(option)}** :material/check:" if option == item.answer else plain(option)
        lines.append(f"| {words} | {told.options.get(option, 0)} |")
    if item.kind == "point" and item.answer not in told.options:
        lines.append(f"| **{plain(item.answer)}** :material/check: | 0 |")
    return "\n".join(lines)


def _epoch(option: str) -> int:
    return int(option.removeprefix("epoch "))
