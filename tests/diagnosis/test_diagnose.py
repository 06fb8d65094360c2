"""The doctor on 24 real trainings of the bank (`curves.json.gz`) and on curves drawn by hand."""

import gzip
import json

import numpy as np
import pytest

import tuning_core as tc
from tests.support.paths import RECORDED_CURVES
from tuning_core.diagnosis import DISEASES, NOTES, VERDICTS

with gzip.open(RECORDED_CURVES, "rt") as file:
    RUNS = json.load(file)


def history(run, context=None):
    return tc.History.from_arrays(**run["curves"], context=run["context"] if context is None else context)


def kinds(findings):
    return [f.kind for f in findings]


def verdict_and_first_change(findings):
    return [(f.kind, f.severity, f.epochs, [r.changes for r in f.remedies]) for f in findings]


def scaled(run, factor, context):
    """Losses, and squared with them nothing else: what a target in other units does to MSE and its baselines."""
    curves = {n: [v if v is None else v * factor for v in c] if "loss" in n else c for n, c in run["curves"].items()}
    context = {k: v * factor if k.endswith("_loss") else v for k, v in context.items()}
    return tc.History.from_arrays(**curves, context=context)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run["group"])
@pytest.mark.parametrize("factor", [100.0, 1e-6, 1e9])
def test_the_unit_of_the_loss_changes_nothing(run, factor):
    for context in (run["context"], {}):
        assert verdict_and_first_change(tc.diagnose(scaled(run, factor, context))) == verdict_and_first_change(
            tc.diagnose(scaled(run, 1.0, context))
        )


@pytest.mark.parametrize("context", ["full", "no settings", "none"])
def test_most_real_runs_are_read_rightly_with_and_without_context(context):
    right = []
    for run in RUNS:
        facts = {"full": run["context"], "none": {}}.get(
            context, {k: v for k, v in run["context"].items() if k != "hyperparameters"}
        )
        said = kinds(tc.diagnose(history(run, facts)))
        right += [(kind in said) == truth for kind, truth in run["labels"].items() if truth is not None]
    assert np.mean(right) > (0.9 if context == "full" else 0.8)


def test_findings_are_ordered_named_and_serious_about_evidence():
    for run in RUNS:
        findings = tc.diagnose(history(run))
        verdicts = [f for f in findings if f.kind in VERDICTS]
        assert verdicts == findings[: len(verdicts)], "notes come after verdicts"
        assert verdicts, "every whole run gets a verdict"
        if "diverged" in kinds(verdicts):
            assert len(verdicts) == 1
        diseases = [f for f in verdicts if f.kind in DISEASES]
        assert all((f.severity == "info") == ("healthy" in kinds(verdicts)) for f in diseases), "nothing contradicts itself"
        for finding in verdicts:
            assert finding.evidence
            assert 0 <= finding.confidence <= 1
            if finding.kind in DISEASES:
                assert 1 <= len(finding.remedies) <= 3
                for remedy in finding.remedies:
                    tc.Hyperparameters.from_json(run["context"]["hyperparameters"]).replace(**remedy.changes)


def test_json_is_plain_and_complete():
    for run in RUNS:
        for finding in tc.diagnose(history(run)):
            values = json.loads(json.dumps(finding.to_json(), allow_nan=False))
            assert values["kind"] == finding.kind
            assert [r["changes"] for r in values["remedies"]] == [dict(r.changes) for r in finding.remedies]
            assert {e["name"] for e in values["evidence"]} == {e.name for e in finding.evidence}


def test_old_and_new_names_of_the_context_say_the_same():
    for run in RUNS:
        hp = {**run["context"]["hyperparameters"]}
        old = {
            **run["context"],
            "n_val": run["context"]["n_validation"],
            "hyperparameters": {**hp, "hidden_layers": hp["hidden_units"]},
        }
        del old["n_validation"], old["hyperparameters"]["hidden_units"]
        assert verdict_and_first_change(tc.diagnose(history(run, old))) == verdict_and_first_change(tc.diagnose(history(run)))


def test_a_hyperparameters_object_in_the_context_will_do():
    run = RUNS[0]
    hp = tc.Hyperparameters.from_json(run["context"]["hyperparameters"])
    with_object = tc.diagnose(history(run, {**run["context"], "hyperparameters": hp}))
    assert verdict_and_first_change(with_object) == verdict_and_first_change(tc.diagnose(history(run)))


