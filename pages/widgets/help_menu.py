"""Help, at the end of every page's sidebar."""

from __future__ import annotations

import streamlit as st

from pages.state.first_steps import begin_tour
from pages.widgets.glossary import all_words


def help_menu() -> None:
    """The tour again, and where things are explained."""
    with st.sidebar, st.popover("Help", icon=":material/help:", type="tertiary", key="help", help="The tour, the lessons."):
        if st.button("Show me around", icon=":material/tour:", key="tour_again", help="Five steps on the Tune page."):
            begin_tour()
            st.switch_page("tune/page.py")
        st.page_link("lessons/page.py", label="Lessons", icon=":material/school:")
        st.page_link("classroom/page.py", label="A class", icon=":material/groups:")
        st.page_link("teach/page.py", label="A link for a class", icon=":material/qr_code_2:")
        if st.button("Words", icon=":material/dictionary:", key="help_words", help="The whole glossary, with pictures."):
            all_words()
        st.caption("Every control has a ? that says what it does, and which chapter shows it.")
