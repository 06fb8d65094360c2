"""The winner's curse: the best of many settings looks better than it is, because its score was also lucky.

Bootstrap bias correction of Tsamardinos, Greasidou & Borboudakis 2018, "Bootstrapping the out-of-sample predictions for
efficient and accurate cross-validation" (Machine Learning 107): choose the winner on resampled rows, score it on the rows that
were not drawn, and compare. Nothing is trained again.
"""

from __future__ import annotations

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
        raise SettingsError(
            f"{losses.shape[0]} settings on {losses.shape[1]} rows are too few to say how lucky the best one is.",
            kind="too_few_trials",
            remedy="Compare at least 2 settings on at least 10 rows.",
        )
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
