"""Trainings for the quiz: runs whose label is decided by what each remedy did on unseen rows, with the curves of the remedies.

Like the bank's runs, but with all curves kept, a few programs only (tables are filled up with columns of zeros), and some
trainings that the bank has no use for: one setting with many seeds, many settings looked at, more rows, sorted rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.doctor.design import Group, deeper, wider
from benchmarks.doctor.grow import HELD_OUT, SEEDS, VALIDATION, _folds, _padded, _rounded
from benchmarks.doctor.tables import Source
from tuning_core.diagnosis.judged_by_remedies import judge
from tuning_core.diagnosis.remedies import less_l2
from tuning_core.experiment import Hyperparameters, Trial
from tuning_core.training import stack as stacks
from tuning_core.training.fold import Fold
from tuning_core.training.planning import plan
from tuning_core.training.specs import TrialSpec, n_params

WIDTH = 20  # features that programs are compiled for
TRAIN, VAL, HELD = 200, 100, 500  # rows; the held-out ones as far as there are
FEW, MANY = 100, 400  # training rows of the family "rows"
SHOWN, DECIDING = tuple(range(5)), tuple(range(100, 111))  # seeds of the family "luck"
LOOKS = 12
USUAL = 0.003
Wanted = dict[tuple, tuple[Hyperparameters, int, int]]  # name: settings, seed, fold


@dataclass(frozen=True)
class Family:
    """One way to train: which settings, and what becomes of the trials."""

    hidden_units: tuple[int, ...]
    train: Callable[[Group, np.random.Generator], dict[str, Any]]
    optimizer: str = "adam"
    tasks: tuple[str, ...] = ("regression", "classification")


def fits(source: Source) -> bool:
    """Whether a table has enough rows, few enough features, and a number or two classes to predict."""
    return source.x.shape[1] <= WIDTH and len(source.y) >= TRAIN + VAL + 100 and source.n_classes in (0, 2)


def lopsided(source: Source) -> bool:
    """Whether always naming the commoner class is right in three of four rows or more, in whatever many features."""
    return source.n_classes == 2 and max(source.y.mean(), 1 - source.y.mean()) >= 0.75 and len(source.y) >= TRAIN + VAL + 100


def grow_quiz(sources: Sequence[Source], random: np.random.Generator) -> Iterator[list[dict[str, Any]]]:
    """Runs table by table, the families in turn, so that what is there at any time is spread over tables."""
    order = [sources[i] for i in random.permutation(len(sources)) if fits(sources[i])]
    for source in filter(lopsided, sources):
        yield [run | {"table": source.name, "family": "calm"} for _ in range(3) for run in _runs("calm", source, random)]
    for turn in TURNS:
        for place, source in enumerate(order):
            for name in turn[place % len(turn)]:
                if source.task in FAMILIES[name].tasks:
                    yield [run | {"table": source.name, "family": name} for run in _runs(name, source, random)]


def _runs(name: str, source: Source, random: np.random.Generator) -> list[dict[str, Any]]:
    family = FAMILIES[name]
    order = random.permutation(len(source.y))
    if name == "sorted":
        order[: TRAIN + VAL] = order[: TRAIN + VAL][np.argsort(source.y[order[: TRAIN + VAL]], kind="stable")]
    rows = (order[:TRAIN], order[TRAIN : TRAIN + VAL], order[TRAIN + VAL :][:HELD])
    base = Hyperparameters(
        batch_size=20,
        hidden_units=family.hidden_units,
        optimizer=family.optimizer,
        epochs=int(np.exp(random.uniform(*np.log((40, 120))))),
        l2=0.1 if name == "penalised" else 0.0,
    )
    return family.train(Group(source, rows, base, (), (1.0,), max(WIDTH, source.x.shape[1])), random)


def _train(wanted: Wanted, folds: dict[int, Fold]) -> dict[tuple, Trial]:
    names = dict(enumerate(wanted))
    tasks = [TrialSpec(number, *wanted[name]) for number, name in names.items()]
    return {names[trial.number]: trial for stack in plan(tasks, folds) for trial in stacks.train_stack(stack, folds)}


# ---- families -----------------------------------------------------------------------------------------------------------


def _rates(low: float, high: float, count: int = 2) -> Callable[[Group, np.random.Generator], list[dict[str, Any]]]:
    """Runs at rates drawn evenly between two factors of the usual one, one in each part; each with all remedies."""

    def train(group: Group, random: np.random.Generator) -> list[dict[str, Any]]:
        edges = np.linspace(np.log(low), np.log(high), count + 1)
        rates = [float(f"{USUAL * np.exp(random.uniform(*edges[i : i + 2])):.2g}") for i in range(count)]
        folds = _folds(group)
        wanted: Wanted = {}
        for rate in rates:
            wanted |= _with_remedies(group.base.replace(learning_rate=rate))
        trials = _train(wanted, folds)
        return [_judged(group.base.replace(learning_rate=rate), trials, folds[VALIDATION]) for rate in rates]

    return train


def _penalised(group: Group, random: np.random.Generator) -> list[dict[str, Any]]:
    rate = float(f"{USUAL * np.exp(random.uniform(*np.log((0.7, 4.0)))):.2g}")
    hp = group.base.replace(learning_rate=rate, l2=float(f"{np.exp(random.uniform(*np.log((0.03, 1.0)))):.2g}"))
    folds = _folds(group)
    return [_judged(hp, _train(_with_remedies(hp), folds), folds[VALIDATION])]


def _with_remedies(hp: Hyperparameters) -> Wanted:
    """The run and its remedies: seed 0 watched on the validation rows, three seeds on the held-out ones."""
    rate, e, units = hp.learning_rate, hp.epochs, hp.hidden_units
    ways = {
        "base": hp.replace(epochs=3 * e),
        "lr3": hp.replace(learning_rate=3 * rate),
        "lr5": hp.replace(learning_rate=rate / 5, epochs=2 * e),
        "lr10": hp.replace(learning_rate=rate / 10, epochs=2 * e),
        "deep": hp.replace(hidden_units=deeper(units)),
        "wide": hp.replace(hidden_units=wider(units)),
    }
    if hp.l2:
        ways["less_l2"] = hp.replace(l2=less_l2(hp.l2), epochs=3 * e)
    watched = [(seed, HELD_OUT) for seed in SEEDS] + [(0, VALIDATION)]
    return {(rate, name, seed, fold): (way, seed, fold) for name, way in ways.items() for seed, fold in watched}


def _judged(hp: Hyperparameters, trials: dict[tuple, Trial], fold: Fold) -> dict[str, Any]:
    """Labels, gains and all curves: `shown` is each way on the validation rows, `held` the losses on unseen rows."""
    e, rate = hp.epochs, hp.learning_rate
    long = {"base": 3 * e, "lr5": 2 * e, "lr10": 2 * e, "less_l2": 3 * e}
    names = [name for key, name, seed, at in trials if key == rate and at == VALIDATION and seed == 0]
    shown = {name: _padded(trials[rate, name, 0, VALIDATION], long.get(name, e)) for name in names}
    held = {
        name: np.stack([_padded(trials[rate, name, seed, HELD_OUT], long.get(name, e))[1:3] for seed in SEEDS]) for name in names
    }
    remedies = {"less_l2": None, "less_dropout": None, **{n: v for n, v in held.items() if n != "base"}, "epochs3": held["base"]}
    return {
        "hyperparameters": hp.to_json(),
        "context": _context(fold, hp),
        "shown": {name: [_rounded(series) for series in values] for name, values in shown.items()},
        "held": {name: [_rounded(seed[1]) for seed in values] for name, values in held.items()},
        **judge(shown["base"][:, :e], remedies, fold.context["dummy_loss"]),
    }


def _context(fold: Fold, hp: Hyperparameters) -> dict[str, Any]:
    n_features = fold.context["n_features"]
    return {**fold.context, "n_params": n_params(hp.hidden_units, n_features, fold.n_outputs), "hyperparameters": hp.to_json()}


def _luck(group: Group, random: np.random.Generator) -> list[dict[str, Any]]:
    """Two settings, five seeds to be shown and eleven that decide on unseen rows."""
    rate = float(f"{USUAL * np.exp(random.uniform(*np.log((0.5, 4.0)))):.2g}")
    factor = float(random.choice([1.2, 1.5, 2.0, 4.0]))
    hp = group.base.replace(learning_rate=rate)
    other = hp.replace(learning_rate=float(f"{rate * factor:.2g}"))
    folds = _folds(group)
    trials = _train({(i, s, f): (way, s, f) for i, way in enumerate((hp, other)) for s in SHOWN for f in (0, 1)}, folds)
    trials |= _train({(i, s, 1): (way, s, 1) for i, way in enumerate((hp, other)) for s in DECIDING}, folds)
    return [_many((hp, other), trials, folds[VALIDATION], SHOWN, (*SHOWN, *DECIDING))]


def _looks(group: Group, random: np.random.Generator) -> list[dict[str, Any]]:
    """Twelve settings, each once on validation and on unseen rows."""
    rates = [float(f"{USUAL * np.exp(x):.2g}") for x in np.sort(random.uniform(*np.log((0.3, 12.0)), LOOKS))]
    ways = [group.base.replace(learning_rate=rate) for rate in rates]
    folds = _folds(group)
    trials = _train({(i, 0, f): (way, 0, f) for i, way in enumerate(ways) for f in (0, 1)}, folds)
    return [_many(ways, trials, folds[VALIDATION], (0,), (0,))]


def _rows(group: Group, random: np.random.Generator) -> list[dict[str, Any]]:
    """A usual and a large rate, with few and with many training rows, three seeds."""
    if len(group.source.y) < MANY + VAL + 100:
        return []
    order = np.concatenate(group.rows)
    rest = np.setdiff1d(random.permutation(len(group.source.y)), order, assume_unique=True)
    order = np.concatenate([order, random.permutation(rest)])
    watched = (order[:VAL], order[VAL + MANY :][:HELD])
    runs = []
    for rate in (USUAL * np.exp(random.uniform(*np.log((1.0, 5.0)))), USUAL * np.exp(random.uniform(*np.log((20.0, 70.0))))):
        hp = group.base.replace(learning_rate=float(f"{rate:.2g}"))
        trials: dict[tuple, Trial] = {}
        for i, count in enumerate((FEW, MANY)):
            folds = _folds(Group(group.source, (order[VAL : VAL + count], *watched), hp, (), (1.0,), WIDTH))
            trials |= _train({(i, s, f): (hp, s, f) for s in SEEDS for f in (0, 1)}, folds)
            if i == 0:
                first = folds[VALIDATION]
        runs.append(_many((hp, hp), trials, first, SEEDS, SEEDS))
    return runs


def _sorted(group: Group, random: np.random.Generator) -> list[dict[str, Any]]:
    """The rows in the target's order, the last ones for validation, and the same rows shuffled first."""
    hp = group.base.replace(learning_rate=USUAL)
    together = random.permutation(np.concatenate(group.rows[:2]))
    shuffled = Group(group.source, (together[:TRAIN], together[TRAIN:], group.rows[2]), hp, (), (1.0,), WIDTH)
    trials: dict[tuple, Trial] = {}
    for i, each in enumerate((group, shuffled)):
        folds = _folds(each)
        trials |= _train({(i, s, f): (hp, s, f) for s in SEEDS for f in (0, 1)}, folds)
        if i == 0:
            first = folds[VALIDATION]
    return [_many((hp, hp), trials, first, SEEDS, SEEDS)]


