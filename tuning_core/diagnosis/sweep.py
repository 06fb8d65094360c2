"""A sweep: one setting over its whole range, everything else fixed. Where it is best, and where training is unstable."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tuning_core.diagnosis.doctor import diagnose
from tuning_core.diagnosis.remedies import round_rate
from tuning_core.experiment import History, Hyperparameters
from tuning_core.experiment.optimizers import ADAPTIVE

RATES = (*(float(f"{m}e{e}") for e in range(-7, 1) for m in (1, 2, 5) if (m, e) != (1, -7)), 10.0)  # 24
MOST_UPDATES = 100_000  # of one training of a sweep: smaller batches of a large table are left out
NEAR = 0.05  # losses within this share of the lowest are called alike
UNSTABLE = {"diverged", "oscillating"}


def sweep_settings(axis: str, base: Hyperparameters, n_train: int) -> list[Hyperparameters]:
    """What a sweep trains, one seed each, ascending.

    Parameters
    ----------
    axis : "learning_rate": `RATES`. "batch_size": factors of 4 from one row to all rows, and the present size; first with the
        present learning rate, then all of them once more with the learning rate scaled along (`scaled_rate`).
    """
    if axis == "learning_rate":
        return [base.replace(learning_rate=rate) for rate in RATES]
    batch = min(base.batch_size, n_train)
    sizes = sorted({4**i for i in range(8) if 4**i < n_train} | {batch, n_train})
    sizes = [size for size in sizes if math.ceil(n_train / size) * base.epochs <= MOST_UPDATES] or [batch]
    rates = [scaled_rate(base.optimizer, base.learning_rate, batch, size) for size in sizes]
    along = [base.replace(batch_size=size, learning_rate=rate) for size, rate in zip(sizes, rates, strict=True)]
    return [base.replace(batch_size=size) for size in sizes] + along


@dataclass(frozen=True)
class Sweep:
    """What a sweep found, one entry for each value in ascending order.

    Attributes
    ----------
    values : of the setting.
    losses : lowest validation loss of the training, median over the seeds; NaN where none was finite.
    zones : "stable", "best" or "unstable"; each of "best" and "unstable" is one stretch.
    best : position of the lowest loss, neighbours counted half so that one lucky training is not enough; None when no loss is
        finite.
    """

    values: tuple[float, ...]
    losses: tuple[float, ...]
    zones: tuple[str, ...]
    best: int | None

    def is_among_the_best(self, value: float) -> bool:
        low, high = self.stretch("best") or (math.inf, -math.inf)
        return low <= value <= high

    def stretch(self, zone: str) -> tuple[float, float] | None:
        """The lowest and the highest value of a zone; None when there is none."""
        found = [value for value, z in zip(self.values, self.zones, strict=True) if z == zone]
        return (found[0], found[-1]) if found else None


def read_sweep(values: Sequence[float], histories: Sequence[Sequence[History]], *, wild_end: str = "high") -> Sweep:
    """Zones of a sweep from its recorded curves.

    "best" is the stretch around the best value in which losses are alike. A training is unstable when the curve doctor finds
    it diverged or oscillating; "unstable" is the stretch from the wild end that agrees with most of these findings, and it
    ends before the best: what gives the lowest loss is not warned of.

    Parameters
    ----------
    values : ascending.
    histories : of each value, one for each seed; a value with none was not trained.
    wild_end : the end of the range where instability is met, "high" (learning rates) or "low" (batch sizes).
    """
    losses = [_lowest(seeds) for seeds in histories]
    zones = ["stable"] * len(values)
    steady = _steady(losses)
    finite = [i for i, loss in enumerate(losses) if math.isfinite(loss)]
    best = min(finite, key=lambda i: steady[i]) if finite else None
    first, last = _alike(losses, steady, best)
    flags = [_is_unstable(seeds) for seeds in histories]
    if wild_end == "low":
        end = min(first, len(flags) - _split(flags[::-1]))
        zones[:end] = ["unstable"] * end
    else:
        start = max(last + 1, _split(flags))
        zones[start:] = ["unstable"] * (len(zones) - start)
    if best is not None:
        zones[first : last + 1] = ["best"] * (last + 1 - first)
    return Sweep(tuple(values), tuple(losses), tuple(zones), best)


def _lowest(seeds: Sequence[History]) -> float:
    lowest = [float(np.nanmin(h.val_loss)) for h in seeds if np.isfinite(h.val_loss).any()]
    return float(np.median(lowest)) if lowest else math.nan


def _steady(losses: Sequence[float]) -> list[float]:
    """Every loss averaged with its two neighbours, which count half; what is not finite counts as the highest that is."""
    known = [loss for loss in losses if math.isfinite(loss)]
    filled = [loss if math.isfinite(loss) else max(known, default=0.0) for loss in losses]
    padded = [filled[0], *filled, filled[-1]] if filled else []
    return [(a + 2 * b + c) / 4 for a, b, c in zip(padded, padded[1:], padded[2:], strict=False)]


def _alike(losses: Sequence[float], steady: Sequence[float], best: int | None) -> tuple[int, int]:
    """First and last position around the best within `NEAR` of it, by the losses themselves or by the averaged ones."""
    if best is None:
        return len(losses), -1
    limits = [(series, series[best] + NEAR * abs(series[best])) for series in (losses, steady)]
    alike = [any(series[i] <= limit for series, limit in limits) for i in range(len(losses))]
    first = last = best
    while first > 0 and alike[first - 1]:
        first -= 1
    while last + 1 < len(losses) and alike[last + 1]:
        last += 1
    return first, last


def _is_unstable(seeds: Sequence[History]) -> bool:
    if not seeds:
        return False
    found = diagnose(seeds[0], seeds=seeds[1:])
    return bool(UNSTABLE & {finding.kind for finding in found if not finding.contested})


def _split(flags: Sequence[bool]) -> int:
    """The position from which on most flags are up and before which most are down; the later one of equals."""
    wrong = [sum(flags[:i]) + (len(flags) - i - sum(flags[i:])) for i in range(len(flags) + 1)]
    return len(flags) - wrong[::-1].index(min(wrong))


def scaled_rate(optimizer: str, rate: float, batch: int, new_batch: int) -> float:
    """The learning rate that goes along with another batch size, two significant digits, at most 100.

    A batch n times larger has a mean gradient of an n times smaller variance. Plain gradient descent can then take a step n times
    larger (Goyal et al., arXiv 1706.02677); an optimizer that divides by the gradient's size, sqrt(n) times (Krizhevsky,
    arXiv 1404.5997; Malladi et al., arXiv 2205.10287). Both hold up to the gradient noise scale.
    """
    ratio = new_batch / batch
    return min(round_rate(rate * (math.sqrt(ratio) if optimizer in ADAPTIVE else ratio)), 100.0)
