"""Our own hostile files, made on the spot: every kind of damage we know, each with what a good reader does about it."""

from __future__ import annotations

from tests.hostile import bytes_cases, column_cases, content_cases, report_cases, text_cases, value_cases, whole_cases
from tests.support.csv_files import Corpus


def build() -> Corpus:
    """Every case of the modules beside this one."""
    corpus = Corpus()
    for module in (text_cases, column_cases, value_cases, report_cases, whole_cases, bytes_cases, content_cases):
        module.add_to(corpus)
    return corpus
