"""Every claim of the lessons on three tables with several seeds, and each chapter's time beside `keras.Model.fit`.

python -m benchmarks.lessons [CHAPTER ...]

Writes tuning_core/lessons/measured.json. The tables come with the project or with scikit-learn.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import keras
import numpy as np
from sklearn.datasets import load_diabetes

import tuning_core as tc
from pages.state.samples import FOLDER, SAMPLES
from tuning_core.lessons import Chapter, ChapterCheck, chapters, check
from tuning_core.lessons.measured import FILE, experiment_digest
from tuning_core.training import program_pool
from tuning_core.training.fold import Fold, make_fold
from tuning_core.training.layers import build_keras

SEEDS = tuple(range(10))  # of panels
SEARCHES = tuple(range(5))  # a search is trained with each of these
TIMED = 2  # epochs of Keras that are timed, after the first one, which traces the model
LOSSES = {True: "mse", False: "binary_crossentropy"}


def tables(chapter: Chapter) -> dict[str, tc.Dataset]:
    """The chapter's sample as its page splits it, and two others that can show something of it."""
    known = {s.id: tc.Dataset(tc.read_table(FOLDER / s.file), target=s.target) for s in SAMPLES}
    if chapter.features:
        sample = next(s for s in SAMPLES if s.id == chapter.sample)
        known[sample.id] = tc.Dataset(tc.read_table(FOLDER / sample.file), target=sample.target, features=chapter.features)
    if chapter.needs == "two classes":
        return {name: known[name] for name in (chapter.sample, "moons")} | {"insurance by smoker": _insurance_by_smoker()}
    names = dict.fromkeys([chapter.sample, "insurance", "penguins"])
    return {name: known[name] for name in names} | {"diabetes": _diabetes()}


def _insurance_by_smoker() -> tc.Dataset:
    """One row in five is of the rare class."""
    return tc.Dataset(tc.read_table(FOLDER / "insurance.csv"), target="smoker")


def _diabetes() -> tc.Dataset:
    frame = load_diabetes(as_frame=True, scaled=False).frame
    return tc.Dataset(tc.read_table(frame.to_csv(index=False).encode(), filename="diabetes.csv"), target="target")


def measure(chapter: Chapter) -> dict:
    """The chapter's entry in the file."""
    by_name = tables(chapter)
    program_pool.clear()
    untold = replace(chapter, claims=())
    first, again = (_timed(lambda: check(untold, by_name[chapter.sample])) for _ in range(2))
    own = again[1]
    shown = {}
    for name, dataset in by_name.items():
        found = check(replace(chapter, seeds=SEEDS if chapter.panels else SEARCHES), dataset)
        shown[name] = [None if r.holds is None else (r.shown, len(r.left)) for r in found.results]
    return {
        "experiment": experiment_digest(chapter),
        "first_seconds": _short(first[0]),
        "seconds": _short(again[0]),
        "keras_seconds": _short(keras_seconds(own, by_name[chapter.sample])),
        "shown": shown,
    }


def _timed(work: Callable[[], ChapterCheck]) -> tuple[float, ChapterCheck]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def _short(seconds: float) -> float:
    return float(f"{seconds:.2g}")


def keras_seconds(done: ChapterCheck, dataset: tc.Dataset) -> float:
    """What `keras.Model.fit` takes for the trainings that were done, one after another, from a few epochs of each setting."""
    rows = dataset.rows
    fold = make_fold(dataset, tc.Hyperparameters(), dataset.prepare(), rows.train, rows.validation)
    seconds = 0.0
    for run in (*done.runs.values(), *done.searches[:1]):
        times: dict[tc.Hyperparameters, tuple[float, float]] = {}
        for trial in run.trials:
            alike = trial.hyperparameters.replace(epochs=1)  # the epochs that were trained are counted below
            if alike not in times:
                times[alike] = keras_epochs(alike, fold)
            first, further = times[alike]
            seconds += first + further * (len(trial.history) - 1)
    return seconds


def keras_epochs(hp: tc.Hyperparameters, fold: Fold) -> tuple[float, float]:
    """Seconds of building with the first epoch, and of a further epoch, both with validation."""
    began = time.perf_counter()
    model = build_keras(hp, fold.x_train.shape[1], fold.n_outputs, fold.task)
    optimizer = {"adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD}[hp.optimizer](hp.learning_rate)
    model.compile(optimizer, loss=LOSSES[fold.task == "regression"], metrics=["mae"])
    data = {"x": fold.x_train, "y": fold.y_train, "validation_data": (fold.x_val, fold.y_val), "batch_size": hp.batch_size}
    model.fit(epochs=1, verbose=0, **data)
    built = time.perf_counter()
    model.fit(epochs=TIMED, verbose=0, **data)
    return built - began, (time.perf_counter() - built) / TIMED


def main(names: list[str] | None = None) -> str:
    """Measure the chapters and write the file after each, so that what is done stays; a Markdown table."""
    entries = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    lines = [
        "### Lessons",
        "",
        "| chapter | here, compiling | here, compiled | `keras.Model.fit` | ratio |",
        "|---|---|---|---|---|",
    ]
    for chapter in chapters():
        if not names or chapter.name in names:
            entry = entries[chapter.name] = measure(chapter)
            ratio = np.round(entry["keras_seconds"] / entry["seconds"])
            cold, warm, keras_fit = (f"{entry[name]:g} s" for name in ("first_seconds", "seconds", "keras_seconds"))
            lines.append(f"| {chapter.title} | {cold} | {warm} | {keras_fit} | {ratio:g}x |")
            print(lines[-1], entry["shown"], file=sys.stderr, flush=True)
            FILE.write_text(json.dumps(dict(sorted(entries.items()))) + "\n", encoding="utf-8")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(main(sys.argv[1:]))
