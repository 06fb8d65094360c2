"""What a trial is to the planner, and which trials may share a compiled program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from tuning_core.experiment import Hyperparameters
from tuning_core.training.fold import Fold, FoldShape, loss_name

BUCKETS = (1, 8, 32, 128)  # numbers of models that programs are compiled for; a stack is padded up to one


BATCHES = (1, 2, 4, 8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)


UNITS = (8, 16, 32, 64, 128, 256, 512, 1024)


FEATURES = (8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128)


LIGHT_BATCHES = 1.5e10  # operations of a stack that padding its batches may cost: less than half of what a compilation takes


LIGHT_UNITS = 6e7  # operations of an epoch that padding a model's features and layers may cost, each


@dataclass(frozen=True)
class ModelShape:
    """What trials of one stack have in common. All but `balanced` is compiled into a program.

    `n_features` and `hidden_units` may be more than a model has: see `padded_features`, `padded_units`.
    """

    task: str
    loss: str
    n_features: int
    n_outputs: int
    hidden_units: tuple[int, ...]
    activation: str
    optimizer: str
    momentum: float
    weight_decay: float
    batch_size: int
    steps: int  # batches per epoch
    dropout: bool
    l2: bool
    weighted: bool
    balanced: bool  # rows also count by their class: another weight for each row, on the same program otherwise
    log: bool  # the metric is that of the exponential
    scored: bool  # early stopping watches a score, which is worked out outside of the program after each epoch


@dataclass(frozen=True)
class TrialSpec:
    """One trial to train: a setting, a seed and the number of its fold."""

    number: int
    hyperparameters: Hyperparameters
    seed: int
    fold: int = 0


def shape_of(hp: Hyperparameters, fold: Fold | FoldShape) -> ModelShape:
    """The program shape that this setting needs on this fold."""
    facts = fold.facts if isinstance(fold, Fold) else fold
    n = facts.n_train
    batch = min(hp.batch_size, n)  # a batch larger than the table is full-batch gradient descent, as in Keras
    return ModelShape(
        task=facts.task,
        loss=loss_name(facts.task, facts.n_classes, hp),
        n_features=padded_features(hp, facts),
        n_outputs=facts.n_outputs,
        hidden_units=padded_units(hp, facts),
        activation=hp.activation,
        optimizer=hp.optimizer,
        momentum=hp.momentum if hp.optimizer == "sgd" else 0.0,
        weight_decay=hp.weight_decay if hp.optimizer == "adamw" else 0.0,
        batch_size=batch,
        steps=-(-n // batch),
        dropout=any(hp.dropout_rates),
        l2=hp.l2 > 0,
        weighted=facts.weighted or is_balanced(hp, facts.task),
        balanced=is_balanced(hp, facts.task),
        log=facts.log,
        scored=hp.early_stopping is not None and hp.early_stopping.watches_score,
    )


def is_balanced(hp: Hyperparameters, task: str) -> bool:
    """Whether rows count by how rare their class is."""
    return hp.class_weight is not None and task == "classification"


def padded_features(hp: Hyperparameters, facts: FoldShape) -> int:
    """The features to compile for: the next of `FEATURES` where that costs little, so that tables alike share a program.

    Columns that are added are zeros, and so are their weights: no gradient reaches them, and they change no number.
    """
    own = facts.n_features
    padded = next((n for n in FEATURES if n >= own), own)
    first = (*hp.hidden_units, facts.n_outputs)[0]
    return padded if 6.0 * (padded - own) * first * facts.n_train <= LIGHT_UNITS else own


def padded_units(hp: Hyperparameters, facts: FoldShape) -> tuple[int, ...]:
    """The layers to compile for: the next of `UNITS` where that costs little, so that many sizes share a stack.

    Units that are added have weights of zero in and out. Where activation(0) = 0 their gradients are zero too, so they stay
    what they are and change no number; a sigmoid is 0.5 at zero, so its layers are not padded.
    """
    if hp.activation == "sigmoid":
        return hp.hidden_units
    padded = tuple(next(u for u in UNITS if u >= units) for units in hp.hidden_units)
    own, more = (n_params(u, facts.n_features, facts.n_outputs) for u in (hp.hidden_units, padded))
    return padded if 6.0 * (more - own) * facts.n_train <= LIGHT_UNITS else hp.hidden_units


def bucket(n: int) -> int:
    """The smallest program size that holds n models."""
    return next((size for size in BUCKETS if size >= n), BUCKETS[-1])


_all_but_epochs = attrgetter(*(field.name for field in fields(Hyperparameters) if field.name != "epochs"))


def training_of(task: TrialSpec) -> tuple:
    """Equal for tasks that are one training: they differ in nothing but how many of its epochs they take."""
    return _all_but_epochs(task.hyperparameters), task.seed, task.fold


def width_of(tasks: Sequence[TrialSpec]) -> int:
    """Models of the program that trains these tasks as one stack."""
    return bucket(len({training_of(task) for task in tasks}))


def n_params(hidden_units: Sequence[int], n_features: int, n_outputs: int) -> int:
    """Weights and biases of one model."""
    return sum((a + 1) * b for a, b in pairwise((n_features, *hidden_units, n_outputs)))


class ProgramKey(NamedTuple):
    """What a program is made for: a shape, its steps 0 and its batch size the rows that a batch is padded to, and models."""

    shape: ModelShape
    k: int

    @property
    def family(self) -> ModelShape:
        """Equal for programs that differ in models and rows of a batch only."""
        return replace(self.shape, batch_size=0)

    def holds(self, other: ProgramKey) -> bool:
        """Whether stacks of the other can be padded to this."""
        return self.k >= other.k and self.shape.batch_size >= other.shape.batch_size and self.family == other.family


def program_key_for(tasks: Sequence[TrialSpec], facts: Mapping[int, Fold] | Mapping[int, FoldShape]) -> ProgramKey:
    """The program that a stack needs when it is alone."""
    shape, k = shape_of(tasks[0].hyperparameters, facts[tasks[0].fold]), width_of(tasks)
    return ProgramKey(padded_shape(shape, k, max(task.hyperparameters.epochs for task in tasks)), k)


def padded_shape(shape: ModelShape, k: int, epochs: int) -> ModelShape:
    """The shape to compile for: a batch is padded to the next of `BATCHES` where that costs little."""
    batch = next((b for b in BATCHES if b >= shape.batch_size), shape.batch_size)
    weights = n_params(shape.hidden_units, shape.n_features, shape.n_outputs)
    padding = 6.0 * k * weights * (batch - shape.batch_size) * shape.steps * epochs
    batch = batch if padding <= LIGHT_BATCHES else shape.batch_size
    return replace(shape, steps=0, batch_size=batch, balanced=False)  # which weights rows have is data
