"""The paired difference between two settings over the same seeds: what changed, how surely, and whether it is luck.

Two runs of the same split and seeds share initial weights and row orders where their shapes allow it, so their scores are
compared seed by seed: the spread between seeds cancels, and what is left is the change.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tuning_core.experiment import SERIES, History, Hyperparameters
from tuning_core.experiment.early_stopping import kept_epoch

VERDICTS = ("better", "worse", "luck", "rows", "one_seed", "unknown")


@dataclass(frozen=True)
class Difference:
    """How much better `after` is than `before`.

    Attributes
    ----------
    mean : mean improvement over the pairs, in the unit of the scores or as a share; positive is better, NaN without a pair.
    low, high : ends of its 95 % interval; NaN where it cannot be known.
    n : pairs of finite scores.
    verdict : "better" or "worse" when the interval leaves zero out; "luck" when it does not, so that other seeds could turn
        it round; "rows" when the seeds agree, or there is one only, but the validation rows are too few to show it;
        "one_seed" when nothing tells luck from effect; "unknown" without a pair.
    cured, broken : seeds that diverged before and do not now, and the other way round. Whichever is alone decides the verdict.
    over : what the interval is over, "seeds" or "rows".
    """

    mean: float
    low: float
    high: float
    n: int
    verdict: str
    cured: int = 0
    broken: int = 0
    over: str = "seeds"

    def sentence(self, form: Callable[[float], str] = "{:.3g}".format) -> str:
        """The difference for a person; `form` writes a number with its unit."""
        parts = [_diverged_words(self), _mean_words(self, form)]
        return "; ".join(part for part in parts if part) or "no seed was trained to the end with both settings"


def paired_difference(
    before: Sequence[float],
    after: Sequence[float],
    *,
    lower_is_better: bool = True,
    relative: bool = False,
    rows: tuple[Sequence[float], Sequence[float]] | None = None,
) -> Difference:
    """The difference between two settings, trained with the same seeds on the same split.

    The interval is Student's for paired samples, mean +- t(0.975, n - 1) s / sqrt(n), over the differences seed by seed
    (Student 1908; as scikit-learn users know it from `scipy.stats.ttest_rel`).

    Parameters
    ----------
    before, after : scores, shape (seeds,), in the same order of seeds; not finite where the training diverged. Where one is
        longer, the seeds that both have are compared.
    lower_is_better : True for losses and errors, False for accuracy.
    relative : compare logarithms, and give the difference as a share of the score before (0.1 is 10 % better). For losses, which
        are positive and range over factors: one seed that is far out then does not drown the others.
    rows : the scores of each validation row before and after, shapes (rows,), means over the seeds, where they are known. With
        one seed the interval is over them; with several they may take a verdict back that the rows cannot carry.
    """
    sign = 1.0 if lower_is_better else -1.0
    old, new = (np.asarray(scores, np.float64)[: min(len(before), len(after))] for scores in (before, after))
    trained = np.isfinite(old) & np.isfinite(new)
    if relative and (rows is not None or not lower_is_better or (old[trained] <= 0).any() or (new[trained] <= 0).any()):
        raise ValueError("A relative difference is of positive losses, over seeds only.")
    turn = _share if relative else float
    gains = (np.log(old[trained]) - np.log(new[trained])) if relative else sign * (old - new)[trained]
    cured = int(np.sum(~np.isfinite(old) & np.isfinite(new)))
    broken = int(np.sum(np.isfinite(old) & ~np.isfinite(new)))
    low, high = interval(gains)
    by_rows = (math.nan, math.nan)
    if rows is not None:
        by_rows = interval(sign * (np.asarray(rows[0], np.float64) - np.asarray(rows[1], np.float64)))
    over = "rows" if len(gains) == 1 and math.isfinite(by_rows[0]) else "seeds"
    shown = by_rows if over == "rows" else (low, high)
    verdict = _verdict(len(gains), (low, high), by_rows)
    if bool(cured) != bool(broken):
        verdict = "better" if cured else "worse"
    mean = float(gains.mean()) if len(gains) else math.nan
    return Difference(turn(mean), turn(shown[0]), turn(shown[1]), len(gains), verdict, cured, broken, over)


def _share(gain: float) -> float:
    """A fall of a logarithm as a share of the value before: 0.1 is 10 % lower, -0.1 is 10 % higher."""
    return -math.expm1(-np.clip(gain, -700.0, 700.0))


def _verdict(n: int, by_seeds: tuple[float, float], by_rows: tuple[float, float]) -> str:
    if n == 0:
        return "unknown"
    if n == 1:
        return _side(by_rows, "rows") if math.isfinite(by_rows[0]) else "one_seed"
    side = _side(by_seeds, "luck")
    if side != "luck" and math.isfinite(by_rows[0]) and _side(by_rows, "rows") != side:
        return "rows"
    return side


def _side(ends: tuple[float, float], between: str) -> str:
    return "better" if ends[0] > 0 else "worse" if ends[1] < 0 else between


def interval(values: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of the mean of a sample; NaN for fewer than two values."""
    n = len(values)
    if n < 2:
        return math.nan, math.nan
    mean, reach = float(np.mean(values)), t_quantile(n - 1) * float(np.std(values, ddof=1)) / math.sqrt(n)
    return mean - reach, mean + reach


