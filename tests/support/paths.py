"""Where the project and its sample tables are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_data"
INSURANCE = SAMPLES / "insurance.csv"
ROUTER = ROOT / "pages" / "_main.py"
RECORDED_CURVES = ROOT / "tests" / "diagnosis" / "curves.json.gz"
LESSON_CURVES = ROOT / "tests" / "diagnosis" / "lesson.json.gz"
OTHER_TABLES_CURVES = LESSON_CURVES.with_name("other_tables.json.gz")
