"""How long a run takes, before it is trained, and the refusal of what would take absurdly long.

Its settings are laid out in stacks as the engine would, and the stacks are given to as many workers as there are, with a
compilation for every program that a worker has not seen. No row is read, and neither TensorFlow nor scikit-learn is imported.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from tuning_core.engine.runs.machine_speed import MachineSpeed, contention
from tuning_core.engine.runs.placement import Waiting, Worker, place
from tuning_core.experiment import CrossValidation, Hyperparameters, SearchSpace
from tuning_core.experiment.split import IN_TIME
from tuning_core.search_strategies import make_strategy
from tuning_core.search_strategies.bayesian import BATCH
from tuning_core.search_strategies.halving import rungs
from tuning_core.training.cost_model import stack_seconds
from tuning_core.training.fold import FoldShape
from tuning_core.training.planning import plan
from tuning_core.training.program_choice import PlannedStack, plan_stacks, reuse_program
from tuning_core.training.row_splits import INNER_SHARE, FoldPlan
from tuning_core.training.search_ledger import PORTION

BEGINNING = 0.2  # seconds until the first stack is on a worker
SAMPLE = 64  # settings that stand for all of a search that only its time bounds
WIDEST = 32  # models of a stack: wider ones are hardly faster, and keep workers idle and other people waiting

Stacks = list[PlannedStack]


@dataclass(frozen=True)
class Duration:
    """Seconds of a run where trainings stop as early as they have done here so far, and where none does."""

    seconds: float
    most_seconds: float


def run_duration(kind: str, spec: Mapping[str, Any], folds: FoldPlan, speed: MachineSpeed, workers: int = 1) -> Duration:
    """How long a run (`kind` and `spec` as in `store.runs`) takes on so many workers that are idle and have compiled nothing."""
    known = [()] * max(1, workers)
    if kind != "search":
        wanted = spec.get("settings") or [spec["hyperparameters"]]
        return portions_duration([list(_laid_out(json.dumps([wanted, spec["seeds"]]), folds))], folds, speed, known)
    space = SearchSpace.from_json(spec["space"])
    found = portions_duration(list(portions_of(space, expected_settings(space), spec["seeds"], folds)), folds, speed, known)
    if space.seconds is None:
        return found
    open_ended = space.n_iter is None and space.strategy != "grid"
    return Duration(*(space.seconds if open_ended else min(space.seconds, s) for s in (found.seconds, found.most_seconds)))


def given(spec: Mapping[str, Any]) -> list[Hyperparameters]:
    """The settings of a run that is no search; see `store.runs`."""
    return [Hyperparameters.from_json(values) for values in spec.get("settings") or [spec["hyperparameters"]]]


@lru_cache(maxsize=256)
def _laid_out(asked: str, folds: FoldPlan) -> tuple[PlannedStack, ...]:
    """The stacks of settings and seeds, given as JSON: every page run asks what is on the sliders would take."""
    wanted, seeds = json.loads(asked)
    return tuple(stacks_of(given({"settings": wanted}), seeds, folds))


def portions_duration(portions: list[Stacks], folds: FoldPlan, speed: MachineSpeed, known: Sequence[Collection[Any]]) -> Duration:
    """Until all portions are trained, one after the other, by workers that have compiled the `known` programs."""
    seconds = seconds_of(portions, folds, speed, known)
    if any(task.hyperparameters.early_stopping for stacks in portions for stack in stacks for task in stack.tasks):
        return Duration(seconds, max(seconds, seconds_of(portions, folds, replace(speed, early=1.0), known)))
    return Duration(seconds, seconds)


def seconds_of(portions: list[Stacks], folds: FoldPlan, speed: MachineSpeed, known: Sequence[Collection[Any]]) -> float:
    """Until all is trained; after a cross-validation the best setting once more, on the dataset's own rows."""
    again = [[last(portions[-1][-1], folds)]] if folds.n_divisions > 1 else []
    return BEGINNING + schedule([*portions, *again], folds, speed, known)


