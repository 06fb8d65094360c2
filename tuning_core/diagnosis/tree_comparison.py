"""The network beside trees without tuning: one sentence on who is ahead, and whether that is more than the luck of the seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

NEARLY = 1e-6  # float32 and float64 of one number are told apart by less


def compared_with_trees(
    network: Sequence[float],
    trees: float | None,
    *,
    lower_is_better: bool,
    score: str,
    rows: str,
    form: Callable[[float], str],
    gap_form: Callable[[float], str] | None = None,
) -> str:
    """A sentence, or "" where one of the two is not known.

    Parameters
    ----------
    network : the score of the kept epoch, of every seed of one setting.
    trees : the same score of `tree_prediction` on the same rows.
    score, rows : how both are called, such as "MAE" and "validation rows".
    form, gap_form : write a score and a difference of two scores.
    """
    known = np.array([value for value in network if np.isfinite(value)])
    if trees is None or not np.isfinite(trees) or not len(known):
        return ""
    middle = float(np.mean(known))  # as `Contender.score`: one setting has one number
    ahead = (trees - middle) if lower_is_better else (middle - trees)
    gap = (gap_form or form)(abs(ahead))
    lead = "just as good" if ahead == 0 else f"{gap} {'better' if ahead > 0 else 'worse'}"
    start = f"Trees without any tuning reach {score} {form(trees)} on the {rows}; the network's {form(middle)}"
    if len(known) == 1:
        return f"{start} is {lead}. It is one seed only, so part of that may be luck: train more seeds to know."
    low, high = float(known.min()), float(known.max())
    seeds = f"mean of {len(known)} seeds, {form(low)} to {form(high)}"
    if low - NEARLY * abs(low) <= trees <= high + NEARLY * abs(high):
        return f"{start} ({seeds}) is {lead}, which is within what its seeds differ: neither is clearly ahead."
    return f"{start} ({seeds}) is {lead}, which is more than its seeds differ."
