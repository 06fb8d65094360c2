"""The calibrated part of the doctor: small forests over the measures, stored as plain numbers, walked with NumPy.

`calibration.json` beside this file is written by `python -m benchmarks.doctor calibrate`, from runs that were trained with and
without each remedy. For every verdict it holds a forest that votes on it and the threshold for the vote; for every
remedy a forest that expects its gain; and for the measures shown as evidence the value that separates best on its own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

UNKNOWN = -20.0  # stands for a measure that is not known: below every value that a known one can take
FILE = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True, eq=False)
class Forest:
    """All trees of all targets, one below the other.

    Attributes
    ----------
    feature : int array, shape (nodes,): which measure a node asks for, -1 at a leaf.
    threshold : float array, shape (nodes,): at most this goes left, to the next node in the list.
    right : int array, shape (nodes,): where the others go.
    value : float array, shape (nodes,): the mean of the target at this node.
    roots : int array, shape (trees,). `targets` : int array, shape (trees,): which target a tree votes on.
    """

    feature: np.ndarray
    threshold: np.ndarray
    right: np.ndarray
    value: np.ndarray
    roots: np.ndarray
    targets: np.ndarray
    names: tuple[str, ...]

    def vote(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The mean vote on each target, shape (targets,), and what each measure added to it, shape (targets, measures).

        The second splits a vote exactly: going down a tree, the change of the node's mean is put down to the measure that
        was asked (Saabas 2014, "Interpreting random forests"); the rest is the mean at the root.
        """
        trees = np.bincount(self.targets, minlength=len(self.names))
        shares = np.zeros((len(self.names), len(x)))
        node, alive = self.roots, np.arange(len(self.roots))
        while len(alive := alive[self.feature[node[alive]] >= 0]):
            here = node[alive]
            asked = self.feature[here]
            there = np.where(x[asked] <= self.threshold[here], here + 1, self.right[here])
            np.add.at(shares, (self.targets[alive], asked), self.value[there] - self.value[here])
            node = node.copy()
            node[alive] = there
        votes = np.bincount(self.targets, weights=self.value[node], minlength=len(self.names))
        return votes / trees, shares / trees[:, None]


@dataclass(frozen=True, eq=False)
class Calibration:
    """What the bank taught: forests, thresholds of the votes, and thresholds of single measures."""

    measures: tuple[str, ...]
    forest: Forest
    thresholds: Mapping[str, float]
    typical: Mapping[str, Mapping[str, tuple[float, bool]]]  # kind -> measure -> (threshold, sick above it)

    def read(self, measures: Mapping[str, float]) -> Reading:
        """The votes on one run."""
        known = np.array([measures.get(name, math.nan) for name in self.measures])
        votes, shares = self.forest.vote(np.where(np.isfinite(known), known, UNKNOWN))
        return Reading(dict(zip(self.forest.names, votes.tolist(), strict=True)), shares, self)


@dataclass(frozen=True, eq=False)
class Reading:
    """Votes by target (verdicts and "gain_..." of remedies), and what each measure added to them."""

    votes: Mapping[str, float]
    shares: np.ndarray
    calibration: Calibration

    def drivers(self, kind: str) -> list[str]:
        """The measures that spoke for a verdict, the strongest first; none for one that is not voted on."""
        if kind not in self.votes:
            return []
        shares = self.shares[self.calibration.forest.names.index(kind)]
        return [self.calibration.measures[i] for i in np.argsort(-shares) if shares[i] > 0.01]


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    """The shipped calibration."""
    return from_json(json.loads(FILE.read_text()))


def from_json(values: Mapping[str, Any]) -> Calibration:
    """Build from the content of `calibration.json`."""
    stored, names = values["forests"], tuple(values["forests"])
    columns: dict[str, list] = {"feature": [], "threshold": [], "right": [], "value": []}
    roots: list[int] = []
    targets: list[int] = []
    for target, name in enumerate(names):
        for tree in stored[name]:
            start = len(columns["feature"])
            roots.append(start)
            targets.append(target)
            for key in ("feature", "threshold", "value"):
                columns[key] += tree[key]
            columns["right"] += [start + r for r in tree["right"]]
    typical = {kind: {m: (float(t), bool(above)) for m, (t, above) in rows.items()} for kind, rows in values["typical"].items()}
    return Calibration(
        measures=tuple(values["measures"]),
        forest=Forest(
            feature=np.array(columns["feature"], np.int32),
            threshold=np.array(columns["threshold"], np.float64),
            right=np.array(columns["right"], np.int32),
            value=np.array(columns["value"], np.float64),
            roots=np.array(roots, np.int32),
            targets=np.array(targets, np.int32),
            names=names,
        ),
        thresholds=dict(values["thresholds"]),
        typical=typical,
    )
