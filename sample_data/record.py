"""Train the recorded examples again: `python -m sample_data.record`. Pages show them before anybody has trained anything.

All are trained with the settings that Tune starts with (`pages.state.tune_settings.START`) on the samples' own splits, but for
the exam: its table are the training rows of the insurance sample, so that its test rows are none of those that are locked there.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import tuning_core as tc
from pages.state.samples import SAMPLES, Sample
from pages.state.tune_settings import START, START_SEEDS
from tuning_core.diagnosis import clearest, gallery_settings
from tuning_core.exam.exam import examine
from tuning_core.experiment import Trial
from tuning_core.prediction import Model

FOLDER = Path(__file__).resolve().parent
RECORDED = FOLDER / "recorded"
DIGITS = 5  # of a recorded loss: more than a picture shows
SEEDS = tuple(range(START_SEEDS))
CONTRASTS = (("rate × 10", {"learning_rate": 10 * START.learning_rate}), ("no hidden layer", {"hidden_units": ()}))
SEARCHED = {"learning_rate": tc.loguniform(1e-4, 1.0), "batch_size": [16, 64]}
N_SEARCHED = 16


def dataset_of(sample: Sample) -> tc.Dataset:
    """A sample with the target and the split of a first visit."""
    return tc.Dataset(tc.read_table(FOLDER / sample.file), target=sample.target)


def record_runs() -> None:
    """The start settings on each sample, what Compare shows beside them, and the model that Predict shows."""
    own = {sample.id: tc.train(dataset_of(sample), START, seeds=SEEDS) for sample in SAMPLES}
    for sample in SAMPLES:
        _write(f"tune_{sample.id}", sample, own[sample.id].trials, name="")
    first = SAMPLES[0]
    for number, (name, changes) in enumerate(CONTRASTS, start=1):
        run = tc.train(dataset_of(first), START.replace(**changes), seeds=SEEDS)
        _write(f"compare_{number}", first, run.trials, name=name)
    (RECORDED / "model.zip").write_bytes(Model.from_trial(own[first.id].best_trial).to_bytes())


def record_search() -> None:
    space = tc.random(base=START, n_iter=N_SEARCHED, **SEARCHED)
    run = tc.search(dataset_of(SAMPLES[0]), space)
    _write("search", SAMPLES[0], run.trials, name="", kind="search", space=space.to_json())


def record_gallery() -> None:
    """The clearest example of each trouble alone."""
    by_base: dict[tc.Hyperparameters, list[float]] = {}
    for hp in gallery_settings():
        by_base.setdefault(hp.replace(learning_rate=START.learning_rate), []).append(hp.learning_rate)
    spaces = [tc.grid(base=base, learning_rate=sorted(set(rates))) for base, rates in by_base.items()]
    run = [trial for space in spaces for trial in tc.search(dataset_of(SAMPLES[0]), space).trials]
    chosen = sorted(place for place, _ in clearest([trial.history for trial in run]).values())
    _write("gallery", SAMPLES[0], [replace(run[place], number=number) for number, place in enumerate(chosen)], name="")


def record_exam() -> None:
    """A report on training rows: not one locked row of the sample is looked at."""
    known = dataset_of(SAMPLES[0])
    rows = known.table.frame.iloc[known.rows.train].to_csv(index=False).encode()
    run = tc.train(tc.Dataset(tc.read_table(rows, filename=SAMPLES[0].file), target=known.target), START, seeds=SEEDS)
    report = examine(run.best_trial, tried=1)
    (RECORDED / "exam.json").write_text(json.dumps(_rounded(report.to_json()), separators=(",", ":")) + "\n")


def _write(stem: str, sample: Sample, trials: Sequence[Trial], *, name: str, kind: str = "manual", space: Any = None) -> None:
    data = tc.write_run_file(
        trials,
        dataset_name=sample.file,
        sha256=hashlib.sha256((FOLDER / sample.file).read_bytes()).hexdigest(),
        setup={"target": sample.target, "features": None, "split": tc.Split().to_json(), "task": None, "kinds": {}},
        name=name,
        kind=kind,
        space=space,
    )
    facts = json.loads(data)
    for trial in facts["trials"]:
        trial["history"] = _rounded(trial["history"])
    data = json.dumps(facts, separators=(",", ":")).encode() + b"\n"
    tc.read_run_file(data)  # what cannot be opened is not shipped
    (RECORDED / f"{stem}.json").write_bytes(data)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list) else value


PARTS = {"runs": record_runs, "search": record_search, "gallery": record_gallery, "exam": record_exam}

if __name__ == "__main__":
    RECORDED.mkdir(exist_ok=True)
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
