"""The way of a training through the space of its weights: taken again at chosen epochs, because no run keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tuning_core.errors import SettingsError
from tuning_core.experiment import History, Hyperparameters, TrialStatus
from tuning_core.training.fold import Fold
from tuning_core.training.layers import initial_weights
from tuning_core.training.specs import TrialSpec, n_params
from tuning_core.training.stack import train_stack


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Weights (kernel, bias, ...) after each of `epochs`, where 0 is before the first step, and the whole history."""

    epochs: tuple[int, ...]
    weights: tuple[tuple[np.ndarray, ...], ...]
    history: History


def geometric_epochs(last: int, kept: int, count: int = 24) -> tuple[int, ...]:
    """Up to `count` epochs from 1 to the last, denser at the start, where most happens; the kept one is among them."""
    marks = {round(float(e)) for e in np.geomspace(1, last, count)}
    if kept not in marks and len(marks) == count:
        marks.discard(min(marks - {1, last}, key=lambda epoch: abs(epoch - kept), default=last))
    return tuple(sorted(marks | {kept}))


def trajectories(
    fold: Fold,
    settings: Sequence[Hyperparameters],
    seed: int,
    epochs: Iterable[int],
    most_weights: int,
    *,
    report: Callable[[int], None] = lambda epoch: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> list[Trajectory]:
    """Train settings of one shape side by side, without early stopping, and take their weights on the way.

    A training that diverges or is stopped has fewer epochs. It is the training of the run: the same seed gives the same weights.

    Parameters
    ----------
    report : told the epoch, counted from 1, that all have reached.
    should_stop : asked between chunks.

    Raises
    ------
    SettingsError
        For a network of more than `most_weights` weights and biases.
    """
    marks = sorted(set(epochs) - {0})
    n_features = fold.x_train.shape[1]
    size = n_params(settings[0].hidden_units, n_features, fold.n_outputs)
    if size > most_weights:
        raise SettingsError(
            f"This network has {size:,} weights, but this picture is made of networks of up to {most_weights:,}.",
            kind="network_too_large",
            remedy="Train the run with fewer hidden units.",
        )
    alike = [hp.replace(early_stopping=None, keep="last") for hp in settings]
    pairs = [(i, hp.replace(epochs=epoch)) for i, hp in enumerate(alike) for epoch in marks]
    trials = train_stack(
        [TrialSpec(number, hp, seed) for number, (_, hp) in enumerate(pairs)],
        {0: fold},
        report=lambda news: report(max((first + values.shape[1] for _, first, values in news), default=0)),
        should_stop=should_stop,
    )
    found = []
    for i, hp in enumerate(alike):
        own = [trial for trial, (j, _) in zip(trials, pairs, strict=True) if j == i]
        ended = [trial for trial in own if trial.status == TrialStatus.FINISHED]  # the others diverged before, or were stopped
        start = initial_weights(seed, n_features, hp.hidden_units, fold.n_outputs)
        history = max(own, key=lambda trial: len(trial.history)).history
        taken = (0, *(trial.hyperparameters.epochs for trial in ended))
        found.append(Trajectory(taken, (start, *(trial.weights for trial in ended)), history))
    return found
