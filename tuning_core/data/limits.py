"""Every limit on what is read and trained on, in one place."""

from __future__ import annotations

MAX_BYTES = 200 * 2**20
"""Of an upload, and of what a compressed upload unpacks to."""

MAX_ROWS = 2_000_000
MAX_COLUMNS = 5_000
MAX_CELLS = 50_000_000
"""Rows times columns; what fits into memory while types are found."""

MAX_CELL = 131_072
"""Characters in one cell; Excel stops at 32,767."""

MAX_NAME = 10_000
"""Characters in a column name."""

MIN_ROWS = 10
"""Below this no split leaves anything to learn from and to judge by."""

FEW_ROWS = 100
WIDE_COLUMNS = 300
LARGE_ROWS = 100_000
LARGE_BYTES = 20 * 2**20

MAX_CLASSES = 100
MANY_CLASSES = 20
MAX_LEVELS = 50
"""One-hot columns a category gets; rarer levels share one."""

MAX_ENCODED = 20_000
"""Columns after encoding."""

READ_SECONDS = 120
"""CPU time of one upload in the sandbox."""

READ_MEMORY = 1_500 * 2**20
"""Memory of one upload in the sandbox, over what the process has when idle."""
