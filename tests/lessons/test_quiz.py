"""The quiz's items: of every kind and misconception, from many tables, with reasons that are true of the very curve."""

from __future__ import annotations

import re

import numpy as np
import pytest

from benchmarks.doctor.quiz import choose, is_near_miss
from tuning_core.charts.style import number
from tuning_core.diagnosis.wording import TITLES
from tuning_core.experiment import History, Hyperparameters
from tuning_core.lessons import KINDS, MISCONCEPTIONS, quiz_items
from tuning_core.lessons.quiz import FILE, QuizItem, epoch_score
from tuning_core.lessons.quiz_writing import cure_item, point_item, predict_item, verdict_item
from tuning_core.lessons.tried_run import TriedRun

ITEMS = quiz_items()


def of(kind):
    return [item for item in ITEMS if item.kind == kind]


def test_there_are_enough_of_everything_in_a_small_file():
    assert len(ITEMS) >= 60 and len({item.table for item in ITEMS}) >= 30 and FILE.stat().st_size < 300_000
    assert len({item.id for item in ITEMS}) == len(ITEMS)
    assert {item.kind for item in ITEMS} == set(KINDS) and all(len(of(kind)) >= 8 for kind in KINDS)
    assert {item.misconception for item in ITEMS} - {""} == set(MISCONCEPTIONS) and len(MISCONCEPTIONS) == 12
    verdicts = [item.verdict for item in ITEMS if item.verdict]
    assert min(verdicts.count(verdict) for verdict in TITLES if verdict in set(verdicts)) >= 3 and len(set(verdicts)) == 7


def test_each_of_the_twelve_beliefs_has_items():
    believed = [
        "Any gap is overfitting",
        "Validation below training is a bug",
        "NaN is the library's fault",
        "82 % accuracy means that it learned",
        "shuffle=True shuffles the split",
        "The model kept is the best epoch",
        "One better run is a better setting",
        "Trying on test rows is fine",
        "The best rate is the lowest point of a sweep",
        "A learning curve over epochs is one over rows",
        "No hidden layer equals regression at once",
        "More data cures a swinging loss",
    ]
    about = [MISCONCEPTIONS[item.misconception] for item in ITEMS if item.misconception]
    assert {words: about.count(words) >= 2 for words in believed} == dict.fromkeys(believed, True)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_every_option_has_a_reason_and_one_is_right(item):
    assert len(item.options) >= 3 and len(set(item.options)) == len(item.options) and item.answer in item.options
    assert set(item.explanations) == set(item.worth) == set(item.options)
    assert all(len(why) > 20 for why in item.explanations.values())
    assert item.score(item.answer) == 1 and all(item.score(o) < 1 for o in item.options if o != item.answer)
    assert QuizItem.from_json(item.to_json()).to_json() == item.to_json()
    assert not re.search(r"\bnan\b|\binf\b|None|e\+0", " ".join(item.explanations.values()))


def test_every_curve_to_be_named_has_a_verdict_and_half_of_them_are_near_misses():
    named = of("verdict")
    assert all(item.verdict and item.answer == TITLES[item.verdict] for item in named)
    misleading = [item for item in named if is_near_miss(item)]
    assert 2 * len(misleading) >= len(named) >= 28
    assert {"healthy", "overfitting", "underfitting"} <= {item.verdict for item in misleading}, "healthy ones that look ill, too"
    assert {item.verdict for item in named} == {item.verdict for item in named if not is_near_miss(item)}


def test_every_second_one_that_is_chosen_is_a_near_miss():
    alike = [item for item in of("verdict") if item.verdict == "overfitting" and not item.misconception]
    easy, hard = ([item for item in alike if is_near_miss(item) is miss] for miss in (False, True))
    assert len(easy) == len(hard) == 2
    chosen = choose([(item.id, item) for item in (*easy, *hard, *easy)][:3])
    assert sum(map(is_near_miss, chosen)) == 1


@pytest.mark.parametrize("item", of("point"), ids=lambda item: item.id)
def test_the_epoch_is_the_lowest_on_unseen_rows_and_its_loss_is_the_one_told(item):
    for option in item.options:
        epoch = int(option.removeprefix("epoch "))
        assert f"loss is {number(item.unseen[epoch - 1])}" in item.explanations[option]
    assert int(item.answer.removeprefix("epoch ")) == np.argmin(item.unseen) + 1
    assert item.score(f"epoch {np.argmax(item.unseen) + 1}") == 0


