"""The curve doctor: verdicts with evidence and remedies, from plain arrays. Pure NumPy, no keras, no I/O.

Reading order: `finding` (what is said), `measures` (what is measured), `doctor` (from one to the other), `remedies`
(what to try), `early_stop` (where early stopping would have ended a recorded run).
"""

from tuning_core.diagnosis.doctor import diagnose
from tuning_core.diagnosis.early_stop import StopPoint, stop_point
from tuning_core.diagnosis.finding import ACTIONS, DISEASES, NOTES, VERDICTS, Evidence, Finding, Remedy

__all__ = ["ACTIONS", "DISEASES", "NOTES", "VERDICTS", "Evidence", "Finding", "Remedy", "StopPoint", "diagnose", "stop_point"]
