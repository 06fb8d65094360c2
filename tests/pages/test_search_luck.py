"""What stands over a search's ranking that luck decides."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pages.search.results_table import luck_words
from tuning_core.experiment.scores import RECORDED_LOSS

FIRST = (1.0, 2.0, 3.0)


def results(*scores, live=False):
    settings = [SimpleNamespace(number=i, scores=s) for i, s in enumerate(scores)]
    points = [SimpleNamespace(number=i, has_score=True) for i in range(len(scores))]
    return SimpleNamespace(settings=settings, points=points, run=SimpleNamespace(live=live), score=RECORDED_LOSS)


@pytest.mark.parametrize(
    ("scores", "says"),
    [
        ([FIRST, (1.1, 1.9, 3.2), (9.0, 10.0, 11.01)], "The first and 1 other cannot be told apart"),
        ([FIRST, (0.9, 2.2, 3.0), (1.1, 1.9, 3.2)], "2 others cannot"),
        ([(1.0,), (1.1,)], "trained once"),
    ],
)
def test_luck_is_said(scores, says):
    assert says in luck_words(results(*scores))


def test_nothing_is_said_where_the_first_is_the_best_for_sure_or_alone():
    assert luck_words(results(FIRST, (2.0, 3.0, 4.01), (9.0, 10.0, 11.0))) == ""  # worse with every seed, by nearly the same
    assert luck_words(results(FIRST)) == "" and luck_words(results(FIRST, FIRST, live=True)) == ""
