"""A choice in the grid of columns becomes the part of a setup about columns, and nothing more than was chosen."""

from __future__ import annotations

import pytest

import tuning_core as tc
from pages.data.column_roles import LEFT_OUT, USES, column_role, roles_of, with_role, without_columns
from tuning_core.data.profile import profile

HEADER = "id,size,colour,when,note,same,y\n"
CSV = HEADER + "".join(
    f"u{i:04d}x,{i % 13},{'red' if i % 3 else 'blue'},2024-01-{i % 28 + 1:02d},{i} quick foxes jump over it,7,{i * 3 % 17}.5\n"
    for i in range(60)
)
FOUND = {"features": None, "kinds": {}}


@pytest.fixture(scope="module")
def table():
    return tc.read_table(CSV.encode())


@pytest.fixture(scope="module")
def columns(table):
    return {column["name"]: column for column in profile(table)["columns"]}


def test_what_was_found_is_shown_in_words(columns):
    shown = {name: column_role(column, FOUND) for name, column in columns.items()}
    assert shown == {
        "id": LEFT_OUT, "size": "number", "colour": "category", "when": "date", "note": LEFT_OUT, "same": LEFT_OUT, "y": "number",
    }  # fmt: skip


def test_a_choice_is_an_override_and_taking_it_back_is_none(columns):
    roles = with_role(columns["size"], "category", FOUND)
    assert roles == {"features": None, "kinds": {"size": "categorical"}} and column_role(columns["size"], roles) == "category"
    assert with_role(columns["size"], "number", roles) == FOUND
    assert with_role(columns["size"], "category", roles) == roles  # the grid repeats its edits
    assert with_role(columns["note"], LEFT_OUT, FOUND) == FOUND


def test_with_features_chosen_by_name_the_list_changes(columns):
    roles = {"features": ["size"], "kinds": {}}
    assert column_role(columns["colour"], roles) == LEFT_OUT
    more = with_role(columns["colour"], "category", roles)
    assert more == {"features": ["size", "colour"], "kinds": {}}
    assert without_columns(["size"], list(columns.values()), more) == {"features": ["colour"], "kinds": {}}


@pytest.mark.parametrize("word", USES)
@pytest.mark.parametrize("name", ["id", "size", "colour", "when", "note"])
def test_every_choice_is_a_setup_or_a_refusal_in_words(table, columns, name, word):
    roles = with_role(columns[name], word, FOUND)
    try:
        dataset = tc.Dataset(table, "y", features=roles["features"], kinds=roles["kinds"])
    except tc.UserError as problem:
        assert problem.kind == "impossible_kind" and problem.remedy
        return
    assert (name in dataset.features) == (word != LEFT_OUT)
    assert column_role(columns[name], roles_of(dataset.spec())) == word
    assert dataset.prepare().transform(dataset.frame, dataset.rows.train).shape[0] == len(dataset.rows.train)


def test_left_out_by_hand_is_said(table, columns):
    dataset = tc.Dataset(table, "y", kinds=with_role(columns["size"], LEFT_OUT, FOUND)["kinds"])
    assert dataset.left_out["size"] == "was left out by hand"