def _many(
    ways: Sequence[Hyperparameters], trials: dict[tuple, Trial], fold: Fold, shown: tuple[int, ...], held: tuple[int, ...]
) -> dict[str, Any]:
    """Several settings beside each other, by setting and seed: all series on validation rows, and the losses on unseen rows."""
    e = ways[0].epochs
    return {
        "settings": [way.to_json() for way in ways],
        "context": _context(fold, ways[0]),
        "shown": [[[_rounded(r) for r in _padded(trials[i, s, 0], e)] for s in shown] for i in range(len(ways))],
        "held": [[_rounded(_padded(trials[i, s, 1], e)[2]) for s in held] for i in range(len(ways))],
    }


FAMILIES = {
    "calm": Family((32,), _rates(0.03, 4.0)),
    "steep": Family((32,), _rates(3.0, 400.0)),
    "linear": Family((), _rates(0.3, 30.0)),
    "walking": Family((), _rates(0.1, 1.5), tasks=("regression",)),
    "thrown": Family((32,), _rates(400.0, 9000.0)),
    "penalised": Family((32,), _penalised),
    "sgd": Family((32,), _rates(40.0, 400.0), "sgd", ("regression",)),
    "luck": Family((32,), _luck),
    "looks": Family((32,), _looks),
    "rows": Family((32,), _rows),
    "sorted": Family((32,), _sorted, tasks=("regression",)),
}
# Families that tables take in turn: every table has a run early, and more as time goes on.
TURNS = (
    (("calm",), ("steep",), ("calm", "luck"), ("steep", "looks")),
    (("linear",), ("penalised",), ("rows",), ("calm", "sgd")),
    (("steep", "sorted"), ("luck", "looks"), ("linear",), ("penalised",)),
    (("thrown", "luck"), ("walking", "rows"), ("sgd", "luck")),
)
