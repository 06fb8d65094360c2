"""What ranks a search: every score against scikit-learn on the predictions of the Keras model that is handed over."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

import tuning_core as tc
from tests.support.datasets import make_dataset
from tuning_core.training.row_splits import cross_validation_splits

HP = tc.Hyperparameters(epochs=12, hidden_units=(8,), batch_size=16, learning_rate=0.05)
STOPPING = HP.replace(epochs=40, early_stopping=tc.EarlyStopping(patience=3, start_from_epoch=2))
NUMBERS = {
    "mse": metrics.mean_squared_error,
    "rmse": metrics.root_mean_squared_error,
    "mae": metrics.mean_absolute_error,
    "median_absolute_error": metrics.median_absolute_error,
    "r2": metrics.r2_score,
}
TWO_CLASSES = {
    "cross_entropy": lambda y, p: metrics.log_loss(y, p, labels=range(p.shape[1])),
    "accuracy": lambda y, p: metrics.accuracy_score(y, p.argmax(1)),
    "balanced_accuracy": lambda y, p: metrics.balanced_accuracy_score(y, p.argmax(1)),
    "macro_f1": lambda y, p: metrics.f1_score(y, p.argmax(1), average="macro"),
    "roc_auc": lambda y, p: metrics.roc_auc_score(y, p[:, 1]),
    "average_precision": lambda y, p: metrics.average_precision_score(y, p[:, 1]),
}
THREE_CLASSES = TWO_CLASSES | {
    "roc_auc": lambda y, p: metrics.roc_auc_score(y, p, multi_class="ovr", average="macro"),
    "average_precision": lambda y, p: metrics.average_precision_score(np.eye(3)[y], p, average="macro"),
}
GREATER = {"r2", "accuracy", "balanced_accuracy", "macro_f1", "roc_auc", "average_precision"}


@pytest.fixture(scope="module")
def datasets():
    random = np.random.default_rng(1)
    x = random.normal(size=(150, 3))
    frame = pd.DataFrame(x, columns=["a", "b", "c"])
    frame["y"] = np.array(["low", "mid", "top"])[np.digitize(x[:, 0] + 0.5 * random.normal(size=150), [-0.9, 0.6])]
    three = tc.Dataset(tc.read_table(frame.to_csv(index=False).encode(), filename="t.csv"), target="y")
    return {"numbers": make_dataset(), "two": make_dataset("classification"), "three": three}


def handed_over(trial, rows):
    """Truth and predictions of the trial's Keras model on some rows: numbers, or shares of the classes."""
    dataset, preparation = trial.dataset, trial.preparation
    out = np.asarray(tc.to_keras(trial)(preparation.transform(dataset.frame, rows)), dtype=np.float64)
    y = dataset.target_values[rows]
    if dataset.task == "regression":
        return y, out[:, 0]
    shares = np.hstack([1 - out, out]) if out.shape[1] == 1 else out
    return y, shares / shares.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("data", "name"),
    [*(("numbers", n) for n in NUMBERS), *(("two", n) for n in TWO_CLASSES), *(("three", n) for n in THREE_CLASSES)],
)
def test_a_score_is_that_of_the_model_that_is_handed_over(datasets, data, name):
    dataset, expected = datasets[data], {"numbers": NUMBERS, "two": TWO_CLASSES, "three": THREE_CLASSES}[data][name]
    run = tc.search(dataset, tc.grid(base=HP, learning_rate=[0.3, 0.03, 0.001]), seeds=(0, 1), score=name)
    assert run.score == name
    for setting in run.settings:
        wanted = [expected(*handed_over(trial, dataset.rows.validation)) for trial in setting.trials]
        np.testing.assert_allclose(setting.scores, wanted, rtol=2e-4, atol=1e-6)
    means = [setting.mean for setting in run.ranking]
    assert means == sorted(means, reverse=name in GREATER)
    best = run.best_trial
    assert expected(*handed_over(best, dataset.rows.validation)) == pytest.approx(
        (max if name in GREATER else min)(run.ranking[0].scores), rel=2e-4
    )


