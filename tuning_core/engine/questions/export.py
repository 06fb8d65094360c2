"""Questions of the kind "export": {"run", "trial", "refit", "format", "exam"}; the answer is a file.

"format" is one of `EXPORT_FORMATS`; "exam" is the id of an answered exam question, whose report goes with bundle and report.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tuning_core.engine.questions import stored_trial
from tuning_core.engine.questions.stored_trial import TrialJob
from tuning_core.errors import SettingsError
from tuning_core.exam import ExamReport
from tuning_core.experiment import (
    Configuration,
    CrossValidation,
    Hyperparameters,
    Run,
    SearchRun,
    SearchSpace,
    Trial,
)
from tuning_core.experiment.scores import stored_score
from tuning_core.export.formats import EXPORT_FORMATS
from tuning_core.store import Database, datasets, questions, test_set_looks
from tuning_core.store.questions import File
from tuning_core.store.runs import StoredRun
from tuning_core.store.search_configurations import FINAL, list_settings
from tuning_core.store.trials import get_trials

MOST_SOURCE = 20 * 2**20  # bytes of an upload on which the exported reading is tried out


@dataclass(frozen=True, eq=False)
class ExportJob:
    job: TrialJob
    form: str
    siblings: tuple[Trial, ...]
    everything: tuple[Trial, ...]
    search: SearchRun | None
    exam: dict[str, Any] | None
    looks: int
    source: bytes | None
    data_name: str
    sha256: str


def gather(db: Database, spec: dict[str, Any]) -> ExportJob:
    form = spec.get("format")
    if form not in EXPORT_FORMATS:
        raise SettingsError(
            f"The format {str(form)[:40]!r} is not known.",
            kind="unknown_choice",
            remedy=f"Choose one of {', '.join(EXPORT_FORMATS)}.",
        )
    job = stored_trial.gather(db, spec)
    run = job.run
    everything = stored_trial.recorded_trials(db, run.id)
    own = job.trial.hyperparameters
    siblings = tuple(t for t in everything if t.hyperparameters == own and t.fold is None and t.number != job.trial.number)
    upload = datasets.folder(db, run.dataset_id) / "upload.bin"
    small = upload.exists() and upload.stat().st_size <= MOST_SOURCE
    vault_id = test_set_looks.vault_of(db, run.dataset_id, run.setup)
    dataset = datasets.get_dataset(db, run.dataset_id)
    return ExportJob(
        job,
        form,
        siblings,
        everything,
        _search(db, run, everything) if run.kind == "search" else None,
        _exam(db, spec.get("exam")),
        len(test_set_looks.looks(db, run.workspace, vault_id)) if vault_id else 0,
        upload.read_bytes() if small else None,
        dataset.name if dataset else "",
        dataset.sha256 if dataset else "",
    )


def _search(db: Database, run: StoredRun, trials: tuple[Trial, ...]) -> SearchRun:
    """The settings that have ended with the scores that rank them, as `tc.search` gives them back."""
    score = stored_score(run.spec.get("score"))
    owner = {trial.number: trial.setting for trial in get_trials(db, run.id) if trial.number < FINAL}
    by_number: dict[int, list[Trial]] = {}
    for trial in trials:
        if trial.number in owner:
            by_number.setdefault(owner[trial.number], []).append(trial)
    settings = tuple(
        Configuration(
            stored.number,
            stored.values,
            Hyperparameters.from_json(stored.hyperparameters),
            _array(stored.scores),
            _array(stored.metrics),
            tuple(by_number[stored.number]),
            score,
        )
        for stored in list_settings(db, run.id)
        if stored.ended and stored.number in by_number
    )
    return SearchRun(trials, settings=settings, ranked_by=score)


def _one_setting(trials: tuple[Trial, ...]) -> SearchRun:
    """A run that is no search, as a search of its settings."""
    by_setting: dict[Hyperparameters, list[Trial]] = {}
    for one in trials:
        by_setting.setdefault(one.hyperparameters, []).append(one)
    blank = np.zeros(0)
    settings = (Configuration(n, {}, hp, blank, blank, tuple(own)) for n, (hp, own) in enumerate(by_setting.items()))
    return SearchRun(trials, settings=tuple(settings))


def _array(values: Sequence[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _exam(db: Database, identity: str | None) -> dict[str, Any] | None:
    question = questions.get_question(db, identity) if identity else None
    return question.answer if question and question.kind == "exam" else None


def work(job: ExportJob) -> File:
    """On a worker: the file."""
    return MAKERS[job.form](job)


# ---- the formats ----------------------------------------------------------------------------------------------------


def _script(job: ExportJob) -> File:
    from tuning_core.export import export_script

    trial = stored_trial.whole(job.job)
    return _with_cleaned(job, trial, "train.py", export_script(trial, source=job.source))


def _notebook(job: ExportJob) -> File:
    from tuning_core.export import export_notebook

    trial = stored_trial.whole(job.job)
    return _with_cleaned(job, trial, "training.ipynb", export_notebook(trial, source=job.source))


def _with_cleaned(job: ExportJob, trial: Trial, name: str, text: str) -> File:
    """The text alone, or in a zip file with the cleaned table that it reads."""
    from tuning_core.export.script import CLEANED, needs_cleaned

    if not needs_cleaned(trial, job.source):
        return File(name, text.encode())
    packed, table = io.BytesIO(), io.BytesIO()
    trial.dataset.table.frame.to_parquet(table, index=False)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
        archive.writestr(CLEANED, table.getvalue())
    return File(name.partition(".")[0] + ".zip", packed.getvalue())


def _bundle(job: ExportJob) -> File:
    from tuning_core.export import export_bundle

    return File("model.zip", export_bundle(stored_trial.whole(job.job), ExamReport.from_json(job.exam) if job.exam else None))


def _report(job: ExportJob) -> File:
    from tuning_core.export import export_report

    trial = stored_trial.whole(job.job)
    shown = replace(job.job.trial, dataset=trial.dataset, preparation=trial.preparation) if not trial.refitted else trial
    exam = ExamReport.from_json(job.exam) if job.exam else None
    return File("report.html", export_report(shown, siblings=job.siblings, exam=exam, looks=job.looks).encode())


def _page(job: ExportJob) -> File:
    from tuning_core.export import export_page

    folds = tuple(trial for trial in job.everything if trial.fold is not None)  # the winner, trained again, has other rows
    title = f"{job.data_name}: {job.job.run.setup['target']}"
    return File("page.html", export_page(Run(folds or job.everything), title=title).encode())


def _curves_csv(job: ExportJob) -> File:
    from tuning_core.export import export_curves

    return File("curves.csv", export_curves(job.everything))


def _curves_parquet(job: ExportJob) -> File:
    from tuning_core.export import export_curves

    return File("curves.parquet", export_curves(job.everything, "parquet"))


def _run(job: ExportJob) -> File:
    from tuning_core.data import Table
    from tuning_core.export import write_run_file

    run = job.job.run
    reading: dict[str, Any] = {}
    if job.job.source.files is None:
        reading = Table.load(job.job.source.folder / "table").reading.get("options", {})
    space = run.spec.get("space") if run.kind == "search" else None
    data = write_run_file(
        job.everything,
        dataset_name=job.data_name,
        sha256=job.sha256,
        setup=run.setup,
        reading=reading,
        name=run.name,
        kind="search" if run.kind == "search" else "manual",
        space=SearchSpace.from_json(space).to_json() if space else None,
    )
    return File("run.json", data)


def _search_script(job: ExportJob) -> File:
    from tuning_core.export import export_search

    given = job.job.run.spec.get("cv")
    trial = stored_trial.whole(replace(job.job, refit=False))
    run = replace(job.search or _one_setting(job.everything), dataset=trial.dataset, final_trial=trial)
    text = export_search(run, cv=CrossValidation.from_json(given) if given else None, source=job.source)
    return _with_cleaned(job, trial, "search.py", text)


def _optuna(job: ExportJob) -> File:
    from tuning_core.export import to_optuna

    with tempfile.TemporaryDirectory(prefix="tunescope-") as folder:
        path = Path(folder) / "study.db"
        study = to_optuna(job.search or job.everything, path)
        study._storage.remove_session()  # lets go of the file
        return File("study.db", path.read_bytes())


def _tensorboard(job: ExportJob) -> File:
    from tuning_core.export import to_tensorboard

    packed = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="tunescope-") as name, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        folder = to_tensorboard(job.everything, name)
        for path in sorted(folder.rglob("*")):
            archive.write(path, Path("tensorboard") / path.relative_to(folder))
    return File("tensorboard.zip", packed.getvalue())


MAKERS: dict[str, Callable[[ExportJob], File]] = {
    "script": _script,
    "notebook": _notebook,
    "bundle": _bundle,
    "report": _report,
    "page": _page,
    "curves_csv": _curves_csv,
    "curves_parquet": _curves_parquet,
    "run_file": _run,
    "search_script": _search_script,
    "optuna": _optuna,
    "tensorboard": _tensorboard,
}
