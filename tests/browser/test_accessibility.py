"""Every page in every state without a mouse and without colour: axe-core, keys, and a page that stays where it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

import tuning_core as tc
from pages.state.workspace import COOKIE, sign_workspace
from tests.support.axe import grave_findings
from tests.support.browser import settled
from tests.support.curve_page import curve
from tests.support.datasets import SETUP
from tests.support.engine_answers import answer_questions, answer_setups, read_uploads
from tests.support.stored_runs import CONTEXT, LINEAR, finish_gallery, recorded_run, trained
from tests.support.stored_searches import write_search
from tests.support.waiting import wait_for
from tuning_core.diagnosis import gallery_settings
from tuning_core.experiment import Hyperparameters
from tuning_core.store import Database, curves, runs
from tuning_core.store.trials import add_trials

pytestmark = [pytest.mark.browser]
VISITOR = "without_a_mouse_{}"  # the workspace of a colour scheme: looks at the test rows are counted in each
BASELINES = {
    "dummy_loss": 40.0,
    "linear_loss": 20.0,
    "dummy_metric": 5.0,
    "linear_metric": 4.0,
    "n_train": 936,
    "n_validation": 268,
}


@dataclass(frozen=True)
class State:
    """A page in a state: its address, what stands there then, and what is to be done before."""

    path: str
    there: Callable[[Page], Locator]
    act: Callable[[Page, Database], None] = lambda page, db: None


def text(words: str) -> Callable[[Page], Locator]:
    return lambda page: page.get_by_text(words).first


def stored(db: Database, me: str) -> dict[str, str]:
    """Runs in every state."""
    hp = Hyperparameters(epochs=60)
    found = {}
    for name in ("running", "failed"):
        found[name] = runs.add_run(db, me, "insurance", SETUP, "manual", {"hyperparameters": hp.to_json(), "seeds": [0]})
        runs.claim(db, found[name])
        add_trials(db, found[name], [(0, hp.to_json(), 0, None)])
    curves.set_context(db, found["running"], 0, CONTEXT | BASELINES)
    curves.append(db, found["running"], [(0, 0, curve(60)[:, :20])])
    runs.finish(db, found["failed"], "failed", error={"kind": "x", "message": "The training failed.", "remedy": "Try again."})
    found["finished"] = trained(db, me, context=BASELINES)
    found["other"] = recorded_run(db, me, [LINEAR.replace(learning_rate=0.1)], level=12.0, context=BASELINES)
    found["search"] = search(db, me)
    gallery = runs.add_run(
        db, me, "insurance", SETUP, "gallery", {"settings": [s.to_json() for s in gallery_settings()], "seeds": [0]}
    )
    finish_gallery(db, runs.get_run(db, gallery))
    return found


def search(db: Database, me: str) -> str:
    space = tc.grid(base=Hyperparameters(epochs=20), learning_rate=[0.001, 0.01, 0.1], batch_size=[16, 32])
    run = runs.add_run(db, me, "insurance", SETUP, "search", {"space": space.to_json(), "cv": None, "seeds": [0], "score": "mse"})
    write_search(db, run)
    return run


def states(run: dict[str, str]) -> dict[str, State]:
    finished = run["finished"]
    return {
        "Tune, running": State(f"tune?run={run['running']}", lambda page: page.locator('.lc-root[data-state="running"]')),
        "Tune, failed": State(f"tune?run={run['failed']}", lambda page: page.locator(".lc-error:not([hidden])")),
        "Tune, finished": State(
            f"tune?run={finished}&before={run['other']}", lambda page: page.locator(".lc-verdict:not(.lc-off)")
        ),
        "Tune, table": State(f"tune?run={finished}", lambda page: page.locator(".lc-table table"), press("table")),
        "Tune, empty": State("tune?dataset=insurance", text("Press Train")),
        "Data": State("data", text("1,338 rows")),
        "Data, refused": State("data", text("Put it aside"), upload),
        "Search, empty": State("search", text("press Search")),
        "Search, finished": State(f"search?search={run['search']}", lambda page: page.locator('.sb-root[data-state="finished"]')),
        "Search, heat map": State(f"search?search={run['search']}", text("Table of the cells"), view("Heat map")),
        "Compare": State(f"compare?compare={finished}~{run['other']}", text("What they reached, at what cost")),
        "Exam, locked": State(f"exam?run={finished}", text("test rows are locked")),
        "Exam, open": State(f"exam?run={finished}", text("test set used once"), press("Open the vault")),
        "Predict": State(f"predict?run={finished}", text("Predicted charges")),
        "Gallery": State("gallery", text("Table of the curve")),
        "Lessons": State("lessons", text("Lessons")),
    }


def judged(page: Page) -> Locator:
    return page.locator(".lc-verdict:not(.lc-off)")


def press(name: str) -> Callable[[Page, Database], None]:
    return lambda page, db: page.get_by_role("button", name=name, exact=True).click()


def view(name: str) -> Callable[[Page, Database], None]:
    return lambda page, db: page.get_by_role("radio", name=name, exact=True).click()


def upload(page: Page, db: Database) -> None:
    file = {"name": "no.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20}
    page.locator("input[type=file]").first.set_input_files(file)
    wait_for(lambda: db.row("SELECT count(*) AS n FROM datasets WHERE status = 'queued'")["n"] or page.wait_for_timeout(20))
    read_uploads(db)


def opened(page: Page, server, state: State) -> None:
    """The page in that state; what it asks of an engine is answered here."""
    page.goto(f"{server.url}/{state.path}")
    expect(page.get_by_role("link", name="Gallery")).to_be_visible()
    settled(page)
    state.act(page, server.db)

    def is_there() -> bool:
        answer_setups(server.db)
        answer_questions(server.db)
        return state.there(page).is_visible() or page.wait_for_timeout(50)

    try:
        wait_for(is_there)
    except AssertionError as problem:
        problem.add_note(f"{page.url} says: {page.locator('body').inner_text()}")
        raise
    settled(page)


def visitor(server, new_page, scheme: str) -> Page:
    page = new_page("about:blank", viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    page.context.add_cookies([{"name": COOKIE, "value": sign_workspace(server.db, VISITOR.format(scheme)), "url": server.url}])
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_nothing_serious_on_any_page_in_any_state(server, new_page, scheme):
    page = visitor(server, new_page, scheme)
    run = stored(server.db, VISITOR.format(scheme))
    found, places = {}, {}
    for name, state in states(run).items():
        opened(page, server, state)
        grave = grave_findings(page) if scheme == "light" else grave_findings(page, "color-contrast")
        if grave:
            found[name] = grave
        link = page.get_by_role("link", name="Data", exact=True).first
        places[name] = tuple(link.bounding_box().values())
        here = name.partition(",")[0]
        expect(page.get_by_test_id("stTopNavLink").filter(has_text=re.compile(f"{here}$"))).to_have_attribute(
            "aria-current", "page"
        )
    assert found == {}
    assert len(set(places.values())) == 1, places  # the navigation does not jump


def test_marks_of_help_are_no_stops_and_a_key_shows_their_words(server, new_page):
    page = visitor(server, new_page, "light")
    run = recorded_run(server.db, VISITOR.format("light"), [Hyperparameters(epochs=4)], level=12.0, context=BASELINES)
    opened(page, server, State(f"tune?run={run}", judged))  # with one hidden layer
    slider = page.get_by_role("slider", name="Learning rate")
    expect(page.get_by_role("button", name="Help for Learning rate")).to_have_attribute("tabindex", "-1")
    page.get_by_role("slider", name="Units").focus()
    page.keyboard.press("Tab")
    expect(slider).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("tooltip").filter(has_text="How far one update moves the weights")).to_be_visible()
    page.keyboard.press("Escape")
    expect(slider).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Sweep learning rates")).to_be_focused()
