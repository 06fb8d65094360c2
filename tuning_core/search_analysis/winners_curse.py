"""The winner's curse: the best of many settings looks better than it is, because its score was also lucky.

Bootstrap bias correction of Tsamardinos, Greasidou & Borboudakis 2018, "Bootstrapping the out-of-sample predictions for
efficient and accurate cross-validation" (Machine Learning 107): choose the winner on resampled rows, score it on the rows that
were not drawn, and compare. Nothing is trained again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tuning_core.errors import SettingsError

REPEATS = 500
MOST_ROWS = 2000  # rows beyond change little, and cost


@dataclass(frozen=True)
class WinnersCurse:
    """How optimistic the winner's score is, in the units of the loss.

    Attributes
    ----------
    reported : mean loss of the winner on the rows that chose it.
    corrected : what to expect of it on new rows.
    low, high : 90 % interval of `corrected`, over the choice of rows.
    same_winner : share of the resamples in which the same setting wins.
    n_settings, n_rows : that were compared.
    """

    reported: float
    corrected: float
    low: float
    high: float
    same_winner: float
    n_settings: int
    n_rows: int


def winners_curse(losses: np.ndarray, repeats: int = REPEATS, seed: int = 0) -> WinnersCurse:
    """From the loss of every setting on every row that scored it.

    Parameters
    ----------
    losses : (settings, rows) float
        Of the validation rows; or, in a cross-validation, of every row by the model that did not train on it (averaged over
        seeds). Settings with a loss that is not finite are left out.

    Raises
    ------
    SettingsError
        With fewer than two settings or ten rows.
    """
    losses = np.asarray(losses, dtype=np.float64)
    losses = losses[np.isfinite(losses).all(axis=1)]
    if losses.shape[0] < 2 or losses.shape[1] < 10:
        raise _too_few(*losses.shape)
    random = np.random.default_rng(seed)
    if losses.shape[1] > MOST_ROWS:
        losses = losses[:, np.sort(random.choice(losses.shape[1], MOST_ROWS, replace=False))]
    m, n = losses.shape
    drawn = random.multinomial(n, np.full(n, 1.0 / n), size=repeats)  # (repeats, rows): how often each row is drawn
    winners = np.argmin(losses @ drawn.T, axis=0)  # (repeats,)
    left = drawn == 0  # about 37 % of the rows
    outside = (losses[winners] * left).sum(axis=1) / left.sum(axis=1)
    best = int(np.argmin(losses.mean(axis=1)))
    low, high = np.quantile(outside, [0.05, 0.95])
    reported = float(losses[best].mean())
    # The rows left out estimate a winner chosen on about 63 % of the rows: slightly pessimistic, never below what was reported.
    corrected = max(reported, float(outside.mean()))
    return WinnersCurse(reported, corrected, float(low), float(high), float(np.mean(winners == best)), m, n)


def winners_curse_by(
    losses: Sequence[Callable[[np.ndarray], float]], n_rows: int, *, evaluations: int = 6000, seed: int = 0
) -> WinnersCurse:
    """The same for a score that is no mean over rows, which is worked out again on every resample.

    Parameters
    ----------
    losses : for each setting a function from how often each row counts, (rows,), to its loss; NaN where the rows define none.
    n_rows : that are resampled.
    evaluations : of such functions, about; they share out over as many resamples, from 30 to 200.

    Raises
    ------
    SettingsError
        With fewer than two settings or ten rows, or where hardly any resample defines the score.
    """
    once = np.ones(n_rows)
    known = [loss for loss in losses if n_rows >= 10 and np.isfinite(loss(once))]
    if len(known) < 2:
        raise _too_few(len(known), n_rows)
    random = np.random.default_rng(seed)
    repeats = int(np.clip(evaluations // len(known), 30, 200))
    reported = np.array([loss(once) for loss in known])
    best, winners, outside = int(np.argmin(reported)), [], []
    for _ in range(repeats):
        drawn = random.multinomial(n_rows, np.full(n_rows, 1.0 / n_rows))
        inside = np.array([loss(drawn) for loss in known])
        if not np.isfinite(inside).any():
            continue  # a class was not drawn
        winner = int(np.nanargmin(inside))
        left = known[winner]((drawn == 0).astype(int))
        if np.isfinite(left):
            winners.append(winner)
            outside.append(left)
    if len(outside) < 10:
        raise _too_few(len(known), n_rows)
    low, high = np.quantile(outside, [0.05, 0.95])
    corrected = max(float(reported[best]), float(np.mean(outside)))
    same = float(np.mean(np.array(winners) == best))
    return WinnersCurse(float(reported[best]), corrected, float(low), float(high), same, len(known), n_rows)


def _too_few(settings: int, rows: int) -> SettingsError:
    return SettingsError(
        f"{settings} settings on {rows} rows are too few to say how lucky the best one is.",
        kind="too_few_trials",
        remedy="Compare at least 2 settings on at least 10 rows.",
    )
