"""From a trained run onwards in a real browser: compare, examine, predict rows from a file, download the predictions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser import settled, train, wait_state

pytestmark = [pytest.mark.browser, pytest.mark.process]
ROWS = "age,sex,bmi,children,smoker,region\n19,female,27.9,0,yes,southwest\n33,male,22.7,0,no,=1+1\n"


def go_on(page, where):
    settled(page)  # the page has heard that the run ended: the menu is not drawn anew while it opens
    page.get_by_role("button", name="Export & share").click()
    page.get_by_role("button", name=where, exact=True).click()


def test_from_a_run_to_predictions_on_disk(app, new_page):
    page = new_page(app.url)
    for _ in range(2):  # alike in every word
        train(page)
        wait_state(page, "finished", "stopped_early")

    go_on(page, "Compare")
    page.wait_for_url(re.compile(r"/compare\?.*compare=[^&]+~"))
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    expect(page.get_by_text("The settings, the table and the split are the same", exact=False)).to_be_visible()
    page.get_by_role("link", name="Tune").first.click()
    expect(page).to_have_title(re.compile("^Tune"))
    settled(page)  # Compare has such a menu too

    go_on(page, "Exam")
    expect(page.get_by_role("heading", name=re.compile("134 test rows are locked"))).to_be_visible()
    page.get_by_role("button", name="Open the vault").click()
    expect(page.get_by_text("test set used once")).to_be_visible()
    expect(page.get_by_text("Root mean squared error").first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    page.reload()
    expect(page.get_by_text("test set used once")).to_be_visible()  # a refresh is no further look
    page.get_by_role("link", name="Predict").click()

    expect(page.get_by_text("Predicted charges", exact=True)).to_be_visible()
    page.get_by_role("tab", name="A file of rows").click()
    expect(page.get_by_role("button", name="A file to fill in")).to_be_visible()
    settled(page)
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        {"name": "new.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    )
    expect(page.get_by_text("2 rows predicted")).to_be_visible()
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download predictions").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "age,sex,bmi,children,smoker,region,predicted charges"
    assert ",'=1+1," in text.splitlines()[2]
