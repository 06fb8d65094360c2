"""The curve doctor on the Tune page: a bad learning rate, its verdict and evidence, Try it, the difference, and back."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from playwright.sync_api import Page, expect

import tuning_core as tc
from tests.support import lesson_cases
from tests.support.browser import set_slider, train, wait_state
from tests.support.curve_page import at_rest
from tests.support.datasets import SETUP
from tests.support.paths import INSURANCE, RECORDED_CURVES
from tests.support.stored_runs import share
from tuning_core.diagnosis import DISEASES, diagnose
from tuning_core.experiment import History, Hyperparameters, Trial
from tuning_core.store import Database, curves, runs
from tuning_core.store.trials import add_trials

pytestmark = [pytest.mark.browser, pytest.mark.process]
EVIDENCE = "document.querySelector('.lc-plot').layout.shapes.some(s => s.name === 'evidence')"
SLOW = {"Epochs": ("ArrowLeft", 6), "Learning rate": ("ArrowLeft", 8)}  # 30 epochs at 0.0001


def judged(page: Page) -> None:
    """Until the verdict is of the run in the URL."""
    wait_state(page, "finished", "stopped_early", "diverged")
    expect(page.locator(".lc-verdict:not(.lc-stale) .lc-finding").first).to_be_visible()


def test_from_a_bad_learning_rate_to_a_better_one_and_back(app, new_page):
    page = new_page(app.url)
    page.get_by_role("slider", name="Epochs").wait_for()
    for name, (key, times) in SLOW.items():
        set_slider(page, name, key, times)
    rate = page.get_by_role("slider", name="Learning rate").input_value()
    first = train(page)
    judged(page)
    verdict = page.locator(".lc-verdict")
    expect(verdict.locator(".lc-message")).to_contain_text("still falling when training ended")
    word = verdict.locator(".lc-message .word").first
    word.focus()
    expect(word.locator(".word-tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(word.locator(".word-tip")).to_be_hidden()
    expect(word).to_be_focused()
    assert verdict.bounding_box()["y"] + verdict.bounding_box()["height"] < 720  # with curve and controls, without scrolling
    height = verdict.bounding_box()["height"]

    page.wait_for_function(EVIDENCE)  # the chosen finding is drawn, and goes when it is let go
    page.locator(".lc-finding").first.click()
    page.mouse.move(10, 10)
    page.wait_for_function(f"!{EVIDENCE}")
    page.locator(".lc-finding").first.hover()
    page.wait_for_function(EVIDENCE)
    page.get_by_role("button", name="evidence").click()
    expect(page.get_by_role("dialog")).to_contain_text("the doctor found")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.locator(".lc-try", has_text="learning rate").first.click()
    page.wait_for_function("first => !location.href.includes('run=' + first)", arg=first)
    judged(page)
    expect(verdict.locator(".lc-difference")).to_contain_text(
        re.compile(r"RMSE: better by [\d,.]+ \(95 % interval [\d,.]+ to [\d,.]+\) · learning rate 0\.0001 → 0\.\d")
    )
    expect(page.get_by_role("slider", name="Learning rate")).not_to_have_value(rate)
    page.get_by_role("button", name="MAE", exact=True).click()
    expect(verdict.locator(".lc-difference")).to_contain_text(re.compile(r"MAE: better by [\d,.]+ \(95 % interval"))
    page.get_by_role("button", name="Loss", exact=True).click()
    expect(verdict.locator(".lc-difference")).to_contain_text(re.compile("Validation loss: better by [\\d.]+ %"))
    page.get_by_role("button", name="RMSE", exact=True).click()
    assert verdict.bounding_box()["height"] == height
    names = page.evaluate("document.querySelector('.lc-plot').data.map(t => t.name || '')")
    assert any(name.startswith("ghost") for name in names)

    page.locator(".lc-undo").click()
    page.wait_for_function("first => location.href.includes('run=' + first)", arg=first)
    judged(page)
    expect(page.get_by_role("slider", name="Learning rate")).to_have_value(rate)
    expect(verdict.locator(".lc-difference")).to_contain_text("worse by")
    page.reload()  # what is compared is part of the link
    judged(page)
    expect(verdict.locator(".lc-difference")).to_contain_text("worse by")


def examples() -> dict[str, History]:
    """A recorded training for each verdict, which is what the doctor would fix first."""
    with gzip.open(RECORDED_CURVES, "rt") as file:
        recorded = [History.from_arrays(**run["curves"], context=run["context"]) for run in json.load(file)]
    recorded += [history for histories in lesson_cases.recorded().values() for history in histories]
    dataset = tc.Dataset(tc.read_table(INSURANCE), target="charges")
    recorded.append(
        tc.train(dataset, tc.Hyperparameters(learning_rate=0.003, batch_size=32, epochs=60, l2=1.0)).trials[0].history
    )
    found = {}
    for history in recorded:
        found.setdefault(diagnose(history)[0].kind, history)
    found.pop("diverged")  # a cross marks it, whoever asks
    return found


def stored(db: Database, history: History) -> str:
    """The recorded training as a finished run of one seed."""
    hp = Hyperparameters(epochs=len(history))
    spec = {"hyperparameters": hp.to_json(), "seeds": [0]}
    run_id = runs.add_run(db, "nobody", "insurance", SETUP, "manual", spec)
    runs.claim(db, run_id)
    add_trials(db, run_id, [(0, hp.to_json(), 0, None)])
    curves.finish_trials(db, run_id, [Trial(0, hp, 0, history, "finished")])
    runs.finish(db, run_id, "finished")
    share(db, run_id)
    return run_id


def test_the_evidence_of_every_verdict_is_drawn(app, new_page):
    db = Database(app.home)
    page = new_page(app.url)
    drawn = {}
    for kind, history in examples().items():
        page.goto(f"{app.url}/tune?run={stored(db, history)}")
        judged(page)
        expect(page.locator(".lc-verdict")).to_have_attribute("data-kind", kind)
        at_rest(page)  # the evidence is drawn after the words
        read = "(({layout: l, data}) => [l.shapes.length, data.length, l.annotations.length])(document.querySelector('.lc-plot'))"
        with_evidence = page.evaluate(read)
        page.locator(".lc-finding").first.click()
        page.mouse.move(10, 10)
        if kind == "healthy":
            at_rest(page)
        else:
            changed = f"before => JSON.stringify({read}) !== before"
            page.wait_for_function(changed, arg=json.dumps(with_evidence, separators=(",", ":")))
        drawn[kind] = with_evidence != page.evaluate(read)
    db.close()
    assert drawn == {kind: kind != "healthy" for kind in drawn} and set(drawn) == {*DISEASES, "healthy"} - {"diverged"}
