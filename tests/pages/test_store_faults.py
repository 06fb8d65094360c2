"""Pages on a full disk and after a damage: they show what is stored, and say what befell it."""

from __future__ import annotations

import json
import time

from streamlit.testing.v1 import AppTest

from pages.components.shared import plotly
from tests.support.paths import ROUTER
from tuning_core.store import datasets


def test_on_a_full_disk_pages_are_shown_and_say_so(app, db, monkeypatch):
    before = [slider.label for slider in app.select_slider]
    monkeypatch.setattr("tuning_core.store.free_space.RESERVE", 2**70)
    app.run()
    assert not app.exception and [slider.label for slider in app.select_slider] == before
    assert any("The disk is full" in warning.value for warning in app.warning)
    first = AppTest.from_file(ROUTER, default_timeout=300).run()  # somebody who comes now
    assert not first.exception and not first.error and [slider.label for slider in first.select_slider] == before
    train = next(button for button in first.button if "Train" in button.label)
    train.click().run()
    assert not first.exception and any("The disk is full" in error.value for error in first.error)
    assert db.rows("SELECT id FROM runs") == []


def test_a_press_on_a_full_disk_is_answered_by_what_is_wrong():
    def script():
        from pages.widgets.errors import log_script_error
        from tuning_core.store.free_space import DiskFull

        log_script_error(DiskFull())

    said = AppTest.from_function(script, default_timeout=300).run().error[0].value
    assert "The disk is full" in said and "safe" not in said


def test_a_backup_in_the_place_of_a_damaged_store_is_said_for_a_day(app, db):
    file = db.home / "recovered.json"
    try:
        file.write_text(json.dumps({"at": time.time() - 60, "backup": time.time() - 3600, "kept": "damaged-1"}))
        said = next(warning.value for warning in app.run().warning if "database was damaged" in warning.value)
        assert "what was done later is lost" in said
        file.write_text(json.dumps({"at": time.time() - 90_000, "backup": None, "kept": "damaged-1"}))
        assert not app.run().warning
    finally:
        file.unlink()


def test_everything_of_mine_is_deleted_by_a_button_that_asks_first(db):
    app = AppTest.from_file(ROUTER, default_timeout=300).run()
    app.switch_page("data/page.py").run()
    assert not [button for button in app.button if button.key == "delete_all"]  # nothing is stored yet
    mine = app.session_state["workspace"]
    datasets.add_dataset(db, mine, "a.csv", b"a,b\n1,2\n", dataset_id="mine")
    app.run()
    button = next(button for button in app.button if button.key == "delete_all")
    assert button.disabled
    app.checkbox(key="delete_all_sure").check().run()
    next(button for button in app.button if button.key == "delete_all").click().run()
    assert not app.exception and datasets.get_dataset(db, "mine") is None and not datasets.folder(db, "mine").exists()


def test_plotlys_version_is_looked_up_once(monkeypatch):
    def gone(name):
        raise LookupError(name)

    monkeypatch.setattr("importlib.metadata.version", gone)
    monkeypatch.setattr("importlib.metadata.distribution", gone)
    assert plotly.plotly_version().count(".") == 2
