"""What is one's own, what is shared for viewing or for working, and what is taken back: over HTTP, and on the pages."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from pages.server.routes import routes
from pages.server.shared_runs import SharedRuns
from pages.state.workspace import COOKIE, sign_workspace
from tests.support.app_test import button
from tests.support.datasets import SETUP
from tests.support.engine_answers import answer_setups, read_uploads
from tests.support.paths import INSURANCE, ROUTER
from tests.support.stored_runs import LINEAR, recorded_run, share
from tuning_core.errors import UserError
from tuning_core.store import datasets, runs, sharing
from tuning_core.store.migrations import MIGRATIONS
from tuning_core.store.sharing import Right

ANNA, BEN = "anna_workspace_1", "ben_workspace_22"
MANUAL = {"hyperparameters": LINEAR.to_json(), "seeds": [0]}


@pytest.fixture
def table(db):
    """A table of Anna's that has been read, and whose setup has been checked."""
    datasets.add_dataset(db, ANNA, "private.csv", INSURANCE.read_bytes(), dataset_id="hers")
    read_uploads(db)
    datasets.request_setup(db, "hers", SETUP)
    answer_setups(db)
    return "hers"


@pytest.fixture
def run(db, table):
    """A run of Anna's on it."""
    return recorded_run(db, ANNA, [LINEAR], dataset_id=table)


@pytest.fixture
def asks(db):
    """(who, path) -> status and sentence, through the HTTP API."""
    app = Starlette(routes=routes(lambda: db), middleware=[Middleware(SharedRuns, lambda: db)])
    with TestClient(app) as client:

        def get(who: str | None, path: str) -> SimpleNamespace:
            headers = {"cookie": f"{COOKIE}={who if who is None or '.' in who else sign_workspace(db, who)}"} if who else {}
            answer = client.get(f"/api/{path}", headers=headers)
            return SimpleNamespace(status=answer.status_code, said=json.loads(answer.text).get("error", ""))

        yield get


def visit(who: str, page: str = "", **query: str) -> AppTest:
    app = AppTest.from_file(ROUTER, default_timeout=300)
    app.session_state["workspace"] = who
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    if page:
        app.switch_page(f"{page}/page.py").run()
    assert not app.exception
    return app


def errors(app) -> str:
    return " ".join(error.value for error in app.error)


@pytest.mark.parametrize("feed", ["curves", "verdicts"])
def test_a_run_is_its_owners_until_it_is_shared_and_again_when_that_ends(db, run, asks, feed):
    assert asks(ANNA, f"{feed}/{run}").status == 200
    for stranger in (BEN, None, f"{ANNA}.{'A' * 22}"):  # another, a visitor without a cookie, an invented signature
        refused = asks(stranger, f"{feed}/{run}")
        assert refused.status == 403 and "Ask its owner to share it" in refused.said
    share(db, run)
    assert asks(BEN, f"{feed}/{run}").status == asks(None, f"{feed}/{run}").status == 200
    sharing.share_run(db, run, ANNA, None)
    assert asks(BEN, f"{feed}/{run}").status == 403 and asks(ANNA, f"{feed}/{run}").status == 200


def test_the_board_of_a_search_asks_as_well(db, table, asks):
    search = runs.add_run(db, ANNA, table, SETUP, "search", {"space": {}, "cv": None, "seeds": [0]})
    assert asks(BEN, f"board/{search}").status == 403


def test_the_run_before_is_not_read_along(db, run, table, asks):
    ghost = recorded_run(db, ANNA, [LINEAR], dataset_id=table)
    share(db, run)
    assert asks(BEN, f"verdicts/{run}?ghost={ghost}").status == 403
    share(db, ghost)
    assert asks(BEN, f"verdicts/{run}?ghost={ghost}").status == 200


def test_what_is_not_there_is_not_called_refused(db, asks):
    assert asks(BEN, "curves/nothing").status == 404


def test_recorded_examples_are_everybodys(db, asks):
    example = recorded_run(db, datasets.SAMPLES, [LINEAR])
    assert asks(BEN, f"curves/{example}").status == asks(None, f"curves/{example}").status == 200


def test_nobody_shares_what_is_somebody_elses(db, run, table):
    sharing.share_run(db, run, BEN, "work")
    sharing.share_table(db, table, BEN, "work")
    assert sharing.right_to_run(db, run, BEN) is Right.NONE and sharing.right_to_table(db, table, BEN) is Right.NONE


