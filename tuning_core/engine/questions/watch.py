"""How far a question is whose answer trains a network: told by its worker, which stops when it is asked to."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from tuning_core.data.reading.progress import Progress
from tuning_core.errors import SettingsError
from tuning_core.store.questions import STOP


@dataclass
class Watch:
    """Of the question whose working folder it is; made in the engine, used on a worker.

    Attributes
    ----------
    folder : see `store.questions.work_folder`.
    epochs : to train.
    """

    folder: Path
    epochs: int = 0
    began: float = field(default_factory=time.monotonic)

    def begin(self, epochs: int) -> None:
        """Before the first step."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.epochs, self.began = epochs, time.monotonic()
        self._tell = Progress(self.folder)
        self._tell(0.0, f"epoch 0 of {epochs:,}")

    def report(self, epoch: int) -> None:
        """So many epochs are behind it."""
        share = epoch / self.epochs
        left = (time.monotonic() - self.began) * (1 - share) / share if share else 0.0
        soon = f", about {left:.0f} s left" if left >= 1 else ""
        self._tell(share, f"epoch {epoch:,} of {self.epochs:,}{soon}")

    def should_stop(self) -> bool:
        return (self.folder / STOP).exists()

    def check(self) -> None:
        """UserError (kind "stopped") where somebody has stopped it."""
        if self.should_stop():
            raise SettingsError("This was stopped.", kind="stopped", remedy="Begin again, when there is time for it.")
