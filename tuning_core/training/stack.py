"""Training one stack: chunks of epochs on the compiled program, events out, compaction when trials have ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import tensorflow as tf

from tuning_core.experiment import Trial
from tuning_core.training import program_pool
from tuning_core.training.checkpoint import TrainingCheckpoint
from tuning_core.training.fold import Fold
from tuning_core.training.layers import initial_weights, own_weights, padded_weights
from tuning_core.training.program import Program
from tuning_core.training.row_orders import RowOrders
from tuning_core.training.specs import ProgramKey, TrialSpec, bucket, padded_shape, program_key_for, shape_of
from tuning_core.training.stack_arguments import StackTable, trial_arguments
from tuning_core.training.stacked_trial import StackedTrial, stacked_trials
from tuning_core.training.trial_results import finished_trial, record_scales
from tuning_core.training.watched_scores import check_monitor, watched_scores

CHUNK_SECONDS = 0.1  # how often a watching person should see the curves grow
AT_ONCE_SECONDS = 0.4  # what is left is trained in one chunk when it takes less: pieces would only delay the whole
COMPILE_SECONDS = 1.5  # what compaction into a program not yet compiled costs, about

# One chunk of a stack: for each trial that moved its number, first epoch (from 0) and values of shape (5, epochs).
Report = Callable[[list[tuple[int, int, np.ndarray]]], None]


def train_stack(
    tasks: Sequence[TrialSpec],
    folds: Mapping[int, Fold],
    *,
    program_key: ProgramKey | None = None,
    report: Report | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> list[Trial]:
    """Train tasks of one shape side by side.

    Parameters
    ----------
    tasks : trials that agree in `shape_of`; those that differ in epochs only are trained once.
    folds : the prepared rows by fold number.
    program_key : the program to train on where it is not their own, see `program_choice.assign_programs`.
    report : called after each chunk with what is new, see `Report`; values are in the order of `SERIES` and in the
        target's own units.
    should_stop : asked between chunks; True ends the training with what is there, status "stopped".

    Returns
    -------
    One Trial per task, in the order of `tasks`. The same tasks give the same curves, alone or stacked with others.
    """
    return train_until(tasks, folds, program_key=program_key, report=report, should_stop=should_stop)[0]


def train_until(
    tasks: Sequence[TrialSpec],
    folds: Mapping[int, Fold],
    *,
    until: int | None = None,
    paused: Mapping[int, TrainingCheckpoint] | None = None,
    program_key: ProgramKey | None = None,
    report: Report | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[list[Trial], dict[int, TrainingCheckpoint]]:
    """Train tasks of one shape up to an epoch, from their start or from where they paused.

    Parameters
    ----------
    tasks, folds, made, report, should_stop : see `train_stack`. Only what is new is reported.
    until : the epoch to pause after; None trains to the end.
    paused : by task number, from an earlier call; all of the tasks or none, and all at the same epoch.

    Returns
    -------
    One Trial per task, status "stopped" where it has not ended, and what is needed to go on with those.
    The epochs of a training that paused are those of one that did not.
    """
    lanes = stacked_trials(tasks)
    program_key = program_key or program_key_for(tasks, {task.fold: folds[task.fold].facts for task in tasks})
    stack = _Stack(lanes, folds, program_key, [paused[lane.leader.number] for lane in lanes] if paused else None)
    stopped = False
    while not stack.finished and (until is None or stack.epoch < until):
        news = []
        for lane, first, values in stack.advance(until):
            for task in lane.tasks:
                mine = values[:, : max(0, task.hyperparameters.epochs - first)]
                if mine.shape[1]:
                    news.append((task.number, first, mine))
        if report is not None:
            report(news)
        if not stack.finished and should_stop():
            stopped = True
            break
    resumable = {} if until is None else stack.pause()
    if stopped or resumable:
        stopped = True
        stack.keep_weights()
    stack.release()
    trials = {trial.number: trial for lane in stack.lanes for trial in stack.results(lane, stopped)}
    return [trials[task.number] for task in tasks], resumable


class _Stack:
    """The lanes that are still training, their program and its arguments."""

    def __init__(
        self,
        lanes: list[StackedTrial],
        folds: Mapping[int, Fold],
        program_key: ProgramKey,
        paused: list[TrainingCheckpoint] | None = None,
    ) -> None:
        self.lanes = lanes
        self.live = lanes
        self.folds = folds
        first = lanes[0].leader
        for lane in lanes:
            check_monitor(lane.leader.hyperparameters, folds[lane.leader.fold].task)
        self.shape = shape_of(first.hyperparameters, folds[first.fold])
        self.table = StackTable.of(folds, sorted({lane.leader.fold for lane in lanes}), self.shape)
        streams = [self._stream(lane) for lane in lanes]
        self.orders = {key: self._new_orders(*key) for key in dict.fromkeys(streams)}
        self.epoch = 0
        self._enter(program_key, self._resume(paused, program_key.k) if paused else None)

    def _stream(self, lane: StackedTrial) -> tuple[int, int, bool]:
        return lane.leader.seed, lane.leader.fold, lane.leader.hyperparameters.shuffle

    def _new_orders(self, seed: int, fold: int, shuffle: bool) -> RowOrders:
        return RowOrders(seed, int(self.table.first_row[fold]), len(self.folds[fold].x_train), shuffle)

    # ---- entering a program -----------------------------------------------------------------------------------------

    def _enter(self, program_key: ProgramKey, carried: tuple[list[np.ndarray], dict[str, np.ndarray]] | None) -> None:
        """Move the live lanes into a program, from their start or with the state that they carry."""
        shape, k = program_key
        width = (self.shape.steps - 1) * self.shape.batch_size + shape.batch_size
        sizes = program_pool.ArgumentSizes.rounded(len(self.table.x), self.shape.n_features, len(self.orders), width, k)
        self.program: Program = program_pool.acquire(shape, k, sizes)
        slots = self.live + [self.live[0]] * (k - len(self.live))  # padding repeats the first lane; its results are ignored
        hps = [lane.leader.hyperparameters for lane in slots]
        if carried is None:
            own = [self.folds[lane.leader.fold].facts for lane in slots]
            starts = [
                initial_weights(lane.leader.seed, facts.n_features, hp.hidden_units, facts.n_outputs)
                for lane, hp, facts in zip(slots, hps, own, strict=True)
            ]
            state = self.program.fresh_state([padded_weights(start, shape.n_features, shape.hidden_units) for start in starts])
            stopping_state = {
                "best": np.zeros(k, np.float64 if shape.scored else np.float32),
                "wait": np.zeros(k, np.int32),
                "best_epoch": np.full(k, -1, np.int32),
                "stopped": np.zeros(k, bool),
                "diverged": np.zeros(k, bool),
                "length": np.zeros(k, np.int32),
                "done": np.zeros(k, bool),
            }
        else:
            state, stopping_state = carried
        self.stopping_state = {name: tf.constant(values) for name, values in stopping_state.items()}
        self.program.load(state, np.array([hp.learning_rate for hp in hps]))
        places = {key: i for i, key in enumerate(self.orders)}
        streams = [places[self._stream(lane)] for lane in slots]
        arguments = trial_arguments(slots, streams, self.folds, self.table, self.shape)
        arguments |= self.table.arguments(self.program.sizes.rows)
        self.arguments = {name: tf.constant(values) for name, values in arguments.items()}

    # ---- training ---------------------------------------------------------------------------------------------------

    @property
    def finished(self) -> bool:
        return all(lane.done for lane in self.live)

    def advance(self, until: int | None = None) -> Iterator[tuple[StackedTrial, int, np.ndarray]]:
        """Train a chunk, not beyond `until`; yields (lane, first epoch from 0, values (5, epochs)) for lanes that moved."""
        n = self._chunk_length()
        if until is not None:
            n = min(n, until - self.epoch)
        sizes = self.program.sizes
        orders = np.zeros((sizes.capacity, sizes.streams, sizes.width), np.int32)
        for i, stream in enumerate(self.orders.values()):
            orders[:n, i] = stream.next(n, sizes.width)
        began = time.perf_counter()
        warm = self.program.called
        record = self._train_scored(orders, n) if self.shape.scored else self._train(orders, n)
        if warm:
            self.program.seconds_per_step = (time.perf_counter() - began) / n / self.shape.steps
        stopping_state = {name: np.asarray(values) for name, values in self.stopping_state.items()}
        first, self.epoch = self.epoch, self.epoch + n
        for k, lane in enumerate(self.live):
            if lane.done:
                continue
            scale = record_scales(self.folds[lane.leader.fold], self.shape.loss)[:, None]
            values = record[: int(stopping_state["length"][k]) - first, :, k].T.astype(np.float64)
            values[: len(scale)] *= scale
            lane.rows.append(values)
            lane.stopped, lane.diverged, lane.done = (bool(stopping_state[name][k]) for name in ("stopped", "diverged", "done"))
            for task in lane.tasks:
                if task.number not in lane.weights and (lane.done or task.hyperparameters.epochs <= self.epoch):
                    lane.weights[task.number] = self._kept_weights(k, task)
            yield lane, first, values
        self._compact(stopping_state)

    def _train(self, orders: np.ndarray, n: int) -> np.ndarray:
        """The record of `n` epochs, shape (at least n, 5, K)."""
        record, self.stopping_state = self.program(self.arguments, orders, n, self.epoch, self.stopping_state)
        return record

    def _train_scored(self, orders: np.ndarray, n: int) -> np.ndarray:
        """Epoch by epoch, each judged by its scores; shape (n, 6, K)."""
        record = np.full((n, 6, self.program.k), np.nan)
        for i in range(n):
            one = orders[i : i + 1]  # always of this shape: another one would be compiled anew
            values, _ = self.program(self.arguments, one, 1, self.epoch + i, self.stopping_state)
            record[i, :5] = values[0]
            done = np.asarray(self.stopping_state["done"])
            record[i, 5] = watched_scores(self.program.current_weights(), self.live, self.folds, self.shape, done)
            self.stopping_state = self.program.judge(self.arguments, values[0], record[i, 5], self.epoch + i, self.stopping_state)
        return record

    def _chunk_length(self) -> int:
        known = self._seconds_per_epoch
        wanted = int(CHUNK_SECONDS / known) if known else 2
        left = max(lane.leader.hyperparameters.epochs for lane in self.live if not lane.done) - self.epoch
        if known and left * known < AT_ONCE_SECONDS:
            wanted = left
        ends = (task.hyperparameters.epochs - self.epoch for lane in self.live if not lane.done for task in lane.tasks)
        next_end = min(end for end in ends if end > 0)  # prefixes take their weights exactly at their last epoch
        return max(1, min(wanted, next_end, self.program.sizes.capacity))

    @property
    def _seconds_per_epoch(self) -> float:
        return self.program.seconds_per_step * self.shape.steps

    def _compact(self, stopping_state: dict[str, np.ndarray]) -> None:
        """Move the lanes still training into a smaller program when that pays; until then the ended ones keep their place."""
        keep = [k for k, lane in enumerate(self.live) if not lane.done]
        if not keep or len(keep) == len(self.live):
            return
        k = bucket(len(keep))
        left = max(self.live[i].leader.hyperparameters.epochs for i in keep) - self.epoch
        saved = self._seconds_per_epoch * left * (1 - k / self.program.k)
        smaller = ProgramKey(padded_shape(self.shape, k, left), k)
        ready = program_pool.is_idle(*smaller)
        if k < self.program.k and (ready or saved > COMPILE_SECONDS):
            rows = np.array(keep + [keep[0]] * (k - len(keep)))
            state = [v[rows] if v.ndim == 3 else v for v in self.program.state()]
            self.live = [self.live[i] for i in keep]
            program_pool.release(self.program)
            self._enter(smaller, (state, {name: values[rows] for name, values in stopping_state.items()}))

    # ---- pausing and going on ---------------------------------------------------------------------------------------

    def pause(self) -> dict[int, TrainingCheckpoint]:
        """What every lane that has not ended needs to go on, by task number."""
        state = self.program.state()
        stopping_state = {name: np.asarray(values) for name, values in self.stopping_state.items()}
        paused = {}
        for k, lane in enumerate(self.live):
            if not lane.done:
                own = tuple(v[k].copy() if v.ndim == 3 else v for v in state)
                mine = TrainingCheckpoint(
                    self.epoch, own, {name: values[k] for name, values in stopping_state.items()}, lane.values
                )
                paused.update({task.number: mine for task in lane.tasks})
        return paused

    def _resume(self, paused: list[TrainingCheckpoint], k: int) -> tuple[list[np.ndarray], dict[str, np.ndarray]]:
        """Put paused lanes back: their epochs, their row orders, and their state padded to k models."""
        self.epoch = paused[0].epoch
        for orders in self.orders.values():
            orders.next(self.epoch)
        for lane, mine in zip(self.lanes, paused, strict=True):
            lane.rows.append(mine.values)
        padded = paused + [paused[0]] * (k - len(paused))
        state = [np.stack([p.state[i] for p in padded]) if v.ndim == 2 else v for i, v in enumerate(paused[0].state)]
        return state, {name: np.stack([p.stopping_state[name] for p in padded]) for name in paused[0].stopping_state}

    def release(self) -> None:
        """Give the program back; what a failed stack leaves behind is not used again."""
        program_pool.release(self.program)

    def keep_weights(self) -> None:
        """Take the weights of every lane as they are now: the training is stopped by request."""
        for k, lane in enumerate(self.live):
            for task in lane.tasks:
                lane.weights.setdefault(task.number, self._kept_weights(k, task))

    def _kept_weights(self, k: int, task: TrialSpec) -> tuple[np.ndarray, ...]:
        n_features = self.folds[task.fold].facts.n_features
        return own_weights(self.program.kept_weights(k), n_features, task.hyperparameters.hidden_units)

    # ---- results ----------------------------------------------------------------------------------------------------

    def results(self, lane: StackedTrial, stopped: bool) -> Iterator[Trial]:
        for task in lane.tasks:
            yield finished_trial(task, self.folds[task.fold], lane.values, lane, stopped)
