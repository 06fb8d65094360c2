"""Uploads are read in a process of their own, which may fail in any way without harm."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import tuning_core as tc
from tests.hostile.corpus import base, text
from tuning_core.data import ReadOptions, Table
from tuning_core.data.sandbox import read_sandboxed

pytestmark = pytest.mark.process
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def upload(tmp_path):
    path = tmp_path / "upload"
    path.write_text(text(base()), encoding="utf-8")
    return path


def test_a_good_upload_gives_its_profile_and_a_table(upload, tmp_path):
    profile = read_sandboxed(upload, tmp_path / "out", "my.csv", ReadOptions(missing=("-999",)))
    table = Table.load(tmp_path / "out")
    assert profile == table.profile() and profile["name"] == "my.csv" and len(table.frame) == 120
    assert profile["reading"]["options"]["missing"] == ["-999"]


def test_a_refusal_comes_back_as_it_was_raised(upload, tmp_path):
    upload.write_text(text(base()).replace("Oslo", '"Oslo', 1), encoding="utf-8")
    with pytest.raises(tc.TableError) as direct:
        tc.read_table(upload)
    with pytest.raises(tc.TableError) as caught:
        read_sandboxed(upload, tmp_path / "out", "my.csv")
    assert (caught.value.kind, caught.value.message, caught.value.line) == (
        direct.value.kind,
        direct.value.message,
        direct.value.line,
    )


def test_a_name_like_an_option_is_only_a_name(upload, tmp_path):
    assert read_sandboxed(upload, tmp_path / "out", "--help")["name"] == "--help"


def test_a_slow_file_is_given_up(upload, tmp_path):
    with pytest.raises(tc.TableError, match="longer than") as caught:
        read_sandboxed(upload, tmp_path / "out", "my.csv", timeout=0.01)
    assert caught.value.kind == "too_large" and caught.value.remedy


@pytest.mark.skipif(sys.platform != "linux", reason="memory limits are Linux's")
def test_a_bomb_stays_within_its_memory(tmp_path):
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(b"1,2,3\n" * 170_000) for _ in range(300)) + packer.flush()
    (tmp_path / "bomb").write_bytes(bomb)
    assert len(bomb) < 2**20
    with pytest.raises(tc.TableError) as caught:
        read_sandboxed(tmp_path / "bomb", tmp_path / "out", "x.csv.gz")
    assert caught.value.kind == "too_large"


@pytest.mark.skipif(sys.platform != "linux", reason="memory limits are Linux's")
def test_running_out_of_memory_is_a_sentence(upload, tmp_path):
    code = (
        "import sys, tuning_core.data.sandbox as s; s.READ_MEMORY = 2**20; import tuning_core.data.__main__ as m;"
        f"sys.exit(m.main([{str(upload)!r}, {str(tmp_path / 'out')!r}, '--name', 'x.csv']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60)
    if done.returncode == 2:
        error = json.loads((tmp_path / "out" / "error.json").read_text())
        assert error["kind"] == "too_large" and error["remedy"]
    else:
        assert done.returncode != 0  # ended by the limit before it could write; the parent then says so
