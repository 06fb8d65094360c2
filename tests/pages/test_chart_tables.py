"""Every chart on every page can be read as a table."""

from __future__ import annotations

import ast

from pages.widgets.chart_table import history_columns, split_columns
from tests.support.paths import ROOT
from tuning_core.experiment import History


def _calls(node: ast.AST) -> list[str]:
    found = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
    return [getattr(func, "attr", getattr(func, "id", "")) for func in found]


def test_whatever_draws_a_chart_or_a_board_offers_its_table():
    without, charts = [], 0
    for path in sorted((ROOT / "pages").rglob("*.py")):
        functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        for function in functions:
            calls = _calls(function)
            drawn = calls.count("plotly_chart") + calls.count("search_board")
            charts += drawn
            if drawn and not {"chart_table", "board_table"} & set(calls):
                without.append(f"{path.relative_to(ROOT)}: {function.name}")
    assert charts > 15 and without == []


def test_tables_of_a_curve_and_of_a_split():
    history = History.from_arrays([9.0, 5.0], [8.0, 4.0], [2_500_000.0, 1.5], [0.0, 0.0], [0.0, 0.0])
    table = {"epoch": ["1", "2"], "training loss": ["8.00", "4.00"], "validation loss": ["2.50M", "1.50"]}
    assert history_columns(history) == table
    split = {"part": ["train", "test"], "rows": ["1,500", "500"], "share": ["75.0 %", "25.0 %"]}
    assert split_columns({"train": 1500, "test": 500}) == split
