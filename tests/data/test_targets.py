"""What a table most likely wants to have predicted."""

from __future__ import annotations

import pytest

from tuning_core.data.dataset.targets import suggest_target


def column(name, kind="numeric", distinct=50):
    return {"name": name, "kind": kind, "distinct": distinct}


@pytest.mark.parametrize(
    ("columns", "target"),
    [
        ([column("a"), column("b")], "b"),
        ([column("a"), column("Survived", "integer", 2), column("fare"), column("embarked", "categorical", 3)], "Survived"),
        ([column("a"), column("when", "datetime"), column("id", "id"), column("note", "text"), column("c", "constant", 1)], "a"),
        ([column("a"), column("city", "categorical", 400)], "a"),
        ([column("a"), column(" Label ", "categorical", 3), column("z")], " Label "),
        ([column("city", "categorical", 400), column("when", "datetime")], None),
        ([], None),
    ],
)
def test_a_telling_name_or_the_last_that_can_be(columns, target):
    assert suggest_target(columns) == target
