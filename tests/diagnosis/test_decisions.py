"""The decisions: which verdicts hold together, and which goes first."""

import math

import pytest

from tuning_core.diagnosis import DISEASES
from tuning_core.diagnosis.decisions import LEAD, RISKY, VOTED, RunSigns, Step, decide, treatment, verdicts

THRESHOLDS = dict.fromkeys(VOTED, 0.5)


def signs(measures=None, effects=None, **votes):
    known = {"rise": 0.1, "exploded": 0.0, **(measures or {})}
    return RunSigns(known, dict.fromkeys(VOTED, 0.1) | votes | (effects or {}), THRESHOLDS)


def test_what_reaches_its_threshold_holds_and_else_the_likeliest():
    assert verdicts(signs(oscillating=0.7, overfitting=0.6)) == ["oscillating", "overfitting"]
    assert verdicts(signs(healthy=0.9)) == ["healthy"]
    assert verdicts(signs(too_slow=0.4, healthy=0.3)) == ["too_slow"]


def test_healthy_stands_beside_a_disease_only_where_neither_leads():
    close = signs(healthy=0.6, underfitting=0.65)
    assert abs(close.margin("healthy") - close.margin("underfitting")) < LEAD
    assert verdicts(close) == ["underfitting", "healthy"]
    assert verdicts(signs(healthy=0.6, underfitting=0.9)) == ["underfitting"]
    assert verdicts(signs(healthy=0.9, underfitting=0.6)) == ["healthy"]
    assert verdicts(signs(healthy=0.9, underfitting=0.6, too_slow=0.85)) == ["too_slow", "healthy"]


def test_overfitting_is_never_said_without_validation():
    assert verdicts(signs({"rise": float("nan")}, overfitting=0.9, too_slow=0.6)) == ["too_slow"]


@pytest.mark.parametrize(("helps", "first"), [(0.6, "underfitting"), (0.05, "healthy")])
def test_of_two_readings_the_disease_goes_first_when_its_remedy_is_worth_a_try(helps, first):
    effects = {"helps_more_capacity": helps, "harms_more_capacity": 0.0}
    assert decide(signs(effects=effects, healthy=0.6, underfitting=0.65))[0][0] == first


def test_a_remedy_that_often_harms_is_not_offered_to_a_run_that_may_be_healthy():
    effects = {"helps_lower_lr": 0.8, "harms_lower_lr": 0.2}
    ((kind, steps),) = decide(signs(effects=effects, healthy=0.9))
    assert (kind, steps) == ("healthy", [])


FLAT = {
    "up_total": 0.0,
    "train_fall_total": 0.001,
    "train_end_vs_dummy": 0.3,
    "linear_vs_dummy": -1.0,
    "running_vs_train_early": 0.0,
}


def test_what_never_moved_is_too_slow_however_high_it_lies():
    assert verdicts(signs(FLAT, oscillating=0.99)) == ["too_slow"]
    assert verdicts(signs(FLAT | {"train_end_vs_dummy": 3.0}, oscillating=0.99)) == ["too_slow"]


def test_what_lies_still_after_it_was_thrown_out_was_not_too_slow():
    thrown = FLAT | {"train_fall_total": 4.0, "train_tripling": 0.0, "running_vs_train_early": 8.0}
    assert verdicts(signs(thrown)) == ["oscillating"]
    assert verdicts(signs(thrown | {"train_end_vs_dummy": 3.0})) == ["diverged"]


def test_a_loss_that_never_rises_does_not_oscillate():
    assert verdicts(signs({"up_total": 0.001}, oscillating=0.9, too_slow=0.6)) == ["too_slow"]
    assert verdicts(signs({"up_total": 0.5}, oscillating=0.9, too_slow=0.6)) == ["oscillating", "too_slow"]


def test_where_every_answer_is_right_nothing_is_too_slow():
    assert verdicts(signs({"all_right": 0.9}, too_slow=0.95, healthy=0.3)) == ["healthy"]
    assert verdicts(signs({"all_right": 0.2}, too_slow=0.95, healthy=0.3)) == ["too_slow"]


def test_memorising_as_in_a_textbook_is_fixed_before_swings():
    effects = {"helps_lower_lr": 0.9, "helps_early_stop": 0.1}
    textbook = {"rise": 0.5, "gap_end": 2.0, "train_fall_after_best": 1.0}
    votes = {"oscillating": 0.7, "overfitting": 0.6}
    assert [kind for kind, _ in decide(signs(textbook, effects, **votes))] == ["overfitting", "oscillating"]
    assert [kind for kind, _ in decide(signs(textbook | {"gap_end": 0.1}, effects, **votes))] == ["oscillating", "overfitting"]


def test_no_two_verdicts_try_the_same():
    steps = [{(s.action, *s.options.items()) for s in treatment(kind, signs())} for kind in DISEASES if kind != "diverged"]
    assert sum(map(len, steps)) == len(set().union(*steps))


def test_far_from_a_linear_model_the_rate_goes_up_tenfold_before_more_epochs():
    worths = {"helps_more_epochs": 0.9, "helps_raise_lr": 0.2}
    assert treatment("too_slow", signs({"train_end_vs_linear": 1.0}, worths))[0] == Step("raise_lr", {"factor": 10.0})
    assert treatment("too_slow", signs({"train_end_vs_linear": -0.1}, worths))[0] == Step("more_epochs")


def test_a_remedy_that_is_likely_to_harm_is_offered_by_no_verdict():
    """What is known of its harm decides, not what it may gain."""
    votes = {"helps_early_stop": 0.9, "harms_early_stop": RISKY + 0.01}
    ((kind, steps),) = decide(signs(effects=votes, overfitting=0.9))
    assert kind == "overfitting" and [step.action for step in steps] == ["regularise", "less_capacity"]
    ((_, steps),) = decide(signs(effects=votes | {"harms_early_stop": RISKY - 0.01}, overfitting=0.9))
    assert steps[0].action == "early_stop"


@pytest.mark.parametrize(
    ("kinds", "opposites"),
    [
        (("overfitting", "underfitting"), {"less_capacity", "more_capacity"}),
        (("overfitting", "over_regularised"), {"regularise", "less_dropout"}),
        (("too_slow", "oscillating"), {"raise_lr", "lower_lr"}),
    ],
)
def test_no_verdict_asks_for_the_opposite_of_anothers_remedy(kinds, opposites):
    measures = {"dropout": 0.5, "layers": 1.0, "up_total": 1.0}
    offered = {step.action for kind, steps in decide(signs(measures, **dict.fromkeys(kinds, 0.9))) for step in steps}
    assert len(offered & opposites) == 1


def test_where_most_units_are_silenced_and_nothing_is_memorised_less_of_it_is_tried():
    silenced = {"dropout": 0.8, "layers": 1.0, "gap_end": 0.1}
    assert verdicts(signs(silenced, healthy=0.9)) == ["over_regularised", "healthy"]
    assert verdicts(signs(silenced | {"dropout": 0.3}, healthy=0.9)) == ["healthy"]
    assert verdicts(signs(silenced | {"gap_end": 1.0}, healthy=0.9)) == ["healthy"]


def test_far_above_the_usual_rate_the_strides_down_are_longer():
    def first(rate):
        return treatment("diverged", signs({"learning_rate": math.log(rate), "adaptive": 1.0}))[0].options["factor"]

    assert (first(3.0), first(0.03)) == (100.0, 10.0)
