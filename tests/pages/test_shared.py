"""Untrusted words in places that render Markdown."""

from __future__ import annotations

import re

import pytest

from pages.widgets.text import plain, unique_labels

WORDS = (
    "**bold** _x_ `code` [a](javascript:b) <img src=x> $x^2$ ~~s~~ | # - 1. > &lt;",
    ":material/home: :cat: :red[x] :small[y]",
    "a -> b <- c -- d >= e <= f ~= g",
    "http://evil.example/x www.evil.example me@evil.example HTTPS://X",
)


@pytest.mark.parametrize("words", WORDS)
def test_nothing_is_lost_but_invisible_joiners_are_added(words):
    shown = plain(words).replace("\u2060", "")
    shown = re.sub(r"\\(.)", r"\1", shown).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown == words


@pytest.mark.parametrize("sign", [":material/home:", ":cat:", "->", "<-", "--", ">=", "http://a", "www.a.b", "me@a.b"])
def test_what_streamlit_would_replace_is_broken_up(sign):
    unescaped = plain(sign).replace("\\", "").replace("&lt;", "<").replace("&gt;", ">")
    assert sign not in unescaped and "\u2060" in unescaped


def test_options_of_the_same_words_get_unique_labels():
    assert unique_labels(["a", "b"]) == ["a", "b"]
    assert unique_labels(["a", "a", "a (2)", "b", "a"]) == ["a", "a (2)", "a (2) (2)", "b", "a (3)"]


def test_ordinary_words_carry_nothing_invisible():
    assert plain("Culmen Length mm 3,5") == "Culmen Length mm 3,5"
