"""Asking for a training, in the store where it is allowed, else in words on the page; and finding one that was asked for.

Nothing else in the pages puts a run into the store, so that none escapes the limit of `engine.runs.run_limit`.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.workspace import workspace
from tuning_core.config import read_config
from tuning_core.engine.runs.machine_speed import MachineSpeed
from tuning_core.engine.runs.run_duration import Duration, folds_of, run_duration
from tuning_core.engine.runs.run_limit import check_duration, too_long_search
from tuning_core.errors import UserError
from tuning_core.experiment import RunStatus, SearchSpace
from tuning_core.store import datasets, engine_status, machine_speed, questions, runs
from tuning_core.store.runs import StoredRun

REMEMBERED = 24  # runs that are looked through for one that is wanted again


def queue_run(dataset_id: str, setup: dict[str, Any], kind: str, spec: dict[str, Any], **more: Any) -> str | None:
    """The id of the new run (`add_run`); None where it was refused, which the page's frame then says."""
    try:
        return add_run(dataset_id, setup, kind, spec, **more)
    except UserError as problem:
        _say(problem)
        return None


def add_run(dataset_id: str, setup: dict[str, Any], kind: str, spec: dict[str, Any], **more: Any) -> str:
    """The id of the new run, see `store.runs.add_run`; UserError also where it would take too long."""
    _check_duration(dataset_id, setup, kind, spec)
    return runs.add_run(database(), workspace(), dataset_id, setup, kind, spec, **more)


def extend_search(run: StoredRun, space_json: dict[str, Any]) -> None:
    """Queue a search again with another space (`store.runs.extend_search`); the page's frame says a refusal."""
    try:
        _check_duration(run.dataset_id, run.setup, run.kind, {**run.spec, "space": space_json})
        runs.extend_search(database(), run.id, space_json)
    except UserError as problem:
        _say(problem)


def continue_run(run_id: str) -> None:
    """Go on with a run that ended before its end; the page's frame says a refusal."""
    try:
        runs.request_continue(database(), run_id)
    except UserError as problem:
        _say(problem)


def modelled_duration(dataset_id: str, setup: dict[str, Any], kind: str, spec: dict[str, Any]) -> Duration | None:
    """About how long a run that is no search takes here; None until its setup has been checked."""
    summary = _summary(dataset_id, setup)
    return None if summary is None else run_duration(kind, spec, folds_of(summary, None, False), *_machine())


def _check_duration(dataset_id: str, setup: dict[str, Any], kind: str, spec: dict[str, Any]) -> None:
    """UserError where it would take too long; the engine looks itself at what is not known here, before it trains."""
    minutes = read_config().run_minutes
    if kind == "search":
        asked = questions.question_id("estimate", {"dataset_id": dataset_id, "setup": setup, **spec})
        question = questions.get_question(database(), asked)
        if question is not None and question.answer is not None and question.answer["seconds"] > 60.0 * minutes:
            raise too_long_search(SearchSpace.from_json(spec["space"]), question.answer["seconds"], minutes)
    elif (summary := _summary(dataset_id, setup)) is not None:
        check_duration(kind, spec, folds_of(summary, None, False), *_machine(), minutes=minutes)


def _summary(dataset_id: str, setup: dict[str, Any]) -> dict[str, Any] | None:
    stored = datasets.get_setup(database(), datasets.setup_id(dataset_id, setup))
    return None if stored is None else stored.summary


def _machine() -> tuple[MachineSpeed, int]:
    """How fast it is, and how many workers it has; as many as are wanted, while the engine starts."""
    speed = MachineSpeed.from_json(machine_speed.load(database()))
    return speed, engine_status.get_engine(database()).workers or read_config().workers


def _say(problem: UserError) -> None:
    st.session_state.not_queued = (problem.message, problem.remedy)
    st.session_state.ways_out = getattr(problem, "ways", ())


def newest_run(
    dataset_id: str, setup: dict[str, Any] | None, kind: str, spec: dict[str, Any], *, failed: bool = True
) -> StoredRun | None:
    """The newest run of just this training that was not cut off; with `failed` also one that failed, so that it can be said."""
    passed_over = {RunStatus.STOPPED, RunStatus.INTERRUPTED} | (set() if failed else {RunStatus.FAILED})
    for run_id, status in runs.newest(database(), workspace(), kind, dataset_id, REMEMBERED):
        run = runs.get_run(database(), run_id) if status not in passed_over else None
        if run is not None and run.setup == setup and run.spec == spec:
            return run
    return None
