"""Lessons: chapters as data files, each with claims that are checked by training; the pages show them.

`chapters()` gives all that can be read; `check(chapter, dataset)` trains a chapter's experiment on a table and says which of its
claims hold. `quiz_items()` gives the questions on real curves. A chapter is a TOML file in
`chapters/`; docs/teaching.md says how to write one.
"""

from tuning_core.lessons.chapter import Chapter, Claim, Drawing, Panel
from tuning_core.lessons.chapter_file import LessonError, read_chapter
from tuning_core.lessons.claims import ChapterCheck, ClaimResult, check, judge_claim, judge_search_claims, speaks_of
from tuning_core.lessons.library import broken_chapters, chapters
from tuning_core.lessons.measured import MeasuredChapter, measured_chapter
from tuning_core.lessons.measures import RETRAINED, measure_trial, score_measures
from tuning_core.lessons.quiz import KINDS, MISCONCEPTIONS, QuizItem, QuizPanel, quiz_items
from tuning_core.lessons.quiz_progress import QuizAnswer, next_item, sure_records, verdict_records
from tuning_core.lessons.terms import Term, glossary, term_places, terms_in, with_meanings

__all__ = [
    "KINDS",
    "MISCONCEPTIONS",
    "RETRAINED",
    "Chapter",
    "ChapterCheck",
    "Claim",
    "ClaimResult",
    "Drawing",
    "LessonError",
    "MeasuredChapter",
    "Panel",
    "QuizAnswer",
    "QuizItem",
    "QuizPanel",
    "Term",
    "broken_chapters",
    "chapters",
    "check",
    "glossary",
    "judge_claim",
    "judge_search_claims",
    "measure_trial",
    "measured_chapter",
    "next_item",
    "quiz_items",
    "read_chapter",
    "score_measures",
    "speaks_of",
    "sure_records",
    "term_places",
    "terms_in",
    "verdict_records",
    "with_meanings",
]
