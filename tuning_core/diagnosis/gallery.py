"""Disease gallery: settings to train on the user's own table, and the clearest example of each pathology among the results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tuning_core.diagnosis.doctor import diagnose
from tuning_core.diagnosis.finding import VERDICTS, Finding
from tuning_core.diagnosis.remedies import round_rate
from tuning_core.experiment import History, Hyperparameters

ADAM, SGD = np.geomspace(3e-5, 3.0, 8), np.geomspace(3e-4, 30.0, 8)  # too slow at one end, too fast at the other
SMALL, LARGE = np.geomspace(0.003, 0.1, 4), np.geomspace(0.0005, 0.01, 8)
STEEP = np.geomspace(0.1, 3.0, 6)  # for one step an epoch: the loss can be watched as it climbs
PENALTIES, DROPOUTS = (0.01, 0.03, 0.1, 0.3, 1.0), (0.7, 0.9)
ALL_ROWS = 16_384  # a batch of all rows of most tables


def gallery_settings(epochs: int = 100, batch_size: int = 32) -> list[Hyperparameters]:
    """What to train, on one split with one seed: 45 trainings side by side in eight compiled programs.

    A middle-sized model over all learning rates with two optimizers (slow, healthy, oscillating, diverged), linear and tiny
    ones (underfitting), a large one (overfitting), the middle-sized one under penalties and dropout (over-regularised), and a
    linear one that takes all rows at each step (diverged, slowly enough to be seen).
    """
    base = Hyperparameters(epochs=epochs, batch_size=batch_size, hidden_units=(64, 32), early_stopping=None)
    wanted = [
        *((base, rate) for rate in ADAM),
        *((base.replace(optimizer="sgd"), rate) for rate in SGD),
        *((base.replace(hidden_units=units), rate) for units in ((), (2,)) for rate in SMALL),
        *((base.replace(hidden_units=(128, 64)), rate) for rate in LARGE),
        *((base.replace(hidden_units=(), optimizer="sgd", batch_size=ALL_ROWS), rate) for rate in STEEP),
    ]
    held = base.replace(learning_rate=0.003)
    return [
        *(hp.replace(learning_rate=round_rate(rate)) for hp, rate in wanted),
        *(held.replace(l2=penalty) for penalty in PENALTIES),
        *(held.replace(dropout=share) for share in DROPOUTS),
    ]


def clearest(histories: Sequence[History]) -> dict[str, tuple[int, Finding]]:
    """The position of the clearest example of each verdict among trained histories, and the finding that says so.

    A pathology counts only where it is what `diagnose` would fix first; among the healthy ones the lowest validation
    loss is shown, among the diverged ones the one whose loss was a number for longest. A verdict that no history has is left
    out.
    """
    found: dict[str, tuple[float, int, Finding]] = {}
    for position, history in enumerate(histories):
        first = next((f for f in diagnose(history) if f.kind in VERDICTS), None)
        if first is None or first.contested:
            continue  # nothing that can be said, or nothing that is clear
        score = _clarity(first, history)
        if first.kind not in found or score > found[first.kind][0]:
            found[first.kind] = (score, position, first)
    return {kind: found[kind][1:] for kind in VERDICTS if kind in found}


def _clarity(finding: Finding, history: History) -> float:
    """How well a history shows what was found, comparable within one verdict."""
    if finding.kind == "healthy":
        return -float(np.min(history.val_loss))
    if finding.kind == "diverged":
        return float(np.isfinite(history.train_loss).sum())
    return finding.confidence or 0.0
