"""The Gallery page: empty, training, stopped, failed, finished; and from an example to the sliders."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.app_test import button, slider
from tests.support.engine_answers import answer_setups
from tests.support.paths import ROUTER
from tests.support.stored_runs import all_runs, finish_gallery
from tuning_core.diagnosis import VERDICTS, clearest, gallery_settings
from tuning_core.diagnosis.wording import TITLES
from tuning_core.store import curves, runs


@pytest.fixture
def gallery(db):
    test = AppTest.from_file(ROUTER, default_timeout=300)
    test.run()
    answer_setups(db)
    return test.switch_page("gallery/page.py").run()


def test_one_click_queues_every_setting_and_it_can_be_stopped(gallery, db):
    assert not gallery.exception
    button(gallery, "Train the gallery").click().run()
    assert not gallery.exception
    (run,) = all_runs(db)
    assert run.kind == "gallery" and run.spec["settings"] == [hp.to_json() for hp in gallery_settings()]
    button(gallery, "Stop").click().run()
    assert runs.get_run(db, run.id).stop_requested
    runs.finish(db, run.id, "stopped")
    gallery.run()
    assert "stopped before it was complete" in gallery.info[0].value


def test_what_the_table_shows_and_what_it_does_not(gallery, db):
    button(gallery, "Train the gallery").click().run()
    finish_gallery(db, all_runs(db)[0])
    gallery.run()
    assert not gallery.exception
    found = clearest(list(curves.histories(db, all_runs(db)[0].id).values()))
    text = " ".join(m.value for m in gallery.markdown)
    assert 2 <= len(found) < len(VERDICTS), "the test should show both"
    assert {kind for kind in VERDICTS if f"**{TITLES[kind]}**" in text} == set(found)
    assert "stopped being a number in epoch 13" in text
    (missing,) = [i.value for i in gallery.info]
    assert {kind for kind in VERDICTS if f"**{TITLES[kind].lower()}**" in missing} == set(VERDICTS) - set(found)


def test_an_example_goes_to_the_sliders(gallery, db):
    button(gallery, "Train the gallery").click().run()
    (run,) = all_runs(db)
    finish_gallery(db, run)
    gallery.run()
    next(b for b in gallery.button if b.key == "gallery_diverged").click().run()
    assert not gallery.exception
    assert slider(gallery, "Learning rate").value == run.spec["settings"][2]["learning_rate"]
    assert not next(t for t in gallery.toggle if t.label == "Early stopping").value
    assert len(all_runs(db)) == 1


def test_a_failure_says_why(gallery, db):
    button(gallery, "Train the gallery").click().run()
    error = {"kind": "x", "message": "No room.", "remedy": "Use fewer rows."}
    runs.finish(db, all_runs(db)[0].id, "failed", error=error)
    gallery.run()
    assert "No room" in gallery.error[0].value
