"""The final exam: test rows, once, for the model that was chosen; every look is counted.

Reading order: `exam` (the function that people call), `report` (what it gives back), `scores` (metrics with bootstrap
intervals), `classes` (confusion, ROC, calibration), `ledger` (where the error comes from), `looks` (how often it was opened).
"""

from tuning_core.exam.exam import examine, final_exam, metric_by_part
from tuning_core.exam.report import ExamReport

__all__ = ["ExamReport", "examine", "final_exam", "metric_by_part"]