def test_training_needs_a_table_shared_for_working(db, run, table):
    for how, remedy in ((None, "not shared with you"), ("view", "for viewing, not for working")):
        sharing.share_table(db, table, ANNA, how)
        with pytest.raises(UserError, match=remedy) as refused:
            runs.add_run(db, BEN, table, SETUP, "manual", MANUAL)
        assert "Ask its owner" in refused.value.remedy
    sharing.share_table(db, table, ANNA, "work")
    own = runs.add_run(db, BEN, table, SETUP, "manual", MANUAL)
    assert sharing.right_to_run(db, own, BEN) is Right.OWN and sharing.right_to_run(db, run, BEN) is Right.NONE
    sharing.share_table(db, table, ANNA, None)  # his run waits, unseen, for her to share again
    assert sharing.right_to_run(db, own, BEN) is Right.NONE and runs.get_run(db, own) is not None


def test_a_run_that_its_owner_shares_brings_its_table_and_one_of_somebody_else_does_not(db, run, table):
    share(db, run, how="work")
    assert sharing.right_to_table(db, table, BEN) is Right.WORK
    own = runs.add_run(db, BEN, table, SETUP, "manual", MANUAL)
    share(db, own, how="work")
    runs.trash_run(db, run)
    assert sharing.right_to_table(db, table, "carl") is Right.NONE


def test_a_refused_link_is_one_sentence_with_its_remedy(db, run, table):
    for query in ({"run": run}, {"dataset": table}, {"setup": datasets.setup_id(table, SETUP)}, {"beside": run}):
        app = visit(BEN, **query)
        assert errors(app).count("not shared with you") == 1 and "Ask its owner to share it" in errors(app), query
        assert app.session_state["view"].dataset_id == "insurance" and "private" not in str(app.main)


def test_for_viewing_is_to_look_and_to_export_and_no_more(db, run, table):
    share(db, run)
    app = visit(BEN, run=run)
    assert app.session_state["view"].run_id == run and not errors(app)
    assert button(app, "Train").disabled and any("shared with you for viewing" in caption.value for caption in app.caption)
    keys = {b.key for b in app.button}
    assert not keys & {"pin", "delete"} and button(app, "Stop").disabled
    assert [box for box in app.selectbox if box.label == "Format"], "it can be taken home"
    assert not [b for b in visit(BEN, "exam", run=run).button if "vault" in b.label]


def test_what_is_on_screen_goes_when_sharing_ends(db, run):
    share(db, run)
    app = visit(BEN, run=run)
    sharing.share_run(db, run, ANNA, None)
    app.run()
    assert "not shared with you" in errors(app) and app.session_state["view"].run_id is None
    assert "not shared with you" not in errors(app.run()), "said once"


def test_an_own_run_is_shared_and_taken_back_by_a_press(db, run):
    app = visit(ANNA, run=run)
    assert not [code for code in app.code if "run=" in code.value]
    button(app, "Share for working").click().run()
    assert [code for code in app.code if code.value.endswith(f"/tune?run={run}")]
    assert sharing.right_to_table(db, "hers", BEN) is Right.WORK
    button(app, "Stop sharing").click().run()
    assert sharing.right_to_run(db, run, BEN) is Right.NONE and not [code for code in app.code if "run=" in code.value]


def test_a_classs_link_asks_to_share_its_table_first(db, table):
    app = visit(ANNA, "teach", dataset=table)
    assert not app.code
    button(app, "Share the table for working").click().run()
    assert f"dataset={table}" in app.code[0].value and datasets.get_dataset(db, table).shared == "work"


def test_links_from_before_sharing_was_explicit_show_what_they_showed(tmp_path, monkeypatch):
    from tuning_core.store import Database, database, upgrading

    with monkeypatch.context() as older:
        steps = tuple(step for step in MIGRATIONS if step[0] < "0009")
        older.setattr(upgrading, "MIGRATIONS", steps)
        older.setattr(database, "KNOWN", tuple(name for name, _ in steps))
        old = Database(tmp_path)
        for dataset_id in ("alone", "class"):
            old.write("INSERT INTO datasets (id, workspace, name) VALUES (?, 'teacher', 'a')", dataset_id)
        for run_id, who, dataset_id in (("r1", "teacher", "alone"), ("r2", "student", "class")):
            old.write(
                "INSERT INTO runs (id, workspace, dataset_id, setup, kind, spec) VALUES (?, ?, ?, '{}', 'manual', '{}')",
                *(run_id, who, dataset_id),
            )
        old.close()
    now = Database(tmp_path)
    assert [sharing.right_to_table(now, table, "x") for table in ("alone", "class")] == [Right.VIEW, Right.WORK]
    assert [sharing.right_to_run(now, run_id, "x") for run_id in ("r1", "r2")] == [Right.VIEW, Right.VIEW]
    datasets.add_dataset(now, "teacher", "b.csv", b"x\n1\n", dataset_id="new")
    assert sharing.right_to_table(now, "new", "x") is Right.NONE
    now.close()
