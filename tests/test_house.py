"""The house: no circles of imports, names that do not shadow each other, short files and functions."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.support.import_graph import circles, import_graph, re_exports, read_modules
from tests.support.paths import ROOT

CODE = ("tuning_core", "pages", "tests", "benchmarks")
LONGEST_FILE, LONGEST_FUNCTION = 300, 60
TABLES = {f"tests/hostile/{name}_cases.py" for name in ("bytes", "column", "report", "text", "value", "whole")}
"""Tables of data, which may be as long as there is data."""


def code_files(*endings: str) -> list[Path]:
    found = [path for folder in CODE for path in (ROOT / folder).rglob("*") if path.suffix in endings]
    return sorted([*found, ROOT / "app.py"] if ".py" in endings else found)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_run_in_no_circle():
    assert circles(import_graph(read_modules(ROOT, ["tuning_core", "pages"]))) == []


@pytest.mark.parametrize(
    ("b", "found"),
    [
        ("import a.one", True),
        ("def later():\n    from a import one", True),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a.one import f", True),
        ("from a import f", True),  # which a/__init__.py has from a.one
        ("NAME = 'a.one'", True),
        ("from . import one", True),
        ("from a import two", False),
        ("import os", False),
    ],
)
def test_a_circle_is_found_however_it_is_hidden(tmp_path, b, found):
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "__init__.py").write_text("from a.one import f\n")
    (folder / "one.py").write_text("from a.two import g\n\ndef f(): ...\n")
    (folder / "two.py").write_text(f"{b}\n\ndef g(): ...\n")
    assert circles(import_graph(read_modules(tmp_path, ["a"]))) == ([["a.one", "a.two"]] if found else [])


def test_no_module_bears_the_name_of_what_its_package_exports():
    modules = read_modules(ROOT, ["tuning_core", "pages"])
    clashes = []
    for package in (module for module in modules.values() if module.is_package):
        defined = {node.name for node in package.tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        homes = re_exports(package)
        for name in {*defined, *homes}:
            is_itself = homes.get(name) == package.name  # `from . import module`
            if f"{package.name}.{name}" in modules and not is_itself:
                clashes.append(f"{package.name}.{name}")
    assert clashes == []


def test_files_are_short():
    lines = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code_files(".py", ".js", ".mjs")}
    assert {name: n for name, n in lines.items() if n > LONGEST_FILE and name not in TABLES} == {}


def test_functions_are_short():
    long = {}
    for path in code_files(".py"):
        if relative(path) in TABLES:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long[f"{relative(path)}:{node.name}"] = length
    assert long == {}


def test_no_test_module_imports_another():
    modules = read_modules(ROOT, ["tests"])
    tests = {name for name in modules if name.rsplit(".")[-1].startswith("test_") or name.endswith(".conftest")}
    graph = import_graph(modules)
    assert {name: sorted(graph[name] & tests) for name in graph if graph[name] & tests} == {}


def test_where_the_project_is_stands_once():
    """A file that moves must not lose its sample tables."""
    climbs = re.compile(r"__file__\).*parents\[")
    found = [relative(path) for path in (ROOT / "tests").rglob("*.py") if climbs.search(path.read_text(encoding="utf-8"))]
    assert found == ["tests/support/paths.py"]
