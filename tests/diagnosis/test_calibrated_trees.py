"""The trees walked with NumPy against scikit-learn's own, and the stored numbers against what they claim."""

import hashlib
import json

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from benchmarks.doctor.bank import ACTIONS as BANK_ACTIONS
from benchmarks.doctor.bank import BANK, collect, load, with_less_context
from benchmarks.doctor.calibrate import QUESTIONS, fit_verdict, questions, stored
from benchmarks.doctor.report import PAGE, markdown
from tuning_core.diagnosis import VERDICTS, published_rates
from tuning_core.diagnosis.calibrated_trees import FILE, calibration, from_json
from tuning_core.diagnosis.measure_labels import MEASURE_LABELS, shown
from tuning_core.diagnosis.measures import measure
from tuning_core.diagnosis.read_curves import read_curves
from tuning_core.experiment import SERIES, History

NAMES = ("a", "b", "c", "d")


@pytest.fixture(scope="module")
def fitted():
    """A verdict and a gain learned from made measures, of which some are not known, and the same as stored numbers."""
    random = np.random.default_rng(0)
    x = random.normal(size=(400, 4)).round(2)
    y = (x[:, 0] * x[:, 2] + 0.3 * random.normal(size=400) > 0).astype(int)
    x[random.random(x.shape) < 0.1] = np.nan
    options = {"max_iter": 12, "max_leaf_nodes": 12, "min_samples_leaf": 5, "learning_rate": 0.3, "early_stopping": False}
    verdict = HistGradientBoostingClassifier(**options).fit(x, y, sample_weight=np.where(y, 2.0, 0.7))
    gain = HistGradientBoostingRegressor(**options).fit(x[:, [3, 1]], np.nan_to_num(x[:, 1]) ** 2)
    numbers = {
        "measures": list(NAMES),
        "thresholds": {"sick": 0.5},
        "typical": {},
        "trees": {"sick": stored(verdict, np.arange(4)), "gain_x": stored(gain, np.array([3, 1]))},
    }
    return x, verdict, gain, from_json(json.loads(json.dumps(numbers)))


def read(numbers, row):
    return numbers.read({name: value for name, value in zip(NAMES, row, strict=True) if np.isfinite(value)})


def test_votes_equal_those_of_scikit_learn(fitted):
    x, verdict, gain, numbers = fitted
    votes = [read(numbers, row).votes for row in x]
    np.testing.assert_allclose([v["sick"] for v in votes], verdict.predict_proba(x)[:, 1], atol=1e-3)
    np.testing.assert_allclose([v["gain_x"] for v in votes], gain.predict(x[:, [3, 1]]), atol=5e-3)


def test_the_shares_of_the_measures_add_up_to_the_vote(fitted):
    x, _, _, numbers = fitted
    trees = numbers.trees
    roots = trees.start[0] + trees.value[trees.roots][trees.targets == 0].sum()
    for row in x[:20]:
        reading = read(numbers, row)
        vote = reading.votes["sick"]
        assert np.log(vote / (1 - vote)) == pytest.approx(roots + reading.shares[0].sum(), abs=1e-6)


def test_the_drivers_are_what_the_target_was_made_from(fitted):
    x, verdict, _, numbers = fitted
    sick = x[np.argmax(verdict.predict_proba(x)[:, 1])]
    assert set(read(numbers, sick).drivers("sick")[:2]) == {"a", "c"}


def test_the_shipped_numbers_come_from_the_shipped_bank():
    digest = hashlib.sha256(BANK.read_bytes()).hexdigest()
    assert json.loads(FILE.read_text())["bank"] == digest, "run `python -m benchmarks.doctor calibrate`"
    assert json.loads(published_rates.FILE.read_text())["bank"] == digest, "run `python -m benchmarks.doctor report`"


def test_shipped_trees_are_what_the_bank_gives():
    """One verdict chosen again; another version of scikit-learn may grow other trees, but not other votes."""
    runs = load()
    asked, _ = questions("healthy", runs.measures)
    anew = fit_verdict(with_less_context(runs), "healthy").predict_proba(runs.x[::40][:, asked])[:, 1]
    shipped = [calibration().read(dict(zip(runs.measures, row, strict=True))).votes["healthy"] for row in runs.x[::40]]
    assert np.abs(anew - shipped).mean() < 0.03
    assert np.corrcoef(anew, shipped)[0, 1] > 0.97


def test_the_bank_grows_by_collecting_and_a_group_of_the_same_name_gives_way(tmp_path):
    t = np.linspace(0, 1, 40)
    curve = np.exp(-3 * t).tolist()
    run = {
        "table": "made",
        "group": "1/0/0",
        "curves": dict.fromkeys(SERIES, curve),
        "context": {"task": "regression", "n_train": 100, "n_validation": 50, "dummy_loss": 1.0},
        "labels": dict.fromkeys(VERDICTS, False) | {"underfitting": None},
        "gains": dict.fromkeys(BANK_ACTIONS, 0.1),
    }
    path = tmp_path / "bank.json.gz"
    collect([run], path)
    collect([run | {"group": "1/0/1"}], path)
    collect([run | {"gains": dict.fromkeys(BANK_ACTIONS, 0.2)}], path)
    grown = load(path)
    assert dict(zip(grown.group, grown.gains[:, 0], strict=True)) == {"1/0/0": 0.2, "1/0/1": 0.1}
    assert np.isnan(grown.labels).sum(axis=1).tolist() == [1, 1]
    with pytest.raises(ValueError, match="other measures"):
        collect([run | {"group": "2", "curves": dict.fromkeys(SERIES, [None] * 40) | {"train_loss": curve}}], path)


def test_the_documentation_shows_the_shipped_rates():
    assert markdown(json.loads(published_rates.FILE.read_text())) in PAGE.read_text(), "run `python -m benchmarks.doctor report`"


def test_every_verdict_has_a_published_error_rate():
    found = published_rates.error_rates()
    assert set(found) == {"diverged", *QUESTIONS}
    for rate in found.values():
        assert 0 <= rate.false_alarms < 0.5 < rate.recall <= 1
        assert f"found {100 * rate.recall:.0f} %" in rate.sentence()


def test_every_measure_has_words_and_a_number_that_can_be_shown():
    t = np.linspace(0, 1, 60)
    settings = {"hidden_units": [8], "learning_rate": 0.01, "batch_size": 16, "optimizer": "adam", "dropout": 0.1, "l2": 0.0}
    facts = {
        "task": "regression",
        "n_train": 100,
        "n_val": 50,
        "n_features": 5,
        "n_params": 57,
        "dummy_loss": 2.0,
        "linear_loss": 1.0,
    }
    context = facts | {"dummy_metric": 1.2, "linear_metric": 0.8, "hyperparameters": settings}
    loss = np.exp(-3 * t) + 0.1 * np.sin(40 * t) ** 2
    measures = measure(read_curves(History.from_arrays(loss, loss, loss + 0.2, loss, loss + 0.1, context)))
    assert set(measures) == set(MEASURE_LABELS) == set(calibration().measures)
    for name, value in measures.items():
        assert np.isfinite(value), name
        assert np.isfinite(shown(name, value, value).value)
