"""Widgets of a page in `AppTest`, by their labels."""

from __future__ import annotations


def button(app, label):
    return next(b for b in app.button if label in b.label)


def slider(app, label):
    return next(s for s in app.select_slider if s.label == label)
