"""Widgets of a page in `AppTest`, by their labels."""

from __future__ import annotations

import re


def button(app, label):
    return next(b for b in app.button if label in b.label)


def slider(app, label):
    return next(s for s in app.select_slider if s.label == label)


def words(app):
    """What a page says, without what the words of the glossary say of themselves."""
    said = " ".join(e.value for e in (*app.markdown, *app.caption, *app.success, *app.warning, *app.error, *app.info))
    return re.sub(r'<span class="word-tip".*?</span>|<span class="word"[^>]*>|</span>', "", said)
