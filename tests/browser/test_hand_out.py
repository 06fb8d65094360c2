"""The page to hand out, opened from disk: sliders by keyboard, the question before the answer, no request at all."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

import tuning_core as tc
from tuning_core.experiment import Run, Trial

pytestmark = [pytest.mark.browser]

STEPS_IN_A_FRAME = """() => {
    const [later, slider] = [window.requestAnimationFrame, document.querySelector("#axis0")];
    let frames = 0;
    window.requestAnimationFrame = (draw) => (frames += 1, later.call(window, draw));
    ["0", "1", "2"].forEach((place) => { slider.value = place; slider.dispatchEvent(new Event("input")); });
    window.requestAnimationFrame = later;
    return frames;
}"""


def test_it_walks_through_runs_without_a_server(chromium, tmp_path):
    page = chromium.new_context().new_page()
    trials = []
    for number, rate in enumerate((0.001, 0.01, 0.1)):
        curve = 1.0 + 9.0 * np.exp(-100 * rate * np.arange(60))
        history = tc.History.from_arrays(*[curve] * 5, {"loss_name": "mse", "dummy_loss": 10.0})
        trials.append(Trial(number, tc.Hyperparameters(learning_rate=rate, epochs=60), 0, history, "finished", best_epoch=60))
    path = tmp_path / "page.html"
    path.write_text(tc.export_page(Run(tuple(trials)), title="Three rates"), encoding="utf-8")
    asked, problems = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    page.goto(path.as_uri())
    summary = page.locator("#summary")
    expect(summary).to_contain_text("learning rate 0.001")
    page.locator("#axis0").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(summary).to_contain_text("learning rate 0.1")
    expect(page.locator("path.validation")).to_have_count(1)
    assert page.evaluate(STEPS_IN_A_FRAME) == 1
    expect(summary).to_contain_text("learning rate 0.1")
    expect(page.locator("path.validation")).to_have_count(1)
    page.get_by_label("Ask me first").check()
    expect(page.locator("#verdict")).to_be_hidden()
    page.get_by_role("button", name="Diverged").click()
    expect(page.locator("#feedback")).to_contain_text("You said Diverged")
    expect(page.locator("#verdict")).to_be_visible()
    assert problems == [] and asked == [path.as_uri()]
    page.context.close()
