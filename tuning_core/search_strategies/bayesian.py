"""Bayesian search: Optuna's tree-structured Parzen estimator, asked for whole batches.

Bergstra et al. 2011, "Algorithms for Hyper-Parameter Optimization" (NeurIPS). A batch is a stack's worth of settings: the
estimator takes those still being trained for bad ones ("constant liar"), so that a batch spreads out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.axes import Axis, Choice, LogUniform, RandInt, RealRange, Scipy
from tuning_core.experiment.space import MAX_TRIALS, SearchSpace
from tuning_core.search_strategies.base import Candidate, Result, Strategy

BATCH = 8
TRIES = 20  # to find a setting not tried before
ALMOST_ONE = math.nextafter(1.0, 0.0)


def _optuna() -> Any:
    try:
        import optuna
    except ImportError as error:
        raise SettingsError(
            "The Bayesian strategy needs Optuna, which is not installed.",
            kind="missing_package",
            remedy="Run pip install 'optuna>=5.0,<6', or use the quasi-random strategy.",
        ) from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


class Bayesian(Strategy):
    """`n_iter` settings in batches of 8; the first batches are random, later ones follow the scores."""

    def __init__(self, space: SearchSpace, known: Mapping[Hyperparameters, float | None] | None = None) -> None:
        super().__init__(space, known)
        self.optuna = _optuna()
        sampler = self.optuna.samplers.TPESampler(seed=space.seed, constant_liar=True, n_startup_trials=BATCH)
        self.study = self.optuna.create_study(sampler=sampler)
        self.picked = [hp for hp in space.include if hp not in self.known]
        self.budget = space.n_iter or MAX_TRIALS
        self.number = 0
        self.open: dict[int, Any] = {}  # Optuna's trial by candidate number; None for a hand-picked setting
        self.asked: dict[int, Hyperparameters] = {}
        self.scores: dict[Hyperparameters, float] = {}
        for hp, score in self.known.items():
            self._learn(hp, Result(-1, score).rank)

    # ---- asking -----------------------------------------------------------------------------------------------------

    def ask(self, n: int | None = None) -> list[Candidate]:
        asked: list[Candidate] = []
        while len(asked) < (n or BATCH) and not self.finished:
            candidate = self._picked() if self.picked else self._sampled()
            if candidate is None:
                self.budget = 0  # everything there is has been tried
            else:
                asked.append(candidate)
        return asked

    def _picked(self) -> Candidate:
        return self._candidate({}, self.picked.pop(0), None)

    def _sampled(self) -> Candidate | None:
        for _ in range(TRIES):
            trial = self.study.ask()
            values, hp = self.space.setting(self._suggest(trial))
            score = self.scores.get(hp)
            if score is not None:  # tried before: say so, and draw again
                self.study.tell(trial, score)
            elif hp in self.asked.values():
                self.study.tell(trial, state=self.optuna.trial.TrialState.FAIL)
            else:
                self.budget -= 1
                return self._candidate(values, hp, trial)
        return None

    def _candidate(self, values: dict[str, Any], hp: Hyperparameters, trial: Any) -> Candidate:
        candidate = Candidate(self.number, hp, values)
        self.open[self.number], self.asked[self.number] = trial, hp
        self.number += 1
        return candidate

    def _suggest(self, trial: Any) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in self.space.ordered_axes:
            if self.space.is_active(name, values):
                values[name] = _suggested(trial, name, self.space.axes[name])
        return values

    @property
    def finished(self) -> bool:
        return not self.picked and self.budget <= 0

    # ---- being told -------------------------------------------------------------------------------------------------

    def tell(self, results: Sequence[Result]) -> None:
        for result in results:
            trial, hp = self.open.pop(result.number, None), self.asked.pop(result.number)
            self.scores[hp] = result.rank
            if trial is not None:
                self.study.tell(trial, result.rank)  # infinite for a failure: the estimator only sorts
            else:
                self._learn(hp, result.rank)

    def _learn(self, hp: Hyperparameters, score: float) -> None:
        """Tell the estimator of a setting that it did not propose, where that lies within the axes."""
        self.scores[hp] = score
        values = self.space.values_of(hp)
        if values is None:
            return
        found = {name: _parameter(self.optuna, self.space.axes[name], value) for name, value in values.items()}
        params = {name: pair[0] for name, pair in found.items()}
        distributions = {name: pair[1] for name, pair in found.items()}
        self.study.add_trial(self.optuna.trial.create_trial(params=params, distributions=distributions, value=score))


# ---- axes as Optuna's distributions ----------------------------------------------------------------------------------------


def _suggested(trial: Any, name: str, axis: Axis) -> Any:
    if isinstance(axis, RandInt):
        return trial.suggest_int(name, axis.low, axis.high - 1, log=axis.log)
    if isinstance(axis, RealRange):
        return trial.suggest_float(name, axis.low, axis.high, log=isinstance(axis, LogUniform))
    if isinstance(axis, Choice):
        options = _options(axis)
        if _is_ordered(axis):  # 10, 20, 40 are steps of a scale, not names
            return options[trial.suggest_int(name, 0, len(options) - 1)]
        return options[trial.suggest_categorical(name, tuple(range(len(options))))]
    return axis.ppf(trial.suggest_float(name, 0.0, ALMOST_ONE))  # quantiles of a scipy.stats distribution


def _parameter(optuna: Any, axis: Axis, value: Any) -> tuple[Any, Any]:
    """Optuna's value and distribution for a value of the axis: what `_suggested` would have had to draw."""
    kinds = optuna.distributions
    if isinstance(axis, RandInt):
        return value, kinds.IntDistribution(axis.low, axis.high - 1, log=axis.log)
    if isinstance(axis, RealRange):
        return value, kinds.FloatDistribution(axis.low, axis.high, log=isinstance(axis, LogUniform))
    if isinstance(axis, Choice):
        options = _options(axis)
        if _is_ordered(axis):
            return options.index(value), kinds.IntDistribution(0, len(options) - 1)
        return options.index(value), kinds.CategoricalDistribution(tuple(range(len(options))))
    assert isinstance(axis, Scipy)
    return min(axis.cdf(value), ALMOST_ONE), kinds.FloatDistribution(0.0, ALMOST_ONE)


def _is_ordered(axis: Choice) -> bool:
    return all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in axis.options)


def _options(axis: Choice) -> list[Any]:
    return sorted(axis.options) if _is_ordered(axis) else list(axis.options)
