"""Every word that a chapter explains is in the glossary, and every word of the glossary leads to a chapter."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tuning_core.charts.term_picture import HEIGHT, KINDS, ROLES, WIDTH, term_picture
from tuning_core.lessons import chapters, glossary, terms_in, with_meanings


def test_words_and_chapters_know_each_other():
    names = {chapter.name for chapter in chapters()}
    explained = {term for chapter in chapters() for term in chapter.terms}
    assert explained == set(glossary())
    assert {term.chapter for term in glossary().values()} <= names
    assert all(term.text.endswith(".") for term in glossary().values())


def test_a_word_leads_to_a_chapter_that_explains_it():
    by_name = {chapter.name: chapter for chapter in chapters()}
    assert [t.name for t in glossary().values() if t.name not in by_name[t.chapter].terms] == []


@pytest.mark.parametrize("term", glossary().values(), ids=lambda term: term.name)
def test_each_word_has_a_picture_of_its_own_that_stays_on_its_canvas(term):
    kinds, roles, *_ = zip(*(shape.split()[:2] for shape in term.picture), strict=True)
    assert set(kinds) <= set(KINDS) and set(roles) <= set(ROLES)
    for shape in term.picture:
        kind, _, *numbers = shape.split()
        x, y = ([float(n) for n in numbers[i::2]] for i in (0, 1))
        right, bottom = (x[0] + x[1], y[0] + y[1]) if kind in ("bar", "box") else (max(x), max(y))
        assert min(x) >= 0 and min(y) >= 0 and right <= WIDTH and bottom <= HEIGHT
    light, dark = (ElementTree.fromstring(term_picture(term.picture, "a < b", dark=d)) for d in (False, True))
    assert light.get("aria-label") == "a < b" and len(light) >= 1 and len(light) == len(dark)
    assert [other.name for other in glossary().values() if other.picture == term.picture] == [term.name]


def test_words_are_found_where_they_stand_the_longer_before_the_shorter():
    assert terms_in("Overfitting is rare with early stopping; the Learning rate, not two epochs.") == [
        "overfitting", "early stopping", "learning rate", "epoch",
    ]  # fmt: skip
    assert terms_in("A stepwise glossy thing") == []


def test_the_first_place_of_a_word_says_what_it_means():
    loss, epoch = glossary()["loss"].text, glossary()["epoch"].text
    assert with_meanings("Loss by epochs: a loss.") == [("Loss", loss), (" by ", ""), ("epochs", epoch), (": a loss.", "")]
    assert with_meanings("Nothing.") == [("Nothing.", "")] and with_meanings("") == []
