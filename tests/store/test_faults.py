"""What befalls a store from outside: a full disk, a damaged file, deleted journals, other accounts, clocks that jump."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from tests.support.paths import ROOT
from tests.support.waiting import wait_for
from tuning_core.store import Database, datasets, engine_status
from tuning_core.store.backups import KEPT, back_up, backups, last_recovery
from tuning_core.store.free_space import DiskFull
from tuning_core.store.opening import StoreError, open_store

SPAWN = os.environ | {"PYTHONPATH": str(ROOT)}


def python(code, *arguments, **options):
    """A process of its own that runs this code."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, env=SPAWN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def rows(db):
    return [row["id"] for row in db.rows("SELECT id FROM datasets ORDER BY created, id")]


FULL = """
import os, sys
from pathlib import Path
from tuning_core.store import Database, datasets
from tuning_core.store.free_space import DiskFull
home = Path(sys.argv[1])
db = Database(home)
datasets.add_dataset(db, "me", "a.csv", b"a,b", dataset_id="a")
with open(home / "filler", "wb") as filler:
    try:
        while True:
            filler.write(b"x" * 65536)
            filler.flush()
    except OSError as full:
        print(full.errno)
add = lambda: datasets.add_dataset(db, "me", "b.csv", b"a,b", dataset_id="b")
for act in (add, lambda: db.write("UPDATE engine SET pid = 1")):
    try:
        act()
    except DiskFull as problem:
        print(problem.message)
print([row["id"] for row in db.rows("SELECT id FROM datasets")], len(Database(home).rows("SELECT id FROM datasets")))
(home / "filler").unlink()
datasets.add_dataset(db, "me", "c.csv", b"a,b", dataset_id="c")
print(sorted(path.name for path in (home / "datasets").iterdir()))
"""


def test_a_disk_that_is_really_full_is_read_on_and_writing_says_so(tmp_path):
    """On a file system of 40 MB that only the child sees."""
    (tmp_path / "full.py").write_text(FULL)
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"mount -t tmpfs -o size=40m none {disk} && exec {sys.executable} {tmp_path / 'full.py'} {disk}"
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]
    try:
        found = subprocess.run(command, env=SPAWN, capture_output=True, text=True, timeout=600)
    except FileNotFoundError:
        pytest.skip("no unshare on this system")
    if "unshare:" in found.stderr or "mount:" in found.stderr:
        pytest.skip("this system lets nobody mount a file system of his own")
    said = "The disk is full: nothing more can be stored."
    assert found.stdout.splitlines() == ["28", said, said, "['a'] 1", "['a', 'c']"], found.stderr


def test_a_patient_store_waits_for_room(tmp_path, monkeypatch):
    full = threading.Event()
    full.set()
    monkeypatch.setattr("tuning_core.store.database.is_full", lambda home, wanted=0: full.is_set())
    full.clear()
    db, hasty = Database(tmp_path, patient=True), Database(tmp_path)
    full.set()
    with pytest.raises(DiskFull):
        hasty.write("UPDATE engine SET pid = 1")
    writer = threading.Thread(target=lambda: db.write("UPDATE engine SET pid = 2"))
    writer.start()
    assert writer.is_alive()
    hasty.write("DELETE FROM looks")  # deleting makes room
    full.clear()
    writer.join(600)
    assert hasty.row("SELECT pid FROM engine")["pid"] == 2