@pytest.mark.parametrize("base", [HP, STOPPING, HP.replace(class_weight="balanced"), HP.replace(keep="last")])
@pytest.mark.parametrize(("data", "name"), [("two", "macro_f1"), ("numbers", "r2")])
def test_in_folds_the_score_is_that_of_the_rows_held_out(datasets, data, name, base):
    dataset, expected = datasets[data], {**NUMBERS, **TWO_CLASSES}[name]
    run = tc.search(dataset, tc.grid(base=base, learning_rate=[0.1, 0.01]), cv=3, seeds=(0, 1), score=name)
    splits = cross_validation_splits(dataset, 3)
    for setting in run.settings:
        wanted = [expected(*handed_over(t, split.validation)) for t, split in zip(setting.trials, splits * 2, strict=True)]
        np.testing.assert_allclose(setting.scores, wanted, rtol=2e-4, atol=1e-6)
        if base.early_stopping is None:
            assert all(trial.kept_epoch == base.epochs for trial in setting.trials), "nothing may choose the epoch of a fold"
    assert run.ranking[0].mean == max(setting.mean for setting in run.settings)
    assert run.final_trial.hyperparameters == run.ranking[0].hyperparameters


def test_the_best_epoch_is_kept_scored_and_handed_over(datasets):
    """A rate that overshoots late: ranked by the last weights the order would be another."""
    dataset = datasets["numbers"]
    run = tc.search(dataset, tc.grid(base=HP.replace(epochs=60), learning_rate=[0.3, 0.1, 0.02]))
    kept = [trial.kept_epoch for trial in run.trials]
    assert any(epoch < 60 for epoch in kept)
    for setting, trial in zip(run.settings, run.trials, strict=True):
        assert trial.kept_epoch == int(np.argmin(trial.history.val_loss)) + 1
        assert setting.mean == trial.history.val_loss[trial.kept_epoch - 1]
    last = tc.search(dataset, tc.grid(base=HP.replace(epochs=60, keep="last"), learning_rate=[0.3, 0.1, 0.02]))
    assert [setting.mean for setting in last.settings] == [trial.history.val_loss[-1] for trial in last.trials]


def test_settings_with_different_losses_are_ranked_by_one_score(datasets):
    run = tc.search(datasets["numbers"], tc.grid(base=HP, loss=["mse", "mae"]))
    assert run.score == "mae"
    for setting, trial in zip(run.settings, run.trials, strict=True):
        y, predicted = handed_over(trial, trial.dataset.rows.validation)
        assert setting.mean == pytest.approx(np.abs(y - predicted).mean(), rel=1e-4)


@pytest.mark.parametrize("strategy", [tc.random, tc.quasi_random, tc.bayesian, tc.halving])
def test_every_strategy_learns_in_the_right_direction(datasets, strategy):
    space = strategy(base=HP, n_iter=9, learning_rate=tc.loguniform(1e-4, 1.0))
    run = tc.search(datasets["two"], space, score="roc_auc")
    finished = [setting for setting in run.settings if setting.trials[0].status == "finished"]
    assert run.ranking[0].mean == max(setting.mean for setting in run.settings if np.isfinite(setting.mean))
    if strategy is tc.halving:
        cut = [setting for setting in run.settings if setting.trials[0].status == "stopped"]
        assert finished and cut
        epochs = len(cut[0].trials[0].history)
        at_the_rung = [t.history.val_metric[: len(c.trials[0].history)] for c in cut for t in c.trials]
        assert all(len(curve) == epochs or len(curve) > epochs for curve in at_the_rung)
        assert max(setting.mean for setting in finished) >= max(setting.mean for setting in cut)


