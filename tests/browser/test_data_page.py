"""The Data page with a table whose every word is an attack: names, cells, classes and the file's name stay words."""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.support.browser import settled

pytestmark = [pytest.mark.browser, pytest.mark.process]

FILE = "<img src=x onerror=window.hacked=1> **f**.csv"
NAMES = (
    "<img src=x onerror=window.hacked=2>",
    "<script>window.hacked=3</script>",
    "[click](javascript:window.hacked=4)",
    "$\\alpha^2$ **bold** :red[x] :material/home: :cat:",
    "=HYPERLINK(1)",
    "the <i>class</i> -> y",
)
CLASSES = (
    "<u onmouseover=window.hacked=5>one</u> www.evil.org me@evil.org",
    "[two](http://evil.invalid) :dog:",
    "{{7*7}} `three` $$x$$ >=50K",
)
MARKUP = """() => ({
  hacked: window.hacked ?? null,
  elements: [...document.querySelectorAll(
    'img[src="x"], [onerror], [onmouseover], a[href^="javascript"], a[href*="evil"], .katex')]
    .map(e => e.outerHTML.slice(0, 200)),
  shaped: [...document.querySelectorAll('strong, em, u, i, code:not(pre code), span[style*="color"]')]
    .map(e => e.textContent.trim()).filter(t => ['bold', 'f', 'class', 'x', 'one', 'three'].includes(t)),
  icons: [...document.querySelectorAll('[data-testid="stIconMaterial"]')].map(e => e.textContent).filter(t => t === 'home'),
})"""
CLEAN = {"hacked": None, "elements": [], "shaped": [], "icons": []}


def hostile_table() -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(NAMES)
    for i in range(150):
        level = ("<img src=x onerror=window.hacked=6>", "**bold** $x$", "=1+1")[i % 7 % 3]
        writer.writerow([(i * 7) % 23, level, (i * 37) % 91 / 7, 0 if i % 9 == 0 else 70 + i % 40, i % 11, CLASSES[i % 3]])
    return out.getvalue().encode()


def upload(page: Page, name: str, data: bytes) -> None:
    field = page.locator("input[type=file]").first
    field.set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})


def test_words_of_an_upload_stay_words_all_over_the_page(app, new_page):
    page = new_page(app.url + "/data")
    expect(page.get_by_text("1,338 rows")).to_be_visible()
    upload(page, FILE, hostile_table())
    expect(page.get_by_role("heading", name=FILE)).to_be_visible()
    expect(page.get_by_text("3 classes", exact=False)).to_be_visible()
    # The joiners that keep Streamlit from making icons and symbols are invisible, and all else is as it was typed.
    pill = page.get_by_role("button", name=re.compile("bold")).inner_text()
    assert pill.replace("\u2060", "") == NAMES[3] + ": 0"
    assert "≥" not in page.locator("[data-testid=stMain]").inner_text()
    for tab in ("First rows", "Reading", "Columns"):
        page.get_by_role("tab", name=re.compile(tab)).click()
        settled(page)
        assert page.evaluate(MARKUP) == CLEAN, tab
    page.get_by_role("combobox", name="Target").click()
    expect(page.get_by_role("option", name=NAMES[1])).to_be_visible()
    assert page.evaluate(MARKUP) == CLEAN
    page.keyboard.press("Escape")
    page.locator(".js-plotly-plot .nsewdrag").last.hover()
    page.locator(".hoverlayer .hovertext").first.wait_for(state="attached")
    assert page.evaluate(MARKUP) == CLEAN
    page.get_by_role("button", name="To Tune").click()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    expect(page.get_by_text(FILE, exact=False).first).to_be_visible()
    assert page.evaluate(MARKUP) == CLEAN


def test_a_column_is_left_out_in_the_grid_and_a_refused_file_is_read_after_all(app, new_page):
    page = new_page(app.url + "/data")
    expect(page.get_by_text("1,338 rows")).to_be_visible()
    grid = page.get_by_test_id("stDataFrame").first
    grid.locator("canvas").first.wait_for()
    before = page.url
    for _ in range(20):  # the grid moves while charts above it arrive
        box = grid.bounding_box()
        page.mouse.dblclick(box["x"] + 115 + 40, box["y"] + 35 + 17)  # `used as` of the first column
        with suppress(TimeoutError):
            page.locator("#portal input").wait_for(timeout=5_000)  # what is typed before the editor is there is lost
            page.keyboard.type("left out")
            page.locator("#portal").get_by_role("option", name="left out").wait_for(timeout=5_000)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: url != before, timeout=30_000)
            break
        page.keyboard.press("Escape")
    assert page.url != before
    expect(page.locator("[data-testid=stMain] .js-plotly-plot").first).to_be_visible()
    upload(page, "one.csv", b"a~b\n" + b"".join(b"%d~%d\n" % (i, i * i % 17) for i in range(60)))
    expect(page.get_by_text("60 rows · 2 columns")).to_be_visible()
    expect(page.get_by_test_id("stFileUploaderFile")).to_have_count(0)  # a cross there would remove nothing
    upload(page, "two.csv", b'[{"first": 1, "second": 2}]')
    expect(page.get_by_test_id("stAlert").filter(has_text="two.csv")).to_be_visible()
    assert "Traceback" not in page.content()
    expect(page.get_by_text("60 rows · 2 columns")).to_be_visible()  # what was there before
    page.get_by_text("Read it with other options").click()
    expect(page.get_by_text('[{"first": 1', exact=False)).to_be_visible()
    page.get_by_role("button", name="Put it aside").click()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