# t(0.975) for 1 to 10 degrees of freedom.
_SMALL = (12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.306, 2.26216, 2.22814)


def t_quantile(freedom: int) -> float:
    """The 0.975 quantile of Student's t: a table up to 10 degrees of freedom, then Abramowitz and Stegun 26.7.5."""
    if freedom <= len(_SMALL):
        return _SMALL[freedom - 1]
    z, v = 1.959963985, float(freedom)
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )


def kept_score(history: History, hp: Hyperparameters, series: str = "val_loss") -> float:
    """What the model that this training keeps scores: at the epoch whose weights it keeps.

    NaN when the training diverged or has not begun: half a training has no score.
    """
    values = history.matrix()
    recorded = values[: len(SERIES)]
    if not len(history) or not np.isfinite(recorded[np.isfinite(recorded).any(axis=1)]).all():
        return math.nan
    kept = kept_epoch(hp, history.context.get("task"), values)
    return float(getattr(history, series)[kept - 1]) if kept else math.nan


def _diverged_words(d: Difference) -> str:
    parts = []
    if d.cured:
        parts.append(f"{_seeds(d.cured)} no longer diverge{'s' if d.cured == 1 else ''}")
    if d.broken:
        parts.append(f"{_seeds(d.broken)} diverge{'s' if d.broken == 1 else ''} now")
    return f"{d.verdict}, {parts[0]}" if len(parts) == 1 else ", ".join(parts)


def _mean_words(d: Difference, form: Callable[[float], str]) -> str:
    if not d.n:
        return ""
    size = form(abs(d.mean))
    side = "better" if d.mean > 0 else "worse"
    if not math.isfinite(d.low):
        return f"{side} by {size} with the one seed that can be compared, which cannot tell luck from effect"
    if d.low == d.high == 0:
        return "no difference at all: the same scores, seed by seed"
    spread = f"95 % interval {_ends(d, form)}"
    if d.verdict == "rows":
        return f"no difference that these rows can show: {side} by {size} ({spread} over the {d.over})"
    if d.low <= 0 <= d.high:
        return f"{side} by {size}, which may be luck ({spread}, {_seeds(d.n)})"
    return f"{side} by {size} ({spread})"


def _ends(d: Difference, form: Callable[[float], str]) -> str:
    """Both ends seen from the side that the mean is on: "250 to 570", "40 worse to 210 better"."""
    if d.low <= 0 <= d.high:
        return f"{form(-d.low)} worse to {form(d.high)} better"
    near, far = sorted((abs(d.low), abs(d.high)))
    return f"{form(near)} to {form(far)}"


def _seeds(n: int) -> str:
    return f"{n} seed{'' if n == 1 else 's'}"
