"""Values of one hyperparameter as people type them: "1, 0.01, 1e-7"."""

from __future__ import annotations

import re
from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment.axis_rules import WHOLE, apply
from tuning_core.experiment.hyperparameters import ACTIVATIONS, Hyperparameters
from tuning_core.experiment.optimizers import OPTIMIZERS

MOST_BESIDE = 6  # curves that stand side by side
WORDS = {"activation": ACTIVATIONS, "optimizer": tuple(OPTIMIZERS)}


def typed_settings(base: Hyperparameters, name: str, typed: str) -> dict[str, Hyperparameters]:
    """The base with each of the values, by the word that was typed; SettingsError names a value that will not do.

    Parameters
    ----------
    name : an axis as of a search: a field of Hyperparameters or EarlyStopping, "layers" or "units".
    typed : values with commas, semicolons or blanks between them; a value that comes twice counts once.
    """
    words = list(dict.fromkeys(word for word in re.split(r"[,;\s]+", typed.strip()) if word))
    if not words:
        raise SettingsError("No value was typed.", kind="empty_range", remedy="Write some, with commas between them.")
    if len(words) > MOST_BESIDE:
        raise SettingsError(
            f"There are {len(words)} values, but at most {MOST_BESIDE} stand side by side.",
            kind="too_many",
            remedy="Take some away.",
        )
    return {word: apply(base, {name: _value(name, word)}) for word in words}


def _value(name: str, word: str) -> Any:
    if name in WORDS:
        if word not in WORDS[name]:
            known = ", ".join(WORDS[name])
            raise SettingsError(f"{word!r} is no {name}.", kind="unknown_choice", remedy=f"Choose among {known}.")
        return word
    try:
        value = float(word)
    except ValueError:
        raise SettingsError(f"{word!r} is not a number.", kind="not_a_number", remedy="Write numbers: 1, 0.01, 1e-7.") from None
    return int(value) if name in WHOLE and value.is_integer() else value
