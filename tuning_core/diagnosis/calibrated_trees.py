"""The calibrated part of the doctor: boosted trees over the measures, stored as plain numbers, walked with NumPy.

`calibration.json` beside this file is written by `python -m benchmarks.doctor calibrate`, from runs that were trained with and
without each remedy. It holds trees for every verdict, with the threshold for their vote; for every remedy trees that say how
likely it helps, how likely it harms and what it gains; and for the measures shown as evidence the value that separates best on
its own.
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

FILE = Path(__file__).with_name("calibration.json")
SPOKE = 0.05  # log-odds that a measure has to add to a verdict to count as evidence
NUMBERS = "gain_"  # targets whose names begin so are numbers; all others are probabilities, their trees add up log-odds


@dataclass(frozen=True, eq=False)
class Trees:
    """All trees of all targets, one below the other.

    Attributes
    ----------
    feature : int array, shape (nodes,): which measure a node asks for, -1 at a leaf.
    threshold : float array, shape (nodes,): at most this goes left, to the next node in the list.
    unknown_left : bool array, shape (nodes,): where a measure goes that is not known.
    right : int array, shape (nodes,): where the others go.
    value : float array, shape (nodes,): what a tree adds that ends at this node.
    roots : int array, shape (trees,). `targets` : int array, shape (trees,): which target a tree adds to.
    start : float array, shape (targets,): what the trees add to.
    """

    feature: np.ndarray
    threshold: np.ndarray
    unknown_left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    roots: np.ndarray
    targets: np.ndarray
    start: np.ndarray
    names: tuple[str, ...]

    def vote(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The sum for each target, shape (targets,), and what each measure added to it, shape (targets, measures).

        The second splits a sum exactly: going down a tree, the change of the node's value is put down to the measure that
        was asked (Saabas 2014, "Interpreting random forests"); the rest is the start and the values at the roots.
        """
        shares = np.zeros((len(self.names), len(x)))
        node, alive = self.roots, np.arange(len(self.roots))
        while len(alive := alive[self.feature[node[alive]] >= 0]):
            here = node[alive]
            asked = self.feature[here]
            seen = x[asked]
            left = (seen <= self.threshold[here]) | (np.isnan(seen) & self.unknown_left[here])
            there = np.where(left, here + 1, self.right[here])
            np.add.at(shares, (self.targets[alive], asked), self.value[there] - self.value[here])
            node = node.copy()
            node[alive] = there
        added = np.bincount(self.targets, weights=self.value[node], minlength=len(self.names))
        return self.start + added, shares


@dataclass(frozen=True, eq=False)
class Calibration:
    """What the bank taught: trees, thresholds of the votes, and thresholds of single measures."""

    measures: tuple[str, ...]
    trees: Trees
    thresholds: Mapping[str, float]
    typical: Mapping[str, Mapping[str, tuple[float, bool]]]  # kind -> measure -> (threshold, sick above it)

    def read(self, measures: Mapping[str, float]) -> Reading:
        """The votes on one run."""
        sums, shares = self.trees.vote(np.array([measures.get(name, math.nan) for name in self.measures]))
        votes = {
            name: float(total) if name.startswith(NUMBERS) else _probability(total)
            for name, total in zip(self.trees.names, sums, strict=True)
        }
        return Reading(votes, shares, self)


@dataclass(frozen=True, eq=False)
class Reading:
    """Votes by target (verdicts; "helps_...", "harms_..." and "gain_..." of remedies), and what each measure added to them."""

    votes: Mapping[str, float]
    shares: np.ndarray
    calibration: Calibration

    def drivers(self, kind: str) -> list[str]:
        """The measures that spoke for a verdict, the strongest first; none for one that is not voted on."""
        if kind not in self.votes:
            return []
        shares = self.shares[self.calibration.trees.names.index(kind)]
        return [self.calibration.measures[i] for i in np.argsort(-shares) if shares[i] > SPOKE]


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    """The shipped calibration."""
    return from_json(json.loads(FILE.read_text()))


def from_json(values: Mapping[str, Any]) -> Calibration:
    """Build from the content of `calibration.json`."""
    stored, names = values["trees"], tuple(values["trees"])
    columns: dict[str, list] = {"feature": [], "threshold": [], "unknown_left": [], "right": [], "value": []}
    roots: list[int] = []
    targets: list[int] = []
    for target, name in enumerate(names):
        for tree in stored[name]["trees"]:
            first = len(columns["feature"])
            roots.append(first)
            targets.append(target)
            for key in ("feature", "threshold", "unknown_left", "value"):
                columns[key] += tree[key]
            columns["right"] += [first + r for r in tree["right"]]
    typical = {kind: {m: (float(t), bool(above)) for m, (t, above) in rows.items()} for kind, rows in values["typical"].items()}
    return Calibration(
        measures=tuple(values["measures"]),
        trees=Trees(
            feature=np.array(columns["feature"], np.int32),
            threshold=np.array(columns["threshold"], np.float64),
            unknown_left=np.array(columns["unknown_left"], bool),
            right=np.array(columns["right"], np.int32),
            value=np.array(columns["value"], np.float64),
            roots=np.array(roots, np.int32),
            targets=np.array(targets, np.int32),
            start=np.array([stored[name]["start"] for name in names], np.float64),
            names=names,
        ),
        thresholds=dict(values["thresholds"]),
        typical=typical,
    )


def _probability(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(log_odds, -50, 50))))
