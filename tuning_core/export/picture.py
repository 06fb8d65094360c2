"""Learning curves as SVG text with axes, for files that have no scripts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tuning_core.charts.style import colours, number
from tuning_core.experiment import Trial

WIDTH, HEIGHT = 800, 360
LEFT, RIGHT, TOP, BOTTOM = 80, 110, 16, 44


def curves_svg(trial: Trial, siblings: Sequence[Trial] = ()) -> str:
    """Training and validation loss by epoch; with siblings their range as a band; best epoch and constant baseline marked."""
    palette = colours(False)
    group = [t for t in (trial, *siblings) if len(t.history)]
    shown = [("train_loss", "training", palette.training), ("val_loss", "validation", palette.validation)]
    values = np.concatenate([getattr(t.history, name) for t in group for name, _, _ in shown])
    values = values[np.isfinite(values)]
    if not len(values):
        return "<p>No epoch was recorded.</p>"
    baseline = trial.history.context.get("dummy_loss")
    low, high = float(values.min()), float(np.quantile(values, 0.995))
    if baseline and low < baseline < 3 * high:
        high = max(high, float(baseline) * 1.03)
    longest = max(len(t.history) for t in group)

    def x(epoch: float) -> float:
        return LEFT + (epoch - 1) / max(1, longest - 1) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        share = (min(max(value, low), high) - low) / ((high - low) or 1.0)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    parts = _axes(x, y, low, high, longest)
    for name, label, colour in shown:
        parts += _series([getattr(t.history, name) for t in group], label, colour, x, y)
    if baseline and low <= baseline <= high:
        at = y(float(baseline))
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#888" stroke-dasharray="5 4"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 6}" y="{at + 4:.1f}" fill="#666">constant</text>')
    kept = trial.kept_epoch
    if kept and np.isfinite(trial.history.val_loss[kept - 1]):
        place = f'cx="{x(kept):.1f}" cy="{y(trial.history.val_loss[kept - 1]):.1f}"'
        parts.append(f'<circle {place} r="5" fill="{palette.best}"><title>epoch {kept}</title></circle>')
    body = "".join(parts)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Learning curves" font-size="13">{body}</svg>'


def _axes(x, y, low: float, high: float, longest: int) -> list[str]:
    parts = []
    for value in np.linspace(low, high, 5):
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#e4e7eb"/>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end" fill="#52606d">{number(float(value))}</text>'
        )
    for epoch in np.unique(np.linspace(1, longest, 6).round().astype(int)):
        parts.append(f'<text x="{x(epoch):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#52606d">{epoch}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    return [*parts, f'<text x="{middle:.0f}" y="{HEIGHT - 6}" text-anchor="middle" fill="#52606d">epoch</text>']


def _series(curves: Sequence[np.ndarray], label: str, colour: str, x, y) -> list[str]:
    parts = []
    if len(curves) > 1:
        shortest = min(map(len, curves))
        stacked = np.stack([curve[:shortest] for curve in curves])
        if np.isfinite(stacked).all():
            top = [f"{x(i + 1):.1f},{y(v):.1f}" for i, v in enumerate(stacked.max(axis=0))]
            bottom = [f"{x(i + 1):.1f},{y(v):.1f}" for i, v in enumerate(stacked.min(axis=0))]
            parts.append(f'<polygon points="{" ".join([*top, *reversed(bottom)])}" fill="{colour}" opacity="0.18"/>')
    own = [(i + 1, float(v)) for i, v in enumerate(curves[0]) if np.isfinite(v)]
    if not own:
        return parts
    points = " ".join(f"{x(epoch):.1f},{y(value):.1f}" for epoch, value in own)
    parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
    end = own[-1]
    return [*parts, f'<text x="{x(end[0]) + 6:.1f}" y="{y(end[1]) + 4:.1f}" fill="{colour}">{label}</text>']
