"""Sweeps in the store: asked for, found again by the settings that they were trained with, and read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pages.state.database import database
from pages.state.queueing import queue_run
from pages.state.tune_settings import present_spec
from pages.state.view import current_view
from pages.state.workspace import workspace
from tuning_core.diagnosis.sweep import NEAR, Sweep, read_sweep, sweep_settings
from tuning_core.experiment import Hyperparameters, RunStatus
from tuning_core.store import curves, questions, runs
from tuning_core.store.questions import Question

REMEMBERED = 24  # sweeps that are looked through for one that fits
WILD_END = {"learning_rate": "high", "batch_size": "low"}


@dataclass(frozen=True)
class SweepRequest:
    """A sweep as it was asked for; never changes. `base` are the settings (JSON) around which it was swept."""

    run_id: str
    dataset_id: str
    setup: dict[str, Any]
    axis: str
    base: dict[str, Any]
    settings: list[dict[str, Any]]
    seeds: int

    def fits(self, base: dict[str, Any]) -> bool:
        """Whether it was trained with these settings, apart from the swept one."""
        return _without_axis(self.base, self.axis) == _without_axis(base, self.axis)


@dataclass(frozen=True)
class SweepResult:
    """What a sweep found. `along`: losses with the learning rate scaled along; `use`: settings that it recommends.

    `beside` are the marks of the settings with the lowest, the best and the highest value.
    """

    sweep: Sweep
    beside: tuple[str, ...]
    along: tuple[float, ...] = ()
    use: tuple[tuple[str, float], ...] = ()


def present_settings() -> dict[str, Any]:
    """The settings on the sliders as JSON of Hyperparameters; {} while they are not valid."""
    spec = present_spec()
    return spec["hyperparameters"] if spec is not None else {}


def sweep_spec(axis: str, base: dict[str, Any], n_train: int) -> dict[str, Any]:
    """The spec of a sweep around these settings."""
    wanted = [hp.to_json() for hp in sweep_settings(axis, Hyperparameters.from_json(base), n_train)]
    return {"axis": axis, "base": base, "settings": wanted, "seeds": [0]}


def begin_sweep(axis: str, n_train: int) -> None:
    """Queue a sweep of the present settings; one of the same axis that is still going is stopped."""
    view, base = current_view(), present_settings()
    if view.setup is None or not base:
        return
    before, status = newest_sweep(axis, base)
    if before and status.live:
        runs.request_stop(database(), before.run_id)
    if queue_run(view.dataset_id, view.setup, "sweep", sweep_spec(axis, base, n_train)) is None:
        return
    if axis == "batch_size":
        wanted = _noise_spec(view.dataset_id, view.setup, base)
        known = questions.get_question(database(), questions.question_id("noise_scale", wanted))
        questions.ask(database(), "noise_scale", wanted, again=known is not None and known.error is not None)


def newest_sweep(axis: str, base: dict[str, Any]) -> tuple[SweepRequest | None, RunStatus | None]:
    """The newest sweep that is going or fits the settings, else the newest on these rows that ended; with its status."""
    view = current_view()
    other: tuple[SweepRequest | None, RunStatus | None] = (None, None)
    for run_id, status in runs.newest(database(), workspace(), "sweep", view.dataset_id, REMEMBERED):
        asked = _asked(run_id)
        if (
            asked is None
            or asked.axis != axis
            or asked.setup != view.setup
            or status in (RunStatus.STOPPED, RunStatus.INTERRUPTED)
        ):
            continue
        if asked.fits(base) or status.live:
            return asked, status
        if other[0] is None and status != RunStatus.FAILED:
            other = (asked, status)
    return other


@lru_cache(maxsize=256)
def _asked(run_id: str) -> SweepRequest | None:
    run = runs.get_run(database(), run_id)
    if run is None or not {"axis", "base"} <= set(run.spec):
        return None
    spec = run.spec
    return SweepRequest(run.id, run.dataset_id, run.setup, spec["axis"], spec["base"], spec["settings"], len(spec["seeds"]))


@lru_cache(maxsize=64)
def sweep_result(run_id: str) -> SweepResult | None:
    """What a sweep that has ended found, kept because reading its curves takes a moment; None when nothing was recorded."""
    asked = _asked(run_id)
    recorded = curves.histories(database(), run_id) if asked else {}
    if asked is None or not recorded:
        return None
    numbers = [range(i * asked.seeds, (i + 1) * asked.seeds) for i in range(len(asked.settings))]
    histories = [[recorded[n] for n in own if n in recorded] for own in numbers]
    values = sorted({hp[asked.axis] for hp in asked.settings})
    n = len(values)
    sweep = read_sweep(values, histories[:n], wild_end=WILD_END[asked.axis])
    use = ((asked.axis, sweep.values[sweep.best]),) if sweep.best is not None else ()
    chosen = dict.fromkeys((0, n // 2 if sweep.best is None else sweep.best, n - 1))
    places = {hp[asked.axis]: place for place, hp in reversed([*enumerate(asked.settings[:n])])}
    beside = tuple(f"{run_id}.{places[values[i]]}" for i in chosen)
    if len(histories) == n:
        return SweepResult(sweep, beside, use=use)
    along = read_sweep(values, histories[n:], wild_end=WILD_END[asked.axis])
    if along.best is not None and (sweep.best is None or along.losses[along.best] < (1 - NEAR) * sweep.losses[sweep.best]):
        best = asked.settings[n + along.best]
        use = ((asked.axis, best[asked.axis]), ("learning_rate", best["learning_rate"]))
    return SweepResult(sweep, beside, along.losses, use)


def noise_question(asked: SweepRequest) -> Question | None:
    """The question after the gradient noise scale that was asked with a sweep of batch sizes."""
    if asked.axis != "batch_size":
        return None
    identity = questions.question_id("noise_scale", _noise_spec(asked.dataset_id, asked.setup, asked.base))
    return questions.get_question(database(), identity)


def _noise_spec(dataset_id: str, setup: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    return {"dataset_id": dataset_id, "setup": setup, "hyperparameters": base}


def _without_axis(hyperparameters: dict[str, Any], axis: str) -> dict[str, Any]:
    return {name: value for name, value in hyperparameters.items() if name != axis}
