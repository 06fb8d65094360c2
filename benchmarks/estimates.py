"""What the Search page promises before a search, against what the search then takes; compiling and all processes included.

    python -m benchmarks estimates

A new engine with its workers knows nothing of this machine but its probe; every search is estimated just before it is launched.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import tuning_core as tc
from tests.support.datasets import SETUP
from tests.support.engine import LiveEngine
from tests.support.waiting import wait_for
from tuning_core.store import questions

HP = tc.Hyperparameters(hidden_units=(64,), epochs=100, batch_size=16)
RATES = tc.loguniform(1e-4, 1e-1)
SEARCHES: dict[str, tuple[tc.SearchSpace, tc.CrossValidation | None]] = {
    "the lesson's grid, 5 folds": (tc.grid(base=HP, batch_size=[10, 40], epochs=[10, 50]), tc.CrossValidation(5)),
    "128 learning rates": (tc.random(base=HP, n_iter=128, learning_rate=RATES), None),
    "256 settings, 16 batch sizes, 3 activations": (
        tc.random(base=HP, n_iter=256, learning_rate=RATES, batch_size=tc.randint(8, 64), activation=["relu", "tanh", "elu"]),
        None,
    ),
    "40 networks of two layers, 5 folds": (
        tc.random(base=HP, n_iter=40, layers=[2], units=[32, 64, 128], learning_rate=RATES),
        tc.CrossValidation(5),
    ),
    "halving, 81 settings, 300 epochs": (tc.halving(base=HP.replace(epochs=300), n_iter=81, learning_rate=RATES), None),
    "Bayesian, 48 settings": (tc.bayesian(base=HP, n_iter=48, learning_rate=RATES, batch_size=[16, 32]), None),
    "64 settings with early stopping": (
        tc.random(base=HP.replace(epochs=500, early_stopping=tc.EarlyStopping(patience=20)), n_iter=64, learning_rate=RATES),
        None,
    ),
}


def main() -> str:
    rows = ["### Estimates of a search", "", "| search | estimated | measured | estimated / measured |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as home:
        engine = LiveEngine(Path(home)).ready()
        try:
            for name, (space, cv) in SEARCHES.items():
                expected, measured = _one(engine, space, cv)
                rows.append(f"| {name} | {expected:.1f} s | {measured:.1f} s | **{expected / measured:.2f}** |")
        finally:
            engine.end()
    return "\n".join(rows) + "\n"


def _one(engine: LiveEngine, space: tc.SearchSpace, cv: tc.CrossValidation | None) -> tuple[float, float]:
    """Estimated and measured seconds; fails when the search does not finish."""
    spec = {"space": space.to_json(), "cv": cv.to_json() if cv else None, "seeds": [0]}
    identity = questions.ask(engine.db, "estimate", {"dataset_id": "insurance", "setup": SETUP, **spec})
    question = wait_for(lambda: (q := questions.get_question(engine.db, identity)) and not q.is_open and q)
    began = time.perf_counter()
    run = engine.wait_ended(engine.search(space, cv), 600)
    if run.status != "finished" or question.answer is None:
        raise SystemExit(f"{space.strategy}: {run.status} {run.error} {question.error}")
    return question.answer["seconds"], time.perf_counter() - began


if __name__ == "__main__":
    print(main())