def test_several_seeds_are_read_together():
    """One odd seed among many good ones does not decide the verdict."""
    odd = next(r for r in RUNS if r["labels"]["overfitting"])
    calm = [history(r) for r in RUNS if r["labels"]["healthy"]]
    assert "overfitting" in kinds(tc.diagnose(history(odd)))
    assert "overfitting" not in kinds(tc.diagnose(history(odd), seeds=calm * 3))


# ---- curves drawn by hand -------------------------------------------------------------------------------------------

T = np.arange(100)
FALL = 0.2 + 0.8 * np.exp(-T / 12)


def drawn(train, val, **context):
    return tc.diagnose(tc.History.from_arrays(train, train, val, context=context))


def test_a_loss_that_jumps_about_far_above_the_baseline_has_diverged():
    jumps = 5 + np.random.default_rng(0).random(100)
    findings = drawn(jumps, jumps, dummy_loss=1.0)
    assert kinds(findings)[:1] == ["diverged"]
    assert findings[0].evidence[0].value > findings[0].evidence[0].threshold == pytest.approx(1.5)


def test_a_loss_that_comes_down_smoothly_from_far_above_has_not():
    assert "diverged" not in kinds(drawn(20 - 0.1 * T, 20 - 0.1 * T, dummy_loss=1.0))


def test_validation_loss_alone_never_means_divergence():
    assert "diverged" not in kinds(drawn(FALL, FALL + 0.05 * T, dummy_loss=1.0))


def test_validation_rising_while_training_falls_is_overfitting_and_is_shaded_from_the_best_epoch():
    val = np.where(T < 30, 0.3 + 0.7 * np.exp(-T / 10), 0.335 + 0.01 * (T - 30))
    (finding, *_) = drawn(FALL - 0.0015 * T, val, dummy_loss=1.0)
    assert finding.kind == "overfitting"
    assert finding.quantity == "rise"
    assert 26 <= finding.epochs[0] <= 36
    assert finding.epochs[1] == 100
    assert finding.remedies[0].action == "early_stop"


def test_a_straight_slope_is_too_slow():
    line = 1.0 - 0.004 * T
    assert "too_slow" in kinds(drawn(line, line + 0.01, dummy_loss=1.0, linear_loss=0.3))


def test_a_zigzag_is_oscillation():
    zigzag = 0.4 + 0.2 * (-1.0) ** T * np.random.default_rng(1).random(100) + 0.3 * np.exp(-T / 5)
    findings = drawn(zigzag, zigzag + 0.05, dummy_loss=1.0)
    assert "oscillating" in kinds(findings)
    assert next(f for f in findings if f.kind == "oscillating").quantity == "swing"


def test_notes_tell_of_lucky_splits_noise_and_plateaus():
    assert "validation_below_train" in kinds(drawn(FALL, 0.7 * FALL))
    jitter = FALL * (1 + 0.2 * np.random.default_rng(2).normal(size=100))
    assert "noisy_validation" in kinds(drawn(FALL, jitter, n_val=40))
    stairs = np.where(T < 50, 1.0 - 0.002 * np.minimum(T, 10), 0.9 - 0.012 * (T - 50))
    assert "plateau" in kinds(drawn(stairs, stairs))
    for note in drawn(FALL, 0.7 * FALL):
        if note.kind in NOTES:
            assert note.remedies == ()


@pytest.mark.parametrize("since", [0, 3])
def test_at_a_hundred_per_cent_since_the_first_epochs_nothing_is_too_slow(since):
    """Cross-entropy falls for ever where every answer is right: more epochs would change no answer."""
    loss = 0.02 * np.exp(-T / 40)
    right = np.where(since > T, 0.9, 1.0)
    facts = {"task": "classification", "dummy_loss": 0.69, "linear_loss": 0.05, "dummy_metric": 0.5, "linear_metric": 0.99}
    sure = tc.diagnose(tc.History.from_arrays(loss, loss, loss * 1.1, right, right, context=facts))
    assert not {"too_slow", "underfitting"} & set(kinds(sure))
    wrong = np.full(100, 0.97)
    doubt = tc.diagnose(tc.History.from_arrays(loss, loss, loss * 1.1, wrong, wrong, context=facts))
    assert "too_slow" in kinds(doubt)
