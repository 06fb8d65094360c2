"""The decisions: which verdicts hold together, and which goes first."""

import pytest

from tuning_core.diagnosis.decisions import LEAD, VOTED, RunSigns, decide, verdicts

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
