"""Quasi-random search: a scrambled Sobol sequence, which fills the ranges evenly.

Bousquet et al. 2017, "Critical Hyper-Parameters: No Random, No Cry" (arXiv:1706.03200); the Deep Learning Tuning Playbook
(Godbole et al. 2023) advises it for exploring, because the points also read well as a scatter plot for each axis.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.space import MAX_TRIALS
from tuning_core.search_strategies.base import Listed

FURTHER = 16  # times as many points are looked at, at the most, to find `n_iter` different settings


class QuasiRandom(Listed):
    """The first `n_iter` different settings of the sequence; a longer search of the same seed begins with the same ones."""

    def settings(self) -> Iterable[tuple[dict[str, Any], Hyperparameters]]:
        from scipy.stats import qmc

        names = sorted(self.space.axes)
        n = self.space.n_iter or MAX_TRIALS
        sequence = qmc.Sobol(max(1, len(names)), scramble=True, rng=self.space.seed)
        length = 2 ** (n - 1).bit_length()  # points are balanced only in powers of two
        seen: set[Hyperparameters] = set()
        for point in itertools.chain(sequence.random(length), sequence.random((FURTHER - 1) * length)):
            if len(seen) == min(n, self.space.combinations):
                return
            pairs = zip(names, point, strict=False)
            values, hp = self.space.setting({name: self.space.axes[name].ppf(float(u)) for name, u in pairs})
            if hp not in seen:
                seen.add(hp)
                yield values, hp
