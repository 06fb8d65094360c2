"""A trained store is backed up, lost and restored: runs and weights are there again, and nothing that was there is deleted."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest

from tests.support.old_store import STORES, unpack
from tuning_core.data import Table
from tuning_core.store import Database, curves, datasets, runs
from tuning_core.store.backups import back_up
from tuning_core.store.opening import open_store
from tuning_core.store.restore import RestoreError, list_backups, main, restore

HOLD = """
import sys
from tuning_core.store import Database
from tuning_core.store.engine_lock import only_engine
held = Database(sys.argv[1]) if sys.argv[2] == "page" else only_engine(Database(sys.argv[1]).home)
if sys.argv[2] == "engine":
    import gc; gc.collect()
print("holds", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A store that a program trained: one table of "me", a run of two seeds, a search."""
    unpack(max(STORES.glob("*.zip")), tmp_path)
    Database(tmp_path).close()
    for copy in (tmp_path / "backups").glob("before-*"):
        copy.unlink()
    monkeypatch.setenv("TUNESCOPE_HOME", str(tmp_path))
    return tmp_path


def learned(home):
    """Of every run: its status, curves and weights."""
    db = Database(home)
    found = {}
    for run in runs.list_runs(db, "me"):
        histories = curves.histories(db, run.id)
        arrays = [array for number in histories for array in curves.weights(db, run.id, number)]
        found[run.id] = run.status, [history.matrix() for history in histories.values()], arrays
    db.close()
    return found


def test_what_was_trained_is_lost_and_restored(home, capsys):
    before = learned(home)
    name = back_up(home / "tunescope.sqlite").name
    db = Database(home)
    for run_id in before:
        runs.delete_run(db, run_id)
    datasets.add_dataset(db, "me", "later.csv", b"a,b\n1,2\n", dataset_id="later")
    db.close()
    main([])
    assert re.fullmatch(rf"{name}  \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d  tables 1, runs 2, 0\.\d MB\n", capsys.readouterr().out)
    main([name])
    aside = next(home.glob("replaced-*"))
    assert str(aside) in capsys.readouterr().out
    after = learned(home)
    assert len(after) == 2 and after.keys() == before.keys()
    for run_id, (status, curves_, arrays) in before.items():
        assert after[run_id][0] == status == "finished" and len(arrays) >= 8
        for ours, theirs in zip([*after[run_id][1], *after[run_id][2]], [*curves_, *arrays], strict=True):
            np.testing.assert_array_equal(ours, theirs)
    assert len(Table.load(home / "datasets" / "mine" / "table").frame) == 40
    assert (aside / "datasets" / "later" / "upload.bin").exists() and not (home / "datasets" / "later").exists()
    assert datasets.get_dataset(Database(aside), "later") is not None, "what was there is a store of its own"


@pytest.mark.parametrize("who", ["page", "engine"])
def test_nothing_is_restored_under_a_server(home, who):
    name = back_up(home / "tunescope.sqlite").name
    server = subprocess.Popen([sys.executable, "-c", HOLD, str(home), who], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdout.readline() == b"holds\n"
    with pytest.raises(RestoreError, match=r"A server is at work on .*\. Stop it, then restore\."):
        restore(home, name)
    assert not list(home.glob("replaced-*"))
    server.kill()
    server.communicate()
    assert restore(home, name).exists()


def test_a_backup_that_is_not_there_or_damaged_is_named(home):
    with pytest.raises(RestoreError, match=r"no backup '\.\./x\.sqlite' in .*five minutes"):
        restore(home, "../x.sqlite")
    made = back_up(home / "tunescope.sqlite")
    with pytest.raises(SystemExit, match=rf"no backup 'y' .*There are: {made.name}\."):
        main(["y"])
    made.write_bytes(made.read_bytes()[:8192] + b"\xff" * 40960)
    assert [backup.tables for backup in list_backups(home)] == [None]
    with pytest.raises(RestoreError, match="is damaged"):
        restore(home, made.name)


def test_tables_of_a_damaged_store_are_kept_with_it(home):
    """Where the store begins anew, their folders would be strays."""
    file = home / "tunescope.sqlite"
    file.write_bytes(b"SQLite format 3\0" + b"\xff" * 8192)
    db = open_store(home)
    datasets.remove_strays(db, older_than=-1)
    assert (next(home.glob("damaged-*")) / "datasets" / "mine" / "upload.bin").exists()
