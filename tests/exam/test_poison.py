"""Poisoned test rows: nothing that is shown, trained, chosen or written before the exam depends on them.

Two files are alike but for the rows that the split sets aside: their cells and their target differ. Whatever the project does
with them before the exam must come out the same.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc
from tuning_core.charts.sparkline import sparkline_svg
from tuning_core.data.dataset.tree_baseline import tree_scores
from tuning_core.search_analysis.winners_curse import winners_curse

HP = tc.Hyperparameters(epochs=8, hidden_units=(8,), batch_size=32, early_stopping=tc.EarlyStopping(patience=3))
SPLIT = tc.Split(method="random", seed=3)


def table_of(task: str, poisoned: bool) -> tc.Table:
    random = np.random.default_rng(0)
    n = 240
    frame = pd.DataFrame({"a": random.normal(size=n), "b": random.normal(size=n), "c": random.choice(["x", "y", "z"], n)})
    score = frame["a"] - frame["b"] + (frame["c"] == "x") + random.normal(0, 0.3, n)
    frame["y"] = score if task == "regression" else np.where(score > 0, "up", "down")
    if poisoned:
        rows = tc.Dataset(tc.Table.from_frame(frame), "y", split=SPLIT).rows.test
        frame.loc[rows, ["a", "b"]] = 1e6
        frame.loc[rows, "c"] = "only here"
        frame.loc[rows, "y"] = 1e9 if task == "regression" else frame.loc[rows, "y"].to_numpy()[::-1]
    return tc.Table.from_frame(frame)


def everything_before_the_exam(dataset: tc.Dataset) -> dict[str, object]:
    run = tc.train(dataset, HP, seeds=(0, 1))
    found = tc.search(dataset, tc.grid(base=HP, learning_rate=[0.1, 0.01]), cv=3)
    bayes = tc.search(dataset, tc.bayesian(base=HP, n_iter=3, learning_rate=tc.loguniform(1e-3, 1e-1)))
    trial = run.best_trial
    summary = dataset.summary()
    for name in ("fingerprint", "vault"):
        del summary[name]  # they name the file, test rows and all
    return {
        "summary": summary,
        "trees": tree_scores(dataset),
        "preparation": dataset.prepare().to_json(),
        "curves": [t.history.to_json() for t in run.trials],
        "weights": [w.tolist() for w in trial.weights],
        "best": (trial.number, trial.best_epoch),
        "settings": [(s.values, s.scores.tolist()) for s in found.ranking],
        "final": found.best_trial.history.to_json(),
        "bayesian": [(dict(s.values), s.scores.tolist()) for s in bayes.settings],
        "curse": str(winners_curse(found.row_losses)),
        "findings": [str(f) for f in tc.diagnose(trial.history)],
        "picture": sparkline_svg(trial.history.train_loss, trial.history.val_loss),
    }


@pytest.mark.parametrize("task", ["regression", "classification"])
def test_poisoned_test_rows_reach_nothing_before_the_exam_and_the_exam_at_once(task):
    clean, poisoned = (tc.Dataset(table_of(task, bad), "y", split=SPLIT) for bad in (False, True))
    assert not clean.frame.equals(poisoned.frame)
    np.testing.assert_array_equal(clean.rows.test, poisoned.rows.test)
    before, after = everything_before_the_exam(clean), everything_before_the_exam(poisoned)
    for what, value in before.items():
        assert json.dumps(value, default=str) == json.dumps(after[what], default=str), what
    trials = [tc.train(dataset, HP).best_trial for dataset in (clean, poisoned)]
    good, bad = (tc.final_exam(trial) for trial in trials)
    assert good.scores != bad.scores  # the poison is real
