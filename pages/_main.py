"""Router and page frame."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from pages.frame import frame, tab_title  # noqa: E402
from pages.state.view import follow_history  # noqa: E402

ICON = str(ROOT / "pages" / "assets" / "icon.svg")  # a file: the browser would fetch one of Streamlit's icons from a font host

st.set_page_config(page_icon=ICON, layout="wide")
page = st.navigation(
    [
        st.Page("tune/page.py", title="Tune", icon=":material/tune:", default=True, url_path="start"),
        st.Page("data/page.py", title="Data", icon=":material/table:", url_path="data"),
        st.Page("search/page.py", title="Search", icon=":material/manage_search:", url_path="search"),
        st.Page("compare/page.py", title="Compare", icon=":material/compare_arrows:", url_path="compare"),
        st.Page("exam/page.py", title="Exam", icon=":material/lock:", url_path="exam"),
        st.Page("predict/page.py", title="Predict", icon=":material/batch_prediction:", url_path="predict"),
        st.Page("gallery/page.py", title="Gallery", icon=":material/medical_information:", url_path="gallery"),
        st.Page("lessons/page.py", title="Lessons", icon=":material/school:", url_path="lessons"),
        st.Page("tune/page.py", title="Tune", url_path="tune", visibility="hidden"),  # links to /tune: the default page is at /
    ],
    position="top",
)
follow_history()
st.set_page_config(page_title=tab_title(page.title))
with frame():
    page.run()
