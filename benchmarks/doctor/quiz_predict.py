"""Items of "predict the change" on tables that can be made again anywhere, trained as the page trains them after the answer.

Both settings of an item are trained once more alone, by another program; where that gives another curve (a rate at which the
last digit of a sum decides), the item would not be seen to come true elsewhere, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

import tuning_core as tc
from benchmarks.doctor.quiz_misread import no_hidden_layer_item
from benchmarks.doctor.quiz_reading import array, history_of
from benchmarks.doctor.tables import SAMPLE_DATA
from tuning_core.diagnosis.remedies import less_l2
from tuning_core.experiment import Hyperparameters
from tuning_core.lessons.asked_change import ITEM_SEED, asked_change
from tuning_core.lessons.own_quiz import own_ways
from tuning_core.lessons.quiz import QuizItem
from tuning_core.lessons.quiz_tables import QUIZ_TABLES, QuizTable
from tuning_core.lessons.quiz_writing import curves_apart, predict_item
from tuning_core.lessons.tried_run import TriedRun
from tuning_core.training import stack as stacks
from tuning_core.training.fold import make_fold
from tuning_core.training.planning import plan
from tuning_core.training.specs import TrialSpec

SAME = 0.005  # mean difference of logarithms up to which two trainings gave one curve
USUAL = 0.003  # a learning rate of Adam that suits most tables
# (hidden units, factors of the usual rate, L2): one setting of each is drawn for every table
DRAWN = (((32,), (0.03, 0.5), 0.0), ((32,), (1.0, 20.0), 0.0), ((32,), (0.7, 4.0), 0.3), ((), (0.3, 30.0), 0.0))
SLOW = ((), (0.1, 1.5), 0.0)  # a net without hidden layer on its way


def predicted(random: np.random.Generator) -> Iterator[tuple[str, QuizItem]]:
    """(run, item) of every table and setting that gives one."""
    for table in QUIZ_TABLES.values():
        dataset = dataset_of(table)
        for place, (units, factors, l2) in enumerate((*DRAWN, SLOW)):
            hp = Hyperparameters(
                learning_rate=float(f"{USUAL * np.exp(random.uniform(*np.log(factors))):.2g}"),
                epochs=int(np.exp(random.uniform(*np.log((40, 90))))),
                batch_size=20,
                hidden_units=units,
                l2=l2,
            )
            name = f"{table.id.removeprefix('quiz_')}-made-{place}"
            run, stored = _tried(table, dataset, hp, name)
            item = no_hidden_layer_item(stored, run, name) if (units, factors, l2) == SLOW else predict_item(run)
            if item is not None:
                item = replace(item, made_from=table.id, unseen=np.zeros(0))
                if _comes_again(item, dataset):
                    yield name, item


def dataset_of(table: QuizTable) -> tc.Dataset:
    """As the page's engine reads it."""
    data = (SAMPLE_DATA / table.file).read_bytes() if table.file else table.csv
    return tc.Dataset.from_spec(tc.read_table(data, filename=table.file or f"{table.id}.csv"), table.setup)


def _tried(table: QuizTable, dataset: tc.Dataset, hp: Hyperparameters, name: str) -> tuple[TriedRun, dict[str, Any]]:
    """The run with every change, and as the bank stores it; what changes do to unseen rows is not looked at."""
    ways = own_ways(hp) | ({"less_l2": hp.replace(l2=less_l2(hp.l2), epochs=3 * hp.epochs)} if hp.l2 else {})
    fold = make_fold(dataset, hp, dataset.prepare(), dataset.rows.train, dataset.rows.validation)
    tasks = [TrialSpec(number, way, ITEM_SEED) for number, way in enumerate(ways.values())]
    trials = {t.number: t for stack in plan(tasks, {0: fold}) for t in stacks.train_stack(stack, {0: fold})}
    shown = {way: _padded(trials[number].history, ways[way].epochs) for number, way in enumerate(ways)}
    context = {**trials[0].history.context, "hyperparameters": hp.to_json()}
    stored = {"table": table.words, "shown": shown}
    run = TriedRun(
        id=name,
        table=table.words,
        history=history_of(shown["base"], context, hp.epochs),
        ways={way: (array(series[1]), array(series[2])) for way, series in shown.items()},
        held={"base": np.full((1, 3 * hp.epochs), np.nan)},
        labels={},
        gains={},
        truth={},
    )
    return run, stored


def _padded(history: tc.History, epochs: int) -> list[list[float | None]]:
    values = history.matrix()[:, :epochs]
    values = np.pad(values, ((0, 0), (0, epochs - values.shape[1])), constant_values=np.nan)
    return [[float(v) if np.isfinite(v) else None for v in series] for series in values]


def _comes_again(item: QuizItem, dataset: tc.Dataset) -> bool:
    """Whether both settings, each trained alone, give the item's curves."""
    change = asked_change(item)
    assert change is not None, item.question
    again = [tc.train(dataset, hp, (ITEM_SEED,)).trials[0].history for hp in (change.before, change.after)]
    pairs = [(history.train_loss, history.val_loss) for history in again]
    return all(len(p[0]) == len(r[0]) and curves_apart(p, r) < SAME for p, r in zip(pairs, change.recorded, strict=True))
