"""The Python side of the live curve, as a page sees it without a browser."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from pages.components.live_curve import live_curve

    with_run = live_curve("r1", key="a", ghost="r1", overlays=[("r1", "self"), ("r2", "other")], live=False, height=300)
    without = live_curve(None, key="b")
    st.text(f"{with_run.ended} {without.ended}")


def test_nothing_has_ended_before_the_browser_says_so() -> None:
    at = AppTest.from_function(page).run()
    assert not at.exception
    assert at.text[0].value == "None None"


def test_what_is_sent_to_the_browser() -> None:
    import json

    at = AppTest.from_function(page).run()
    sent = [json.loads(element.proto.json) for element in at.main if element.type == "bidi_component"]
    assert sent[0]["run_id"] == "r1" and sent[0]["ghost"] is None and sent[0]["overlays"] == [["r2", "other"]]
    assert sent[0]["live"] is False and sent[0]["height"] == 300
    assert sent[0]["verdict"] is False
    assert sent[1]["run_id"] is None and sent[1]["live"] is False and "Train" in sent[1]["invitation"]
