"""What a diagnosis says: findings with their evidence, and remedies that are experiments. Frozen, JSON-able."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

DISEASES = ("diverged", "oscillating", "overfitting", "too_slow", "underfitting", "over_regularised")
VERDICTS = (*DISEASES, "healthy")
NOTES = ("plateau", "noisy_validation", "validation_below_train")
ACTIONS = (
    *("early_stop", "more_patience", "smaller_min_delta", "later_start"),
    *("lower_lr", "larger_batch", "raise_lr", "more_epochs"),
    *("more_capacity", "less_capacity", "regularise", "less_l2", "less_dropout", "clean_start"),
)


@dataclass(frozen=True)
class Evidence:
    """One measured quantity beside the threshold it was held against.

    Attributes
    ----------
    name : what was measured, in words for a person.
    value, threshold : in `unit`; a threshold of None means that the number is shown for information.
    unit : "x" (a ratio), "%" , "epochs", "" ...
    above : True when the finding needs the value above the threshold, False when below.
    measure : the name in `measures`, for programs; "" for what is not one of them.
    """

    name: str
    value: float
    threshold: float | None = None
    unit: str = ""
    above: bool = True
    measure: str = ""


@dataclass(frozen=True)
class Remedy:
    """One concrete next experiment.

    Attributes
    ----------
    action : what kind of change this is, one of `ACTIONS`.
    changes : fields of `Hyperparameters` and their new values, JSON-able and valid; empty when the present settings
        are not known, so that no number can be given.
    reason : why this should help, one sentence.
    gain : expected relative fall of the held-out loss (0.1 is 10 % lower), where the calibration can tell.
    """

    action: str
    changes: Mapping[str, Any]
    reason: str
    gain: float | None = None


@dataclass(frozen=True)
class Finding:
    """One verdict on a learning curve.

    Attributes
    ----------
    kind : one of `VERDICTS` (diseases and "healthy") or `NOTES`.
    severity : "serious", "moderate" or "info": a note, a healthy run, or a disease beside "healthy" that may as well be none.
    epochs : first and last epoch (counted from 1) that show it, to be shaded; None when there is none.
    evidence : the measured quantities, the deciding one first.
    message : one sentence that a student understands.
    remedies : up to three experiments, best first.
    quantity : what to draw on the curve: "rise", "swing", "slope", "gap", "baseline", "level" or "".
    confidence : how sure the doctor is, 0 to 1; None for rules that are not calibrated.
    """

    kind: str
    severity: str
    epochs: tuple[int, int] | None
    evidence: tuple[Evidence, ...]
    message: str
    remedies: tuple[Remedy, ...] = field(default=())
    quantity: str = ""
    confidence: float | None = None

    @property
    def contested(self) -> bool:
        """A disease that stands beside "healthy": the curve allows both readings."""
        return self.kind in DISEASES and self.severity == "info"

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings; a number that is not finite is None."""
        return _plain(asdict(self))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
