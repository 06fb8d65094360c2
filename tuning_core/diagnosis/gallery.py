"""Disease gallery: settings to train on the user's own table, and the clearest example of each pathology among the results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tuning_core.diagnosis.doctor import diagnose
from tuning_core.diagnosis.finding import VERDICTS, Finding
from tuning_core.experiment import History, Hyperparameters

RATES = np.geomspace(1e-5, 10.0, 19)  # three to a decade: some too slow, some right, some too fast on every table
SMALL_RATES = np.geomspace(0.003, 0.1, 4)
LARGE_RATES = np.geomspace(0.0005, 0.01, 4)


def gallery_settings(epochs: int = 100, batch_size: int = 16) -> list[Hyperparameters]:
    """What to train, on one split with one seed: a few compiled programs, 31 trainings side by side.

    A middle-sized model over all learning rates (slow, healthy, oscillating, diverged), linear and tiny ones (underfitting)
    and a large one for twice as long (overfitting).
    """
    base = Hyperparameters(epochs=epochs, batch_size=batch_size, hidden_units=(64, 32), early_stopping=None)
    ladder = [base.replace(learning_rate=_two_digits(rate)) for rate in RATES]
    small = [base.replace(hidden_units=u, learning_rate=_two_digits(r)) for u in ((), (2,)) for r in SMALL_RATES]
    large = [base.replace(hidden_units=(256, 256), learning_rate=_two_digits(r), epochs=2 * epochs) for r in LARGE_RATES]
    return ladder + small + large


def clearest(histories: Sequence[History]) -> dict[str, tuple[int, Finding]]:
    """The position of the clearest example of each verdict among trained histories, and the finding that says so.

    A pathology counts only where it is what `diagnose` would fix first; among the healthy ones the lowest validation
    loss is shown. A verdict that no history has is left out.
    """
    found: dict[str, tuple[float, int, Finding]] = {}
    for position, history in enumerate(histories):
        findings = [f for f in diagnose(history) if f.kind in VERDICTS]
        if not findings:
            continue
        first = findings[0]
        score = -float(np.min(history.val_loss)) if first.kind == "healthy" else (first.confidence or 0.0)
        if first.kind not in found or score > found[first.kind][0]:
            found[first.kind] = (score, position, first)
    return {kind: found[kind][1:] for kind in VERDICTS if kind in found}


def _two_digits(rate: float) -> float:
    return float(f"{rate:.1e}")
