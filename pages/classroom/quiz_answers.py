"""What the class has answered to the quiz and in the lessons: by option, and which one is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from pages.state.classroom import prediction_of, question_of
from pages.state.database import database
from pages.widgets.text import plain
from tuning_core.lessons import Chapter, chapters, quiz_items
from tuning_core.store import class_members
from tuning_core.store.class_members import ItemAnswers
from tuning_core.store.classrooms import Classroom


@dataclass(frozen=True)
class Asked:
    """A question that all have; `options` is empty where an epoch is asked for, of which there are too many to list."""

    text: str
    options: tuple[str, ...]
    right: str


@lru_cache(maxsize=1)
def questions_asked() -> Mapping[str, Asked]:
    """By the name under which answers are counted (`class_members.add_answer`)."""
    quiz = {
        item.id: Asked(item.question, () if item.kind == "point" else tuple(item.options), item.answer) for item in quiz_items()
    }
    return quiz | {name: asked for chapter in chapters() for name, asked in _of_lesson(chapter)}


def _of_lesson(chapter: Chapter) -> Sequence[tuple[str, Asked]]:
    """Its question and, where it has one, its "which curve is it?"."""
    title, options = f"{chapter.order}. {chapter.title}", chapter.question.options
    right = next(option.text for option in options if option.right)
    found = [(question_of(chapter.name), Asked(f"{title}: {chapter.question.text}", tuple(o.text for o in options), right))]
    if chapter.prediction is not None:
        names = tuple(panel.title for panel in chapter.panels)
        asked = Asked(f"{title}: {chapter.prediction.question}", names, chapter.prediction.answer)
        found.append((prediction_of(chapter.name), asked))
    return found


def quiz_answers(found: Classroom) -> None:
    """Nothing before the first answer; the newest question first."""
    told = class_members.answers(database(), found.id)
    known = questions_asked()
    asked = [name for name in reversed(told) if name in known]
    if not asked:
        return
    st.markdown("##### Answers to quiz and lessons")
    for name in asked:
        one = told[name]
        label = f"{plain(known[name].text)} {one.right} of {len(one.workspaces)} right"
        with st.expander(label, expanded=name == asked[0], key=f"class_quiz_{name}"):
            st.markdown(answer_table(known[name], one))


def answer_table(asked: Asked, told: ItemAnswers) -> str:
    """Markdown: every option with how many chose it, the right one marked; epochs that nobody chose are left out."""
    options = asked.options or sorted(told.options, key=_epoch)
    lines = ["| option | students |", "|---|---|"]
    for option in options:
        words = f"**{plain(option)}** :material/check:" if option == asked.right else plain(option)
        lines.append(f"| {words} | {told.options.get(option, 0)} |")
    if asked.right not in options:
        lines.append(f"| **{plain(asked.right)}** :material/check: | 0 |")
    return "\n".join(lines)


def _epoch(option: str) -> int:
    return int(option.removeprefix("epoch "))
