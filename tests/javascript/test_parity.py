"""What the browser computes itself, compared with Python's own."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.support.node import COMPONENTS, evaluate
from tuning_core.charts.compared_curves import value_range
from tuning_core.charts.network import network_svg
from tuning_core.charts.style import number
from tuning_core.diagnosis import stop_point
from tuning_core.diagnosis.comparison import Contender, Training
from tuning_core.experiment import EarlyStopping, History, Hyperparameters
from tuning_core.experiment.band import band_of


def test_early_stopping_is_replayed_as_python_does() -> None:
    random = np.random.default_rng(0)
    cases = []
    for _ in range(300):
        values = np.round(random.normal(size=(5, random.integers(1, 30))), 1)
        values[:, values.shape[1] - random.integers(0, 3) :] *= random.choice([1.0, np.nan])
        start, patience = random.integers(0, 8, 2).tolist()
        rules = EarlyStopping(
            patience,
            float(random.choice([0, 0.3])),
            start,
            bool(random.random() < 0.7),
            str(random.choice(["val_loss", "val_metric"])),
        )
        cases.append((History.from_matrix(values, {"task": str(random.choice(["regression", "classification"]))}), rules))
    given = [[{k: v for k, v in h.to_json().items() if k != "context"}, r.to_json(), h.context["task"]] for h, r in cases]
    every = "given.map(([series, rules, task]) => m.stopPoint(series, rules, task === 'classification'))"
    points = [stop_point(history, rules) for history, rules in cases]
    expected = [{"stopped": p.stopped_epoch, "last": p.last_epoch, "best": p.best_epoch, "kept": p.kept_epoch} for p in points]
    assert evaluate("live_curve/early_stop.js", every, given) == expected
    assert sum(p.stopped_epoch is not None for p in points) > 50


def test_numbers_are_written_as_python_writes_them() -> None:
    random = np.random.default_rng(1)
    values = [0.0, 1.0, 999_499, 999_500, 999_999, 1e15, 1e-4, -1234.0]
    values += (random.choice([-1, 1], 500) * 10 ** random.uniform(-7, 17, 500)).tolist()
    assert evaluate("shared/numbers.js", "given.map(m.formatNumber)", values) == [number(v) for v in values]
    assert evaluate("shared/numbers.js", "m.formatNumber(given)", None) == number(math.nan)


def test_quantiles_and_medians_are_numpys() -> None:
    random = np.random.default_rng(2)
    samples = [np.sort(random.normal(size=n)).tolist() for n in range(1, 40)]
    shares = random.random(len(samples)).tolist()
    found = evaluate(
        "shared/statistics.js",
        "given.map(([v, q]) => [m.quantile(v, q), m.median(v), m.mean(v)])",
        [*zip(samples, shares, strict=True)],
    )
    expected = [[np.quantile(v, q), np.median(v), np.mean(v)] for v, q in zip(samples, shares, strict=True)]
    assert np.array(found) == pytest.approx(np.array(expected), rel=1e-12, abs=1e-12)


def test_the_rmse_is_the_root_of_each_seeds_loss_in_the_browser_and_in_python() -> None:
    random = np.random.default_rng(4)
    losses = 10 ** random.uniform(0, 9, (4, 12))  # (seeds, epochs): the root of the median of four is not the median of the roots
    trials = [
        Training(
            seed, None, "finished", History.from_arrays(val, val, val, val, val, {"task": "regression", "loss_name": "mse"}), 5
        )
        for seed, val in enumerate(losses)
    ]
    series = ("loss", "train_loss", "val_loss", "metric", "val_metric")
    chunks = [{"number": i, "first": 0, **dict.fromkeys(series, val.tolist())} for i, val in enumerate(losses)]
    told = [{"number": i, "best_epoch": 5, "context": {}} for i in range(len(losses))]
    answer = {"run": {"status": "finished"}, "trials": told, "cursor": 1, "state": "s", "chunks": chunks}
    module = (COMPONENTS / "live_curve" / "records.js").as_uri()
    code = f"""await (async () => {{
        const {{ bandOf, mergeCurves, records }} = await import({module!r});
        const record = records.open("x");
        mergeCurves(record, given);
        return [bandOf(record, "val_rmse").middle, m.keptValue(record, {{ validation: "val_rmse" }})]; }})()"""
    middle, kept = evaluate("side_by_side/parts.js", code, answer)
    contender = Contender(Hyperparameters(epochs=12), tuple(trials))
    expected = np.median(np.sqrt(losses), axis=0)
    assert middle == pytest.approx(expected, rel=1e-12) and contender.band("rmse").middle == pytest.approx(expected, rel=1e-12)
    assert kept == pytest.approx(np.median(np.sqrt(losses[:, 4])), rel=1e-12)
    assert not np.allclose(middle, np.sqrt(np.median(losses, axis=0)))
    best = np.sqrt(losses.min(axis=1))
    assert contender.kept("rmse") == pytest.approx(best, rel=1e-12)
    assert contender.score("rmse") == pytest.approx(best.mean(), rel=1e-12)
    folds = tuple(replace(training, fold=0, held_out=(49.0, 3.0)) for training in trials)
    assert replace(contender, trainings=folds).kept("rmse").tolist() == [7.0] * 4


def test_panels_side_by_side_have_the_range_of_the_compared_curves() -> None:
    random = np.random.default_rng(3)
    cases = []
    for _ in range(60):
        curves = [
            (10 ** random.uniform(-2, 6) * (1 + random.random(size=int(random.integers(4, 40))) ** 4)).tolist()
            for _ in range(int(random.integers(2, 7)))
        ]
        cases.append([curves, {"log": bool(random.random() < 0.5), "share": False}])
    found = evaluate("side_by_side/range.js", "given.map(([curves, how]) => m.commonRange(curves, how))", cases)
    for (curves, how), range_ in zip(cases, found, strict=True):
        lines = [SimpleNamespace(validation=band_of([np.array(values)]), training=None) for values in curves]
        expected = value_range(lines, how["log"], False)
        assert range_ == pytest.approx(np.log10(expected) if how["log"] else expected, rel=1e-9)
    assert evaluate("side_by_side/range.js", "m.commonRange([[null, null]], {})", None) is None


def test_lines_of_a_network_look_as_python_draws_them() -> None:
    kernel = np.random.default_rng(5).uniform(-1, 1, (3, 4))
    kernel[0] = (1.0, -1.0, 0.0, 1e-9)
    root = ElementTree.fromstring(network_svg([kernel], list("abc"), list("wxyz"), sizes=[3, 4]))
    drawn = list(root.iter("{http://www.w3.org/2000/svg}line"))
    looks = evaluate("insides/network.js", "given.map((weight) => m.lineLook(weight, ['up', 'down']))", kernel.ravel().tolist())
    assert len(drawn) == kernel.size
    for line, look in zip(drawn, looks, strict=True):
        assert {name: line.get(name) for name in ("stroke-width", "opacity")} == {n: look[n] for n in ("stroke-width", "opacity")}
        assert (line.get("stroke-dasharray") or "none") == look["stroke-dasharray"]
    assert drawn[0].get("stroke") != drawn[1].get("stroke") and (looks[0]["stroke"], looks[1]["stroke"]) == ("up", "down")
