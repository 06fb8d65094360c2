"""The web process may hold as many connections as the system grants."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.paths import ROOT

SCRIPT = """
import resource
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
from pages.server.file_limit import raise_file_limit
told = raise_file_limit()
now, after = resource.getrlimit(resource.RLIMIT_NOFILE)
print(told == now, now > 256, after == hard)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_the_limit_of_open_files_is_raised_to_the_hard_one():
    found = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["True", "True", "True"]
