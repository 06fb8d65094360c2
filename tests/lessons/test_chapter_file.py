"""Chapter files: what is written is what is read, and a broken one names file, field, rule and remedy."""

from __future__ import annotations

import copy
import tomllib

import numpy as np
import pytest

import tuning_core as tc
from tuning_core.lessons import Drawing, LessonError, broken_chapters, chapters, read_chapter
from tuning_core.lessons.chapter import Claim
from tuning_core.lessons.chapter_file import _Reader
from tuning_core.lessons.claims import judge_claim
from tuning_core.lessons.library import FOLDER

GOOD = """
order = 1
title = "Rates"
text = "Two rates."
sample = "insurance"
[preset]
epochs = 30
[[panel]]
title = "fast"
learning_rate = 0.1
[[panel]]
title = "slow"
learning_rate = 1e-4
early_stopping = { patience = 3 }
[prediction]
question = "Which?"
answer = "slow"
[drawing]
question = "Draw it."
panel = "slow"
part = "training"
[[sight]]
panel = "slow"
text = "Still falling."
insides = "weights"
[[claim]]
text = "Slow is behind."
left = ["slow", "val_last"]
relation = "above"
right = ["fast", "val_last"]
[question]
text = "Why?"
[[question.option]]
text = "Short steps"
right = true
why = "They are short."
[[question.option]]
text = "No idea"
right = false
why = "Look again."
"""


def written(tmp_path, text):
    path = tmp_path / "rates.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_written_is_what_is_read(tmp_path):
    chapter = read_chapter(written(tmp_path, GOOD))
    assert (chapter.name, chapter.order, chapter.title) == ("rates", 1, "Rates")
    fast, slow = chapter.panels
    assert fast.hyperparameters == tc.Hyperparameters(epochs=30, learning_rate=0.1)
    assert slow.hyperparameters.early_stopping == tc.EarlyStopping(patience=3)
    assert chapter.claims[0].left == ("slow", "val_last") and chapter.claims[0].right == ("fast", "val_last")
    assert [(sight.panel, sight.insides) for sight in chapter.sights] == [("slow", "weights")]
    assert chapter.drawing == Drawing("Draw it.", "slow", "training")
    assert [option.right for option in chapter.question.options] == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("order = 1", 'order = "first"', "order", "whole number"),
        ("order = 1", "order = 1\ncolour = 3", "colour", "no such field"),
        ('title = "Rates"', 'title = ""', "title", "text"),
        ("learning_rate = 0.1", "learning_rate = -1", "panel 1", "learning_rate is -1"),
        ("learning_rate = 0.1", "learning_speed = 1", "panel 1", "learning_speed"),
        ('title = "fast"', 'title = "slow"', "panel", "a title of its own"),
        ('answer = "slow"', 'answer = "medium"', "prediction.answer", "'medium'"),
        ('panel = "slow"\ntext', 'panel = "sloe"\ntext', "sight.panel", "'sloe'"),
        ('insides = "weights"', 'insides = "brain"', "sight.insides", "'brain'"),
        ('panel = "slow"\ntext', "text", "sight.insides", "one panel"),
        ('sample = "insurance"', 'sample = "titanic"', "sample", "'titanic'"),
        ("order = 1", 'order = 1\nterms = ["rte"]', "terms", "'rte'"),
        ("order = 1", "order = 1\nseeds = 3", "seeds", "a list"),
        ("order = 1", "order = 1\nfeatures = [3]", "features", "a list of texts"),
        ('left = ["slow", "val_last"]', 'left = ["slow", "rare_found"]', "claim.needs", "only classes can be rare"),
        ('relation = "above"', 'relation = "above"\nfactor = "two"', "claim.factor", "a number"),
        ('panel = "slow"\npart', 'panel = "sloe"\npart', "drawing.panel", "'sloe'"),
        ('part = "training"', 'part = "test"', "drawing.part", "'test'"),
        ('"val_last"]\nrelation', '"val_middle"]\nrelation', "claim.left", "'val_middle'"),
        ('relation = "above"', 'relation = "over"', "claim.relation", "'over'"),
        ('right = ["fast", "val_last"]', "", "claim.right", "one of them"),
        ("right = false", "right = true", "question.option", "exactly one is right"),
        ("[preset]", "[preset", "(whole file)", "TOML"),
    ],
)
def test_a_broken_file_names_field_and_rule(tmp_path, old, new, field, says):
    assert GOOD.count(old) >= 1
    with pytest.raises(LessonError) as caught:
        read_chapter(written(tmp_path, GOOD.replace(old, new)))
    assert caught.value.field == field and says in str(caught.value) and "rates.toml" in str(caught.value)
    assert caught.value.remedy


JUNK = (None, 3, -1, 1.5, float("nan"), True, "", "x", [], ["x"], [3], [[]], {}, {"x": 1})


def places(values, path=()):
    """Every place of nested tables and lists."""
    items = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


@pytest.mark.parametrize("name", ["early_stopping", "random_search"])
def test_whatever_stands_in_a_field_is_read_or_refused_by_name(name):
    values = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    refused = 0
    for path in list(places(values)):
        for junk in JUNK:
            broken = copy.deepcopy(values)
            inner = broken
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = junk
            try:
                _Reader("junk.toml").chapter("junk", broken)
            except LessonError as problem:
                refused += 1
                assert problem.file == "junk.toml" and problem.field and problem.remedy
    assert refused > 500


def test_a_broken_chapter_leaves_the_others(tmp_path):
    written(tmp_path, GOOD)
    (tmp_path / "broken.toml").write_text("order = 2")
    assert [chapter.name for chapter in chapters(tmp_path)] == ["rates"]
    assert [problem.file for problem in broken_chapters(tmp_path)] == ["broken.toml"]


def test_the_projects_own_chapters_are_whole():
    found = chapters()
    assert not broken_chapters() and len(found) >= 13
    assert [chapter.order for chapter in found] == list(range(1, len(found) + 1)), "each has a place of its own"
    for chapter in found:
        assert chapter.claims and (chapter.panels or chapter.search), chapter.name
        assert all(option.why for option in chapter.question.options)


@pytest.mark.parametrize(
    ("relation", "factor", "left", "right", "shown"),
    [
        ("below", 1.0, [1.0, 3.0, 2.0], [2.0, 2.0, 2.0], 1),
        ("below", 0.5, [0.9, 1.1, np.nan], [2.0, 2.0, 2.0], 1),
        ("above", 2.0, [5.0, 3.9, np.inf], [2.0, 2.0, 2.0], 2),
        ("close", 0.1, [9.1, 8.9, 10.9], [10.0, 10.0, 10.0], 2),
    ],
)
def test_a_claim_is_held_against_numbers_seed_by_seed(relation, factor, left, right, shown):
    claim = Claim("x", ("a", "val_last"), relation, ("b", "val_last"), factor=factor, share=0.6)
    result = judge_claim(claim, np.array(left), np.array(right))
    assert result.shown == shown and result.holds == (shown >= 0.6 * 3)
