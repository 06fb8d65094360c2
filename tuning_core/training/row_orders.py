"""The order of the training rows, epoch by epoch."""

from __future__ import annotations

import numpy as np


class RowOrders:
    """Row orders of one stream (seed and fold): one new permutation per epoch, the same however epochs are chunked."""

    def __init__(self, seed: int, first_row: int, n: int, shuffle: bool) -> None:
        self.random = np.random.default_rng([seed, 0x7E5C]) if shuffle else None
        self.row = (first_row + np.arange(n)).astype(np.int32)

    def next(self, epochs: int, width: int | None = None) -> np.ndarray:
        """Shape (epochs, width), padded with a valid row."""
        orders = np.full((epochs, width or len(self.row)), self.row[0], np.int32)
        orders[:, : len(self.row)] = self.row
        if self.random is not None:
            for order in orders:
                self.random.shuffle(order[: len(self.row)])
        return orders
