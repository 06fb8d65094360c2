"""TODO"""

from __future__ import annotations

ICONS = {
    "finished": ":material/check:",
    "stopped": ":material/stop:",
    "diverged": ":material/trending_up:",
    "failed": ":material/error:",
    "interrupted": ":material/power_off:",
    "queued": ":material/schedule:",
    "running": ":material/autorenew:",
}
