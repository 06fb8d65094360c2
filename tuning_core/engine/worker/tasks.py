"""What runs inside a Dask worker: preparing rows, training a stack, saying what is new."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from distributed import get_worker

from tuning_core.engine.runs.machine_speed import PROBE, PROBE_FOLD
from tuning_core.engine.worker.messages import FoldSource, Stack, StackResult, TableSource, TrialScore, Work
from tuning_core.experiment import CrossValidation, Trial
from tuning_core.experiment.scores import SCORES, Score
from tuning_core.recently_used import RecentlyUsed
from tuning_core.training.checkpoint import TrainingCheckpoint
from tuning_core.training.fold import Fold
from tuning_core.training.fold_cache import FoldCache
from tuning_core.training.row_splits import FoldPlan
from tuning_core.training.specs import TrialSpec, n_params
from tuning_core.training.trial_scores import trial_score

KEPT = 6  # datasets that a worker keeps prepared
SMALL_WEIGHTS = 32 * 2**10  # bytes of one trial
PAUSED_BYTES = 256 * 2**20  # of a stack that can make room: weights, kept weights, slots of the optimizer
ROWS_KEPT = 2000  # whose losses are written down: more say little more about luck

_training: set[str] = set()
_stopping: set[str] = set()
_pausing: set[str] = set()
_caches: RecentlyUsed[tuple[str, str], FoldCache] = RecentlyUsed(KEPT)


def ask_to_stop(run_ids: list[str]) -> None:
    """Called on every worker while something is training: these runs end after their current chunk."""
    _stopping.update(run_ids)


def abandon() -> None:
    """Called when an engine finds this worker: whatever an earlier one, or a connection that was cut, has left ends soon."""
    _stopping.update(_training)


def ask_to_pause(run_id: str) -> None:
    """Called where a run trains while somebody else waits: make room, and go on later."""
    _pausing.add(run_id)


def do(run_id: str, source: FoldSource, work: Work, topic: str) -> FoldPlan | StackResult:
    """Do a piece of work of a run; what comes while it lasts is logged to `topic`."""
    _stopping.discard(run_id)  # of an earlier attempt; a request that still holds is repeated by the engine
    _pausing.discard(run_id)
    book = fold_cache(source)
    if not isinstance(work, Stack):
        return book.outline(work.early_stopping)
    worker = get_worker()
    log = lambda news: worker.log_event(topic, {"run": run_id, **news})  # noqa: E731
    _training.add(run_id)
    try:
        return train(work, book, log, lambda: run_id in _stopping, lambda: run_id in _pausing)
    finally:
        _training.discard(run_id)


def train(
    stack: Stack,
    book: FoldCache,
    log: Callable[[dict], None],
    should_stop: Callable[[], bool],
    should_pause: Callable[[], bool] = lambda: False,
) -> StackResult:
    """Train one stack; facts about its trials and then every chunk of epochs are logged as they come."""
    from tuning_core.training.stack import train_until  # TensorFlow, which the engine itself never loads

    for fold in {task.fold for task in stack.tasks}:
        context = book[fold].context_for(stack.tasks[0].hyperparameters)  # a stack weighs classes or does not
        log({"context": context, "numbers": [task.number for task in stack.tasks if task.fold == fold]})

    def report(news: list[tuple[int, int, np.ndarray]]) -> None:
        log({"news": [(number, first, values.shape[1], values.astype("<f8").tobytes()) for number, first, values in news]})

    roomy = _may_pause(stack, book)
    until = stack.until or (max(task.hyperparameters.epochs for task in stack.tasks) if roomy else None)
    ends = lambda: should_stop() or (roomy and should_pause())  # noqa: E731
    began = time.perf_counter()
    trials, paused = train_until(
        stack.tasks, book, program_key=stack.program_key, until=until, paused=stack.paused, report=report, should_stop=ends
    )
    seconds = time.perf_counter() - began
    if should_stop():
        paused = {}  # nothing goes on
    left = () if until is None or should_stop() else tuple(task for task in stack.tasks if _is_short(task, paused, until))
    pairs = [(trial, task.fold) for trial, task in zip(trials, stack.tasks, strict=True) if task not in left]
    scores = [_score(trial, fold, book, SCORES[stack.score]) for trial, fold in pairs] if stack.score else []
    kept = [trial if not stack.scored or _keeps_weights(trial, book) else replace(trial, weights=()) for trial, _ in pairs]
    memory = psutil.Process().memory_info().rss
    return StackResult(tuple(kept), memory, seconds, tuple(scores), paused, left)


def _is_short(task: TrialSpec, paused: Mapping[int, TrainingCheckpoint], until: int) -> bool:
    """Whether a training was interrupted before it reached its end or its rung."""
    return task.number in paused and paused[task.number].epoch < min(until, task.hyperparameters.epochs)


def _may_pause(stack: Stack, book: FoldCache) -> bool:
    """Whether what the trainings need to go on is small enough to send to and fro."""
    hp, facts = stack.tasks[0].hyperparameters, book[stack.tasks[0].fold].facts
    return 24 * n_params(hp.hidden_units, facts.n_features, facts.n_outputs) * len(stack.tasks) <= PAUSED_BYTES


def _keeps_weights(trial: Trial, book: FoldCache) -> bool:
    """A search leaves many models: of folds none is used again, and large ones are trained again when asked for."""
    return not book.cross_validated and sum(w.nbytes for w in trial.weights) <= SMALL_WEIGHTS


def _score(trial: Trial, fold: int, book: FoldCache, by: Score) -> TrialScore:
    score = trial_score(trial, book, fold, by)
    positions = book.scoring_rows(fold)
    found = score.facts if len(score.facts) else score.rows
    kept = np.isin(positions, book.sampled_scoring_rows(ROWS_KEPT)) if found.size else np.zeros(0, bool)
    return TrialScore(score.value, score.metric, positions[: len(kept)][kept], found[..., kept])


def unpack(news: list[tuple[int, int, int, bytes]]) -> list[tuple[int, int, np.ndarray]]:
    """The other end of `report`: (number, first epoch, values (5 or 6, n))."""
    return [(number, first, np.frombuffer(data, "<f8").reshape(-1, n)) for number, first, n, data in news]


def fold_cache(source: FoldSource) -> FoldCache:
    """The rows of a run, from memory when this worker has prepared them before."""
    from tuning_core.data import Dataset, Table

    key = (source.table.dataset_id, json.dumps([source.setup, source.cv], sort_keys=True))

    known = _caches.get(key)
    if known is None:
        dataset = Dataset.from_spec(_table(source.table, Table), source.setup)
        known = _caches.put(key, FoldCache(dataset, CrossValidation.from_json(source.cv) if source.cv else None))
    return known


def _table(source: TableSource, table: Any) -> Any:
    if source.files is None:
        return table.load(source.folder / "table")
    folder = Path(tempfile.mkdtemp(prefix="tunescope-"))
    try:
        for name, data in source.files.items():
            (folder / Path(name).name).write_bytes(data)
        return table.load(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def probe() -> tuple[float, float]:
    """Seconds of a small training with and without compiling, to know how fast this machine is."""
    from tuning_core.training.stack import train_stack  # TensorFlow

    random = np.random.default_rng(0)
    x = random.normal(size=(PROBE_FOLD.n_train, PROBE_FOLD.n_features)).astype(np.float32)
    held = len(x) // 3
    fold = Fold(PROBE_FOLD.task, 0, x, x[:, 0], x[:held], x[:held, 0], 1.0, {"loss_name": "mse"})
    took = []
    for _ in range(4):
        began = time.perf_counter()
        train_stack(PROBE, {0: fold})
        took.append(time.perf_counter() - began)
    return took[0], min(took[1:])  # other work on the machine only adds


def ready() -> str:
    """Import what training needs; answered by a worker that can train at once."""
    import tuning_core.data.dataset
    import tuning_core.training.stack  # noqa: F401

    return get_worker().address
