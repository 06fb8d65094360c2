"""Metrics, curves and tables of the exam against scikit-learn; intervals that cover."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from tuning_core.exam import classes, scores
from tuning_core.exam.ledger import expected_luck, ledger


def made_up(n_classes, n=300, seed=0):
    random = np.random.default_rng(seed)
    labels = random.integers(0, n_classes, n)
    logits = random.normal(size=(n, n_classes)) + 1.5 * np.eye(n_classes)[labels]
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return np.round(shares, 2) / np.round(shares, 2).sum(axis=1, keepdims=True), labels  # with ties


def test_numbers_are_scored_as_scikit_learn_scores_them():
    random = np.random.default_rng(0)
    actual = random.normal(1e5, 300, 200)
    predicted = actual + random.normal(0, 100, 200)
    found = scores.number_statistic(predicted, actual)(np.ones(200))
    wanted = [
        metrics.mean_absolute_error(actual, predicted),
        metrics.root_mean_squared_error(actual, predicted),
        metrics.r2_score(actual, predicted),
    ]
    np.testing.assert_allclose(found, wanted, rtol=1e-9)


@pytest.mark.parametrize("n_classes", [2, 4])
def test_classes_are_scored_as_scikit_learn_scores_them(n_classes):
    shares, labels = made_up(n_classes)
    found = scores.class_statistic(shares, labels)(np.ones(len(labels)))
    guess = shares.argmax(axis=1)
    ranked = shares[:, 1] if n_classes == 2 else shares
    clipped = np.clip(shares, 1e-7, 1)
    wanted = [
        metrics.accuracy_score(labels, guess),
        metrics.log_loss(labels, clipped / clipped.sum(axis=1, keepdims=True)),
        metrics.f1_score(labels, guess, average="macro"),
        metrics.roc_auc_score(labels, ranked, multi_class="ovr"),
    ]
    np.testing.assert_allclose(found, wanted, rtol=1e-4)
    counted = [[np.sum((labels == i) & (guess == j)) for j in range(n_classes)] for i in range(n_classes)]
    np.testing.assert_array_equal(classes.confusion(shares, labels), counted)
    names = tuple("abcd"[:n_classes])
    for k, score in enumerate(classes.class_scores(shares, labels, names)):
        hits = np.sum((labels == k) & (guess == k))
        precision, recall = hits / np.sum(guess == k), hits / np.sum(labels == k)
        wanted = [precision, recall, 2 * precision * recall / (precision + recall), np.sum(labels == k)]
        np.testing.assert_allclose([score.precision, score.recall, score.f1, score.support], wanted)
    curve = classes.roc_curves(shares, labels, names)[-1]
    ups, downs = shares[labels == n_classes - 1, -1], shares[labels != n_classes - 1, -1]
    pairs = ups[:, None] - downs
    assert curve.area == pytest.approx(np.mean((pairs > 0) + 0.5 * (pairs == 0)))  # Mann and Whitney
    corners = {(float(np.mean(downs >= limit)), float(np.mean(ups >= limit))) for limit in np.unique(shares[:, -1])}
    inner = list(zip(curve.false_positive, curve.true_positive, strict=True))[1:]
    assert len(inner) > 20 and all(min(abs(x - a) + abs(y - b) for a, b in corners) < 1e-12 for x, y in inner)


def test_counting_a_row_twice_is_having_it_twice():
    shares, labels = made_up(3, n=60)
    counts = np.random.default_rng(1).integers(0, 3, 60)
    found = scores.class_statistic(shares, labels)(counts.astype(float))
    again = np.repeat(np.arange(60), counts)
    np.testing.assert_allclose(found, scores.class_statistic(shares[again], labels[again])(np.ones(len(again))))


@pytest.mark.parametrize("n_classes", [2, 4])
def test_a_class_without_rows_is_said_and_never_scored(n_classes):
    """scikit-learn gives 1.00 for the F1 of the one class that is there, and a warning for the AUC."""
    shares, labels = made_up(n_classes)
    there = labels != n_classes - 1
    shares, labels = shares[there], labels[there]
    found = dict(zip(scores.CLASS_METRICS, scores.class_statistic(shares, labels)(np.ones(len(labels))), strict=True))
    assert found["accuracy"] == pytest.approx(np.mean(shares.argmax(axis=1) == labels))
    assert np.isnan(found["macro_f1"]) and np.isnan(found["roc_auc"])
    names = tuple("abcd"[:n_classes])
    why = scores.why_unknown(labels, names)
    assert why.keys() == {"macro_f1", "roc_auc"} and all(f'"{names[-1]}"' in sentence for sentence in why.values())
    last = classes.class_scores(shares, labels, names)[-1]
    assert last.support == 0 and np.isnan(last.recall)
    assert scores.why_unknown(np.arange(n_classes), names) == {}
    assert "r2" in scores.why_unknown(np.array([2.0, 2.0]), ()) and not scores.why_unknown(np.array([2.0, 3.0]), ())


def test_the_interval_of_a_share_is_wilsons():
    for hits, n in ((0, 20), (3, 7), (50, 50)):
        z, share = 1.959963984540054, hits / n
        reach = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        wanted = (np.array([-reach, reach]) + share + z * z / (2 * n)) / (1 + z * z / n)
        np.testing.assert_allclose(classes.wilson(hits, n), wanted, atol=1e-12)
    for n in range(1, 200):  # none and all of any number of rows: an end of the interval, exactly
        assert classes.wilson(0, n)[0] == 0.0 and classes.wilson(n, n)[1] == 1.0


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    random = np.random.default_rng(5)
    hits = 0
    for _ in range(60):
        error = random.normal(0, 1, 150)
        model = scores.number_statistic(error, np.zeros(150) + random.normal(0, 1e-9, 150))
        mae = scores.score_models({"model": model}, scores.NUMBER_METRICS, 150, seed=int(random.integers(1e6)))[0].scores["mae"]
        hits += mae.low <= np.sqrt(2 / np.pi) <= mae.high
    assert 50 <= hits <= 60  # 57 expected


def test_the_lead_is_over_pairs_and_positive_when_the_model_is_better():
    random = np.random.default_rng(0)
    actual = random.normal(0, 10, 200)
    noise = random.normal(0, 3, 200)
    worse = scores.number_statistic(actual + noise * 1.2, actual)
    model, other = scores.score_models(
        {"model": scores.number_statistic(actual + noise, actual), "linear": worse}, scores.NUMBER_METRICS, 200
    )
    assert not model.lead
    assert all(lead.low > 0 for lead in other.lead.values())
    assert other.scores["mae"].low < model.scores["mae"].high  # the intervals overlap, but the difference is clear


def test_no_miss_among_few_rows_is_no_certainty():
    shares = np.tile([0.9, 0.1], (20, 1))
    shares[:5] = [0.2, 0.8]
    labels = (np.arange(20) < 5).astype(int)
    found = scores.score_models({"model": scores.class_statistic(shares, labels)}, scores.CLASS_METRICS, 20)[0].scores["accuracy"]
    assert found.value == 1 and found.low < 0.85


def test_calibration_of_honest_and_of_boastful_probabilities():
    random = np.random.default_rng(0)
    p = random.uniform(0.05, 0.95, 5000)
    labels = (random.uniform(size=5000) < p).astype(int)
    bins, honest = classes.calibration(np.c_[1 - p, p], labels)
    assert honest < 0.03 and all(b.low <= b.observed <= b.high for b in bins)
    loud = np.clip(p + np.where(p > 0.5, 0.2, -0.2), 0.01, 0.99)
    assert classes.calibration(np.c_[1 - loud, loud], labels)[1] > 0.1


def test_the_ledger_names_each_gap():
    random = np.random.default_rng(0)
    rows = {"baseline": np.full(400, 10.0), "train": random.normal(2, 1, 400), "validation": random.normal(3, 1, 100)}
    rows["test"] = random.normal(3.4, 1, 100)
    steps = ledger(rows, lower_is_better=True, tried=50)
    assert [step.cause for step in steps] == ["", "bias", "variance", "choosing"]
    assert steps[1].gap < -7 and steps[2].low < 1 < steps[2].high and steps[3].gap > 0
    assert 0.15 < steps[3].by_luck < 0.3  # 2.25 standard errors of 0.1
    assert ledger(rows, lower_is_better=False, tried=1)[2].gap < 0 and expected_luck(1) == 0
    assert abs(expected_luck(100) - 2.508) < 0.02  # the tabulated expectation
