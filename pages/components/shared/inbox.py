"""What a component's JavaScript tells the page (`outbox.js`): each message is acted on once, however often it comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

REMEMBERED = 50  # ids of messages that were heard
TRIGGER = "messages"  # the name of the trigger that carries them


def heard_ids(key: str) -> list[str]:
    """What the component with this key need not say again."""
    return list(st.session_state.get(f"{key}_heard", ()))


def hear(key: str, act: Mapping[str, Callable[[Any], None]]) -> None:
    """In the component's callback: do what new messages ask for; `take` gives their values to the page run that follows."""
    if key not in st.session_state:
        return  # the component went with its page while it spoke
    messages = st.session_state[key][TRIGGER]
    for message in messages if isinstance(messages, list) else ():
        if not isinstance(message, Mapping) or not isinstance(message.get("id"), str):
            continue  # not ours: it comes from the browser
        identity, kind, value = message["id"][:80], str(message.get("kind")), message.get("value")
        if identity in heard_ids(key):
            continue
        st.session_state[f"{key}_heard"] = [*heard_ids(key), identity][-REMEMBERED:]
        st.session_state[f"{key}_said"] = st.session_state.get(f"{key}_said", {}) | {kind: value}
        if kind in act:
            act[kind](value)


def take(key: str) -> dict[str, Any]:
    """The last value of each kind of message that no page run has taken yet."""
    return st.session_state.pop(f"{key}_said", {})
