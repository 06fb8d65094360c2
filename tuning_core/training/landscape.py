"""A slice through the loss: the plane in which a training moved most, through the weights that it kept.

Li, Xu, Taylor, Studer, Goldstein, "Visualizing the Loss Landscape of Neural Nets" (NeurIPS 2018), section 7: the plane is that of
the first two principal components of the weights over the epochs. All networks of the grid are evaluated as one stack.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import tensorflow as tf

from tuning_core.errors import SettingsError
from tuning_core.experiment import Hyperparameters
from tuning_core.training.fold import Fold
from tuning_core.training.program import row_losses
from tuning_core.training.scoring import forward
from tuning_core.training.specs import is_balanced, shape_of
from tuning_core.training.trajectory import Trajectory
from tuning_core.training.trial_results import record_scales

Weights = Sequence[np.ndarray]

POINTS = 33  # of the grid, each way
MOST_ROWS, FEWEST_ROWS = 2000, 100  # whose loss is drawn
MOST_WORK = 2e10  # multiplications of all networks and rows; a large network is shown on fewer rows
BLOCK_FLOATS = 2**22  # activations that are worked out at once: 16 MB, what a processor's cache nearly holds
PAD = 0.15  # of the picture around the path, each way
REACH = 1.0  # how far the picture goes out for the other paths, in spans of the run's own


@dataclass(frozen=True, eq=False)
class Plane:
    """Flat vectors of weights: origin (P,), two orthonormal directions (2, P); and their shares (2,) of the path's variance."""

    origin: np.ndarray
    directions: np.ndarray
    explained: np.ndarray

    def place(self, weights: Sequence[Weights]) -> tuple[np.ndarray, np.ndarray]:
        """Nearest points of the plane, (n, 2), and how far off each network is, as a share of its distance to the origin."""
        away = np.stack([flat(w) for w in weights]) - self.origin
        places = away @ self.directions.T
        lengths = np.linalg.norm(away, axis=1)
        off = np.sqrt(np.maximum(lengths**2 - np.square(places).sum(axis=1), 0.0))
        return places, np.divide(off, lengths, out=np.zeros_like(off), where=lengths > 0)

    def at(self, places: np.ndarray) -> np.ndarray:
        """Flat weights (n, P) of points (n, 2)."""
        return self.origin + places @ self.directions


@dataclass(frozen=True, eq=False)
class Landscape:
    """Losses in the target's own units over a plane.

    Attributes
    ----------
    plane : its directions are of length 1 in the space of the weights.
    x, y : coordinates along the first and the second direction, (points,); the kept weights are at 0, 0.
    loss : (y, x), of `rows` rows, which are "validation" or "training" rows, some of `rows_in_all` where these are very many.
    """

    plane: Plane
    x: np.ndarray
    y: np.ndarray
    loss: np.ndarray
    side: str
    rows: int
    rows_in_all: int


def flat(weights: Weights) -> np.ndarray:
    """One vector (P,), float64."""
    return np.concatenate([np.ravel(w) for w in weights]).astype(np.float64)


def plane_of(path: Trajectory, kept: int) -> Plane:
    """The plane of the first two principal components of the path, through its weights at the epoch `kept`.

    SettingsError for weights that did not move, or a path of fewer than three points.
    """
    points = np.stack([flat(w) for w in path.weights])
    centred = points - points.mean(axis=0)
    if len(points) < 3 or not np.square(centred).sum() > 0:
        raise SettingsError(
            "A landscape needs two epochs at least in which weights move.",
            kind="too_few_epochs",
            remedy="Train more epochs, or with a larger learning rate.",
        )
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    share = sizes[:2] ** 2 / np.square(sizes).sum()
    return Plane(points[path.epochs.index(kept)], directions[:2], share)


def landscape(fold: Fold, hp: Hyperparameters, paths: Sequence[Trajectory], kept: int) -> Landscape:
    """The loss around the first of the paths, as far as the others stay near it."""
    plane = plane_of(paths[0], kept)
    places = [plane.place(path.weights)[0] for path in paths]
    x, y = (_span(places[0][:, i], np.concatenate([p[:, i] for p in places])) for i in (0, 1))
    side = "validation" if len(fold.y_val) else "training"
    in_all = len(fold.y_val) or len(fold.y_train)
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    loss = losses_at(plane.at(grid), [w.shape for w in paths[0].weights[0]], fold, hp)
    rows = min(in_all, _most_rows(len(plane.origin)))
    return Landscape(plane, x, y, loss.reshape(len(y), len(x)), side, rows, in_all)


def _most_rows(n_weights: int) -> int:
    return int(np.clip(MOST_WORK / (POINTS**2 * n_weights), FEWEST_ROWS, MOST_ROWS))


def _span(own: np.ndarray, every: np.ndarray) -> np.ndarray:
    """Even steps over the run's own path, and over what of the others lies near."""
    span = max(float(np.ptp(own)), 1e-6)
    near = every[(every >= own.min() - REACH * span) & (every <= own.max() + REACH * span)]
    pad = PAD * float(np.ptp(near) or span)
    return np.linspace(near.min() - pad, near.max() + pad, POINTS)


def losses_at(vectors: np.ndarray, shapes: Sequence[tuple[int, ...]], fold: Fold, hp: Hyperparameters) -> np.ndarray:
    """Mean validation losses (n,) of networks given as flat vectors (n, P), as the curves record them; inf where none is finite.

    Training losses where there are no validation rows.
    """
    shape, balanced = shape_of(hp, fold), is_balanced(hp, fold.task)
    x, y, weight = fold.x_val, fold.y_val, fold.validation_weights(balanced)
    if not len(y):
        x, y, weight = fold.x_train, fold.y_train, fold.row_weights(balanced)
    most = _most_rows(vectors.shape[1])
    if len(y) > most:
        some = np.sort(np.random.default_rng(0).permutation(len(y))[:most])
        x, y, weight = x[some], y[some], weight[some]
    scale = record_scales(fold, shape.loss)[2]
    ends = np.cumsum([0, *(int(np.prod(s)) for s in shapes)])
    block = max(1, BLOCK_FLOATS // (len(y) * max(s[-1] for s in shapes)))
    found = []
    for first in range(0, len(vectors), block):
        part = vectors[first : first + block].astype(np.float32)
        stacked = [
            part[:, a:b].reshape(len(part), *(s if len(s) == 2 else (1, *s)))  # kernels (n, in, out), biases (n, 1, out)
            for (a, b), s in zip(pairwise(ends), shapes, strict=True)
        ]
        with np.errstate(all="ignore"):
            outputs = forward(stacked, x, hp.activation)  # (n, rows, outputs)
        each, _ = row_losses(shape, tf.constant(np.tile(y, (len(part), 1))), tf.constant(outputs))
        found.append(np.average(each.numpy().astype(np.float64), axis=1, weights=weight) * scale)
    losses = np.concatenate(found)
    return np.where(np.isfinite(losses), losses, np.inf)
