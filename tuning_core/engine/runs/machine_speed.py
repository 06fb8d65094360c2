"""How long a training takes on this machine: the model of `training.cost_model`, scaled by what was measured here.

`MachineSpeed.factor` says how much slower this machine is: the first time by a probe at the start of the engine, later by every
stack that is trained.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from tuning_core.experiment import Hyperparameters
from tuning_core.training.cost_model import epoch_seconds
from tuning_core.training.fold import FoldShape
from tuning_core.training.specs import ProgramKey, TrialSpec
from tuning_core.training.threads import cores

OVERHEAD = 0.05  # seconds of a stack for its way to a worker and back
CORES_OF_COMPILING = 1.5  # that one compilation uses
EARLIEST = 0.02  # share of the epochs that is left where early stopping is severe
MEMORY = 0.3  # weight of the newest measurement, once there are a few
PROBE_FOLD = FoldShape("regression", 0, 512, 8)
PROBE = tuple(TrialSpec(i, Hyperparameters(hidden_units=(32,), batch_size=16, epochs=100), i) for i in range(8))


@dataclass(frozen=True)
class MachineSpeed:
    """What was learned of this machine.

    Attributes
    ----------
    factor : measured over modelled seconds of a training.
    compiling : seconds of one compilation by itself.
    early : share of its epochs that a training with early stopping really trains.
    measured : stacks that were learned from; 0 before the probe.
    """

    factor: float = 1.0
    compiling: float = 1.2
    early: float = 0.2
    measured: int = 0

    def seconds(self, tasks: Sequence[TrialSpec], facts: Mapping[int, FoldShape], program_key: ProgramKey | None = None) -> float:
        """Of a stack whose program is compiled."""
        hps = [task.hyperparameters for task in tasks]
        epochs = max(hp.epochs * (self.early if hp.early_stopping else 1.0) for hp in hps)
        return OVERHEAD + self.factor * epochs * epoch_seconds(tasks, facts, program_key)

    def learn(
        self,
        tasks: Sequence[TrialSpec],
        facts: Mapping[int, FoldShape],
        epochs: Sequence[int],
        took: float,
        *,
        program_key: ProgramKey | None = None,
        compiling: int = 0,
    ) -> MachineSpeed:
        """The pace after one more stack, of whose tasks so many epochs were trained in `took` seconds.

        `compiling` is how many workers were compiling, this one among them; 0 where its program was ready.
        """
        weight = max(MEMORY, 1.0 / (self.measured + 1))  # the first real stack says more than the probe
        longest = max(epochs)
        modelled = longest * epoch_seconds(tasks, facts, program_key)
        changed = self
        if not compiling and modelled > 0.01:
            changed = replace(changed, factor=_towards(self.factor, took / modelled, weight))
        elif compiling:
            rest = (took - self.factor * modelled) / contention(compiling)
            if rest > 0.1:
                changed = replace(changed, compiling=_towards(self.compiling, rest, weight))
        stopping = [n / t.hyperparameters.epochs for t, n in zip(tasks, epochs, strict=True) if t.hyperparameters.early_stopping]
        if stopping:
            changed = replace(changed, early=_towards(self.early, max(EARLIEST, *stopping), weight))
        return replace(changed, measured=self.measured + 1)

    def to_json(self) -> dict[str, float]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, float]) -> MachineSpeed:
        """Read what `to_json` wrote; {} before anything was measured."""
        return cls(**{**values, "measured": int(values.get("measured", 0))})  # type: ignore[arg-type]

    @classmethod
    def probed(cls, cold: float, warm: float) -> MachineSpeed:
        """From the seconds that `PROBE` took with and without compiling."""
        return cls(warm / (PROBE[0].hyperparameters.epochs * epoch_seconds(PROBE, {0: PROBE_FOLD})), max(0.1, cold - warm))


def contention(at_once: int) -> float:
    """How much longer a compilation takes when so many run at once."""
    return max(1.0, CORES_OF_COMPILING * at_once / cores())


def _towards(old: float, new: float, weight: float) -> float:
    """A step towards the new value, of logarithms; later on one odd measurement moves it by a factor of two at most."""
    step = math.log(new / old)
    return old * math.exp(weight * (step if weight > MEMORY else max(-2.3, min(2.3, step))))
