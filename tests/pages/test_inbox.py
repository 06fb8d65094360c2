"""What a component's JavaScript tells the page, as the page hears it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from pages.components.shared.inbox import hear, heard_ids, take

    done = st.session_state.setdefault("done", [])

    def press(messages: object) -> None:
        if messages == "gone":
            st.session_state.pop("board", None)  # the page was left while the component spoke
        else:
            st.session_state.board = {"messages": messages}  # as Streamlit gives the trigger's value in a callback
        hear("board", {"wish": done.append})

    messages = st.session_state.get("given")
    st.button("said", on_click=press, args=(messages,))
    st.json({"heard": heard_ids("board"), "said": take("board")})


def said(at: AppTest, messages: object) -> dict:
    import json

    at.session_state.given = messages
    at.run()
    at.button[0].click().run()
    assert not at.exception
    return json.loads(at.json[0].value)


WISH = {"id": "a-1", "kind": "wish", "value": {"back": True}}
END = {"id": "a-2", "kind": "ended", "value": {"run_id": "r"}}


def test_a_message_is_acted_on_once_however_often_it_comes() -> None:
    at = AppTest.from_function(page).run()
    assert said(at, [WISH]) == {"heard": ["a-1"], "said": {"wish": {"back": True}}}
    assert said(at, [WISH, END]) == {"heard": ["a-1", "a-2"], "said": {"ended": {"run_id": "r"}}}
    assert said(at, [END]) == {"heard": ["a-1", "a-2"], "said": {}}
    assert at.session_state.done == [{"back": True}]


def test_the_last_value_of_a_kind_counts_for_the_page_but_each_is_acted_on() -> None:
    at = AppTest.from_function(page).run()
    second = WISH | {"id": "a-3", "value": {"back": False}}
    assert said(at, [WISH, second])["said"] == {"wish": {"back": False}}
    assert at.session_state.done == [{"back": True}, {"back": False}]


def test_what_no_component_sends_is_left_alone() -> None:
    at = AppTest.from_function(page).run()
    for nonsense in (None, "gone", "x", [1, None, {}, {"id": 3, "kind": "wish"}]):
        assert said(at, nonsense) == {"heard": [], "said": {}}
    assert at.session_state.done == []


def test_only_so_many_ids_are_remembered() -> None:
    at = AppTest.from_function(page).run()
    heard = said(at, [{"id": f"a-{i}", "kind": "progress", "value": i} for i in range(120)])["heard"]
    assert heard == [f"a-{i}" for i in range(70, 120)]
