"""How far a run or a trial is. The values are what the store and run files hold."""

from __future__ import annotations

from enum import StrEnum


class RunStatus(StrEnum):
    """queued -> running -> one of the others; "diverged" when all of its trials did."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    DIVERGED = "diverged"

    @property
    def live(self) -> bool:
        """Something is still to be trained."""
        return self in (RunStatus.QUEUED, RunStatus.RUNNING)

    @property
    def whole(self) -> bool:
        """Trained to its end, as planned: comparable with others."""
        return self in (RunStatus.FINISHED, RunStatus.DIVERGED)

    @property
    def can_continue(self) -> bool:
        """It ended before its end and may be queued again."""
        return self in (RunStatus.INTERRUPTED, RunStatus.STOPPED, RunStatus.FAILED)


class TrialStatus(StrEnum):
    """As of a run; "stopped_early" by early stopping. Settings of a search have these statuses, too."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED_EARLY = "stopped_early"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    DIVERGED = "diverged"

    @property
    def complete(self) -> bool:
        """It needs no more training."""
        return self in (TrialStatus.FINISHED, TrialStatus.STOPPED_EARLY, TrialStatus.DIVERGED)

    @property
    def has_model(self) -> bool:
        """Somebody could use what it learned."""
        return self in (TrialStatus.FINISHED, TrialStatus.STOPPED_EARLY, TrialStatus.STOPPED)

    @property
    def in_file(self) -> bool:
        """A trial that has ended in one way or another, as `tc.train` gives it and run files hold it."""
        return self.complete or self in (TrialStatus.STOPPED, TrialStatus.FAILED)
