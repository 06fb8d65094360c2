"""tc.export_script: a trial as a page of Keras, pandas and scikit-learn that anybody can run."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data import Table
from tuning_core.errors import SettingsError
from tuning_core.experiment import Trial
from tuning_core.export.code import model, preparing
from tuning_core.export.code.reading import reading_code
from tuning_core.export.code.text import Section, literal

CLEANED = "cleaned.parquet"
_MODULES = {
    "ColumnTransformer": "sklearn.compose",
    "MissingIndicator": "sklearn.impute",
    "OneHotEncoder": "sklearn.preprocessing",
    "SimpleImputer": "sklearn.impute",
    "StandardScaler": "sklearn.preprocessing",
    "make_pipeline": "sklearn.pipeline",
    "train_test_split": "sklearn.model_selection",
}


def export_script(trial: Trial, *, source: bytes | None = None) -> str:
    """Python source that trains this trial with nothing of Tunescope in it.

    It reads the file that its first argument names (default: the table's own name), repairs and prepares it as the trial's
    dataset did, starts from the same weights, and prints best epoch, validation loss and metric. Row orders and dropout masks
    are Keras's own, so its result is that of another seed.

    Parameters
    ----------
    source : the file's bytes. When given, the reading is tried out, and where pandas alone cannot reproduce the table the
        script reads `cleaned.parquet` instead (`table.frame.to_parquet("cleaned.parquet")`).
    """
    parts = sections(trial, source)
    body = "\n\n".join(f"# {part.title}\n{part.code}" for part in parts)
    return f"{header(trial, parts)}\n\n{body}\n"


def needs_cleaned(trial: Trial, source: bytes | None) -> bool:
    """Whether the script must read the cleaned table; see `export_script`."""
    table = trial.dataset.table
    repairs = table.reading.get("repairs", {})
    if table.reading.get("encoding") is None or any(len(r.get("no_numbers", [])) >= 50 for r in repairs.values()):
        return True  # a table that never was a file, or a damaged one: its script would be a list of cells
    return source is not None and not _reproduces(table, _used(trial), source)


def sections(trial: Trial, source: bytes | None = None) -> tuple[Section, ...]:
    """The steps of script and notebook, in order."""
    if trial.dataset is None or trial.preparation is None:
        raise SettingsError(
            f"Trial {trial.number} does not know its dataset.",
            kind="no_dataset",
            remedy="Export a trial that tc.train, tc.search or tc.refit gave back.",
        )
    features, _ = preparing.features_code(trial)
    split = preparing.split_code(trial)
    if trial.refitted:
        split += "\ntrain = np.concatenate([train, validation])"
    target = [model.scaling_code(trial)] if model.is_scaled(trial) or model.is_log(trial) else []
    found = [
        Section("Read", "The file as it is, with the repairs that its cells need.", read_code(trial, source)),
        Section("Target", "What is predicted.", preparing.target_code(trial)),
        Section("Split", "Training rows to learn from, validation rows to choose by, test rows for the very end.", split),
        Section("Prepare", "Every statistic comes from the training rows; otherwise validation would flatter.", features),
        Section("Model", "Kernels start from seeded numbers, so that a second run starts where the first one did.",
                "\n".join([*filter(None, [model.weights_code(trial)]), *target, model.model_code(trial)])),
        Section("Fit", "The validation rows watch over the training and never enter it.", model.fit_code(trial)),
        Section("Evaluate", "In the target's own units.", model.evaluate_code(trial)),
        Section("Exam", "Test rows, once.", model.exam_code(trial)),
    ]  # fmt: skip
    return tuple(section for section in found if section.code)


def _used(trial: Trial) -> list[str]:
    dataset = trial.dataset
    extra = (dataset.split.group, preparing.time_column(dataset), dataset.part, dataset.sample_weight)
    used = (*trial.preparation.columns, dataset.target, *(name for name in extra if name is not None))
    return list(dict.fromkeys(used))


def read_code(trial: Trial, source: bytes | None) -> str:
    """Source that leaves the table in `frame`."""
    table = trial.dataset.table
    if needs_cleaned(trial, source):
        which = f'DATA = sys.argv[1] if len(sys.argv) > 1 else "{CLEANED}"  # the table as it was repaired'
        return f"{which}\nframe = pd.read_parquet(DATA)"
    lines = [f"DATA = sys.argv[1] if len(sys.argv) > 1 else {literal(table.name)}", reading_code(table, "DATA", _used(trial))]
    rows = len(table.frame)
    lines.append(f'assert len(frame) == {rows}, f"{{DATA}} has {{len(frame):,}} rows; the recorded training had {rows:,}"')
    return "\n".join(lines)


def header(trial: Trial, parts: tuple[Section, ...]) -> str:
    """Docstring and imports."""
    dataset = trial.dataset
    _, used = preparing.features_code(trial)
    if any("train_test_split(" in part.code for part in parts):
        used = used | {"train_test_split"}
    by_module: dict[str, list[str]] = {}
    for name in sorted(used):
        by_module.setdefault(_MODULES[name], []).append(name)
    imports = [f"from {module} import {', '.join(found)}" for module, found in sorted(by_module.items())]
    facts = [
        '"""Train one setting with Keras, as Tunescope did.',
        "",
        f"{model.settings_words(trial)}; seed {trial.seed}",
        f"SHA-256 of the data: {dataset.table.sha256}",
    ]
    kept = trial.kept_epoch
    if kept and not trial.refitted:
        loss, metric = trial.history.val_loss[kept - 1], trial.history.val_metric[kept - 1]
        facts.append(f"recorded: validation loss {loss:.6g}, {model.metric_name(trial)} {metric:.6g} (epoch {kept})")
    facts.append('"""')
    return "\n".join([*facts, "", "import sys", "", "import keras", "import numpy as np", "import pandas as pd", *imports])


# ---- trying the reading out -----------------------------------------------------------------------------------------


def _reproduces(table: Table, used: list[str], source: bytes) -> bool:
    """Whether the pandas code gives the table's own cells for these bytes."""
    with tempfile.TemporaryDirectory(prefix="tunescope-") as folder:
        path = Path(folder) / "data.csv"
        path.write_bytes(source)
        found: dict[str, Any] = {"pd": pd, "np": np, "DATA": str(path)}
        try:
            exec(reading_code(table, "DATA", used), found)  # our own source; words of the table are literals in it  # nosec B102
        except Exception:  # pandas raises many kinds for files that it cannot read
            return False
    frame = found["frame"]
    return len(frame) == len(table.frame) and all(_same(frame.get(name), table.frame[name]) for name in used)


def _same(mine: pd.Series | None, wanted: pd.Series) -> bool:
    if mine is None:
        return False
    if wanted.dtype.kind in "iuf":
        return mine.dtype.kind in "iuf" and np.allclose(mine.astype(float), wanted.astype(float), rtol=1e-12, equal_nan=True)
    if wanted.dtype.kind == "M":
        return mine.dtype.kind == "M" and mine.astype(wanted.dtype).equals(wanted)
    if str(wanted.dtype) == "boolean":
        return mine.equals(wanted)
    return mine.astype("str").mask(mine.isna()).equals(wanted)
