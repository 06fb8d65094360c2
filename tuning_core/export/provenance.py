"""Where a result comes from: versions, identities, seeds and counts, the same words on every export."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tuning_core.experiment import Trial

_PACKAGES = ("keras", "tensorflow", "tensorflow-cpu", "numpy", "pandas", "scikit-learn")


def versions() -> dict[str, str]:
    """Of this project, Python, and the packages that shape a result."""
    from tuning_core import __version__

    found = {"tunescope": __version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def provenance(trial: Trial) -> dict[str, Any]:
    """JSON-able facts about a trial."""
    dataset, history, kept = trial.dataset, trial.history, trial.kept_epoch
    facts: dict[str, Any] = {
        "data": {
            "file": dataset.table.name,
            "sha256": dataset.table.sha256,
            "rows": {part: len(rows) for part, rows in dataset.rows.parts()},
            "setup": dataset.spec(),
            "fingerprint": dataset.fingerprint,
        },
        "hyperparameters": trial.hyperparameters.to_json(),
        "seed": trial.seed,
        "status": trial.status,
        "epochs": len(history),
        "kept_epoch": kept,
        "refitted_on_training_and_validation_rows": trial.refitted,
        "configurations_tried": trial.chosen_from,
        "versions": versions(),
    }
    if kept and not trial.refitted:
        names = (str(history.context.get("loss_name", "loss")), str(history.context.get("metric_name", "metric")))
        values = (float(history.val_loss[kept - 1]), float(history.val_metric[kept - 1]))
        facts["validation"] = dict(zip(names, values, strict=True))
    return facts
