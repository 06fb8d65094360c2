"""Letters, names and numbers of what is compared, for a person."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pages.state.contenders import Entry
from tuning_core.charts.style import number, share
from tuning_core.diagnosis import Difference
from tuning_core.diagnosis.comparison import flat_settings, what_differs
from tuning_core.experiment.score_names import METRIC_NAMES, loss_name

WHAT = {
    "table": "other tables",
    "target": "other targets",
    "split": "other splits",
    "folds": "other folds",
    "loss": "other losses",
}
VERDICTS = {
    "better": "better",
    "worse": "worse",
    "luck": "may be luck",
    "rows": "too few rows to tell",
    "one_seed": "one seed cannot tell",
    "unknown": "nothing to compare",
}


def verdict_words(d: Difference) -> str:
    """A paired difference in two or three words."""
    for n, verb in ((d.broken, "diverge"), (d.cured, "no longer diverge")):
        if n and not (d.cured and d.broken):
            return f"{VERDICTS[d.verdict]}: {n} {verb}{'s' if n == 1 and verb == 'diverge' else ''}"
    return VERDICTS[d.verdict]


def letter(position: int) -> str:
    """A to Z, then AA, AB, ..."""
    return (letter(position // 26 - 1) if position >= 26 else "") + chr(ord("A") + position % 26)


def value_words(value: Any) -> str:
    """A setting's value."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (list, tuple)):
        return " → ".join(value_words(v) for v in value) or "none"
    if isinstance(value, float):
        return f"{value:g}"
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def short_names(entries: Sequence[Entry], most: int = 3) -> list[str]:
    """A name for each: the run's own, or what sets it apart from the others."""
    differing = what_differs([flat_settings(entry.contender.hyperparameters) for entry in entries])
    names = []
    for i, entry in enumerate(entries):
        told = [f"{name.replace('_', ' ')} {value_words(v[i])}" for name, v in differing.items() if v[i] is not None]
        hp = entry.contender.hyperparameters
        words = ", ".join(told[:most]) or f"{hp.optimizer} {hp.learning_rate:g}, batch {hp.batch_size:,}"
        alone = "." not in entry.mark
        names.append(entry.run.name if entry.run.name and alone else f"{entry.run.name}: {words}" if entry.run.name else words)
    return names


def end_labels(entries: Sequence[Entry]) -> list[str]:
    """What sets each apart in few letters, for the end of its line: the run's own name, or the values that differ."""
    differing = what_differs([flat_settings(entry.contender.hyperparameters) for entry in entries]) if len(entries) > 1 else {}
    values = [[value_words(v[i]) for v in differing.values() if v[i] is not None] for i in range(len(entries))]
    one = len(differing) == 1
    name = next(iter(differing), "").replace("_", " ").replace("learning rate", "rate").replace("hidden units", "units")
    found = []
    for entry, told in zip(entries, values, strict=True):
        words = f"{name} {told[0]}" if one and told else ", ".join(told[:2])
        found.append(entry.run.name if entry.run.name and "." not in entry.mark else words)
    return found


def panel_words(entry: Entry, panel: str) -> str:
    """What the values of "loss", "rmse" or "metric" are."""
    if panel == "rmse":
        return METRIC_NAMES["rmse"]
    if panel == "metric":
        return METRIC_NAMES["accuracy" if entry.contender.classifies else "mae"]
    return loss_name(entry.contender.context.get("loss_name"))


def value_form(entry: Entry, panel: str) -> Callable[[float], str]:
    """Writes a value of the panel."""
    form = share if panel == "metric" and entry.contender.classifies else number
    return lambda value: form(value) if math.isfinite(value) else "–"


def metric_value(value: float, classifies: bool) -> str:
    """A metric with its name where the number does not tell it: 97.4 %, MAE 3,120."""
    return share(value) if classifies else f"MAE {number(value)}"


def score_words(entry: Entry) -> str:
    """The one number of a setting, as in the search's table and on Compare; in words where there is none."""
    contender = entry.contender
    value = contender.score("metric")
    if math.isfinite(value):
        return metric_value(value, contender.classifies)
    lost = int(np.sum(~np.isfinite(contender.kept("metric"))))
    return "diverged" if lost == len(contender.trainings) else f"{lost} of {len(contender.trainings)} diverged"


def gain_form(entry: Entry, panel: str) -> Callable[[float], str]:
    """Writes a difference of values: accuracies differ by points."""
    if panel == "metric" and entry.contender.classifies:
        return lambda value: number(100 * value, "points")
    return number


def gain_words(gain: float, form: Callable[[float], str]) -> str:
    """ "12.3 better", "4.1 worse": the sign of a number in words."""
    if not math.isfinite(gain):
        return "–"
    return f"{form(abs(gain))} {'better' if gain > 0 else 'worse'}" if gain else "no difference"


def seconds_words(seconds: float) -> str:
    if not math.isfinite(seconds):
        return "–"
    return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min"
