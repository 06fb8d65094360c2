"""Milliseconds of its own work that the page to hand out does for a frame while a slider walks, in headless Chromium.

    python -m benchmarks hand_out

A frame's work is its script with the layout that follows, by the page's own clock; painting is the browser's. 60 frames a second
leave 16.7 ms. The curves are made by a formula, as many and as long as a search gives.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

import tuning_core as tc
from tests.support.chromium import ARGUMENTS, executable
from tuning_core.experiment import Run, Trial

EPOCHS, STEPS = 400, 300
# learning rates, batch sizes, widths, seeds
PAGES = {"99 settings, 5 seeds": (11, (8, 32, 128), (8, 32, 64), 5), "320 settings, 1 seed": (40, (8, 16, 32, 64), (8, 32), 1)}
WALK = """async (steps) => {
  const [times, later, slider] = [[], window.requestAnimationFrame.bind(window), document.querySelector("#axis0")];
  window.requestAnimationFrame = (draw) => later((now) => {
    const began = performance.now();
    draw(now);
    document.querySelector("svg").getBBox(); // the layout
    times.push(performance.now() - began);
  });
  for (let step = 0; step < steps; step += 1) {
    slider.value = String(step % (Number(slider.max) + 1));
    slider.dispatchEvent(new Event("input"));
    await new Promise((next) => later(() => later(next)));
  }
  window.requestAnimationFrame = later;
  return times;
}"""


def page(rates: int, batches: tuple[int, ...], widths: tuple[int, ...], seeds: int) -> str:
    """HTML of so many settings."""
    random = np.random.default_rng(0)
    context = {"loss_name": "mse", "dummy_loss": 10.0, "linear_loss": 4.0, "n_train": 900, "n_validation": 200}
    trials = []
    for rate in np.geomspace(1e-5, 1, rates):
        for batch, width, seed in ((b, w, s) for b in batches for w in widths for s in range(seeds)):
            curve = 1 + 9 * np.exp(-300 * rate * np.arange(EPOCHS) / batch) + 0.1 * random.random(EPOCHS)
            history = tc.History.from_arrays(0.8 * curve, curve, curve, curve, curve, context)
            hp = tc.Hyperparameters(learning_rate=float(f"{rate:.3g}"), batch_size=batch, hidden_units=(width,), epochs=EPOCHS)
            trials.append(Trial(len(trials), hp, seed, history, "finished", best_epoch=EPOCHS))
    return tc.export_page(Run(tuple(trials)))


def main() -> str:
    """A Markdown table."""
    lines = ["### A page to hand out", "", "| page | MB | median ms | 95 % under, ms |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        for name, sizes in PAGES.items():
            path = Path(folder) / "page.html"
            path.write_text(page(*sizes), encoding="utf-8")
            view = browser.new_page(viewport={"width": 1280, "height": 720})
            view.goto(path.as_uri())
            view.evaluate(WALK, STEPS)  # warms up
            times = view.evaluate(WALK, STEPS)
            size, (half, most) = path.stat().st_size / 1e6, np.quantile(times, [0.5, 0.95])
            lines.append(f"| {name} | {size:.2f} | {half:.1f} | {most:.1f} |")
        browser.close()
    return "\n".join(lines) + "\n"
