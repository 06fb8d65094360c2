"""A page to hand out: one HTML file with recorded runs that needs no server and no network.

Sliders walk through the settings, every curve has its verdict, and the reader may be asked to say what it is before it is told.
What it says is worked out here; `templates/hand_out.html.jinja` says where it stands, `templates/hand_out.js` draws.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from tuning_core.charts.compared_curves import Line, value_range
from tuning_core.diagnosis import VERDICTS, diagnose_seeds
from tuning_core.diagnosis.wording import TITLES
from tuning_core.errors import SettingsError
from tuning_core.experiment import Hyperparameters, Run, SearchRun, Trial
from tuning_core.experiment.band import band_of
from tuning_core.experiment.hyperparameter_diff import LABELS
from tuning_core.experiment.score_names import loss_name
from tuning_core.export.html_report import environment

POINTS = 160  # of one curve; a longer one keeps every nth epoch and the last
MOST_SETTINGS = 1_000
MOST_SEEDS = 5  # drawn one by one
SEEDS_UP_TO = 100  # settings; of more only the median is kept, so that the page stays small
TEMPLATES = Path(__file__).with_name("templates")


def export_page(run: Run | SearchRun | Mapping[str, Run], *, title: str = "") -> str:
    """HTML text with every setting of a run, a search, or several runs by name; opens from disk and from any static host.

    Parameters
    ----------
    run : what `tc.train` or `tc.search` gave; a mapping gives one setting a name ({"rate 1": run, ...}). Trials of the same
        settings are seeds (or folds) of one curve.
    title : the heading; by default the table and its target.

    Raises
    ------
    SettingsError
        When nothing was recorded, or for more than 1,000 settings.
    """
    groups = _groups(run)
    if not groups:
        raise SettingsError("There is no curve to show.", kind="nothing_recorded", remedy="Train first.")
    if len(groups) > MOST_SETTINGS:
        raise SettingsError(
            f"There are {len(groups):,} settings, but a page to hand out holds at most {MOST_SETTINGS:,}.",
            kind="too_many_trials",
            remedy="Search fewer settings, or hand out the best of them.",
        )
    data = _data(groups, named=isinstance(run, Mapping))
    dataset = getattr(run, "dataset", None) or getattr(next(iter(groups.values()))[0], "dataset", None)
    table = f"{dataset.table.name}: {dataset.target}" if dataset is not None else "Learning curves"
    return (
        environment()
        .get_template("hand_out.html.jinja")
        .render(
            title=title or table,
            table=table,
            rows=data["rows"],
            kinds=[(kind, TITLES[kind]) for kind in VERDICTS],
            # Inside a script element only "<" could end it; in JSON it may be written as an escape.
            data=Markup(json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")),  # nosec B704
            script=Markup((TEMPLATES / "hand_out.js").read_text(encoding="utf-8")),  # nosec B704
        )
    )


def _groups(run: Run | SearchRun | Mapping[str, Run]) -> dict[str, list[Trial]]:
    """Trials with a curve, by the name of their setting."""
    if isinstance(run, Mapping):
        named = {str(name): list(one.trials) for name, one in run.items()}
    else:
        named = {}
        for trial in run.trials:
            named.setdefault(json.dumps(trial.hyperparameters.to_json(), sort_keys=True), []).append(trial)
    found = {name: [trial for trial in trials if len(trial.history)] for name, trials in named.items()}
    return {name: trials for name, trials in found.items() if trials}


def _medians(trials: list[Trial]) -> Line:
    validation, training = (band_of([getattr(t.history, name) for t in trials]) for name in ("val_loss", "train_loss"))
    return Line("", "", validation, training)


def _data(groups: Mapping[str, list[Trial]], named: bool) -> dict[str, Any]:
    """All that the script needs, JSON-able; named settings have their names as the only axis."""
    settings = [trials[0].hyperparameters for trials in groups.values()]
    seeds = MOST_SEEDS if len(groups) <= SEEDS_UP_TO else 0
    axes = _axes(settings)
    low, high = value_range([_medians(trials) for trials in groups.values()], False, False)
    context = next(iter(groups.values()))[0].history.context
    lines = {"dummy_loss": "constant predictor", "linear_loss": "linear model", "tree_loss": "boosted trees"}
    return {
        "loss": loss_name(context.get("loss_name")),
        "rows": {"train": context.get("n_train"), "validation": context.get("n_validation")},
        "range": [_short(low), _short(high)],
        "baselines": [[words, _short(context[name])] for name, words in lines.items() if context.get(name) is not None],
        "axes": [{"label": label, "values": [_word(value) for value in values]} for _, label, values in axes]
        if not named
        else [{"label": "setting", "values": list(groups)}],
        "runs": [
            {"at": [i] if named else [values.index(_value(hp, name)) for name, _, values in axes], **_curves(trials, seeds)}
            for i, (hp, trials) in enumerate(zip(settings, groups.values(), strict=True))
        ],
    }


def _axes(settings: Sequence[Hyperparameters]) -> list[tuple[str, str, list[Any]]]:
    """(field, label, values from the least to the largest) of each hyperparameter that differs."""
    axes = []
    for name, label in [*((name, label) for name, label, _ in LABELS), ("early_stopping", "early stopping")]:
        values = {_value(hp, name) for hp in settings}
        if len(values) > 1:
            axes.append((name, label, sorted(values, key=_order)))
    return axes


def _value(hp: Hyperparameters, name: str) -> Any:
    value = getattr(hp, name)
    return value if value is None or isinstance(value, (int, float, str, tuple)) else value.patience


def _order(value: Any) -> tuple:
    """Numbers by size, layers by their number and width, words by the alphabet; nothing first."""
    if value is None:
        return (0, 0.0, "")
    if isinstance(value, tuple):
        return (1, float(len(value)), tuple(value))
    return (1, float(value), "") if isinstance(value, (int, float)) else (2, 0.0, value)


def _word(value: Any) -> str:
    if isinstance(value, tuple):
        return " → ".join(f"{units:,}" for units in value) or "none"
    if value is None:
        return "off"
    return f"{value:g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _curves(trials: Sequence[Trial], seeds: int) -> dict[str, Any]:
    """Median curves, up to so many single seeds, the kept epoch in the middle, and the verdict."""
    histories = [trial.history for trial in trials]
    length = max(len(history) for history in histories)
    epochs = sorted({*range(0, length, max(1, -(-length // POINTS))), length - 1})
    medians = {name: band_of([getattr(history, name) for history in histories]).middle for name in ("train_loss", "val_loss")}
    kept = sorted(trial.kept_epoch for trial in trials if trial.kept_epoch)
    first = next((finding for finding in diagnose_seeds(histories) if finding.kind in VERDICTS), None)
    shown = histories[:seeds] if len(histories) > 1 else []
    return {
        "epochs": [epoch + 1 for epoch in epochs],
        "train": _points(medians["train_loss"], epochs),
        "validation": _points(medians["val_loss"], epochs),
        "seeds": [[_points(history.train_loss, epochs), _points(history.val_loss, epochs)] for history in shown],
        "n": len(histories),
        "kept": kept[(len(kept) - 1) // 2] if kept else None,
        "verdict": {"kind": first.kind, "title": TITLES[first.kind], "message": first.message} if first else None,
    }


def _points(values: np.ndarray, epochs: Sequence[int]) -> list[float | None]:
    return [_short(values[epoch]) if epoch < len(values) else None for epoch in epochs]


def _short(value: float) -> float | None:
    return float(f"{value:.4g}") if np.isfinite(value) else None
