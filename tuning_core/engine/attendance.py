"""Which workers of a cluster elsewhere are there: those that its scheduler lists and still hears of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SILENCE = 20.0  # seconds; workers are heard of twice a second, and a computer that is cut off is not struck off for minutes


@dataclass
class Attendance:
    """What the scheduler last said.

    Attributes
    ----------
    heard : by address: when the scheduler had last heard of that worker, on the scheduler's clock, and when that was
        news here, on ours. The two clocks are never compared.
    """

    heard: dict[str, tuple[float, float]] = field(default_factory=dict)

    def learn(self, workers: Mapping[str, Mapping[str, Any]], now: float) -> None:
        """Take in the scheduler's list, {address: {"last_seen": ...}}, at `now` (monotonic seconds)."""
        known, self.heard = self.heard, {}
        for address, facts in workers.items():
            before = known.get(address)
            seen = facts["last_seen"]
            self.heard[address] = before if before is not None and before[0] == seen else (seen, now)

    def present(self, now: float) -> list[str]:
        """The addresses of workers that were heard of within `SILENCE`."""
        return [address for address, (_, learnt) in self.heard.items() if now - learnt <= SILENCE]
