"""Every path that architecture.md, CONTRIBUTING.md and README.md name is there: a page that leads nowhere is worse than none."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from functools import cache

import pytest

from tests.support.paths import ROOT

PAGES = ("README.md", "CONTRIBUTING.md", "docs/architecture.md")
TOP = ("benchmarks/", "deploy/", "docs/", "pages/", "sample_data/", "tests/", "tuning_core/")
NAMED = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*/?")
FILE = re.compile(r"\.(?:py|js|mjs|css|md|svg|png|toml|csv|txt|json)$")
MADE = {"upload.bin", "tunescope.sqlite", "x.csv"}  # by the program or in an example, not in the tree


@cache
def tree() -> tuple[str, ...]:
    """All files, seen from the root."""
    inside = [path for folder in TOP for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
    return tuple(path.relative_to(ROOT).as_posix() for path in [*ROOT.iterdir(), *inside] if path.is_file())


def paths_in(text: str) -> set[str]:
    """What looks like a path: in backticks, in the first column of the drawn tree, or as the target of a link."""
    found = set(re.findall(r"\]\((?!https?:|#)([^)#]+)", text))
    code = [*re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)]
    for block in re.findall(r"```\n(app\.py.*?)```", text, flags=re.DOTALL):
        code += [re.split(r"\s{3,}", line.strip())[0] for line in block.splitlines()]
    for piece in code:
        for word in re.split(r"[\s:,()]+", piece):
            if NAMED.fullmatch(word) and (FILE.search(word) or word.endswith("/") or word.startswith(TOP)):
                found.add(word)
    return found - MADE


def exists(path: str, page: str, files: tuple[str, ...]) -> bool:
    """The path itself, from the root, from the page, or as the end of a path: `stack.py` where its folder was named before."""
    beside = "/".join([*page.split("/")[:-1], path]).removeprefix("/")
    wanted = {path.rstrip("/"), beside.rstrip("/")}
    for file in files:
        parts = file.split("/")
        for place in range(len(parts)):
            ends = "/".join(parts[place:])
            folder_or_file = [ends, *("/".join(parts[place:stop]) for stop in range(place + 1, len(parts)))]
            if any(fnmatch(ending, want) for want in wanted for ending in folder_or_file):
                return True
    return False


@pytest.mark.parametrize("page", PAGES)
def test_every_path_is_there(page: str) -> None:
    found = paths_in((ROOT / page).read_text(encoding="utf-8"))
    assert len(found) >= 8
    assert sorted(path for path in found if not exists(path, page, tree())) == []


def test_a_path_that_is_not_there_is_found() -> None:
    text = "See `pages/nowhere.py: f`, `stack.py`, `pages/lost/` and [this](docs/gone.md), not `a/b` or `/api/curves/{run}`."
    found = paths_in(text)
    assert found == {"pages/nowhere.py", "stack.py", "pages/lost/", "docs/gone.md"}
    assert [path for path in sorted(found) if exists(path, "README.md", tree())] == ["stack.py"]
