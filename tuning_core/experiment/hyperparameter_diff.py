"""What differs between two settings, and nothing else: settings that have no effect in either are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tuning_core.experiment.hyperparameters import Hyperparameters

# In the order of the controls: (name, what it is called, the optimizer that alone looks at it).
LABELS = (
    ("hidden_units", "hidden units", ""),
    ("activation", "activation", ""),
    ("learning_rate", "learning rate", ""),
    ("batch_size", "batch size", ""),
    ("epochs", "epochs", ""),
    ("optimizer", "optimizer", ""),
    ("momentum", "momentum", "sgd"),
    ("weight_decay", "weight decay", "adamw"),
    ("dropout", "dropout", ""),
    ("l2", "L2 penalty", ""),
    ("loss", "loss", ""),
    ("class_weight", "class weights", ""),
    ("scale_target", "target scaling", ""),
    ("shuffle", "shuffling", ""),
    ("keep", "weights kept", ""),
)
_STOPPING = {
    "patience": "patience",
    "min_delta": "smallest improvement",
    "start_from_epoch": "watching from epoch",
    "restore_best_weights": "keeping the best epoch",
    "monitor": "watched",
}


@dataclass(frozen=True)
class Change:
    """One setting that differs; `name` is the field of Hyperparameters, with "early_stopping." before its own fields."""

    name: str
    label: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.label} {self.before} → {self.after}"


def changes(before: Hyperparameters, after: Hyperparameters) -> tuple[Change, ...]:
    """The settings that differ, in words, in the order in which one thinks of them."""
    pairs = [
        (name, label, getattr(before, name), getattr(after, name))
        for name, label, optimizer in LABELS
        if not optimizer or optimizer in (before.optimizer, after.optimizer)
    ]
    if not before.hidden_units and not after.hidden_units:
        pairs = [pair for pair in pairs if pair[0] not in ("activation", "dropout")]
    found = [Change(name, label, _word(old), _word(new)) for name, label, old, new in pairs if _word(old) != _word(new)]
    return (*found, *_stopping_changes(before, after))


def changes_in_words(found: Sequence[Change]) -> str:
    """All changes in one line; "the same settings" when there are none."""
    return ", ".join(map(str, found)) or "the same settings"


def _stopping_changes(before: Hyperparameters, after: Hyperparameters) -> tuple[Change, ...]:
    old, new = before.early_stopping, after.early_stopping
    if old is None or new is None:
        words = ["off" if stop is None else f"patience {stop.patience:,}" for stop in (old, new)]
        return () if old == new else (Change("early_stopping", "early stopping", *words),)
    pairs = [(name, label, _word(getattr(old, name)), _word(getattr(new, name))) for name, label in _STOPPING.items()]
    return tuple(Change(f"early_stopping.{name}", label, a, b) for name, label, a, b in pairs if a != b)


def _word(value: Any) -> str:
    if isinstance(value, tuple):
        same = len(set(value)) == 1 and isinstance(value[0], float)  # one dropout rate for every layer
        return _word(value[0]) if same else ", ".join(map(_word, value)) or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    return "off" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
