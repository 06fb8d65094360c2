"""Answers to "estimate": how many trainings a search is, in how many stacks, and how long it will take here.

The settings that the strategy would try are laid out as the engine would, and the stacks are given to as many workers as there
are, with a compilation for every program that a worker has not seen. No row is read, nothing is trained.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tuning_core.engine import uploads
from tuning_core.engine.runs.machine_speed import MachineSpeed, contention
from tuning_core.engine.runs.placement import Waiting, Worker, place
from tuning_core.engine.runs.run_execution import WIDEST
from tuning_core.engine.runs.search_execution import PORTION
from tuning_core.errors import UserError
from tuning_core.experiment import CrossValidation, Hyperparameters, SearchSpace
from tuning_core.experiment.search_size import check_size, may_stop_early
from tuning_core.experiment.split import IN_TIME
from tuning_core.search_strategies import make_strategy
from tuning_core.search_strategies.bayesian import BATCH
from tuning_core.search_strategies.halving import rungs
from tuning_core.store import Database, datasets, engine_status, machine_speed
from tuning_core.training.cost_model import stack_seconds
from tuning_core.training.fold import FoldShape
from tuning_core.training.planning import plan
from tuning_core.training.program_choice import PlannedStack, plan_stacks, reuse_program
from tuning_core.training.row_splits import INNER_SHARE, FoldPlan
from tuning_core.training.train_session import check_seeds

BEGINNING = 0.2  # seconds until the first stack is on a worker
SAMPLE = 64  # settings that stand for all of a search that only its time bounds

Stacks = list[PlannedStack]


def answer(db: Database, spec: dict[str, Any], compiled: Sequence[Collection[Any]] = ()) -> dict[str, Any]:
    """The size of a search, before anything is trained.

    Parameters
    ----------
    spec : {"dataset_id", "setup", "space", "cv", "seeds"}; the last three may lie under "search"
    compiled : the programs that each worker has

    Returns
    -------
    {"settings", "trials", "stacks", "programs", "seconds", "most_seconds", "workers", "early_stopping"}: how many, how long when
    trainings stop as early as they have done here so far and when none does, and whether they may; with a time budget, what fits
    into it.

    Raises
    ------
    UserError
        For a space or setup that cannot be trained, or more trainings than one search may have.
    """
    asked = spec.get("search", spec)
    space, seeds = SearchSpace.from_json(asked["space"]), check_seeds(asked["seeds"])
    cv = CrossValidation.from_json(asked["cv"]) if asked["cv"] else None
    each = len(seeds) * (cv.n_divisions if cv else 1)
    check_size(space, each)
    outline = outline_of(summary_of(db, spec["dataset_id"], spec["setup"]), cv, may_stop_early(space))
    workers, speed = max(1, engine_status.get_engine(db).workers), MachineSpeed.from_json(machine_speed.load(db))
    settings = expected_settings(space)
    portions = list(stacks_of(space, settings, seeds, outline))
    stacks = sum(len(portion) for portion in portions)
    programs = len({stack.program_key for portion in portions for stack in portion})
    known = compiled or [()] * workers
    seconds = most = seconds_of(portions, outline, speed, known)
    if may_stop_early(space):
        most = max(seconds, seconds_of(portions, outline, replace(speed, early=1.0), known))
    n = len(settings)
    if space.seconds is not None and (seconds > space.seconds or space.n_iter is None):
        share = space.seconds / seconds
        n, stacks, seconds = max(1, round(n * share)), max(1, round(stacks * share)), space.seconds
    return {
        "settings": n,
        "trials": n * each,
        "stacks": stacks,
        "programs": programs,
        "seconds": seconds,
        "most_seconds": most,
        "workers": workers,
        "early_stopping": may_stop_early(space),
    }


def seconds_of(portions: list[Stacks], outline: FoldPlan, speed: MachineSpeed, known: Sequence[Collection[Any]]) -> float:
    """Until all is trained; after a cross-validation the best setting once more, on the dataset's own rows."""
    again = [[last(portions[-1][-1], outline)]] if outline.n_divisions > 1 else []
    return BEGINNING + schedule([*portions, *again], outline, speed, known)


def summary_of(db: Database, dataset_id: str, setup: dict[str, Any]) -> dict[str, Any]:
    """The summary of a checked setup; it is checked now when nobody has asked for that yet."""
    stored = datasets.get_setup(db, datasets.setup_id(dataset_id, setup))
    if stored is not None and stored.summary is not None:
        return stored.summary
    found = uploads.check(datasets.folder(db, dataset_id), setup)
    if "error" in found:
        raise UserError(found["error"]["message"], kind=found["error"]["kind"], remedy=found["error"]["remedy"])
    return found["summary"]


def outline_of(summary: Mapping[str, Any], cv: CrossValidation | None, early_stopping: bool) -> FoldPlan:
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


def stacks_of(
    space: SearchSpace, settings: Sequence[Hyperparameters], seeds: Sequence[int], outline: FoldPlan
) -> Iterator[Stacks]:
    """The stacks that can be trained at the same time, one portion after the other."""

    def stacks(hps: Sequence[Hyperparameters]) -> Stacks:
        turns = [(hp, seed, division) for hp in hps for seed in seeds for division in range(outline.n_divisions)]
        tasks = [outline.spec(i, hp, seed, division) for i, (hp, seed, division) in enumerate(turns)]
        facts = outline.of(task.fold for task in tasks)
        return plan_stacks(plan(tasks, facts, WIDEST), facts)

    if space.strategy == "halving":
        before, left = 0, list(settings)
        for until in rungs(space, len(settings)):
            yield stacks([hp.replace(epochs=until - before) for hp in left])
            before, left = until, left[: max(1, len(left) // space.factor)]
    else:
        size = PORTION if space.seconds else BATCH if space.strategy == "bayesian" else max(1, len(settings))
        # Portions follow each other without a pause, so all stacks are one line in front of the workers.
        yield [stack for i in range(0, len(settings), size) for stack in stacks(settings[i : i + size])]


def last(stack: PlannedStack, outline: FoldPlan) -> PlannedStack:
    """The training of the best setting, as if it were one of this stack."""
    tasks, facts = stack.tasks[:1], {stack.tasks[0].fold: outline.facts[0]}
    program_key = reuse_program(tasks, facts, stack.program_key)
    return PlannedStack(tasks, program_key, stack_seconds(tasks, facts, program_key))


def schedule(portions: Sequence[Stacks], outline: FoldPlan, speed: MachineSpeed, compiled: Sequence[Collection[Any]]) -> float:
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
            free[worker] = now + cold + speed.seconds(stack.tasks, outline.of(t.fold for t in stack.tasks), stack.program_key)
        now = max(free)
    return now
