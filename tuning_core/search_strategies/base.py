"""The contract of a search strategy.

A driver (`tc.search`, or the engine with its workers) does nothing but this::

    strategy = make_strategy(space)
    while candidates := strategy.ask():
        ...train them, on however many processes...
        strategy.tell([Result(candidate.number, score), ...])

- `ask` gives settings that can be trained at the same time. It gives an empty list when the search is over, or when the
  strategy must first be told results; `finished` tells these two apart. `ask(n)` gives at most n.
- `tell` takes results in any order and any portion. A score is a loss: lower is better. None, or a number that is not finite,
  says that the training failed or diverged; a strategy treats it as the worst.
- A candidate with `until` is to be trained only so far: its weights are kept, and when the same number is asked for again with
  a later `until`, the training goes on from there.
- Equal settings are asked for once.
- The same space and the same results give the same candidates. Strategies train nothing and know no dataset.
"""

from __future__ import annotations

import itertools
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.space import SearchSpace


@dataclass(frozen=True)
class Candidate:
    """A setting to train.

    Attributes
    ----------
    number : position in the search, from 0; the same number means the same training.
    values : the axes' values that are switched on.
    until : train up to this epoch only, and keep the state; None trains to the end.
    """

    number: int
    hyperparameters: Hyperparameters
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)
    until: int | None = None


@dataclass(frozen=True)
class Result:
    """What became of a candidate; `score` is a loss, None when the training failed."""

    number: int
    score: float | None

    @property
    def rank(self) -> float:
        """The score, infinite for a failure."""
        return self.score if self.score is not None and math.isfinite(self.score) else math.inf


class Strategy(ABC):
    """Which settings to try next; see the module's text for the contract.

    Parameters
    ----------
    space : SearchSpace
    known : mapping of Hyperparameters to score
        Settings tried in an earlier search that this one extends: never asked for again, learned from where possible.
    """

    def __init__(self, space: SearchSpace, known: Mapping[Hyperparameters, float | None] | None = None) -> None:
        self.space = space
        self.known = dict(known or {})

    @abstractmethod
    def ask(self, n: int | None = None) -> list[Candidate]:
        """Up to n candidates to train at the same time; None leaves the number to the strategy."""

    @abstractmethod
    def tell(self, results: Sequence[Result]) -> None:
        """Take results, in any order."""

    @property
    @abstractmethod
    def finished(self) -> bool:
        """Nothing will be asked for any more."""


class Listed(Strategy):
    """A strategy whose settings do not depend on results: hand-picked ones first, then `settings()` in order."""

    def __init__(self, space: SearchSpace, known: Mapping[Hyperparameters, float | None] | None = None) -> None:
        super().__init__(space, known)
        self._number = 0
        self._waiting: Candidate | None = None
        self._stream = self._candidates()

    @abstractmethod
    def settings(self) -> Iterable[tuple[dict[str, Any], Hyperparameters]]:
        """(values, hyperparameters) in the order in which they are to be tried."""

    def _candidates(self) -> Iterator[Candidate]:
        picked: list[tuple[dict[str, Any], Hyperparameters]] = [({}, hp) for hp in self.space.include]
        asked: set[Hyperparameters] = set()
        for values, hp in itertools.chain(picked, self.settings()):
            if hp not in self.known and hp not in asked:
                asked.add(hp)
                yield Candidate(self._number, hp, values)
                self._number += 1

    def ask(self, n: int | None = None) -> list[Candidate]:
        asked: list[Candidate] = []
        while (n is None or len(asked) < n) and not self.finished:
            asked.append(self._waiting)  # type: ignore[arg-type]
            self._waiting = None
        return asked

    def tell(self, results: Sequence[Result]) -> None:
        """Results change nothing here."""

    @property
    def finished(self) -> bool:
        if self._waiting is None:
            self._waiting = next(self._stream, None)
        return self._waiting is None
