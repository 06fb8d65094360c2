"""Axes of a search as places on a line, and ticks at round values where Plotly's own do not fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

DIGITS = ((1,), (1, 3), (1, 2, 5))
FEWEST = 3  # ticks on a logarithmic axis
FEW = 6  # different values, each of which gets a tick


def log_ticks(low: float, high: float, words: Callable[[float], str] = "{:.4g}".format) -> tuple[list[float], list[str]]:
    """Positions (powers of ten) and words of round values from 10**low to 10**high; the ends where there are hardly any."""
    if not high > low:
        return [low], [words(_round(low))]
    for digits in DIGITS:
        places = [power + math.log10(digit) for power in range(math.floor(low), math.ceil(high) + 1) for digit in digits]
        inside = [place for place in places if low - 1e-9 <= place <= high + 1e-9]
        if len(inside) >= FEWEST:
            step = math.ceil(len(inside) / 8)
            return inside[::step], [words(_round(place)) for place in inside[::step]]
    return [low, high], [words(_round(low)), words(_round(high))]


def _round(place: float) -> float:
    return float(f"{10**place:.2g}")


@dataclass(frozen=True, eq=False)
class Scale:
    """One axis of a search with the places of the settings on it.

    Attributes
    ----------
    name : in words.
    places : (settings,) float; logarithms to base ten on a log axis; NaN where the axis is switched off.
    log : whether the places are logarithms.
    names : of the places 0, 1, ... of an axis of names; empty for numbers.
    """

    name: str
    places: np.ndarray
    log: bool = False
    names: Sequence[str] = ()

    @property
    def there(self) -> np.ndarray:
        """Places of the settings for which the axis is switched on."""
        return self.places[np.isfinite(self.places)]

    @property
    def span(self) -> tuple[float, float]:
        """First and last place."""
        if self.names:
            return 0.0, float(len(self.names) - 1)
        return (float(self.there.min()), float(self.there.max())) if len(self.there) else (0.0, 1.0)

    def ticks(self, words: Callable[[float], str] = "{:.4g}".format) -> tuple[list[float], list[str]]:
        """Where to write what: every name, every value where they are few, else round values; ([], []) leaves it to Plotly."""
        if self.names:
            return list(map(float, range(len(self.names)))), list(self.names)
        values = np.unique(np.round(self.there, 9)).tolist()
        if len(values) <= FEW:
            return values, [words(10**v if self.log else v) for v in values]
        return log_ticks(*self.span, words) if self.log else ([], [])
