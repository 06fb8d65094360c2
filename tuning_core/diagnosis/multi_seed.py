"""One verdict over all seeds of a setting, and a calm one while they are still training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tuning_core.diagnosis.doctor import diagnose
from tuning_core.diagnosis.finding import Finding
from tuning_core.diagnosis.read_curves import read_curves
from tuning_core.experiment import History

STEP = 1.25  # a live curve is read again when it has grown by this factor
FIRST_LOOK = 12
LIVE_KINDS = ("diverged", "oscillating", "overfitting")  # the others are about how a training ended


def diagnose_seeds(histories: Sequence[History]) -> list[Finding]:
    """Findings over all seeds of one setting; the epochs to shade and the remedies are those of the typical seed.

    Typical is the seed whose best epoch is the middle one, as the marker on a median curve has it. A seed that stopped being a
    number goes before all others, however few: such a setting cannot be relied on.
    """
    trained = [h for h in histories if len(h)]
    if not trained:
        return []
    curves = [read_curves(h) for h in trained]
    lost = [i for i, c in enumerate(curves) if c.exploded]
    order = sorted(lost, key=lambda i: len(trained[i])) or sorted(range(len(curves)), key=lambda i: curves[i].best)
    typical = order[0] if lost else order[(len(order) - 1) // 2]
    found = diagnose(trained[typical], seeds=[h for i, h in enumerate(trained) if i != typical])
    if not lost or len(lost) == len(trained):
        return found
    some = f"{len(lost)} of {len(trained)} seeds diverged. {found[0].message}"
    return [replace(found[0], message=some), *found[1:]]


@dataclass(frozen=True)
class LiveReading:
    """What may be said of a curve that still grows.

    Attributes
    ----------
    epochs : how far the last look reached.
    shown : findings that have held, as they were last seen; what to fix first at the head.
    seen : the kinds found at the last look.
    """

    epochs: int = 0
    shown: tuple[Finding, ...] = ()
    seen: frozenset[str] = frozenset()


def next_look(epochs: int) -> int:
    """The epoch of the look after one at `epochs`: looks grow rarer as the curve grows longer."""
    return max(FIRST_LOOK, int(np.ceil(epochs * STEP)))


def read_on(reading: LiveReading, histories: Sequence[History]) -> LiveReading:
    """Take every look at a growing curve that is due.

    A kind is shown once two looks in a row found it and goes once two in a row did not, so that nothing flaps. Looks are taken
    at fixed lengths; epochs are never changed once recorded, so it does not matter how often or by whom a curve is read.
    """
    reached = max((len(h) for h in histories), default=0)
    while (at := next_look(reading.epochs)) <= reached:
        seen = diagnose_seeds([_first(h, at) for h in histories])
        found = {f.kind: f for f in seen if f.kind in LIVE_KINDS and not f.contested}
        before = {f.kind: f for f in reading.shown}
        known = before | found
        stay = [kind for kind in {**found, **before} if (kind in found) + (kind in reading.seen) + (kind in before) >= 2]
        reading = LiveReading(at, tuple(known[kind] for kind in stay), frozenset(found))
    return reading


def _first(history: History, epochs: int) -> History:
    return History.from_matrix(history.matrix()[:, :epochs], history.context)
