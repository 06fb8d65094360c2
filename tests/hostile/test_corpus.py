"""Our own hostile files meet their expectations, and the scoring itself can fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.hostile.corpus import build
from tests.hostile.scoring import score
from tests.support.csv_files import HEADER, KINDS, base, text

CORPUS = build()
CASES = Path(__file__).parent / "cases"
KINDS_OF_CONTENT = json.loads((CASES / "manifest.json").read_text(encoding="utf-8"))["cases"]


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    CORPUS.write(folder)
    return folder


@pytest.mark.parametrize("case", CORPUS.cases, ids=lambda case: case["id"])
def test_case(case, folder):
    assert score(case, folder) == []


@pytest.mark.parametrize("case", KINDS_OF_CONTENT, ids=lambda case: case["id"])
def test_kind_of_content(case):
    """Small files after the shape of public ones that were once read wrongly; each case says in a sentence what is right."""
    assert score(case, CASES) == [], case["right"]


def test_nothing_is_left_beside_the_files(folder):
    assert {path.name for path in folder.iterdir()} == {"manifest.json", *(case["file"] for case in CORPUS.cases)}


@pytest.mark.parametrize(
    "expect",
    [
        {"action": "refuse", "error": "ragged_rows"},
        {"action": "accept", "rows": 119},
        {"action": "accept", "cols": 7},
        {"action": "accept", "columns": [*HEADER[:-1], "Price"]},
        {"action": "accept", "dtypes": {**KINDS, "age": "categorical"}},
        {"action": "accept", "values": [[0, "city", "Nowhere"]]},
        {"action": "accept", "missing": {"age": 1}},
        {"action": "accept", "linear_r2_min": 1.2},
        {"action": "accept_with_notice", "notices": ["decimal_comma"]},
        {"action": "accept_with_notice", "say": ["line 4711"]},
        {"action": "accept", "said": ["in seven seas"]},
        {"action": "accept", "not_said": ["similar_column_names"], "notices": ["few_rows"]},
        {"action": "accept", "kind_in": {"city": ["text", "id"]}},
        {"action": "accept", "distinct": {"city": 5}},
        {"action": "accept", "low": {"age": 30}},
        {"action": "accept", "high": {"age": 30}},
        {"action": "accept", "encoding": "cp1252"},
    ],
)
def test_the_scorer_fails_a_wrong_expectation(expect, tmp_path):
    (tmp_path / "good.csv").write_text(text(base()), encoding="utf-8")
    case = {"file": "good.csv", "upload_name": "good.csv", "target": "price", "task": "regression", "expect": expect}
    assert len(score(case, tmp_path)) == 1


def test_the_scorer_fails_a_refusal_that_is_not_due(tmp_path):
    (tmp_path / "bad.csv").write_text("<!doctype html><html></html>", encoding="utf-8")
    case = {"file": "bad.csv", "upload_name": "bad.csv", "target": None, "task": None, "expect": {"action": "accept"}}
    assert "refused" in score(case, tmp_path)[0]
