"""`python -m benchmarks [NAME ...]`: run benchmarks and print their tables; without a name, all of them."""

from __future__ import annotations

import sys
from importlib import import_module

ALL = ("training", "slider", "search", "estimates", "board", "gallery", "hand_out", "soak", "uploads", "capacity", "plan")

if __name__ == "__main__":
    for name in sys.argv[1:] or ALL:
        print(import_module(f"benchmarks.{name}").main(), flush=True)
