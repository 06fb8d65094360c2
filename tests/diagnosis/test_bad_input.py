"""Any history gives findings or none, never an exception."""

import json
import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import tuning_core as tc
from tuning_core.diagnosis import NOTES, VERDICTS

values = st.one_of(
    st.none(),
    st.sampled_from([0.0, 1.0, math.nan, math.inf, -math.inf, 1e300, -1e300, 5e-324]),
    st.floats(allow_nan=True, allow_infinity=True, width=64),
)
optional = st.one_of(
    st.none(), st.floats(), st.integers(-5, 5000), st.text(max_size=3), st.lists(st.integers(-3, 2000), max_size=3)
)
NUMBERS = ("n_train", "n_val", "n_validation", "n_features", "n_params", "dummy_loss", "linear_loss")
SETTINGS = (
    "hidden_layers",
    "hidden_units",
    "learning_rate",
    "batch_size",
    "epochs",
    "dropout",
    "l2",
    "optimizer",
    "early_stopping",
)
hyperparameters = st.fixed_dictionaries({}, optional=dict.fromkeys(SETTINGS, optional))
contexts = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {}, optional={**dict.fromkeys(("task", *NUMBERS), optional), "hyperparameters": st.one_of(optional, hyperparameters)}
    ),
)


@st.composite
def histories(draw):
    n = draw(st.one_of(st.integers(0, 4), st.integers(5, 60)))
    names = ("loss", "train_loss", "val_loss", "metric", "val_metric")
    given_names = draw(st.lists(st.sampled_from(names), unique=True, min_size=1))
    series = {}
    for name in given_names:
        if draw(st.booleans()):
            series[name] = draw(st.lists(values, min_size=n, max_size=n))
        else:
            start, scale = draw(st.floats(-10, 10)), draw(st.floats(0, 5))
            curve = start + scale * np.exp(-np.arange(n) / max(n, 1))
            curve[n - draw(st.integers(0, n)) :] = draw(st.sampled_from([math.nan, 0.0, 1e9, start]))
            series[name] = curve
    return tc.History.from_arrays(**series, context=draw(contexts))


@given(histories(), st.lists(histories(), max_size=2))
@settings(max_examples=300)
def test_any_history_is_read_without_an_exception(history, others):
    findings = tc.diagnose(history, seeds=others)
    for finding in findings:
        assert finding.kind in (*VERDICTS, *NOTES)
        assert finding.message
        json.dumps(finding.to_json(), allow_nan=False)
        if finding.epochs is not None:
            first, last = finding.epochs
            assert 1 <= first <= last <= len(history)


@given(histories())
@settings(max_examples=150)
def test_every_remedy_is_a_valid_setting(history):
    for finding in tc.diagnose(history):
        assert len(finding.remedies) <= 3
        for remedy in finding.remedies:
            tc.Hyperparameters().replace(**remedy.changes)


def test_nothing_recorded_gives_nothing():
    assert tc.diagnose(tc.History.from_arrays()) == []
    assert tc.diagnose(tc.History.from_arrays(loss=[1.0])) == []
    assert tc.diagnose(tc.History.from_arrays(loss=[1.0, 0.9], val_loss=[1.0, 0.9])) == []


def test_a_loss_that_is_no_number_is_divergence_from_the_first_epoch():
    for n in (1, 2, 50):
        nothing = [None] * n
        findings = tc.diagnose(tc.History.from_arrays(loss=nothing, train_loss=nothing, val_loss=nothing))
        assert [f.kind for f in findings] == ["diverged"]


def test_a_nan_tail_is_divergence_where_it_begins():
    curve = [1.0, 0.8, 0.7, 0.9, 3.0, *[math.nan] * 5]
    (finding, *_) = tc.diagnose(tc.History.from_arrays(loss=curve, train_loss=curve, val_loss=curve))
    assert finding.kind == "diverged"
    assert finding.epochs == (6, 10)
