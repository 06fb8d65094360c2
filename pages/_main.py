"""Router and page frame."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from pages._parts.frame import frame  # noqa: E402

st.set_page_config(page_title="Tunescope", page_icon=":material/ssid_chart:", layout="wide")
page = st.navigation(
    [
        st.Page("tune.py", title="Tune", icon=":material/tune:", default=True, url_path="start"),
        st.Page("data.py", title="Data", icon=":material/table:"),
        st.Page("search.py", title="Search", icon=":material/manage_search:"),
        st.Page("compare.py", title="Compare", icon=":material/compare_arrows:"),
        st.Page("exam.py", title="Exam", icon=":material/lock:"),
        st.Page("predict.py", title="Predict", icon=":material/batch_prediction:"),
        st.Page("gallery.py", title="Gallery", icon=":material/medical_information:"),
        st.Page("tune.py", title="Tune", url_path="tune", visibility="hidden"),  # links to /tune: the default page is at /
    ],
    position="top",
)
with frame():
    page.run()
