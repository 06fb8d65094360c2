"""Bytes to Table, Table to Dataset, Dataset to float32 arrays.

scikit-learn and SciPy (0.8 s and 80 MB to import) are loaded by the functions that need them, because a web page
shows tables and notices without ever fitting anything.
"""

from tuning_core.data.dataset.dataset import Dataset, SplitRows
from tuning_core.data.dataset.preparation import Preparation
from tuning_core.data.notices import Notice
from tuning_core.data.reading.options import ReadOptions
from tuning_core.data.reading.reader import read_table
from tuning_core.data.table import Column, Table

__all__ = ["Column", "Dataset", "Notice", "Preparation", "ReadOptions", "SplitRows", "Table", "read_table"]
