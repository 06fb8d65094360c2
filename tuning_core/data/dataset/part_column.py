"""Training, validation and test rows by a column of the table that names the part of each row."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from tuning_core.data.dataset.split_rows import SplitRows
from tuning_core.data.dataset.targets import as_labels
from tuning_core.data.notices import quoted
from tuning_core.errors import DatasetError

WORDS = {
    "train": ("train", "training", "tr", "learn", "fit"),
    "validation": ("validation", "valid", "val", "dev", "development", "eval", "evaluation"),
    "test": ("test", "testing", "te", "holdout", "hold-out", "exam"),
}
"""How a part may be called, whatever the case; "set", "split" and "data" after it say nothing more."""

_AFTER = re.compile(r"[ _-]*(?:set|split|data|rows)$")
_PART_OF = {word: part for part, words in WORDS.items() for word in words}


def part_words(values: pd.Series, name: str) -> pd.Series:
    """ "train", "validation" or "test" for each row, missing for empty cells; DatasetError for another word."""
    labels = as_labels(values)
    known = {label: _PART_OF.get(_AFTER.sub("", str(label).strip().casefold())) for label in labels.dropna().unique()}
    unknown = [label for label, part in known.items() if part is None]
    if unknown:
        raise DatasetError(
            f"The part column {name!r} holds {quoted(unknown)}, which is no name of a part.",
            kind="unknown_part",
            remedy="Use the words train, validation and test, or choose another column.",
            column=name,
        )
    return labels.map(known)


def given_rows(values: pd.Series, name: str) -> SplitRows:
    """Positions of the rows of each part, in file order; DatasetError without training or validation rows."""
    words = part_words(values, name).to_numpy(dtype=object)
    train, validation, test = (np.flatnonzero(words == part).astype(np.int64) for part in WORDS)
    if len(train) < 2 or not len(validation):
        raise DatasetError(
            f"The part column {name!r} names {len(train):,} training, {len(validation):,} validation and {len(test):,} test "
            "rows; at least 2 must train and 1 must validate.",
            kind="no_training_rows" if len(train) < 2 else "no_validation_rows",
            remedy="Name some rows 'train' and some 'validation', or let Tunescope draw the rows.",
            column=name,
        )
    return SplitRows(train, validation, test)
