"""What a curve looks like: axes, marks, words, colours."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.support.browser import settled
from tests.support.curve_page import CONTEXT, HP, at_rest, curve, epochs, finish, new_run, opened, ranges, serve, state, trace
from tuning_core.experiment import EarlyStopping, History, Trial
from tuning_core.store import curves, runs

pytestmark = [pytest.mark.browser]


def test_zoom_survives_growth_and_can_be_undone(db, page_url, new_page):
    run_id = new_run(db)
    whole = curve(60)
    curves.append(db, run_id, [(0, 0, whole[:, :30])])
    page = opened(new_page, page_url, run_id)
    page.wait_for_function("document.querySelector('.lc-plot').data.length > 1")
    at_rest(page)
    box = page.locator(".lc-plot .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.8, steps=6)
    page.mouse.up()
    expect(page.get_by_role("button", name="whole curve")).to_be_visible()
    zoomed = ranges(page)
    assert zoomed["x"][0] > 5 and zoomed["x"][1] < 45
    curves.append(db, run_id, [(0, 30, whole[:, 30:])])
    page.wait_for_function("document.querySelector('.lc-plot').data.find(t => t.name === 'validation').x.length === 60")
    assert ranges(page) == zoomed
    page.get_by_role("button", name="whole curve").click()
    page.wait_for_function("document.querySelector('.lc-plot').layout.xaxis.range[0] === 0")
    expect(page.get_by_role("button", name="whole curve")).to_be_hidden()


def test_switches_outlive_runs_and_reloads(db, page_url, new_page):
    run_id = finish(db, new_run(db), [curve(60)])
    page = opened(new_page, page_url, run_id, live=0, target="price")
    page.get_by_role("button", name="log y").click()
    page.get_by_role("button", name="running loss").click()
    page.wait_for_function("document.querySelector('.lc-plot').layout.yaxis.type === 'log'")
    page.wait_for_function("document.querySelector('.lc-plot').data.some(t => t.name === 'running loss' && t.y.length)")
    assert trace(page, "running loss")["y"] == pytest.approx(curve(60)[0], rel=1e-5)
    page.reload()
    page.wait_for_function("document.querySelector('.lc-plot')?.layout?.yaxis.type === 'log'")
    expect(page.get_by_role("button", name="running loss")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="MAE").click()
    page.wait_for_function(
        "document.querySelector('.lc-plot').layout.annotations.some(a => /absolute error of price/.test(a.text))"
    )
    expect(page.get_by_role("button", name="running loss")).to_be_disabled()
    assert trace(page, "validation")["y"] == pytest.approx(curve(60)[4], rel=1e-5)


def test_the_first_panel_is_in_the_unit_of_the_target(db, page_url, new_page):
    seeds = [curve(60, seed) for seed in range(3)]
    page = opened(new_page, page_url, finish(db, new_run(db, 3), seeds), live=0, target="price", tab="RMSE")
    assert page.locator(".lc-tab").all_inner_texts() == ["RMSE", "Loss", "MAE"]
    expect(page.locator(".lc-tab").first).to_have_attribute("aria-pressed", "true")
    assert trace(page, "validation")["y"] == pytest.approx(np.median([np.sqrt(values[2]) for values in seeds], axis=0), rel=1e-5)
    texts = page.evaluate("document.querySelector('.lc-plot').layout.annotations.map(a => a.text)")
    assert "Root of the mean squared error of price · median of 3 seeds" in texts and f"constant ↑ {900**0.5:.1f}" in texts


def test_a_far_baseline_is_told_in_the_margin_and_does_not_flatten_the_curve(db, page_url, new_page):
    page = opened(new_page, page_url, finish(db, new_run(db), [curve(60)]), live=0)
    texts = page.evaluate("document.querySelector('.lc-plot').layout.annotations.map(a => a.text)")
    assert "constant ↑ 900" in texts and "linear model 5.00" in texts and "trees 3.00" in texts
    assert ranges(page)["y"][1] < 12
    page.get_by_role("button", name="baselines").click()
    page.wait_for_function("!document.querySelector('.lc-plot').layout.annotations.some(a => a.text.startsWith('constant'))")


def test_early_stopping_and_best_epoch_are_marked_by_their_medians(db, page_url, new_page):
    hp = HP.replace(early_stopping=EarlyStopping(patience=8))
    run_id = new_run(db, 3, hp)
    histories = [curve(60, seed)[:, :n] for seed, n in ((0, 24), (1, 28), (2, 40))]
    trials = [
        Trial(i, hp, i, History.from_matrix(v, CONTEXT), "stopped_early", best_epoch=b, stopped_epoch=v.shape[1])
        for i, (v, b) in enumerate(zip(histories, (16, 20, 32), strict=True))
    ]
    curves.finish_trials(db, run_id, trials)
    runs.finish(db, run_id, "finished")
    page = opened(new_page, page_url, run_id)
    state(page, "stopped_early")
    expect(page.locator(".lc-status")).to_contain_text("stopped early")
    expect(page.locator(".lc-status")).to_contain_text("at epoch 28 of 60 · best epoch 20 · 3 seeds")
    words = " ".join(page.evaluate("document.querySelector('.lc-plot').layout.annotations.map(a => a.text)"))
    assert re.search(r"best epoch 20: \d.* \(median\)", words) and "stopped 28 (median)" in words
    assert len(trace(page, "validation")["x"]) == 28  # until half of the seeds have stopped
    assert trace(page, "validation, fewer seeds")["x"][-1] == 40


def test_a_diverged_run_says_so_and_where(db, page_url, new_page):
    run_id = new_run(db, 2)
    values = curve(6) * 10.0 ** np.arange(0, 18, 3)
    finish(db, run_id, [values, values], status="diverged", diverged_epoch=7)
    page = opened(new_page, page_url, run_id)
    state(page, "diverged")
    expect(page.locator(".lc-status")).to_contain_text("at epoch 7: the loss is no longer a number")
    texts = page.evaluate("document.querySelector('.lc-plot').layout.annotations.map(a => a.text)")
    assert "2 of 2 seeds diverged at epoch 7" in texts
    assert ranges(page)["y"][1] < 1e3  # the way up is in view, not the 1e16 of its end


def test_what_users_and_errors_say_is_shown_and_never_parsed(db, page_url, new_page):
    hostile = '<img src=x onerror="window.hacked=1"> %{y} <b>bold</b> &lt;'
    other = finish(db, new_run(db, name=hostile), [curve(60, 3)])
    run_id = finish(db, new_run(db), [curve(60)])
    page = opened(new_page, page_url, run_id, target=hostile, overlays=json.dumps([[other, "<b>bold</b> %{y}"]]), live=0)
    page.wait_for_function("document.querySelector('.lc-plot').data.some(t => t.name.startsWith('overlay'))")
    shown = page.evaluate("[...document.querySelectorAll('.lc-plot text')].map(t => t.textContent)")
    assert "<b>bold</b> %{y}" in shown and any(hostile in text for text in shown)
    at_rest(page)  # a drawing anew takes the hover away
    box = page.locator(".lc-plot .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".lc-plot .hoverlayer text")
    hover = page.evaluate("[...document.querySelectorAll('.hoverlayer text')].map(t => t.textContent).join(' ')")
    assert "<b>bold</b> %{y}" in hover and "epoch 30" in hover

    failed = new_run(db)
    runs.finish(db, failed, "failed", error={"kind": "x", "message": hostile, "remedy": "Choose another."})
    page = opened(new_page, page_url, failed)
    state(page, "failed")
    expect(page.locator(".lc-error")).to_have_text(f"{hostile} Choose another.")
    assert page.evaluate("window.hacked") is None and page.locator(".lc-root img").count() == 0


@pytest.mark.parametrize(
    ("status", "words"),
    [("stopped", "stopped at epoch 20 of 60 · as asked"), ("interrupted", "interrupted at epoch 20 of 60 · the engine died")],
)
def test_unfinished_ends_look_like_what_they_are(db, page_url, new_page, status, words):
    run_id = new_run(db)
    curves.append(db, run_id, [(0, 0, curve(60)[:, :20])])
    runs.finish(db, run_id, status, note="the engine died" if status == "interrupted" else "")
    page = opened(new_page, page_url, run_id)
    state(page, status)
    assert re.sub(r"\s+", " ", page.locator(".lc-status").inner_text()).strip() == words
    assert page.locator(f".lc-status .lc-icon-{status}").count() == 1


def test_a_ghost_of_the_same_kind_is_drawn_and_one_of_another_kind_is_not(db, page_url, new_page):
    run_id = finish(db, new_run(db), [curve(60)])
    same = finish(db, new_run(db), [curve(40, 1, 2.0)])
    other = new_run(db, context={"loss_name": "mae"})
    curves.append(db, other, [(0, 0, curve(60))])
    page = opened(new_page, page_url, run_id, live=0, ghost=same, overlays=json.dumps([[other, "mae"]]))
    page.wait_for_function("document.querySelector('.lc-plot').data.some(t => t.name === 'ghost val_loss')")
    settled(page)
    at_rest(page)
    assert len(trace(page, "ghost val_loss")["x"]) == 40
    assert not page.evaluate("document.querySelector('.lc-plot').data.some(t => t.name.startsWith('overlay'))")


def test_colours_follow_the_theme_and_words_describe_the_picture(db, page_url, new_page):
    run_id = finish(db, new_run(db), [curve(60)])
    for scheme, colour in (("light", "#0072B2"), ("dark", "#56B4E9")):
        page = opened(new_page, page_url, run_id, live=0, options={"color_scheme": scheme})
        assert trace(page, "training")["colour"] == colour
    words = re.compile("Training: 9\\.0.*after epoch 60.*Best epoch")  # once the tab that was pressed is drawn
    expect(page.locator(".lc-plot")).to_have_attribute("aria-label", words, timeout=180_000)


def test_deep_link_under_a_base_path(db, folder, new_page, tmp_path):
    run_id = finish(db, new_run(db), [curve(60)])
    (tmp_path / "home").symlink_to(folder / "home")
    with serve(tmp_path, "--server.baseUrlPath", "lab") as url:
        page = opened(new_page, url, run_id, live=0)
        state(page, "finished")
        assert epochs(page) == 60


def test_eight_seeds_of_a_hundred_epochs_are_drawn_once_an_input(db, page_url, new_page):
    """How long a drawing takes is measured by `python -m benchmarks slider`."""
    hp = HP.replace(epochs=100)
    run_id = finish(db, new_run(db, 8, hp), [curve(100, seed) for seed in range(8)], hp)
    page = opened(new_page, page_url, run_id, live=0)
    at_rest(page)
    drawings = page.evaluate(
        """async () => { const slider = document.querySelector('.lc-scrub'), drawings = [], { react } = Plotly;
        Plotly.react = (...all) => (drawings.push(all[1].length), react(...all));
        for (let epoch = 60; epoch < 100; epoch++) { slider.value = epoch;
          for (let i = 0; i < 3; i++) slider.dispatchEvent(new Event('input'));
          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))); }
        return drawings; }"""
    )
    assert len(drawings) == 40  # three inputs before the next frame are one drawing
    assert max(drawings) < 40  # lines of eight seeds, their medians and the marks


def test_the_axis_follows_the_medians_and_says_what_it_does_not_show(db, page_url, new_page):
    calm = [curve(60, seed) for seed in range(5)]
    calm[2][:, 30:33] *= 1e9
    page = opened(new_page, page_url, finish(db, new_run(db, 5), calm), live=0)
    expect(page.locator(".lc-past")).to_have_text(re.compile(r"↑ goes to [\d.]+B · show all"))
    assert ranges(page)["y"][1] < 12
    page.locator(".lc-past").click()
    page.wait_for_function("document.querySelector('.lc-plot').layout.yaxis.range[1] > 1e9")
    expect(page.locator(".lc-past")).to_have_text("fit to the medians")
    page.locator(".lc-past").click()
    page.wait_for_function("document.querySelector('.lc-plot').layout.yaxis.range[1] < 12")


def test_single_seeds_are_thin_lines_or_a_band_or_both(db, page_url, new_page):
    page = opened(new_page, page_url, finish(db, new_run(db, 3), [curve(60, seed) for seed in range(3)]), live=0)
    names = "document.querySelector('.lc-plot').data.map(t => t.name).filter(n => /^(band|seeds) val_loss/.test(n)).join()"
    switch = page.locator(".lc-toggle[data-spread]")
    for words, drawn in (
        ("band + seeds", "band val_loss,seeds val_loss"),
        ("band", "band val_loss"),
        ("seeds", "seeds val_loss"),
    ):
        expect(switch).to_have_text(words)
        page.wait_for_function(f"{names} === {json.dumps(drawn)}")
        switch.click()
    seeds = trace(page, "seeds val_loss")
    assert seeds["y"][:60] == pytest.approx(curve(60, 0)[2], rel=1e-5) and seeds["y"].count(None) == 3
    single = opened(new_page, page_url, finish(db, new_run(db), [curve(60)]), live=0)
    expect(single.locator(".lc-toggle[data-spread]")).to_be_hidden()


def test_keys_walk_along_the_epochs_and_what_is_there_is_spoken(db, page_url, new_page):
    page = opened(new_page, page_url, finish(db, new_run(db, 3), [curve(60, seed) for seed in range(3)]), live=0)
    page.locator(".lc-plot").focus()
    for key, epoch in (("Home", 1), ("ArrowRight", 2), ("End", 60), ("ArrowLeft", 59), ("PageDown", 49)):
        page.keyboard.press(key)
        median = np.median([curve(60, seed)[2][epoch - 1] for seed in range(3)])
        words = re.compile(rf"Epoch {epoch} of 60: training .*, validation {median:#.3g}\. Median of 3 seeds\.")
        expect(page.locator("[role=status]", has_text="Epoch")).to_have_text(words)
        expect(page.locator(".hoverlayer")).to_contain_text(f"epoch {epoch}")
    page.keyboard.press("Escape")
    expect(page.locator(".hoverlayer text")).to_have_count(0)


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance of "rgb(r, g, b)"."""
    parts = [int(c) / 255 for c in re.findall(r"\d+", colour)[:3]]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_on_the_drawing_stand_out_and_validation_has_rings_too(db, page_url, new_page, scheme):
    run_id = finish(db, new_run(db, 3), [curve(60, seed) for seed in range(3)])
    page = opened(new_page, page_url, run_id, live=0, options={"color_scheme": scheme})
    state(page, "finished")
    page.wait_for_function("document.querySelectorAll('.lc-plot .annotation-text').length > 3")
    words = page.evaluate(
        """() => [...document.querySelectorAll('.lc-plot text')].filter(t => t.textContent.trim())
        .map(t => [t.textContent, getComputedStyle(t).fill])"""
    )
    background = luminance(page.evaluate("getComputedStyle(document.querySelector('.lc-root')).backgroundColor"))
    assert any("validation" in text for text, _ in words)
    for text, colour in words:
        low, high = sorted((luminance(colour), background))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (text, colour)
    rings = trace(page, "validation rings")
    assert len(rings["x"]) >= 4
    median = np.median([curve(60, seed)[2] for seed in range(3)], axis=0)
    assert rings["y"] == pytest.approx([median[x - 1] for x in rings["x"]], rel=1e-5)
    assert any(text.startswith("○ validation") for text, _ in words)


def test_the_drawing_grows_with_the_window(db, page_url, new_page):
    page = opened(new_page, page_url, finish(db, new_run(db), [curve(60)]), live=0)
    heights = []
    for height in (720, 1080):
        page.set_viewport_size({"width": 1280, "height": height})
        page.wait_for_function("h => document.querySelector('.lc-root').offsetHeight === h", arg=height - 190)
        heights.append(page.locator(".lc-plot .main-svg").first.bounding_box()["height"])
    page.wait_for_function("h => document.querySelector('.lc-plot .main-svg').clientHeight >= h + 350", arg=heights[0])
