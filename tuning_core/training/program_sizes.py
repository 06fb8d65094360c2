"""The sizes that a compiled program's arguments have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tuning_core.training.specs import bucket

MAX_CHUNK = 128  # epochs per call at the most
ORDER_NUMBERS = 2**22  # row numbers that one call may be given: many streams of many rows make shorter chunks
TABLE_NUMBERS = 2**22  # larger tables are not padded: compiling is little beside training on them


@dataclass(frozen=True)
class ArgumentSizes:
    """Lengths of the arguments that a program is compiled for.

    Attributes
    ----------
    rows : of the table.
    streams : row orders side by side.
    width : row numbers of one order.
    capacity : epochs of row orders.
    """

    rows: int
    streams: int
    width: int
    capacity: int

    @classmethod
    def rounded(cls, rows: int, features: int, streams: int, width: int, k: int) -> ArgumentSizes:
        """Few different sizes for many different tables."""
        if rows * features <= TABLE_NUMBERS:
            rows = max(256, _power(rows))
        width = max(256, _power(width)) if width * streams <= TABLE_NUMBERS else width
        streams = 1 if streams == 1 else bucket(streams)
        capacity = 2 ** int(np.log2(np.clip(ORDER_NUMBERS // (streams * width), 1, MAX_CHUNK)))
        return cls(rows, streams, width, capacity)

    def holds(self, other: ArgumentSizes) -> bool:
        """Whether arguments of the other sizes can be padded to these."""
        return self.rows >= other.rows and self.streams >= other.streams and self.width >= other.width


def _power(n: int) -> int:
    return 1 << max(0, n - 1).bit_length()
