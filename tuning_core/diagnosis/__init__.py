"""The curve doctor: verdicts with evidence and remedies, from plain arrays. Pure NumPy, no keras, no I/O but its own numbers.

Reading order: `finding` (what is said), `measures` (what is measured), `calibrated_trees` (how measures are weighed),
`decisions` (what is decided), `verdicts`, `notes` and `remedies` (how it is shown), `wording` (the sentences), `doctor` (all
together). `multi_seed` reads several seeds, and curves that still grow. `early_stop` replays early stopping on a recorded curve,
`gallery` shows every pathology on one's own table, `published_rates` tells how often the doctor is right, `difference` whether a
change helped or was luck.
"""

from tuning_core.diagnosis.difference import Difference, kept_score, paired_difference
from tuning_core.diagnosis.doctor import diagnose
from tuning_core.diagnosis.early_stop import StopPoint, stop_point
from tuning_core.diagnosis.finding import ACTIONS, DISEASES, NOTES, VERDICTS, Evidence, Finding, Remedy
from tuning_core.diagnosis.gallery import clearest, gallery_settings
from tuning_core.diagnosis.multi_seed import LiveReading, diagnose_seeds, next_look, read_on
from tuning_core.diagnosis.published_rates import Rate, error_rates

__all__ = [
    "ACTIONS",
    "DISEASES",
    "NOTES",
    "VERDICTS",
    "Difference",
    "Evidence",
    "Finding",
    "LiveReading",
    "Rate",
    "Remedy",
    "StopPoint",
    "clearest",
    "diagnose",
    "diagnose_seeds",
    "error_rates",
    "gallery_settings",
    "kept_score",
    "next_look",
    "paired_difference",
    "read_on",
    "stop_point",
]
