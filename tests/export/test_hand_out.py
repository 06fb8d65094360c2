"""The page to hand out: whole without a network, nothing of the table is read as HTML, and its script draws what was recorded."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import numpy as np
import pytest

import tuning_core as tc
from tests.support.node import evaluate
from tests.support.paths import ROOT
from tuning_core.experiment import Run, Trial

SCRIPT = ROOT / "tuning_core" / "export" / "templates" / "hand_out.js"
CONTEXT = {"task": "regression", "loss_name": "mse", "dummy_loss": 10.0, "linear_loss": 5.0, "n_train": 70, "n_validation": 20}


def trial(number, rate, seed=0, epochs=40, **more):
    falling = 1.0 + 9.0 * np.exp(-rate * 100 * np.arange(epochs)) + 0.01 * seed
    history = tc.History.from_arrays(falling, falling, falling + 0.5, falling, falling, CONTEXT)
    hp = tc.Hyperparameters(learning_rate=rate, epochs=epochs, **more)
    return Trial(number, hp, seed, history, "finished", best_epoch=epochs)


@pytest.fixture
def run():
    rates, batches = (0.1, 0.001, 0.01), (32, 8)
    settings = [(rate, batch, seed) for rate in rates for batch in batches for seed in (0, 1, 2)]
    return Run(tuple(trial(i, rate, seed, batch_size=batch) for i, (rate, batch, seed) in enumerate(settings)))


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[1])


def test_every_setting_is_there_with_its_seeds_on_ordered_axes(run):
    data = data_of(tc.export_page(run))
    assert [(axis["label"], axis["values"]) for axis in data["axes"]] == [
        ("learning rate", ["0.001", "0.01", "0.1"]),
        ("batch size", ["8", "32"]),
    ]
    assert sorted(tuple(one["at"]) for one in data["runs"]) == [(i, j) for i in range(3) for j in range(2)]
    assert {one["n"] for one in data["runs"]} == {3}
    first = next(one for one in data["runs"] if one["at"] == [2, 0])
    seeds = [
        t.history.val_loss for t in run.trials if t.hyperparameters.learning_rate == 0.1 and t.hyperparameters.batch_size == 8
    ]
    np.testing.assert_allclose(first["validation"], np.median(seeds, axis=0), rtol=1e-3)
    assert first["verdict"]["kind"] in {"healthy", "too_slow", "underfitting", "overfitting", "oscillating"}


def test_a_long_curve_is_thinned_and_keeps_its_end():
    found = data_of(tc.export_page(Run((trial(0, 0.001, epochs=5000),))))
    assert len(found["runs"][0]["epochs"]) <= 162 and found["runs"][0]["epochs"][-1] == 5000 and not found["axes"]


def test_names_are_the_only_axis_of_a_mapping(run):
    data = data_of(tc.export_page({"fast": Run(run.trials[:3]), "slow": Run(run.trials[6:9])}))
    assert data["axes"] == [{"label": "setting", "values": ["fast", "slow"]}]
    assert [one["at"] for one in data["runs"]] == [[0], [1]] and [one["n"] for one in data["runs"]] == [3, 3]


def test_hundreds_of_settings_stay_small():
    """2.5 kB a setting, its seeds left out: with them a page of these would be 750 kB."""
    trials = [trial(3 * i + seed, 1e-4 * (i + 1), seed, epochs=300) for i in range(110) for seed in range(3)]
    assert len(tc.export_page(Run(tuple(trials)))) < 400_000


def test_no_word_of_a_user_becomes_html(run):
    hostile = "</script><img src=x onerror=alert(1)> & \u2028"
    page = tc.export_page(run, title=hostile)
    assert "<img" not in page and page.count("</script>") == 2
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "") and "https://" not in page, "nothing is fetched"


def test_what_is_not_a_number_is_a_gap():
    broken = tc.History.from_arrays(*[[1.0, float("inf"), float("nan")]] * 5, CONTEXT)
    page = tc.export_page(Run((Trial(0, tc.Hyperparameters(epochs=3), 0, broken, "diverged"),)))
    assert data_of(page)["runs"][0]["validation"] == [1.0, None, None]


def test_nothing_recorded_is_refused():
    with pytest.raises(tc.SettingsError, match="no curve"):
        tc.export_page(Run(()))


def test_moving_one_slider_keeps_it_where_it_was_put():
    runs = [{"at": at} for at in ([0, 0], [0, 1], [2, 1], [3, 0])]
    given = {"runs": runs, "cases": [[[1, 0], 0], [[3, 1], 0], [[3, 1], 1], [[0, 1], 1]]}
    found = evaluate(SCRIPT, "given.cases.map(([wanted, moved]) => m.nearestRun(given.runs, wanted, moved))", given)
    assert found == [0, 3, 2, 1]


def test_ticks_are_round_and_words_have_three_digits():
    given = {"ranges": [[0, 1], [0, 130e6], [3, 17.5]], "values": [0, 0.012345, 12345.6, 30_712_345, 999_960, 1.5e-7]}
    expression = "[given.ranges.map(([a, b]) => m.ticks(a, b)), given.values.map(m.words)]"
    ticks, words = evaluate(SCRIPT, expression, given)
    assert ticks[0] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert ticks[1] == pytest.approx([0, 50e6, 100e6]) and ticks[2] == pytest.approx([5, 10, 15])
    assert words == ["0", "0.0123", "12,300", "30.7M", "1M", "1.50e-7"]


def test_a_path_breaks_where_a_value_is_missing_and_labels_keep_apart():
    given = {"epochs": [1, 2, 3, 4], "values": [1.0, None, 2.0, 3.0], "heights": [50, 52, 10, 99]}
    expression = "[m.pathOf(given.epochs, given.values, (e) => e, (v) => v), m.apart(given.heights, 17, 100)]"
    path, heights = evaluate(SCRIPT, expression, given)
    assert path == "M1.0 1.0M3.0 2.0L4.0 3.0"
    ordered = sorted(heights)
    assert all(b - a >= 17 for a, b in pairwise(ordered)) and ordered[-1] <= 100
    assert heights[2] < heights[0] < heights[1] < heights[3], "their order stays"
