"""Lessons: what each hyperparameter does, by predicting, training and looking."""

from __future__ import annotations

import streamlit as st

from pages.components.page_top import begin_at_top
from pages.lessons.experiment import experiment
from pages.lessons.experiment_runs import place_of
from pages.lessons.own_table import can_show
from pages.lessons.question import ask_question
from pages.state.view import change_view, current_view
from pages.widgets.errors import show_error
from pages.widgets.glossary import begin_words, explained, word_chips
from pages.widgets.presenting import leave_button, listen, present_button
from pages.widgets.setup_summary import setup_summary
from tuning_core.lessons import broken_chapters, chapters

found = chapters()
view = current_view()
by_name = {chapter.name: chapter for chapter in found}
chapter = by_name.get(view.chapter or "", found[0])


def open_chapter() -> None:
    change_view(chapter=st.session_state.lesson_chapter)


with st.sidebar:
    st.session_state.lesson_chapter = chapter.name
    st.radio(
        "Chapters",
        list(by_name),
        key="lesson_chapter",
        format_func=lambda name: f"{by_name[name].order}. {by_name[name].title}",
        on_change=open_chapter,
        help="One technique a chapter, in the order in which they stand on each other.",
    )
    for problem in broken_chapters():
        show_error(problem.message, problem.remedy)

PARTS = 3  # text, experiment, question: the steps of a presenter
shown = range(PARTS) if view.presented is None else (min(view.presented, PARTS - 1),)


def step(by: int) -> None:
    """To the next or the previous part; from the last to the next chapter, from the first to the end of the one before."""
    names = list(by_name)
    at = names.index(chapter.name) * PARTS + (current_view().presented or 0) + by
    if 0 <= at < len(names) * PARTS:
        change_view(chapter=names[at // PARTS], presented=at % PARTS)


with st.container(horizontal=True, vertical_alignment="center", key="presented_title"):
    st.subheader(f"{chapter.order}. {chapter.title}", anchor=False, width="stretch")
    if view.presented is None:
        present_button()
    else:
        leave_button()
begin_at_top(f"{chapter.name} {view.presented}")
begin_words()
if 0 in shown:
    explained(chapter.text)
    word_chips(chapter.terms, key="lesson_words", chapter=chapter.name)
if 1 in shown:
    own = False
    if view.dataset_id != chapter.sample:
        own = st.toggle(
            "On my own table",
            key=f"lesson_own_{chapter.name}",
            help="Train this chapter on the table that is chosen on the Data page, instead of the sample.",
        )
    summary = setup_summary(view) if own else None
    place = place_of(chapter, view, own)
    if own and (summary is None or not can_show(chapter, summary, found)):
        pass  # why not has been said
    elif place is None:
        show_error("The sample of this chapter is not read yet.", "Wait a moment and open the chapter again.")
    else:
        experiment(chapter, place)
if 2 in shown:
    ask_question(chapter)
if view.presented is None:
    names = list(by_name)
    at = names.index(chapter.name)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="lesson_turn"):
        for by, label, icon in ((-1, "Back", ":material/arrow_back:"), (1, "Next chapter", ":material/arrow_forward:")):
            there = at + by
            if 0 <= there < len(names):
                title = by_name[names[there]].title
                st.button(
                    f"{label}: {title}", icon=icon, key=f"lesson_{by}", on_click=change_view, kwargs={"chapter": names[there]}
                )
listen(step)