@pytest.mark.parametrize("item", [item for item in ITEMS if item.verdict and item.verdict != "diverged"], ids=lambda i: i.id)
def test_what_is_said_of_the_end_of_training_is_what_the_curve_shows(item):
    """The label was measured on a training that was watched on other rows: the same numbers say that it is the same training."""
    times = np.median(item.history.train_loss[-5:]) / item.history.context["dummy_loss"]
    assert f"ends at {number(times)} times" in item.explanations["Diverged"]


def test_what_is_reported_is_above_what_was_chosen_for_being_low():
    chosen = [item for item in of("report") if len(item.unseen) and "twelve" in item.question.lower()]
    assert len(chosen) >= 3
    for item in chosen:
        epoch = int(np.argmin(item.history.val_loss))
        assert item.unseen[epoch] > item.history.val_loss[epoch] and number(item.unseen[epoch]) in item.explanations[item.answer]


# ---- writing ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def run():
    """Overfits from epoch 20 of 40 on; a tenth of the rate ends at half of its loss, other changes at its own."""
    epochs = np.arange(1, 41)
    train, val = 1 / epochs, 0.5 + np.abs(epochs - 20) / 40
    hp = Hyperparameters(learning_rate=0.1, epochs=40).to_json()
    context = {
        "task": "regression",
        "dummy_loss": 1.0,
        "linear_loss": 0.8,
        "n_train": 200,
        "n_validation": 100,
        "hyperparameters": hp,
    }
    history = History.from_arrays(train, train, val, train, val, context)
    flat = np.tile(val, (3, 1))
    held = {"base": np.concatenate([flat, flat + 1, flat + 1], axis=1), "lr10": flat / 2, "lr3": flat, "deep": flat}
    ways = {
        "base": (train, val),
        "lr10": (train, val / 2),
        "lr3": (2 * train, 2 * val),
        "deep": (train, val * 4),
        "wide": (train, val),
    }
    labels = {
        "diverged": False,
        "oscillating": False,
        "overfitting": True,
        "too_slow": False,
        "underfitting": None,
        "healthy": False,
    }
    gains = {"lower_lr": 0.5, "raise_lr": 0.0, "more_epochs": 0.0, "more_capacity": 0.0, "early_stop": 0.5}
    truth = {"train_end": 1 / 38, "low_train_gain": -0.2, "ups": 0.0, "rise": 0.95, "train_fall": 0.48, "best_epoch": 20}
    truth |= {"gain_epochs3": 0.0, "gain_lr3": -2.5}
    return TriedRun("r", "t", history, ways, held, labels, gains, truth)


def test_a_run_becomes_items_whose_numbers_are_its_own(run):
    named = verdict_item(run)
    assert named.answer == "Overfitting" and "Underfitting" not in named.options, "what is open is no option"
    assert "95 % higher than at epoch 20" in named.explanations["Overfitting"]
    assert "3.50 times as high with three times the learning rate" in named.explanations["Too slow"]
    point = point_item(run)
    assert point.answer == "epoch 20" and point.score("epoch 21") < 1 == point.score("epoch 20")
    predicted = predict_item(run)
    right = predicted.panels["ABCD".index(predicted.answer)].runs[0]
    way = "lr10" if "a tenth" in predicted.question else "lr3"
    assert np.array_equal(right[1], run.ways[way][1])
    cure = cure_item(run)
    # at the end 0.95 (median of the last five), at epoch 20 0.5, at a tenth of the rate 0.475
    assert cure is None, "stopping gains 0.47 and a tenth of the rate 0.5: no clear case"
    assert run.end_gains["lr10"] == pytest.approx(0.5) and run.end_gains["stop"] == pytest.approx(1 - 0.5 / 0.95)
    assert run.end_gains["epochs3"] == pytest.approx(1 - 1.95 / 0.95)


@pytest.mark.parametrize(("lost", "score"), [(0.0, 1.0), (0.02, 1.0), (0.11, 0.5), (0.2, 0.0), (3.0, 0.0), (np.nan, 0.0)])
def test_an_epoch_scores_by_the_loss_that_it_gives_away(lost, score):
    assert epoch_score(np.array([1.0, 1 + lost]), 2) == pytest.approx(score)
