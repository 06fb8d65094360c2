"""Class: make one, or join one; then the board of what the class has tried."""

from __future__ import annotations

import streamlit as st

from pages.classroom.board import board
from pages.classroom.joined import join_form, joined
from pages.classroom.make import make_form
from pages.state.classroom import class_of_visit
from pages.state.database import database
from pages.state.view import change_view, current_view
from pages.state.workspace import workspace
from pages.widgets.text import plain, unique_labels
from tuning_core.store import classrooms

MAKE, JOIN, MEMBER = "make", "join", "member"

own = {found.id: found for found in classrooms.classrooms_of(database(), workspace())}
visit = class_of_visit()
asked = current_view().join
if asked and visit is not None and classrooms.plain_code(asked) == visit[0].code:
    asked = change_view(join=None).join  # the link of the class that one is in
places = [*([JOIN] if asked else ()), *own, *([MEMBER] if visit else ()), MAKE, *([] if asked else [JOIN])]
words = {MAKE: "Make a class", JOIN: "Join a class", MEMBER: plain(visit[0].name) if visit else ""}
words |= {name: plain(found.name) for name, found in own.items()}
labels = dict(zip(places, unique_labels(words[name] for name in places), strict=True))
if st.session_state.get("class_place") not in places:
    st.session_state.class_place = places[0]
if not own:  # a student, or somebody who was never in a class
    place = JOIN if asked else MEMBER if visit else ""
else:
    with st.sidebar:
        chosen = places.index(st.session_state.class_place)
        place = st.radio(
            "Class", places, chosen, format_func=labels.__getitem__, key="class_place", help="Your classes, and new ones."
        )

if place in own:
    board(own[place])
elif place == MEMBER and visit is not None:
    joined(*visit)
elif place == MAKE:
    make_form(current_view())
elif place == JOIN:
    with st.columns([3, 2])[0]:
        join_form(asked or "")
else:
    left, right = st.columns([1, 1.4], gap="large")
    with left:
        join_form("")
    with right:
        make_form(current_view())
