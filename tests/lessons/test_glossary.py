"""Every word that a chapter explains is in the glossary, and every word of the glossary leads to a chapter."""

from __future__ import annotations

from tuning_core.lessons import chapters, glossary


def test_words_and_chapters_know_each_other():
    names = {chapter.name for chapter in chapters()}
    explained = {term for chapter in chapters() for term in chapter.terms}
    assert explained == set(glossary())
    assert {term.chapter for term in glossary().values()} <= names
    assert all(term.text.endswith(".") for term in glossary().values())


def test_a_word_leads_to_a_chapter_that_explains_it():
    by_name = {chapter.name: chapter for chapter in chapters()}
    assert [t.name for t in glossary().values() if t.name not in by_name[t.chapter].terms] == []
