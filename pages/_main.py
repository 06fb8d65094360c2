"""Router and page frame."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from pages.frame import frame, tab_title  # noqa: E402
from pages.state.classroom import begin_class, has_class  # noqa: E402
from pages.state.guide import PAGES, guide  # noqa: E402
from pages.state.view import current_view, follow_history, keep_to_rights  # noqa: E402

AT_TUNE = urlsplit(st.context.url or "").path.rstrip("/").endswith("/tune")
ICON = str(ROOT / "pages" / "assets" / "icon.svg")  # a file: the browser would fetch one of Streamlit's icons from a font host

TUNE = ":material/tune:"


def _shown(shown: bool) -> Literal["visible", "hidden"]:
    return "visible" if shown else "hidden"


st.set_page_config(page_icon=ICON, layout="wide")
follow_history()
keep_to_rights()
current_view()  # the browser knows the address before it knows the page: another page is one step of its history, not two
begin_class()


def _page(name: str, title: str, icon: str) -> StreamlitPage:
    """In the bar, unless a teacher's link leaves it out; its address works all the same."""
    visibility = "visible" if name in guide().pages or name not in PAGES else "hidden"
    return st.Page(f"{name}/page.py", title=title, icon=f":material/{icon}:", url_path=name, visibility=visibility)


page = st.navigation(
    [
        st.Page("tune/page.py", title="Tune", icon=TUNE, default=True, url_path="start", visibility=_shown(not AT_TUNE)),
        st.Page("tune/page.py", title="Tune", icon=TUNE, url_path="tune", visibility=_shown(AT_TUNE)),  # links to a run lead here
        _page("data", "Data", "table"),
        _page("search", "Search", "manage_search"),
        _page("compare", "Compare", "compare_arrows"),
        _page("exam", "Exam", "lock"),
        _page("predict", "Predict", "batch_prediction"),
        _page("gallery", "Gallery", "medical_information"),
        _page("lessons", "Lessons", "school"),
        _page("quiz", "Quiz", "quiz"),
        st.Page(
            "classroom/page.py", title="Class", icon=":material/groups:", url_path="classroom", visibility=_shown(has_class())
        ),
        st.Page("teach/page.py", title="A link for a class", url_path="teach", visibility="hidden"),
    ],
    position="top",
)
st.set_page_config(page_title=tab_title(page.title))
with frame():
    page.run()
