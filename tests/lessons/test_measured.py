"""The recorded claims: they belong to the chapters as they are, and their words are those of the counts."""

from __future__ import annotations

from dataclasses import replace

from tuning_core.lessons import MeasuredChapter, chapters, measured_chapter
from tuning_core.lessons.measured import experiment_digest

BY_NAME = {chapter.name: chapter for chapter in chapters()}


def test_a_record_counts_for_its_own_experiment_only():
    chapter = BY_NAME["learning_rate"]
    assert measured_chapter(chapter) is not None
    other = replace(chapter, panels=chapter.panels[:2])
    assert measured_chapter(other) is None and experiment_digest(other) != experiment_digest(chapter)
    assert experiment_digest(replace(chapter, text="Other words.")) == experiment_digest(chapter)


def test_the_sentence_tells_how_many_tables_and_seeds_showed_a_claim():
    chapter = BY_NAME["changing_the_model"]
    measured = MeasuredChapter(9.0, 1.0, 100.0, {"a": ((10, 10), (7, 10)), "b": (None, (10, 10)), "c": ((8, 10), (0, 10))})
    assert [claim.share for claim in chapter.claims] == [0.8, 0.8]
    assert [measured.sentence(chapter, claim) for claim in chapter.claims] == [
        "Trained before, it held on 2 of 2 tables: a 10 of 10 seeds, c 8 of 10 seeds; b cannot show it.",
        "Trained before, it held on 1 of 3 tables: a 7 of 10 seeds, b 10 of 10 seeds, c 0 of 10 seeds.",
    ]


def test_every_chapter_was_measured_on_three_tables_and_its_claims_held_on_its_sample():
    for chapter in BY_NAME.values():
        measured = measured_chapter(chapter)
        assert measured is not None, f"{chapter.name} has changed: python -m benchmarks.lessons {chapter.name}"
        assert len(measured.shown) == 3 and measured.first_seconds < 60 and measured.keras_seconds > measured.seconds
        by_claim = zip(*measured.shown.values(), strict=True)
        assert any(all(count is not None for count in counts) for counts in by_claim), (
            f"no table but its own shows {chapter.name}"
        )
        for claim, (seen, tried) in zip(chapter.claims, measured.shown[chapter.sample], strict=True):
            assert seen >= claim.share * tried and tried == (10 if chapter.panels else 5), (chapter.name, claim.text)