def folds_of(summary: Mapping[str, Any], cv: CrossValidation | None, early_stopping: bool) -> FoldPlan:
    """The folds as they will be, to a row or two."""
    rows = summary["rows"]["train"]
    n_divisions, counts = 1, [rows]
    if cv is not None:
        n_divisions = cv.n_divisions
        outside_test = rows + summary["rows"]["validation"]
        in_time = not summary.get("part") and summary["split"]["method"] in IN_TIME
        if cv.method == "forward" or (cv.method == "auto" and in_time):
            counts = [outside_test * (fold + 1) // (cv.folds + 1) for fold in range(n_divisions)]
        else:
            counts = [outside_test * (cv.folds - 1) // cv.folds] * n_divisions
        counts += [round(n * (1 - INNER_SHARE)) for n in counts] * early_stopping
    task, classes, width = summary["task"], len(summary["classes"]), summary["encoded_features"]
    weighted, log = bool(summary.get("sample_weight")), summary.get("target_transform") == "log"
    facts = [FoldShape(task, classes, max(2, n), width, weighted, log) for n in counts]
    return FoldPlan(n_divisions, cv is not None, tuple(facts))


def expected_settings(space: SearchSpace) -> list[Hyperparameters]:
    """What the strategy would try; where it follows scores, as many settings at random."""
    if space.strategy in ("bayesian", "halving"):
        space = replace(space, strategy="random")
    most = None if space.strategy == "grid" else space.n_iter or SAMPLE
    return [candidate.hyperparameters for candidate in make_strategy(space).ask(most)]


def stacks_of(settings: Sequence[Hyperparameters], seeds: Sequence[int], folds: FoldPlan) -> Stacks:
    """Every setting with every seed on every division, laid out in stacks."""
    turns = [(hp, seed, division) for hp in settings for seed in seeds for division in range(folds.n_divisions)]
    tasks = [folds.spec(i, hp, seed, division) for i, (hp, seed, division) in enumerate(turns)]
    facts = folds.of(task.fold for task in tasks)
    return plan_stacks(plan(tasks, facts, WIDEST), facts)


def portions_of(
    space: SearchSpace, settings: Sequence[Hyperparameters], seeds: Sequence[int], folds: FoldPlan
) -> Iterator[Stacks]:
    """The stacks that can be trained at the same time, one portion after the other."""

    if space.strategy == "halving":
        before, left = 0, list(settings)
        for until in rungs(space, len(settings)):
            yield stacks_of([hp.replace(epochs=until - before) for hp in left], seeds, folds)
            before, left = until, left[: max(1, len(left) // space.factor)]
    else:
        size = PORTION if space.seconds else BATCH if space.strategy == "bayesian" else max(1, len(settings))
        # Portions follow each other without a pause, so all stacks are one line in front of the workers.
        yield [stack for i in range(0, len(settings), size) for stack in stacks_of(settings[i : i + size], seeds, folds)]


def last(stack: PlannedStack, folds: FoldPlan) -> PlannedStack:
    """The training of the best setting, as if it were one of this stack."""
    tasks, facts = stack.tasks[:1], {stack.tasks[0].fold: folds.facts[0]}
    program_key = reuse_program(tasks, facts, stack.program_key)
    return PlannedStack(tasks, program_key, stack_seconds(tasks, facts, program_key))


def schedule(portions: Sequence[Stacks], folds: FoldPlan, speed: MachineSpeed, compiled: Sequence[Collection[Any]]) -> float:
    """Seconds until all is trained, by workers that take stacks as the engine's do and have compiled these programs."""
    keys = [set(programs) for programs in compiled]
    free = [0.0] * len(keys)  # when each worker will be idle
    now = 0.0
    for portion in portions:
        waiting = list(portion)
        new = {stack.program_key for stack in portion} - set().union(*keys)
        compiling = speed.compiling * contention(min(len(keys), len(new)))
        while waiting:
            workers = {str(i): Worker(keys[i], free[i] - now) for i in range(len(keys))}
            shown = [Waiting(stack.program_key, speed.factor * stack.seconds) for stack in waiting]
            found = place(shown, workers, compiling, in_order=False)
            if found is None:
                now = min(at for at in free if at > now)
                continue
            position, worker = found[0], int(found[1])
            stack = waiting.pop(position)
            cold = 0.0 if stack.program_key in keys[worker] else compiling
            keys[worker].add(stack.program_key)
            free[worker] = now + cold + speed.seconds(stack.tasks, folds.of(t.fold for t in stack.tasks), stack.program_key)
        now = max(free)
    return now
