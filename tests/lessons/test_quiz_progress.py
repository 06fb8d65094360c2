"""What is asked next, and what is said of a reader of curves."""

from __future__ import annotations

import numpy as np

from tuning_core.experiment import History
from tuning_core.lessons import QuizAnswer, next_item, sure_records, verdict_records
from tuning_core.lessons.quiz import QuizItem


def item(name, verdict="", kind="verdict"):
    options = ("Overfitting", "Healthy", "Diverged")
    answer = {"overfitting": "Overfitting", "healthy": "Healthy"}.get(verdict, "Diverged")
    whys = dict.fromkeys(options, "why")
    worth = {option: float(option == answer) for option in options}
    return QuizItem(name, kind, "t", "?", History.from_arrays(np.ones(3)), options, answer, whys, worth, verdict=verdict)


def asked(items, answers):
    found = next_item(items, [QuizAnswer(name, "x", score) for name, score in answers])
    return found.id if found else None


def test_new_ones_come_in_order_and_what_was_missed_comes_back_after_three_others():
    items = [item("a", "overfitting"), item("b"), item("c"), item("d"), item("e"), item("f", "overfitting"), item("g")]
    assert asked(items, []) == "a"
    assert asked(items, [("a", 1.0)]) == "b"
    missed = [("a", 0.0), ("b", 1.0), ("c", 1.0)]
    assert asked(items, missed) == "d", "not yet"
    assert asked(items, [*missed, ("d", 1.0)]) == "f", "another one of its sort, not the same again"
    assert asked(items, [*missed, ("d", 1.0), ("f", 0.5)]) == "e", "missed again: three others first"
    assert asked(items, [*missed, ("d", 1.0), ("f", 1.0)]) == "e", "made good"
    everything = [(i.id, 1.0) for i in items]
    assert asked(items, everything) is None
    assert asked(items, [*everything, ("b", 0.0)]) == "b", "where nothing new is left, the same again, at once"


def test_verdicts_count_first_answers_found_and_claimed():
    items = {i.id: i for i in [item("a", "overfitting"), item("b", "overfitting"), item("c", "healthy"), item("p", kind="point")]}
    answers = [
        QuizAnswer("a", "Overfitting", 1.0, "sure"),
        QuizAnswer("b", "Healthy", 0.0, "sure"),
        QuizAnswer("b", "Overfitting", 1.0, "a guess"),  # asked again
        QuizAnswer("c", "Overfitting", 0.0, "sure"),
        QuizAnswer("p", "epoch 3", 1.0),
        QuizAnswer("gone", "x", 1.0, "rather sure"),
    ]
    records = verdict_records(items, answers)
    over, healthy = records["overfitting"], records["healthy"]
    assert (over.found, over.have, over.claimed, over.have_not) == (1, 2, 1, 1)
    assert (healthy.found, healthy.have, healthy.claimed, healthy.have_not) == (0, 1, 1, 2)
    assert {sure: (r.right, r.answers) for sure, r in sure_records(answers).items()} == {
        "a guess": (1, 1),
        "rather sure": (1, 1),
        "sure": (1, 3),
    }
