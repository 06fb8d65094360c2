"""tc.search: trials, folds, scores, budgets and failures, on a small table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import KFold

import tuning_core as tc
from tests.support.datasets import make_dataset
from tuning_core.training import stack as stack_module
from tuning_core.training.row_splits import cross_validation_splits

HP = tc.Hyperparameters(epochs=6, hidden_units=(6,), batch_size=16)


@pytest.fixture(scope="module")
def dataset():
    return make_dataset()


def test_without_folds_a_trial_equals_a_plain_training(dataset):
    run = tc.search(dataset, tc.grid(base=HP, learning_rate=[0.1, 0.01]), seeds=(0, 3))
    assert [(t.number, t.hyperparameters.learning_rate, t.seed, t.fold) for t in run.trials] == [
        (0, 0.1, 0, None),
        (1, 0.1, 3, None),
        (2, 0.01, 0, None),
        (3, 0.01, 3, None),
    ]
    alone = tc.train(dataset, HP.replace(learning_rate=0.01), seeds=(3,)).trials[0]
    np.testing.assert_allclose(run.trials[3].history.val_loss, alone.history.val_loss, rtol=1e-4)
    for setting in run.settings:
        assert setting.mean == pytest.approx(np.mean([np.min(t.history.val_loss) for t in setting.trials]))
    assert run.best_trial.number in [trial.number for trial in run.ranking[0].trials]
    assert run.ranking[0].mean <= run.ranking[1].mean


def test_folds_are_scored_by_the_kept_weights_on_the_rows_held_out(dataset):
    run = tc.search(dataset, tc.grid(base=HP, learning_rate=[0.1, 0.01]), cv=3)
    assert [t.fold for t in run.trials] == [0, 1, 2, 0, 1, 2]
    divisions = cross_validation_splits(dataset, 3)
    for setting in run.settings:
        for trial, score, division in zip(setting.trials, setting.scores, divisions, strict=True):
            assert score == pytest.approx(
                trial.history.val_loss[-1], rel=1e-4
            )  # without early stopping the last weights are kept
            model = tc.to_keras(trial)
            predicted = model.predict(trial.preparation.transform(trial.dataset.frame, division.validation), verbose=0)[:, 0]
            truth = dataset.target_values[division.validation]
            assert score == pytest.approx(np.mean((predicted - truth) ** 2), rel=1e-4)
    assert run.best_trial.fold is None
    assert run.best_trial.hyperparameters == run.ranking[0].hyperparameters


def test_test_rows_are_in_no_fold_and_preparation_is_fitted_on_the_folds_training_rows(dataset):
    divisions = cross_validation_splits(dataset, 5)
    used = np.concatenate([np.concatenate([d.train, d.validation]) for d in divisions])
    assert not np.intersect1d(used, dataset.rows.test).size
    held = np.sort(np.concatenate([d.validation for d in divisions]))
    assert held.tolist() == np.sort(np.concatenate([dataset.rows.train, dataset.rows.validation])).tolist()
    run = tc.search(dataset, tc.grid(base=HP.replace(epochs=1), learning_rate=[0.1]), cv=5)
    for trial, division in zip(run.trials, divisions, strict=True):
        assert np.abs(trial.preparation.transform(trial.dataset.frame, division.train).mean(axis=0)).max() < 1e-5


def test_early_stopping_never_looks_at_the_rows_held_out(dataset, monkeypatch):
    """Spoiling the held-out targets changes the scores, and neither the curves nor the weights."""
    hp = HP.replace(epochs=40, learning_rate=0.05, early_stopping=tc.EarlyStopping(patience=2))
    space = tc.grid(base=hp, learning_rate=[0.05])
    one_fold = cross_validation_splits(dataset, 3)[:1]
    rows = np.concatenate([dataset.rows.train, dataset.rows.validation])
    place = {row: i for i, row in enumerate(rows.tolist())}
    positions = [([place[r] for r in d.train.tolist()], [place[r] for r in d.validation.tolist()]) for d in one_fold]
    honest = tc.search(dataset, space, cv=positions)
    spoiled = make_dataset()
    spoiled.target_values[one_fold[0].validation] += 1000.0
    after = tc.search(spoiled, space, cv=positions)
    np.testing.assert_array_equal(after.trials[0].history.matrix(), honest.trials[0].history.matrix())
    for a, b in zip(after.trials[0].weights, honest.trials[0].weights, strict=True):
        np.testing.assert_array_equal(a, b)
    assert after.settings[0].scores[0] > 100 * honest.settings[0].scores[0]


def test_a_splitter_object_and_repeats(dataset):
    run = tc.search(dataset, tc.grid(base=HP.replace(epochs=1), learning_rate=[0.1]), cv=KFold(4, shuffle=True, random_state=1))
    assert len(run.trials) == 4
    again = tc.search(dataset, tc.grid(base=HP.replace(epochs=1), learning_rate=[0.1]), cv=tc.CrossValidation(folds=2, repeats=3))
    assert [t.fold for t in again.trials] == [0, 1, 2, 3, 4, 5]
    first, second = (cross_validation_splits(dataset, tc.CrossValidation(2, 3))[i].validation for i in (0, 2))
    assert np.sort(first).tolist() != np.sort(second).tolist()


def test_classification_folds_are_stratified():
    dataset = make_dataset("classification")
    rows = np.concatenate([dataset.rows.train, dataset.rows.validation])
    share = dataset.target_values[rows].mean()
    for division in cross_validation_splits(dataset, 4):
        assert dataset.target_values[division.validation].mean() == pytest.approx(share, abs=0.03)
    run = tc.search(dataset, tc.grid(base=HP, learning_rate=[0.05]), cv=4)
    for trial, score, metric in zip(run.trials, run.settings[0].scores, run.settings[0].metrics, strict=True):
        assert score == pytest.approx(trial.history.val_loss[-1], rel=1e-4)
        assert metric == pytest.approx(trial.history.val_metric[-1], abs=1e-6)


def test_grouped_folds_keep_groups_together():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.normal(size=90), "who": np.repeat([f"p{i}" for i in range(15)], 6)})
    frame["y"] = frame.a * 2
    dataset = tc.Dataset(
        tc.read_table(frame.to_csv(index=False).encode(), filename="t.csv"),
        target="y",
        features=["a"],
        split=tc.Split(method="grouped", group="who"),
    )
    for division in cross_validation_splits(dataset, 3):
        assert not np.intersect1d(dataset.groups[division.train], dataset.groups[division.validation]).size


def test_a_failing_stack_fails_its_own_trials_only(dataset, monkeypatch):
    real = stack_module.train_until

    def broken(stack, *args, **kwargs):
        if stack[0].hyperparameters.batch_size == 8:
            raise MemoryError("no room for this stack")
        return real(stack, *args, **kwargs)

    monkeypatch.setattr(stack_module, "train_until", broken)
    run = tc.search(dataset, tc.grid(base=HP, batch_size=[8, 16]))
    assert [t.status for t in run.trials] == ["failed", "finished"]
    assert "no room for this stack" in run.trials[0].error
    assert run.settings[0].mean == np.inf
    assert run.best_trial.hyperparameters.batch_size == 16


def test_diverged_trials_come_last(dataset):
    run = tc.search(dataset, tc.grid(base=HP.replace(optimizer="sgd", epochs=30), learning_rate=[100.0, 0.01]))
    assert run.trials[0].status == "diverged"
    assert run.ranking[-1].number == 0


def test_halving_goes_on_from_the_rung_and_trains_nothing_twice(dataset):
    space = tc.halving(base=HP.replace(epochs=27), n_iter=9, learning_rate=tc.loguniform(1e-4, 0.1), seed=2)
    epochs = {}

    def report(news):
        for number, first, values in news:
            assert first == epochs.get(number, 0)
            epochs[number] = first + values.shape[1]

    run = tc.search(dataset, space, report=report)
    assert sorted(epochs.values()) == [3] * 6 + [9] * 2 + [27]
    assert {t.number: len(t.history) for t in run.trials} == epochs
    assert [t.status for t in run.trials].count("finished") == 1
    assert run.best_trial.status == "finished"
    whole = tc.train(dataset, run.best_trial.hyperparameters).trials[0]
    np.testing.assert_allclose(run.best_trial.history.val_loss, whole.history.val_loss, rtol=1e-3)
    at_first_rung = {t.number: t.history.val_loss[:3].min() for t in run.trials}
    went_on = {number for number, length in epochs.items() if length > 3}
    assert went_on == set(sorted(at_first_rung, key=at_first_rung.get)[:3])


def test_halving_with_folds_and_early_stopping(dataset):
    base = HP.replace(epochs=16, learning_rate=0.05, early_stopping=tc.EarlyStopping(patience=1))
    run = tc.search(dataset, tc.halving(base=base, n_iter=4, factor=2, learning_rate=tc.loguniform(1e-3, 0.3)), cv=2)
    assert len(run.trials) == 8
    assert len(run.settings) == 4
    assert run.best_trial.hyperparameters == run.ranking[0].hyperparameters


def test_bayesian_learns_and_takes_the_hand_picked_setting(dataset):
    space = tc.bayesian(base=HP, n_iter=40, include=(HP.replace(learning_rate=0.5),), learning_rate=tc.loguniform(1e-5, 1))
    run = tc.search(dataset, space)
    assert len(run.trials) == 41
    assert run.trials[0].hyperparameters.learning_rate == 0.5
    rates = np.array([t.hyperparameters.learning_rate for t in run.trials[1:]])
    assert np.median(np.abs(np.log10(rates[24:]) + 1)) < np.median(np.abs(np.log10(rates[:8]) + 1))


def test_a_time_budget_ends_the_search(dataset):
    space = tc.random(base=HP.replace(epochs=10000), n_iter=None, seconds=4.0, learning_rate=tc.loguniform(1e-4, 0.1))
    run = tc.search(dataset, space)  # without the budget it would never end
    assert 0 < len(run.trials) <= 64
    assert "stopped" in {t.status for t in run.trials}


def test_stopping_keeps_what_is_there(dataset):
    calls = []
    run = tc.search(
        dataset,
        tc.grid(base=HP.replace(epochs=2000), learning_rate=[0.1, 0.01]),
        report=lambda *a: calls.append(a),
        should_stop=lambda: len(calls) >= 4,
    )
    assert [t.status for t in run.trials] == ["stopped", "stopped"]
    assert all(0 < len(t.history) < 2000 for t in run.trials)


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda d: tc.search(d, {"learning_rate": [1]}), "not_a_space"),
        (lambda d: tc.search(d, tc.grid(base=HP, learning_rate=[0.1]), cv=1), "out_of_range"),
        (lambda d: tc.search(d, tc.grid(base=HP, learning_rate=[0.1]), cv=500), "out_of_range"),
        (lambda d: tc.search(d, tc.grid(base=HP, learning_rate=[0.1]), cv=KFold(1000)), "bad_folds"),
        (lambda d: tc.search(d, tc.grid(base=HP, learning_rate=[0.1]), cv=[]), "bad_folds"),
        (lambda d: tc.search(d, tc.grid(base=HP, learning_rate=[0.1]), cv=tc.CrossValidation(method="grouped")), "group_missing"),
        (lambda d: tc.search(d, tc.grid(base=HP, learning_rate=[0.1]), cv=tc.CrossValidation(method="stratified")), "bad_folds"),
        (lambda d: tc.search(d, tc.grid(base=HP, learning_rate=[0.1]), seeds=()), "out_of_range"),
        (lambda d: tc.search(d, tc.random(base=HP, n_iter=5000, learning_rate=tc.uniform(0.1, 1)), cv=5), "too_many_trials"),
    ],
)
def test_bad_input_is_refused_before_training(dataset, call, kind):
    with pytest.raises(tc.UserError) as caught:
        call(dataset)
    assert caught.value.kind == kind
    assert caught.value.remedy


def test_a_fold_without_a_class_is_refused():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.normal(size=60), "y": ["x"] * 29 + ["y"] * 29 + ["z"] * 2})
    dataset = tc.Dataset(
        tc.read_table(frame.to_csv(index=False).encode(), filename="t.csv"), target="y", split=tc.Split(test=0.0, train=0.8)
    )
    with pytest.raises(tc.SettingsError, match="'z'") as caught:
        tc.search(dataset, tc.grid(base=HP, learning_rate=[0.1]), cv=5)
    assert caught.value.kind == "fold_without_class"
