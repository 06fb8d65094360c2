"""The rules that textbooks give for reading a curve, to compare the doctor with; read off the same measures."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.doctor.bank import Bank
from tuning_core.diagnosis import VERDICTS


def textbook(bank: Bank) -> np.ndarray:
    """What the rules say of every run: bool, shape (runs, kinds) in the order of `VERDICTS`.

    Diverged: not finite, 1.5 times its own lowest, or above its start. Oscillating: the loss travels 1.2 times its fall, or
    rises in 30 % of the epochs (after the third). Overfitting: the last five validation losses all lie 2 % above the lowest
    (Prechelt 1998, GL > 2, held) while training falls. Too slow: the last tenth brings 2 % of the whole fall. Underfitting:
    arrived, within 10 % of the linear model or the constant predictor, with a gap below 20 %. Over-regularised: an L2 penalty of
    0.01 or dropout of a half and more, with such a gap. Healthy: none of these.
    """

    def get(name: str) -> np.ndarray:
        return bank.x[:, bank.measures.index(name)]

    diverged = (get("exploded") > 0) | (get("train_end_vs_low") > math.log(1.5)) | (get("train_end_vs_first") > 0)
    oscillating = (get("total_variation") > math.log1p(1.2)) | (get("up_share") > 0.3)
    overfitting = (get("rise_held") > math.log(1.02)) & (get("train_fall_after_best") > 0)
    slow = get("val_last_tenth") > 0.02
    level = (np.abs(get("train_end_vs_linear")) < 0.1) | (np.abs(get("train_end_vs_dummy")) < 0.1)
    under = ~slow & level & ~overfitting & (get("gap_end") < 0.2)
    over = ((get("l2") >= math.log(0.01)) | (get("dropout") >= 0.5)) & (get("gap_end") < 0.2)
    said = {
        "over_regularised": over,
        "oscillating": oscillating,
        "overfitting": overfitting,
        "too_slow": slow,
        "underfitting": under,
    }
    said = {"diverged": diverged} | {kind: found & ~diverged for kind, found in said.items()}
    said["healthy"] = ~np.any(list(said.values()), axis=0)
    return np.column_stack([said[kind] for kind in VERDICTS])
