"""Why a training failed, in words for the person whose run it is."""

from __future__ import annotations

from typing import Any

from tuning_core.errors import UserError
from tuning_core.store.runs import MAX_ATTEMPTS


class WorkerDied(Exception):
    """A stack's worker died as often as a stack is tried."""


def failure_to_json(problem: Exception) -> dict[str, Any]:
    """{"kind", "message", "remedy"} of whatever went wrong on a worker or in the engine."""
    if isinstance(problem, UserError):
        return problem.to_json()
    name = type(problem).__name__
    if isinstance(problem, WorkerDied):
        message = f"The training process died {MAX_ATTEMPTS} times in a row, most likely for lack of memory."
        return {"kind": "worker_died", "message": message, "remedy": "Use fewer units, fewer rows or fewer trials at once."}
    if name in ("ResourceExhaustedError", "MemoryError"):
        message = "This training needs more memory than a worker has."
        return {"kind": "out_of_memory", "message": message, "remedy": "Use fewer units or a smaller batch."}
    message = f"The training failed inside ({name})."
    remedy = "Try other settings; server.log in the store's folder says where."
    return {"kind": "internal", "message": message, "remedy": remedy}
