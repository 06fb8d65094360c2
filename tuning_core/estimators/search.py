"""StackedGridSearchCV and StackedRandomizedSearchCV: scikit-learn's searches, with all networks trained side by side.

They are scikit-learn's classes: arguments, attributes, results, scoring, failures and refitting are its own. Only the
trainings of one round of candidates, over all folds, happen beforehand and together. With estimators that hold no stacked network
they do what scikit-learn does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from joblib import parallel_config
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.utils.metaestimators import _safe_split
from sklearn.utils.validation import _check_method_params, indexable

from tuning_core.estimators.collected_fits import FitJob, Trained, collect, replaying, reuse_program_for_refit, train_jobs


class _Stacked:
    """Trains what a round of candidates will need before scikit-learn evaluates it."""

    def fit(self, X: Any, y: Any = None, **params: Any) -> Any:
        """As in scikit-learn. The networks train in this process, on all cores, whatever `n_jobs` says."""
        self._given = (X, y, params)
        try:
            with (
                parallel_config(backend="threading"),
                reuse_program_for_refit(),
            ):  # other processes would not see what was trained
                return super().fit(X, y, **params)  # type: ignore[misc]
        finally:
            del self._given

    def _run_search(self, evaluate_candidates: Callable, *, callback_ctx: Any = None) -> Any:
        def evaluate(candidate_params: Iterable[dict], cv: Any = None, **more: Any) -> dict:
            candidates = list(candidate_params)
            splits = self._splits(cv or self._checked_cv_orig)  # type: ignore[attr-defined]
            found = collect([fit for params in candidates for fit in self._fits(params, splits)])
            jobs = [job for left in found for job in left]
            trained = train_jobs(jobs) if jobs else []
            with replaying(jobs, trained):
                results = evaluate_candidates(candidates, cv=_Given(splits), **more)
            _tell_times(results, found, trained, len(splits))
            return results

        context = {} if callback_ctx is None else {"callback_ctx": callback_ctx}  # scikit-learn 1.8 knows none
        return super()._run_search(evaluate, **context)  # type: ignore[misc]

    def _splits(self, cv: Any) -> list[tuple[np.ndarray, np.ndarray]]:
        X, y, params = self._given
        X, y = indexable(X, y)
        routed = self._get_routed_params_for_fit(_check_method_params(X, params=params))  # type: ignore[attr-defined]
        return list(cv.split(X, y, **routed.splitter.split))

    def _fits(self, params: dict, splits: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[Callable[[], Any]]:
        """What scikit-learn will do for one candidate, as functions to call."""
        X, y, given = self._given
        X, y = indexable(X, y)
        routed = self._get_routed_params_for_fit(_check_method_params(X, params=given))  # type: ignore[attr-defined]

        def fit(train: np.ndarray) -> Any:
            estimator = clone(self.estimator).set_params(**clone(params, safe=False))  # type: ignore[attr-defined]
            x_train, y_train = _safe_split(estimator, X, y, train)
            own = _check_method_params(X, params=routed.estimator.fit, indices=train)
            return estimator.fit(x_train, **own) if y_train is None else estimator.fit(x_train, y_train, **own)

        return [lambda train=train: fit(train) for train, _ in splits]  # type: ignore[misc]


class _Given:
    """A splitter that gives the splits that were drawn, so that both passes see the same."""

    def __init__(self, splits: list[tuple[np.ndarray, np.ndarray]]) -> None:
        self.splits = splits

    def split(self, *_: Any, **__: Any) -> list[tuple[np.ndarray, np.ndarray]]:
        return self.splits


def _tell_times(results: dict, found: list[list[FitJob]], trained: list[Trained], n_splits: int) -> None:
    """Add each training's share of its stack to the fit times: taking a finished training costs next to nothing."""
    seconds = iter(trained)
    shares = np.array([sum(next(seconds).seconds for _ in jobs) for jobs in found]).reshape(-1, n_splits)
    n = len(results["mean_fit_time"]) - len(shares)  # the candidates of this round come last
    results["mean_fit_time"][n:] += shares.mean(axis=1)
    results["std_fit_time"][n:] = np.hypot(results["std_fit_time"][n:], shares.std(axis=1))


class StackedGridSearchCV(_Stacked, GridSearchCV):
    """scikit-learn's GridSearchCV, all candidates and folds trained as a few stacks; see there for arguments and attributes."""


class StackedRandomizedSearchCV(_Stacked, RandomizedSearchCV):
    """scikit-learn's RandomizedSearchCV, all candidates and folds trained as a few stacks; see there for the arguments."""
