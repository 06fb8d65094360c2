"""What both drivers of a search write down: the trials of each setting, which are still to end, and on what they were trained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from tuning_core.experiment import Hyperparameters
from tuning_core.search_strategies import Candidate
from tuning_core.training.fold import FoldShape
from tuning_core.training.program_choice import reuse_program
from tuning_core.training.row_splits import fold_number, trial_spec
from tuning_core.training.specs import ProgramKey, TrialSpec

if TYPE_CHECKING:
    from tuning_core.training.checkpoint import TrainingCheckpoint

PORTION = 32  # settings that are begun together under a deadline


class Folds(Protocol):
    """A FoldCache, or the FoldPlan of one that is elsewhere."""

    def spec(self, number: int, hp: Hyperparameters, seed: int, division: int) -> TrialSpec: ...


class SearchLedger:
    """Settings by number, each trained with every seed on every division.

    The trials of setting s are numbered from s * `each` on, first by seed and then by division, whatever the order of training.

    Attributes
    ----------
    candidates : by setting number, as the strategy asked for it last.
    paused : by trial, where a rung of successive halving stopped it.
    program_keys : the program that a setting was trained on last.
    """

    def __init__(self, seeds: Sequence[int], n_divisions: int) -> None:
        self.seeds = seeds
        self.n_divisions = n_divisions
        self.candidates: dict[int, Candidate] = {}
        self.paused: dict[int, TrainingCheckpoint] = {}
        self.program_keys: dict[Hyperparameters, ProgramKey] = {}
        self._open: dict[int, set[int]] = {}  # setting number -> trials that are still to end

    @property
    def each(self) -> int:
        """Trials of one setting."""
        return len(self.seeds) * self.n_divisions

    def trials(self, setting: int) -> range:
        """Numbers of a setting's trials."""
        return range(setting * self.each, (setting + 1) * self.each)

    def setting(self, trial: int) -> int:
        """Number of the setting that a trial belongs to."""
        return trial // self.each

    def specs(self, setting: int, hp: Hyperparameters, folds: Folds) -> list[TrialSpec]:
        """What is to be trained of a setting."""
        turns = ((seed, division) for seed in self.seeds for division in range(self.n_divisions))
        return [folds.spec(trial, hp, *turn) for trial, turn in zip(self.trials(setting), turns, strict=True)]

    def begin(self, setting: int, candidate: Candidate, trials: Iterable[int]) -> None:
        """These trials of a setting are to be trained; none where all has been."""
        self.candidates[setting] = candidate
        self._open[setting] = set(trials)

    def end(self, trials: Iterable[int]) -> list[int]:
        """Trials have ended or paused: the settings of theirs of which nothing is open any more."""
        ended = set(trials)
        settings = sorted({self.setting(trial) for trial in ended})
        for setting in settings:
            self._open[setting] -= ended
        return [setting for setting in settings if self.is_complete(setting)]

    def is_complete(self, setting: int) -> bool:
        """Nothing is open of a setting that was begun."""
        return not self._open[setting]

    def take_paused(self, trials: Iterable[int]) -> dict[int, TrainingCheckpoint]:
        """The checkpoints of these trials, those that have one; the ledger forgets them."""
        return {trial: self.paused.pop(trial) for trial in trials if trial in self.paused}

    def final_spec(self, number: int, hp: Hyperparameters) -> TrialSpec:
        """The best setting on the dataset's own split, after a cross-validation: it keeps what the folds kept."""
        return trial_spec(number, hp, self.seeds[0], fold_number(hp, 0, 1, False), cross_validated=True)

    def program_of(self, task: TrialSpec, shape: FoldShape) -> ProgramKey:
        """The program to train a setting on once more: the one of before where that is cheap."""
        return reuse_program((task,), {task.fold: shape}, self.program_keys.get(task.hyperparameters))
