"""Questions of the kind "run_file": {"asked", "workspace", "tables"}, with the file's bytes: its run is imported.

`tables` are the data sets that may hold its rows, the one on screen first. The answer has what the sliders need,
{"hyperparameters", "seeds", "dataset_name"}, and {"run", "dataset_id", "setup"} where the data are here, else {"difference"}.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuning_core.store import Database, datasets, questions, runs
from tuning_core.store.imported_runs import import_run
from tuning_core.store.sharing import right_to_table

if TYPE_CHECKING:
    from tuning_core.export.run_file import RunFile

NOTE = "From a run file; its curves were trained elsewhere."


def gather(db: Database, spec: dict[str, Any]) -> bytes:
    return questions.given_to(db, questions.question_id("run_file", spec))


def work(data: bytes) -> RunFile:
    """On a worker: a file of 50 MB holds up neither pages nor the engine."""
    from tuning_core.export.run_file import read_run_file

    return read_run_file(data)


def keep(db: Database, spec: dict[str, Any], file: RunFile) -> dict[str, Any]:
    """Import the run, if a table with the same bytes is here."""
    found: dict[str, Any] = {
        "hyperparameters": file.trials[0].hyperparameters.to_json(),
        "seeds": sorted({trial.seed for trial in file.trials}),
        "dataset_name": file.dataset_name,
    }
    mine = [table for table in spec["tables"] if right_to_table(db, table, spec["workspace"])]
    dataset_id = next((table for table in mine if _has_its_rows(db, table, file)), None)
    if dataset_id is None:
        shown = datasets.get_dataset(db, spec["tables"][0])
        return {**found, "difference": file.data_differs(shown.sha256) if shown is not None else ""}
    run_id = questions.question_id("run_file", spec)[:12]
    if runs.get_run(db, run_id) is None:  # else an engine before this one imported it, and ended before it could say so
        import_run(db, spec["workspace"], dataset_id, file.setup, file.trials, name=file.name, note=NOTE, run_id=run_id)
    return {**found, "run": run_id, "dataset_id": dataset_id, "setup": dict(file.setup)}


def _has_its_rows(db: Database, dataset_id: str, file: RunFile) -> bool:
    dataset = datasets.get_dataset(db, dataset_id)
    if dataset is None or dataset.status != "ready" or file.data_differs(dataset.sha256):
        return False
    return file.setup["target"] in {column["name"] for column in (dataset.profile or {}).get("columns", ())}
