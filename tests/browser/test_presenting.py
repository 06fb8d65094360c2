"""The presenter's view by keys, and the app in the hand: a phone, and letters twice as large."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from pages.state.workspace import COOKIE, sign_workspace
from tests.support.browser import settled
from tests.support.engineless import Engineless
from tests.support.stored_runs import LINEAR, recorded_run
from tuning_core.store import runs

pytestmark = [pytest.mark.browser]

CUT = """() => [...document.querySelectorAll('.stMain button, .stMain p, .stMain label, .stMain h3')]
    .filter(e => e.offsetParent && !e.closest('.lc-hidden, .lc-tip, [hidden]'))
    .filter(e => { const r = e.getBoundingClientRect(); return r.width > 1 && (r.left < -1 || r.right > innerWidth + 1); })
    .map(e => e.innerText.slice(0, 40))"""
BIG = "document.querySelector('.lc-root .lc-plot').layout.font.size"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = Engineless(tmp_path_factory.mktemp("presented"))
    yield running
    running.close()


@pytest.fixture
def pinned(server):
    """Two pinned runs of a workspace, the oldest first, and one that is not."""
    workspace = "presenter-0001"
    found = [recorded_run(server.db, workspace, [LINEAR.replace(epochs=n)]) for n in (4, 5, 6)]
    for run_id in found[:2]:
        runs.set_pinned(server.db, run_id, True)
    yield workspace, found
    for run_id in found:
        runs.delete_run(server.db, run_id)


HEARS = """window.hears = 0;
const add = document.addEventListener;
document.addEventListener = function (kind, listener, options) {
  if (kind === "fullscreenchange" && options?.signal) window.hears += 1;
  return add.call(this, kind, listener, options);
};"""


def opened(new_page, server, workspace, run_id, **options):
    """The Tune page with that run, of that visitor."""
    page = new_page("about:blank", **options)
    page.add_init_script(HEARS)
    page.context.add_cookies([{"name": COOKIE, "value": sign_workspace(server.db, workspace), "url": server.url}])
    page.goto(f"{server.url}/tune?run={run_id}")
    ready(page, run_id)
    return page


def ready(page, run_id):
    """Until the page just loaded has the whole curve, is at rest, and hears keys."""
    whole(page, run_id)
    hears_keys(page)


def hears_keys(page):
    """Until the page just loaded is at rest and hears keys: a key pressed before is nobody's."""
    page.wait_for_function("window.hears > 0")
    settled(page)


def whole(page, run_id):
    expect(page.locator(".lc-root")).to_have_attribute("data-complete", run_id)


def test_one_key_presents_arrows_walk_the_pinned_runs_and_esc_leaves(server, new_page, pinned):
    workspace, (first, second, _) = pinned
    page = opened(new_page, server, workspace, first)
    before = page.evaluate(BIG)
    page.locator(".stMain").press("p")
    expect(page).to_have_url(re.compile("present=0"))
    expect(page.locator(".st-key-presented")).to_be_visible()
    page.wait_for_function("() => document.fullscreenElement === document.documentElement")
    expect(page.locator(".st-key-presented .st-key-set_learning_rate")).to_be_in_viewport()
    for hidden in ("[data-testid=stSidebar]", "[data-testid=stHeader]"):
        expect(page.locator(hidden)).not_to_be_visible()
    page.wait_for_function(f"() => {BIG} > 1.2 * {before}")
    page.reload()
    ready(page, first)
    expect(page.get_by_text("1 of 2")).to_be_visible()
    page.keyboard.press("ArrowRight")
    whole(page, second)
    page.keyboard.press("ArrowLeft")
    whole(page, first)
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("present="))
    expect(page.locator(".st-key-train_bar")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (640, 360)], ids=["phone", "letters twice as large"])
def test_in_the_hand_train_stays_settings_are_a_sheet_and_nothing_is_cut(server, new_page, pinned, width, height):
    workspace, (first, *_) = pinned
    page = opened(new_page, server, workspace, first, viewport={"width": width, "height": height})
    train = page.get_by_role("button", name="Train", exact=True)
    place = train.bounding_box()
    page.locator(".stMain").evaluate("main => main.scrollTo(0, 10000)")
    assert train.bounding_box() == place and place["y"] + place["height"] <= height
    assert page.evaluate(CUT) == []
    page.get_by_role("button", name="Settings", exact=True).click()
    sheet = page.locator("[data-testid=stSidebar]")
    expect(sheet).to_have_attribute("data-collapsed", "false")
    page.wait_for_function("() => document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().width === innerWidth")
    slider = sheet.locator(".st-key-set_learning_rate")
    slider.scroll_into_view_if_needed()
    assert slider.bounding_box()["y"] < place["y"], "the sheet ends above the bar"
    train.click()
    expect(page).to_have_url(re.compile(f"before={first}"))
    expect(sheet).to_have_attribute("data-collapsed", "true")


def test_arrows_walk_the_steps_of_a_chapter_and_on_to_the_next(server, new_page):
    page = new_page("about:blank")
    page.add_init_script(HEARS)
    page.goto(f"{server.url}/lessons")
    title = page.locator(".st-key-presented_title").get_by_role("heading")
    expect(title).to_have_text("1. The pipeline and the three sets")
    hears_keys(page)
    page.locator(".stMain").press("p")
    expect(page).to_have_url(re.compile("present=0"))
    for key, step, chapter in (("ArrowRight", 1, "1."), ("ArrowRight", 2, "1."), ("ArrowRight", 0, "2."), ("ArrowLeft", 2, "1.")):
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(f"present={step}(&|$)"))
        expect(title).to_contain_text(chapter)
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("present="))
