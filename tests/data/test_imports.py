"""Showing a table must not cost scikit-learn or TensorFlow."""

from __future__ import annotations

import subprocess
import sys

from tests.support.paths import ROOT


def loaded_after(code: str) -> set[str]:
    code += "\nimport sys; print(*{'sklearn', 'scipy', 'tensorflow', 'keras', 'streamlit'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_tables_notices_and_splits_need_no_scikit_learn():
    code = """
import tuning_core as tc
from tuning_core.data.profile import profile
table = tc.read_table("sample_data/insurance.csv")
profile(table)
tc.Dataset(table, "charges").summary()
tc.Dataset(table, "smoker", split=tc.Split(method="ordered")).summary()
"""
    assert loaded_after(code) == set()


def test_a_page_reads_a_report_of_an_exam_without_scikit_learn():
    """Its scores are worked out on a worker."""
    code = """
from tuning_core.exam.report import ExamReport
from tuning_core.exam.scores import Estimate, Scored
from tuning_core.export.formats import EXPORT_FORMATS
import pages.server.verdict_payload
score = Scored("model", {"mae": Estimate(1.0, 0.5, 2.0)}, {})
report = ExamReport("regression", "y", (), "mse", "mae", 0, (score,), (), (), [], [], [])
assert report.stamp == "test set not used" and EXPORT_FORMATS
"""
    assert loaded_after(code) == set()
