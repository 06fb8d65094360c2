"""How a run shows its status."""

from __future__ import annotations

from tuning_core.experiment import RunStatus

ICONS = {
    RunStatus.FINISHED: ":material/check:",
    RunStatus.STOPPED: ":material/stop:",
    RunStatus.DIVERGED: ":material/trending_up:",
    RunStatus.FAILED: ":material/error:",
    RunStatus.INTERRUPTED: ":material/power_off:",
    RunStatus.QUEUED: ":material/schedule:",
    RunStatus.RUNNING: ":material/autorenew:",
}