def test_scorers_of_scikit_learn(datasets):
    two, numbers = datasets["two"], datasets["numbers"]
    space = tc.grid(base=HP, learning_rate=[0.1, 0.01])
    f2 = metrics.make_scorer(metrics.fbeta_score, beta=2, pos_label="yes")
    run = tc.search(two, space, score=f2)
    for setting, trial in zip(run.settings, run.trials, strict=True):
        y, shares = handed_over(trial, two.rows.validation)
        assert setting.mean == pytest.approx(metrics.fbeta_score(y, shares.argmax(1), beta=2), abs=1e-9)
    assert run.score == "fbeta_score" and run.row_losses is None
    run = tc.search(numbers, space, score="neg_median_absolute_error")
    y, predicted = handed_over(run.trials[0], numbers.rows.validation)
    assert run.settings[0].mean == pytest.approx(-np.median(np.abs(y - predicted)), rel=1e-4)
    run = tc.search(two, space, score="neg_log_loss")
    y, shares = handed_over(run.trials[0], two.rows.validation)
    assert run.settings[0].mean == pytest.approx(-metrics.log_loss(y, shares), rel=1e-4)


def test_a_scorer_that_cannot_score_the_target_is_refused_before_training(datasets):
    space = tc.grid(base=HP, learning_rate=[0.1])
    with pytest.raises(tc.SettingsError, match=r"'f1' cannot score the target.*pos_label") as refusal:
        tc.search(datasets["two"], space, score="f1")
    assert "macro_f1" in refusal.value.remedy
    frame = datasets["numbers"].table.frame.assign(heavy=1.0)
    weighted = tc.Dataset(tc.Table.from_frame(frame), datasets["numbers"].target, sample_weight="heavy")
    with pytest.raises(tc.SettingsError, match="sample_weight"):
        tc.search(weighted, space, score="neg_max_error")
    with pytest.raises(tc.SettingsError, match="sample_weight"):
        tc.search(weighted, space, score=lambda model, X, y: 0.0)


def test_a_scorer_that_fails_on_some_predictions_leaves_these_trials_without_a_score(datasets):
    def strict(model, X, y):
        if np.abs(model.predict(X) - y).mean() > 1.5:
            raise ValueError("too far off")
        return -np.abs(model.predict(X) - y).mean()

    space = tc.grid(base=HP.replace(epochs=3), learning_rate=[0.05, 1e-6])
    with pytest.warns(UserWarning, match="'strict' failed on trial 1.*too far off"):
        run = tc.search(datasets["numbers"], space, score=strict)
    assert [setting.number for setting in run.ranking] == [0, 1] and np.isnan(run.settings[1].scores).all()


def test_diverged_settings_are_the_worst_in_both_directions(datasets):
    space = tc.grid(base=HP.replace(optimizer="sgd"), learning_rate=[50.0, 0.01])
    for name in ("r2", "mae"):
        run = tc.search(datasets["numbers"], space, score=name)
        assert [setting.number for setting in run.ranking] == [1, 0]


@pytest.mark.parametrize("name", ["mse", "r2", "mae"])
def test_losses_of_rows_add_up_to_the_score(datasets, name):
    run = tc.search(datasets["numbers"], tc.grid(base=HP, learning_rate=[0.1, 0.01]), score=name)
    wanted = [setting.loss for setting in run.settings]
    np.testing.assert_allclose(run.row_losses.mean(axis=1), wanted, rtol=1e-4)


@pytest.mark.parametrize(("data", "name"), [("numbers", "macro_f1"), ("two", "mse"), ("two", "beauty")])
def test_a_score_that_does_not_suit_is_refused(datasets, data, name):
    with pytest.raises(tc.UserError) as refusal:
        tc.search(datasets[data], tc.grid(base=HP, learning_rate=[0.1]), score=name)
    assert repr(name) in refusal.value.message and refusal.value.remedy.startswith("Choose one of")


def test_an_extension_keeps_the_score(datasets):
    first = tc.search(datasets["two"], tc.grid(base=HP, learning_rate=[0.1]), score="macro_f1")
    both = tc.search(datasets["two"], tc.grid(base=HP, learning_rate=[0.1, 0.01]), extends=first)
    assert both.score == "macro_f1" and len(both.settings) == 2
    with pytest.raises(tc.UserError):
        tc.search(datasets["two"], tc.grid(base=HP, learning_rate=[0.1, 0.01]), extends=first, score="accuracy")
