"""What the engine says of a search in the store is what the same functions say of `tc.search`."""

from __future__ import annotations

import json
import math

import pytest

import tuning_core as tc
from tests.support.search_driver import HP, RATES, request, work_on
from tuning_core.engine.questions import search_analysis
from tuning_core.errors import UserError
from tuning_core.search_analysis.importance import importances
from tuning_core.search_analysis.points import Point
from tuning_core.search_analysis.winners_curse import winners_curse
from tuning_core.store import runs


def test_a_finished_search(db, dataset):
    space = tc.grid(base=HP.replace(optimizer="sgd"), learning_rate=[*RATES, 100.0], batch_size=[16, 32])
    run_id = request(db, space, tc.CrossValidation(2), (0, 1))
    work_on(db, run_id, dataset)
    answer = json.loads(json.dumps(search_analysis.answer(db, {"run_id": run_id}), allow_nan=False))
    expected = tc.search(dataset, space, cv=tc.CrossValidation(2), seeds=(0, 1))
    points = [
        Point(s.number, s.values, s.loss if math.isfinite(s.mean) else math.nan, s.spread, s.trials[0].status)
        for s in expected.settings
    ]
    theirs = importances(points, space)
    assert [axis["name"] for axis in answer["importances"]["axes"]] == [axis.name for axis in theirs.axes]
    assert answer["importances"]["explained"] == pytest.approx(theirs.explained, abs=0.05)
    luck = winners_curse(expected.row_losses)
    assert answer["winners_curse"]["reported"] == pytest.approx(luck.reported, rel=1e-4)
    assert answer["winners_curse"]["n_rows"] == luck.n_rows and answer["winners_curse"]["n_settings"] == luck.n_settings
    found = {part["name"]: part for part in answer["divergence"]}["learning_rate"]
    assert found["diverged"][found["labels"].index("100")] == 2
    assert answer["diverged_share"] >= 0.1
    assert {edge["name"] for edge in answer["edges"]} <= {"learning_rate", "batch_size"} and answer["errors"] == {}


def test_what_cannot_be_said_is_said_in_words(db, dataset):
    run_id = request(db, tc.grid(base=HP, learning_rate=[0.1]))
    answer = search_analysis.answer(db, {"run_id": run_id})
    assert answer["importances"] is None and answer["winners_curse"] is None
    assert all(error["message"] and error["remedy"] for error in answer["errors"].values())
    json.dumps(answer, allow_nan=False)
    runs.delete_run(db, run_id)
    with pytest.raises(UserError):
        search_analysis.answer(db, {"run_id": run_id})


def test_settings_of_earlier_axes_are_points_too(db, dataset):
    space = tc.grid(base=HP, learning_rate=[0.1, 0.01], activation=["relu", "tanh"])
    run_id = request(db, space)
    work_on(db, run_id, dataset)
    runs.extend_search(db, run_id, space.extended(activation=["tanh", "elu"]).to_json())
    work_on(db, run_id, dataset)
    answer = search_analysis.answer(db, {"run_id": run_id})
    found = {part["name"]: part for part in answer["divergence"]}["activation"]
    assert (sum(found["count"]), answer["importances"] is None) == (4, True)
