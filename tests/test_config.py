"""Environment variables: what each may be, what is said when it is not, and that README.md tells the same."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.paths import ROOT
from tuning_core.config import VARIABLES, Config, read_config
from tuning_core.errors import SettingsError


def test_without_any_variable_there_are_defaults(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    assert read_config({}) == Config(tmp_path / ".tunescope", 4, None, 1800)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert read_config({"TUNESCOPE_WORKERS": " ", "TUNESCOPE_HOME": ""}).workers == 1


def test_values_are_read(tmp_path):
    given = {
        "TUNESCOPE_HOME": str(tmp_path / "a" / "b"),
        "TUNESCOPE_WORKERS": "12",
        "TUNESCOPE_SCHEDULER": "tls://[::1]:8786",
        "TUNESCOPE_WORKER_MB": "900",
    }
    assert read_config(given) == Config(tmp_path / "a" / "b", 12, "tls://[::1]:8786", 900)


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("TUNESCOPE_WORKERS", "many", "whole number from 1 to 256"),
        ("TUNESCOPE_WORKERS", "0", "whole number from 1 to 256"),
        ("TUNESCOPE_WORKERS", "2.5", "whole number from 1 to 256"),
        ("TUNESCOPE_WORKERS", "1_0", "whole number from 1 to 256"),
        ("TUNESCOPE_WORKER_MB", "2GB", "whole number of megabytes from 300"),
        ("TUNESCOPE_WORKER_MB", "-5", "whole number of megabytes from 300"),
        ("TUNESCOPE_SCHEDULER", "host:8786", "protocol, host and port"),
        ("TUNESCOPE_SCHEDULER", "tcp://host", "protocol, host and port"),
        ("TUNESCOPE_SCHEDULER", "tcp://host:99999", "protocol, host and port"),
        ("TUNESCOPE_SCHEDULER", "http://host:8786", "protocol, host and port"),
        ("TUNESCOPE_CLASS_CODE", "12345", "6 to 40 letters"),
        ("TUNESCOPE_CLASS_CODE", "------", "6 to 40 letters"),
        ("TUNESCOPE_METRICS_TOKEN", "short", "16 to 200 visible"),
        ("TUNESCOPE_HOME", str(ROOT / "README.md"), "a folder that can be written to"),
        ("TUNESCOPE_HOME", str(ROOT / "README.md" / "below"), "a folder that can be written to"),
        ("TUNESCOPE_HOME", "a\0b", "a folder that can be written to"),
    ],
)
def test_a_bad_value_is_named_with_its_rule_and_a_remedy(name, value, rule):
    with pytest.raises(SettingsError) as refusal:
        read_config({name: value})
    problem = refusal.value
    assert problem.kind == "bad_environment" and name in problem.message and repr(value) in problem.message
    assert rule in problem.message and "unset it" in problem.remedy


@pytest.mark.process
@pytest.mark.parametrize(
    "command", [["-m", "tuning_core.engine"], ["-m", "streamlit", "run", "app.py", "--server.port", "0"]], ids=["engine", "app"]
)
def test_a_bad_value_ends_the_start_with_one_sentence(command, tmp_path):
    environment = os.environ | {"TUNESCOPE_HOME": str(tmp_path / "home"), "TUNESCOPE_WORKERS": "many"}
    ended = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    said = [line for line in (ended.stdout + ended.stderr).splitlines() if line.strip()]
    assert ended.returncode != 0
    assert "Traceback" not in ended.stderr and said[-1] == (
        "TUNESCOPE_WORKERS is 'many', but it must be a whole number from 1 to 256. "
        "Set it to such as 2, or unset it for its default (one per core, at most 4)."
    )
    assert len(said) == 1 or said[0].strip().startswith("You can now view"), "Streamlit's own greeting comes first"
    assert not (tmp_path / "home").exists(), "nothing was begun"


def test_the_table_in_the_readme_is_this_one():
    lines = (ROOT / "README.md").read_text().splitlines()
    start = lines.index("| variable | what it does | default |")
    table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        table.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
    assert table == [(f"`{v.name}`", v.meaning, v.default) for v in VARIABLES.values()]


def test_nothing_else_reads_the_environment():
    """A variable that another module reads by itself is in no table and has no rule."""
    readers = [
        str(path.relative_to(ROOT))
        for folder in ("tuning_core", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if 'environ.get("TUNESCOPE' in (text := path.read_text()) or 'environ["TUNESCOPE' in text or 'getenv("TUNESCOPE' in text
    ]
    assert readers == []
