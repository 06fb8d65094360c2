"""How a person reads curves: what to ask next, how often each verdict was found, and whether sure means right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tuning_core.diagnosis import VERDICTS
from tuning_core.diagnosis.wording import TITLES
from tuning_core.lessons.quiz import QuizItem

RIGHT = 0.9  # the score from which an answer counts as right
PAUSE = 3  # other questions before something that was missed comes back
SURE = {"a guess": 0.3, "rather sure": 0.6, "sure": 0.9}
"""What a person may say before an answer is revealed, and how often it should then be right."""
KIND_OF = {title: kind for kind, title in TITLES.items()}


@dataclass(frozen=True)
class QuizAnswer:
    """One answer: the item's id, what was chosen, its score, and how sure the person was ("" where it was not asked)."""

    item: str
    choice: str
    score: float
    sure: str = ""

    @property
    def right(self) -> bool:
        return self.score >= RIGHT

    def to_json(self) -> dict[str, Any]:
        return {"choice": self.choice, "score": self.score, "sure": self.sure}


@dataclass(frozen=True)
class VerdictRecord:
    """Of one verdict: in how many of the items that have it, it was found, and in how many of the others it was claimed."""

    found: int
    have: int
    claimed: int
    have_not: int


@dataclass(frozen=True)
class SureRecord:
    """Of the answers given with one confidence: how many were right."""

    right: int
    answers: int


def next_item(items: Sequence[QuizItem], answers: Sequence[QuizAnswer]) -> QuizItem | None:
    """What was missed comes back after a pause, as another item of the same sort where there is one; then what is new, in order.

    None when everything has been answered and nothing is missed.
    """
    by_id = {item.id: item for item in items}
    answered = [answer for answer in answers if answer.item in by_id]
    asked = {answer.item for answer in answered}
    new = [item for item in items if item.id not in asked]
    owed = _owed([(by_id[answer.item], answer.right) for answer in answered])
    for item, waited in owed:
        if waited >= PAUSE or not new:
            alike = [other for other in new if _sort(other) == _sort(item)]
            return alike[0] if alike else item
    return new[0] if new else None


def _owed(answered: Sequence[tuple[QuizItem, bool]]) -> list[tuple[QuizItem, int]]:
    """Missed items that no later right answer of their sort has made good, the oldest first, and how many answers came after."""
    owed: dict[str, tuple[QuizItem, int]] = {}
    for place, (item, right) in enumerate(answered):
        owed.pop(_sort(item), None)
        if not right:
            owed[_sort(item)] = (item, place)
    return [(item, len(answered) - 1 - place) for item, place in sorted(owed.values(), key=lambda pair: pair[1])]


def _sort(item: QuizItem) -> str:
    """Items of a sort ask for the same insight."""
    return f"{item.kind} {item.misconception or item.verdict}"


def verdict_records(items: Mapping[str, QuizItem], answers: Sequence[QuizAnswer]) -> dict[str, VerdictRecord]:
    """By verdict, of the first answers to items that ask to name one."""
    first = {answer.item: answer for answer in reversed(answers) if answer.item in items}
    named = [(items[name], KIND_OF.get(answer.choice, "")) for name, answer in first.items() if items[name].verdict]
    records = {}
    for verdict in VERDICTS:
        sick = [choice == verdict for item, choice in named if item.verdict == verdict]
        others = [choice == verdict for item, choice in named if item.verdict != verdict and TITLES[verdict] in item.options]
        records[verdict] = VerdictRecord(sum(sick), len(sick), sum(others), len(others))
    return records


def sure_records(answers: Sequence[QuizAnswer]) -> dict[str, SureRecord]:
    """By confidence, of all answers that have one."""
    told = {sure: [answer.right for answer in answers if answer.sure == sure] for sure in SURE}
    return {sure: SureRecord(sum(right), len(right)) for sure, right in told.items()}
