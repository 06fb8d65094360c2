"""The searches against scikit-learn's own on the same estimators: keys, order, values, behaviour."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import loguniform, randint
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import make_classification, make_regression
from sklearn.ensemble import BaggingRegressor
from sklearn.exceptions import FitFailedWarning
from sklearn.linear_model import Ridge
from sklearn.metrics import make_scorer, mean_squared_error
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, RandomizedSearchCV, ShuffleSplit
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

import tuning_core as tc
from tests.support.paths import ROOT
from tuning_core.estimators import collected_fits

MODEL = tc.StackedMLPRegressor((6,), epochs=8, random_state=0)
GRID = {"batch_size": [16, 40], "epochs": [4, 8], "learning_rate": [0.1, 0.01]}


@pytest.fixture(scope="module")
def data():
    return make_regression(120, 3, noise=5.0, random_state=0)


@pytest.fixture
def stacks(monkeypatch):
    """The sizes of the stacks that are trained."""
    from tuning_core.training import stack

    sizes = []
    real = stack.train_stack

    def counted(tasks, folds, **more):
        sizes.append(len(tasks))
        return real(tasks, folds, **more)

    monkeypatch.setattr(stack, "train_stack", counted)
    return sizes


def same_results(ours, theirs, rtol=2e-3):
    assert list(ours.cv_results_) == list(theirs.cv_results_)
    for key, expected in theirs.cv_results_.items():
        if key.endswith("_time"):
            assert ours.cv_results_[key].shape == expected.shape
        elif key == "params":
            assert ours.cv_results_[key] == expected
        elif key.startswith("param_"):
            assert ours.cv_results_[key].dtype == expected.dtype
            assert ours.cv_results_[key].tolist() == expected.tolist()
        elif key.startswith("rank_"):
            assert ours.cv_results_[key].dtype == expected.dtype
        else:
            np.testing.assert_allclose(ours.cv_results_[key], expected, rtol=rtol, atol=1e-6, err_msg=key)
    public = {name for name in vars(theirs) if name.endswith("_")}
    assert {name for name in vars(ours) if name.endswith("_")} == public


def test_grid_search_is_scikit_learns_grid_search(data, stacks):
    ours = tc.StackedGridSearchCV(MODEL, GRID, cv=3, return_train_score=True).fit(*data)
    assert sorted(stacks) == [1, 12, 12]  # 8 candidates x 3 folds by batch size, and the refit
    theirs = GridSearchCV(MODEL, GRID, cv=3, return_train_score=True).fit(*data)
    same_results(ours, theirs)
    assert ours.best_params_ == theirs.best_params_
    assert ours.best_index_ == theirs.best_index_
    assert ours.best_score_ == pytest.approx(theirs.best_score_, rel=1e-3)
    np.testing.assert_allclose(ours.predict(data[0]), theirs.predict(data[0]), rtol=1e-3, atol=1e-2)
    assert ours.score(*data) == pytest.approx(theirs.score(*data), rel=1e-3)
    assert (ours.cv_results_["mean_fit_time"] > 0.001).all()


def test_randomized_search_with_scorers_splitters_and_several_metrics(data):
    axes = {"batch_size": randint(8, 11), "learning_rate": loguniform(1e-3, 0.02)}
    options = {
        "n_iter": 5,
        "random_state": 3,
        "cv": ShuffleSplit(2, test_size=0.3, random_state=1),
        "scoring": {"mse": make_scorer(mean_squared_error, greater_is_better=False), "r2": "r2"},
        "refit": "mse",
    }
    ours = tc.StackedRandomizedSearchCV(MODEL, axes, **options).fit(*data)
    theirs = RandomizedSearchCV(MODEL, axes, **options).fit(*data)
    same_results(ours, theirs)
    assert ours.best_params_ == theirs.best_params_
    assert ours.multimetric_


def test_a_shuffled_splitter_without_a_seed_is_drawn_once(data, stacks):
    search = tc.StackedGridSearchCV(MODEL, {"learning_rate": [0.1, 0.01]}, cv=KFold(3, shuffle=True), refit=False).fit(*data)
    assert stacks == [6]
    assert not hasattr(search, "best_estimator_")


def test_a_pipeline_with_groups_and_weights(data, stacks):
    X, y = data
    pipe = Pipeline([("scale", StandardScaler()), ("net", MODEL)])
    grid = {"net__learning_rate": [0.1, 0.01], "scale__with_mean": [True, False]}
    groups = np.arange(120) % 6
    weights = np.linspace(0, 2, 120)
    ours = tc.StackedGridSearchCV(pipe, grid, cv=GroupKFold(3)).fit(X, y, groups=groups, net__sample_weight=weights)
    assert stacks == [12, 1]
    theirs = GridSearchCV(pipe, grid, cv=GroupKFold(3)).fit(X, y, groups=groups, net__sample_weight=weights)
    same_results(ours, theirs)


def test_networks_inside_other_estimators_are_found(data, stacks):
    inner = make_pipeline(StandardScaler(), TransformedTargetRegressor(MODEL, func=np.arcsinh, inverse_func=np.sinh))
    search = tc.StackedGridSearchCV(inner, {"transformedtargetregressor__regressor__learning_rate": [0.1, 0.01]}, cv=2)
    search.fit(*data)
    assert stacks == [4, 1]
    stacks.clear()
    tc.StackedGridSearchCV(
        BaggingRegressor(MODEL, n_estimators=3, random_state=0), {"max_samples": [0.5, 0.9]}, cv=2, refit=False
    ).fit(*data)
    assert sum(stacks) == 12


def test_the_estimator_itself_may_be_searched(data):
    pipe = Pipeline([("model", Ridge())])
    grid = {"model": [Ridge(), MODEL]}
    same_results(tc.StackedGridSearchCV(pipe, grid, cv=2).fit(*data), GridSearchCV(pipe, grid, cv=2).fit(*data))


def test_other_estimators_are_left_to_scikit_learn(data, stacks):
    ours = tc.StackedGridSearchCV(Ridge(), {"alpha": [0.1, 1.0]}, cv=3).fit(*data)
    same_results(ours, GridSearchCV(Ridge(), {"alpha": [0.1, 1.0]}, cv=3).fit(*data))
    assert stacks == []


def test_classifiers_pandas_probabilities_and_a_callable_refit():
    X, y = make_classification(150, 4, random_state=0)
    frame = pd.DataFrame(X, columns=list("wxyz"))
    pipe = make_pipeline(StandardScaler(), tc.StackedMLPClassifier((6,), epochs=8, random_state=0)).set_output(transform="pandas")
    grid = {"stackedmlpclassifier__learning_rate": [0.1, 0.001], "stackedmlpclassifier__class_weight": [None, "balanced"]}
    options = {"scoring": "roc_auc", "cv": 3, "refit": lambda results: int(np.argmin(results["mean_test_score"]))}
    ours = tc.StackedGridSearchCV(pipe, grid, **options).fit(frame, y)
    theirs = GridSearchCV(pipe, grid, **options).fit(frame, y)
    same_results(ours, theirs)
    np.testing.assert_allclose(ours.predict_proba(frame), theirs.predict_proba(frame), rtol=1e-2, atol=1e-4)
    assert ours.feature_names_in_.tolist() == list("wxyz")
    assert ours.classes_.tolist() == [0, 1]


def test_early_stopping_sees_only_the_folds_training_rows(data):
    model = tc.StackedMLPRegressor((6,), epochs=60, early_stopping=True, patience=2, random_state=0)
    grid = {"learning_rate": [0.1, 0.01], "patience": [2, 5]}
    ours = tc.StackedGridSearchCV(model, grid, cv=3).fit(*data)
    same_results(ours, GridSearchCV(model, grid, cv=3).fit(*data))


def test_fits_without_a_seed_each_have_their_own(data, stacks):
    model = tc.StackedMLPRegressor((6,), epochs=3)
    collected_fits._ready.clear()
    search = tc.StackedGridSearchCV(
        model, {"learning_rate": [0.1, 0.01]}, cv=[(np.arange(80), np.arange(80, 120))] * 3, refit=False
    )
    results = search.fit(*data).cv_results_
    assert stacks == [6]
    assert len({results[f"split{i}_test_score"][0] for i in range(3)}) == 3


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_n_jobs_changes_nothing(data, stacks, n_jobs):
    tc.StackedGridSearchCV(MODEL, {"learning_rate": [0.1, 0.01]}, cv=3, n_jobs=n_jobs, refit=False).fit(*data)
    assert stacks == [6]


def test_a_bad_candidate_fails_alone(data):
    grid = {"learning_rate": [0.01, -1.0], "epochs": [3]}
    with pytest.warns(FitFailedWarning, match="learning_rate is -1"):
        search = tc.StackedGridSearchCV(MODEL, grid, cv=3, error_score=-9.0).fit(*data)
    assert search.cv_results_["mean_test_score"][1] == -9.0
    assert search.best_params_["learning_rate"] == 0.01
    with pytest.raises(tc.UserError, match="learning_rate is -1"):
        tc.StackedGridSearchCV(MODEL, grid, cv=3, error_score="raise").fit(*data)


@pytest.mark.filterwarnings("ignore:One or more of the test scores")
def test_a_diverged_candidate_fails_alone(data):
    model = tc.StackedMLPRegressor((6,), optimizer="sgd", epochs=20, random_state=0)
    with pytest.warns(FitFailedWarning, match="diverged"):
        search = tc.StackedGridSearchCV(model, {"learning_rate": [0.01, 100.0]}, cv=2).fit(*data)
    assert np.isnan(search.cv_results_["mean_test_score"][1])
    assert search.best_params_ == {"learning_rate": 0.01}


@pytest.mark.filterwarnings("ignore:One or more of the test scores")
def test_a_scorer_that_raises_is_scikit_learns_business(data):
    def broken(estimator, X, y):
        raise RuntimeError("no score today")

    with pytest.raises(RuntimeError, match="no score today"):
        tc.StackedGridSearchCV(MODEL, {"epochs": [2]}, scoring=broken, cv=2, error_score="raise").fit(*data)
    with pytest.warns(UserWarning, match="no score today"):
        search = tc.StackedGridSearchCV(MODEL, {"epochs": [2]}, scoring=broken, cv=2).fit(*data)
    assert np.isnan(search.cv_results_["mean_test_score"][0])


def test_unknown_parameters_are_named_before_training(data, stacks):
    with pytest.raises(ValueError, match="learning_rat"):
        tc.StackedGridSearchCV(MODEL, {"learning_rat": [0.1]}, cv=2).fit(*data)
    assert stacks == []


def test_the_three_lines_of_the_documentation():
    """The page's second listing runs as printed, and what is read afterwards is there."""
    page = (ROOT / "docs" / "scikit-learn.md").read_text()
    listing = page.split("```python\n")[2].split("```")[0]
    X, y = make_regression(60, 11, random_state=0)
    scope = {"X": X.astype(np.float32), "y": y, "scorer": make_scorer(mean_squared_error, greater_is_better=False)}
    exec(listing, scope)
    search = scope["search"]
    assert set(search.best_params_) == {"batch_size", "epochs"} and search.best_score_ < 0
    assert len(search.best_estimator_.history_["loss"]) == search.best_params_["epochs"]
    assert list(search.cv_results_["param_batch_size"]) == [10, 10, 40, 40]