@pytest.mark.parametrize("damage", ["middle", "truncated", "empty", "other"])
def test_a_damaged_database_is_kept_aside_and_the_backup_takes_its_place(tmp_path, damage):
    db = Database(tmp_path)
    for at in range(200):
        datasets.add_dataset(db, "me", "x" * 100, b"a", dataset_id=f"d{at:03}")
    before = rows(db)
    assert back_up(db.file) is not None
    datasets.add_dataset(db, "me", "later", b"a", dataset_id="later")
    db.close()
    data = db.file.read_bytes()
    changed = {"middle": data[:4096] + b"\xff" * 20480 + data[24576:], "truncated": data[: len(data) // 2], "empty": b""}
    db.file.write_bytes(changed.get(damage, b"no database at all, but text" * 400))
    again = open_store(tmp_path)
    assert rows(again) == before  # and not 'later', which no backup had
    found = last_recovery(tmp_path)
    assert abs(found.at - time.time()) < 600 and found.backup is not None and found.backup <= found.at
    assert (tmp_path / found.kept / db.file.name).read_bytes() == changed.get(damage, b"no database at all, but text" * 400)


def test_without_a_backup_a_damaged_store_begins_anew(tmp_path):
    (tmp_path / "tunescope.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 8192)
    assert rows(open_store(tmp_path)) == []
    assert last_recovery(tmp_path).backup is None
    assert last_recovery(tmp_path / "sound") is None


def test_backups_are_bounded_and_never_made_of_a_damaged_file(tmp_path):
    db = Database(tmp_path)
    made = [back_up(db.file) for _ in range(KEPT + 2) if time.sleep(0.002) is None]
    assert backups(db.file) == made[: -KEPT - 1 : -1]
    db.close()
    db.file.write_bytes(db.file.read_bytes()[:8192] + b"\xff" * 40960)
    assert back_up(db.file) is None and backups(db.file) == made[: -KEPT - 1 : -1]


def test_a_store_of_somebody_else_is_refused_in_one_sentence(tmp_path):
    """By another account, or as a folder without the right to write where we are nobody special."""
    db = Database(tmp_path)
    db.close()
    tmp_path.chmod(0o500), db.file.chmod(0o400)
    if os.getuid():
        with pytest.raises(StoreError, match="cannot be opened for writing"):
            open_store(tmp_path)
    else:
        code = "import os, sys; from pathlib import Path; from tuning_core.store.opening import open_or_exit; os.setuid(65534)"
        child = python(f"{code}; open_or_exit(Path(sys.argv[1]))", tmp_path)
        _, words = child.communicate(timeout=600)
        assert child.returncode == 1 and "Traceback" not in words
        assert words.count("\n") == 1 and "cannot be opened for writing" in words and "TUNESCOPE_HOME" in words


WRITER = """
import sys
from tuning_core.store import Database
db = Database(sys.argv[1])
for at, line in enumerate(sys.stdin):
    db.write("INSERT INTO pace (name, value) VALUES (?, ?)", line.strip(), at)
    print(line.strip(), flush=True)
"""


def test_a_journal_that_is_deleted_while_it_is_in_use_comes_back(tmp_path):
    """Nothing that was acknowledged is lost, though the writer is killed afterwards."""
    child = python(WRITER, tmp_path, stdin=subprocess.PIPE)

    def write(name):
        child.stdin.write(f"{name}\n"), child.stdin.flush()
        assert child.stdout.readline().strip() == name

    write("before")
    db = Database(tmp_path)
    names = lambda store: [row["name"] for row in store.rows("SELECT name FROM pace ORDER BY value")]  # noqa: E731
    assert names(db) == ["before"]
    db.file.with_name(db.file.name + "-wal").unlink()
    db.file.with_name(db.file.name + "-shm").unlink()
    write("without")
    seen = []
    reader = threading.Thread(target=lambda: seen.append(names(db)))  # a new connection: the journal is put back for it
    reader.start()
    reader.join()
    assert seen == [["before", "without"]]
    write("after")
    assert db.restore_journal() is False
    child.kill()
    child.communicate()
    db.close()
    assert names(Database(tmp_path)) == ["before", "without", "after"] and open_store(tmp_path)


def test_a_clock_that_jumps_neither_hides_nor_kills_an_engine(tmp_path, monkeypatch):
    db = Database(tmp_path)
    engine_status.beat(db, "ready", 2)
    now = time.time()
    for jump in (-86400.0, 86400.0):
        monkeypatch.setattr(time, "time", lambda jump=jump: now + jump)
        assert engine_status.get_engine(db).status == "ready"
    later = time.monotonic() + engine_status.SILENCE + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert engine_status.get_engine(db).status == "down"
    monkeypatch.setattr(time, "monotonic", lambda: 1.0)  # the machine was started anew
    assert engine_status.get_engine(db).status == "down"


LOCK = "import sys; from pathlib import Path; from tuning_core.store.engine_lock import only_engine"


def test_of_two_servers_on_one_store_one_trains_and_the_other_takes_over(tmp_path):
    first = python(f"{LOCK}; lock = only_engine(Path(sys.argv[1])); print('mine', flush=True); sys.stdin.read()", tmp_path,
                   stdin=subprocess.PIPE)  # fmt: skip
    assert first.stdout.readline() == "mine\n"
    second = python(f"{LOCK}; only_engine(Path(sys.argv[1]), 0.1)", tmp_path)
    assert "Another engine is working on" in second.communicate(timeout=600)[1] and second.returncode == 1
    third = python(f"{LOCK}; only_engine(Path(sys.argv[1]), 600); print('taken over')", tmp_path)
    first.kill()
    first.communicate()
    assert third.communicate(timeout=600)[0] == "taken over\n"


def test_an_engine_that_stands_still_or_is_killed_is_said_to_be_down_before_its_heartbeat_is_missed(tmp_path):
    import asyncio

    from tuning_core.engine import supervisor
    from tuning_core.engine.supervisor import Supervisor

    db = Database(tmp_path)

    async def watch():
        watched = Supervisor(db)
        task = asyncio.create_task(watched.watch())
        await asyncio.to_thread(wait_for, lambda: watched.process and engine_status.get_engine(db).pid == watched.process.pid)

        def is_down():
            return db.row("SELECT status FROM engine")["status"] == "down"  # as it is stored, whatever the heartbeat

        def halt():
            with db.transaction():  # so that the engine is not stopped within one
                watched.process.send_signal(signal.SIGSTOP)
                wait_for(lambda: psutil.Process(watched.process.pid).status() == psutil.STATUS_STOPPED)

        await asyncio.to_thread(halt)
        await asyncio.to_thread(wait_for, is_down)
        watched.process.send_signal(signal.SIGCONT)
        await asyncio.to_thread(wait_for, lambda: not is_down())
        watched.process.kill()
        await asyncio.to_thread(wait_for, is_down)
        await watched.stop()
        await task

    asyncio.run(watch())
    assert supervisor.LOOK_SECONDS < 0.5 and supervisor.DOWN_SECONDS <= 1.0
