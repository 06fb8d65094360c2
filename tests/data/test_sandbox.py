"""Uploads are read in a process of their own, which may fail in any way without harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest

import tuning_core as tc
from tests.support.csv_files import base, text
from tests.support.paths import ROOT
from tuning_core.data import ReadOptions, Table
from tuning_core.data.profile import profile
from tuning_core.data.reading.progress import progress_in
from tuning_core.data.sandbox import parent
from tuning_core.data.sandbox.parent import keep_spare, read_sandboxed

pytestmark = pytest.mark.process


@pytest.fixture
def upload(tmp_path):
    path = tmp_path / "upload"
    path.write_text(text(base()), encoding="utf-8")
    return path


def test_a_good_upload_gives_its_profile_and_a_table(upload, tmp_path):
    facts = read_sandboxed(upload, tmp_path / "out", "my.csv", ReadOptions(missing=("-999",)))
    table = Table.load(tmp_path / "out")
    assert facts == profile(table) and facts["name"] == "my.csv" and len(table.frame) == 120
    assert facts["reading"]["options"]["missing"] == ["-999"]


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


def test_a_spare_reader_waits_for_the_next_upload(upload, tmp_path):
    keep_spare()
    try:
        first = parent._spare._waiting
        assert first is not None and first.poll() is None
        assert read_sandboxed(upload, tmp_path / "1", "my.csv") == read_sandboxed(upload, tmp_path / "2", "my.csv")
        assert first.poll() == 0
        second = parent._spare._waiting
        second.kill()
        second.communicate()  # one that died while it waited is replaced
        assert read_sandboxed(upload, tmp_path / "3", "my.csv")["rows"] == 120
    finally:
        keep_spare(False)
    assert parent._spare._waiting is None


def test_a_reader_that_is_killed_by_somebody_is_followed_by_another(upload, tmp_path, monkeypatch):
    start, doomed = parent._start_reader, [2]
    killed = [sys.executable, "-c", "import os, signal; input(); os.kill(os.getpid(), signal.SIGKILL)"]

    def start_one():
        doomed[0] -= 1
        return subprocess.Popen(killed, stdin=subprocess.PIPE) if doomed[0] >= 0 else start()

    monkeypatch.setattr(parent, "_start_reader", start_one)
    with pytest.raises(tc.TableError, match="needed more memory or time"):
        read_sandboxed(upload, tmp_path / "out", "my.csv")  # twice is its own fault
    doomed[0] = 1
    assert read_sandboxed(upload, tmp_path / "out", "my.csv")["rows"] == 120


def test_many_uploads_at_once(upload, tmp_path):
    with ThreadPoolExecutor(3) as pool:
        profiles = list(pool.map(lambda at: read_sandboxed(upload, tmp_path / str(at), f"{at}.csv"), range(3)))
    assert [profile["name"] for profile in profiles] == ["0.csv", "1.csv", "2.csv"]


def test_the_command_line(upload, tmp_path):
    command = [sys.executable, "-m", "tuning_core.data.sandbox", str(upload), str(tmp_path / "out"), "--name", "x.csv"]
    assert subprocess.run(command, cwd=ROOT, timeout=600).returncode == 0
    assert json.loads((tmp_path / "out" / "profile.json").read_text())["name"] == "x.csv"
    upload.write_bytes(b"%PDF-1.7")
    assert subprocess.run(command, cwd=ROOT, timeout=600).returncode == 2
    assert json.loads((tmp_path / "out" / "error.json").read_text())["kind"] == "not_csv_binary"


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
def test_running_out_of_memory_is_a_sentence(tmp_path, monkeypatch):
    """The limit is set to 40 MB here, and the file needs about 150."""
    starter = tmp_path / "starter.py"
    starter.write_text(
        "import sys\nimport tuning_core.data.sandbox.parent as s\nimport tuning_core.data.sandbox.__main__ as m\n"
        "s.READ_MEMORY = 40 * 2**20\nsys.exit(m.main(['--wait']))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(starter)]
    monkeypatch.setattr(
        parent, "_start_reader", lambda: subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, env=environment)
    )
    path = tmp_path / "big"
    path.write_text("a,b,c\n" + "".join(f"{at},{at / 7},x{at * 7919 % 10007}\n" for at in range(1_200_000)), encoding="utf-8")
    with pytest.raises(tc.TableError) as caught:
        read_sandboxed(path, tmp_path / "out", "x.csv", timeout=600)
    assert caught.value.kind == "too_large" and "memory" in caught.value.message and caught.value.remedy


def test_how_far_a_reading_is_can_be_seen_from_outside(upload, tmp_path):
    assert progress_in(tmp_path / "out") == (0.0, "")
    read_sandboxed(upload, tmp_path / "out", "my.csv")
    share, words = progress_in(tmp_path / "out")
    assert 0 < share < 1 and words


def test_progress_only_grows_and_ends_near_the_end():
    heard = []
    tc.read_table(text(base()).encode(), report=lambda share, words: heard.append((share, words)))
    shares = [share for share, _ in heard]
    assert shares == sorted(shares) and shares[-1] > 0.8
    assert "Finding types: column 6 of 6" in [words for _, words in heard]
