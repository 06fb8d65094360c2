"""Choosing the doctor's numbers from a bank: forests, and thresholds of the measures shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

from benchmarks.doctor.bank import ACTIONS, Bank, with_less_context
from tuning_core.diagnosis import VERDICTS
from tuning_core.diagnosis.model import UNKNOWN

TREES, LEAVES, LEAF_ROWS, ASKED = 60, 60, 3, 0.5
LESS = 0.1  # weight of a run of which less is known
# Both classes weigh alike where the trees grow, so that even votes part them where recall and false alarms are balanced. A
# threshold chosen from the votes on half a bank was worse on the other half, by 0.02 of balanced accuracy.
EVEN = 0.5
SOMETHING = 0.05  # relative change of the held-out loss that counts, up or down
HARM_COSTS = 4.0  # in helpful remedies
BOUNDS = (-0.3, 0.6)  # gains are clipped to this before they are learned: beyond it they are simply bad or good


# What each verdict may ask for, and in which direction alone it may count (+ more, - less, nothing: either). Few tables teach
# few facts: without these bounds the trees learn the tables by heart.
QUESTIONS = {
    "oscillating": """+swing +up_total +up_total_late +up_per_epoch +up_largest_late +up_share_late +total_variation
        train_end_vs_low running_vs_train val_swing adaptive train_tripling updates""",
    "overfitting": """+rise +rise_raw +rise_held +rising_share +since_best -best_at best_at_raw +train_fall_after_best
        +gap_end gap_best val_tripling val_last_quarter val_swing swing n_validation params_per_row val_error_rise
        train_end_vs_dummy""",
    "too_slow": """+val_tripling val_tripling_before +train_tripling train_tripling_before +val_last_tenth
        +train_last_tenth +val_last_quarter +train_last_quarter +best_at best_at_raw -rise train_end_vs_linear
        val_low_vs_linear train_end_vs_dummy swing up_share layers widest adaptive distance updates gap_end""",
    "underfitting": """-layers -widest -n_params -params_per_row linear_vs_dummy -val_low_vs_dummy n_features n_train
        -gap_end -rise val_tripling best_at -swing""",
    "healthy": """-rise best_at val_tripling -val_last_quarter gap_end -swing -up_total train_end_vs_dummy layers widest
        params_per_row n_params n_train n_features train_fall_after_best linear_vs_dummy val_low_vs_dummy""",
}


def calibrate(bank: Bank) -> dict[str, Any]:
    """Everything that `tuning_core/diagnosis/calibration.json` holds, chosen on this bank alone."""
    plain = with_less_context(bank)
    forests: dict[str, list[dict]] = {}
    for kind in QUESTIONS:
        asked, _ = questions(kind, bank.measures)
        forests[kind] = stored_trees(fit_verdict(plain, kind), asked, positive=True)
    everything = np.arange(len(bank.measures))
    for action in ACTIONS:
        forests[f"gain_{action}"] = stored_trees(fit_gain(plain, action), everything, positive=False)
        forests[f"worth_{action}"] = stored_trees(fit_worth(plain, action), everything, positive=False)
    return {
        "measures": list(bank.measures),
        "thresholds": dict.fromkeys(QUESTIONS, EVEN),
        "typical": {kind: _typical(bank, bank.labels[:, i]) for i, kind in enumerate(VERDICTS)},
        "forests": forests,
    }


def questions(kind: str, measures: tuple[str, ...]) -> tuple[np.ndarray, list[int]]:
    """Columns of the measures that a verdict may ask for, and the sign of each (0 is either direction)."""
    words = QUESTIONS[kind].split()
    signs = [{"+": 1, "-": -1}.get(word[0], 0) for word in words]
    return np.array([measures.index(word.lstrip("+-")) for word in words]), signs


def write(values: dict[str, Any], path: Path) -> None:
    """One line per tree: small, and readable in a diff."""
    text = json.dumps(values, separators=(",", ":"))
    path.write_text(text.replace('{"feature"', '\n{"feature"') + "\n")


def weights(bank: Bank, target: np.ndarray | None = None) -> np.ndarray:
    """Every table counts alike, and within it every run; the copies with less context count a tenth; classes balanced."""
    _, table, counts = np.unique(bank.table, return_inverse=True, return_counts=True)
    weight = 1.0 / counts[table]
    full = bank.x[:, bank.measures.index("n_train")] > UNKNOWN
    weight = np.where(full, weight, LESS * weight)
    if target is not None:
        for side in (0, 1):
            weight[target == side] /= max(weight[target == side].sum(), 1e-12)
    return weight


def fit_verdict(bank: Bank, kind: str) -> ExtraTreesClassifier:
    """A forest that votes on one verdict from the columns `questions` names."""
    target = bank.labels[:, VERDICTS.index(kind)]
    known = np.isfinite(target)
    part, target = bank.only(known), target[known]
    asked, signs = questions(kind, bank.measures)
    model = ExtraTreesClassifier(
        TREES, max_leaf_nodes=LEAVES, min_samples_leaf=LEAF_ROWS, max_features=ASKED, monotonic_cst=signs, random_state=0
    )
    return model.fit(part.x[:, asked], target, sample_weight=weights(part, target) * len(target))


def fit_gain(bank: Bank, action: str) -> ExtraTreesRegressor:
    """A forest that expects the gain of one remedy, from all measures."""
    return _fit_number(bank, np.clip(bank.gains[:, ACTIONS.index(action)], *BOUNDS), TREES // 3)


def fit_worth(bank: Bank, action: str) -> ExtraTreesRegressor:
    """A forest that expects what choosing one remedy first is worth: 1 where it gained half of what the best one did (and that
    was something), less `HARM_COSTS` where it harmed."""
    gain, best = bank.gains[:, ACTIONS.index(action)], bank.gains.max(axis=1)
    helps = (best >= SOMETHING) & (gain >= 0.5 * best)
    return _fit_number(bank, helps - HARM_COSTS * (gain <= -SOMETHING), TREES)


def _fit_number(bank: Bank, target: np.ndarray, trees: int) -> ExtraTreesRegressor:
    model = ExtraTreesRegressor(trees, max_leaf_nodes=LEAVES, min_samples_leaf=LEAF_ROWS, max_features=ASKED, random_state=0)
    return model.fit(bank.x, target, sample_weight=weights(bank) * len(target))


def balanced(truth: np.ndarray, said: np.ndarray) -> float:
    """Mean of recall and specificity; NaN without both classes."""
    if truth.all() or not truth.any():
        return np.nan
    return float(0.5 * (said[truth].mean() + (~said[~truth]).mean()))


def _typical(bank: Bank, target: np.ndarray) -> dict[str, list]:
    """For every measure the value that alone separates best, and whether the sick lie above it; weak ones are left out."""
    known = np.isfinite(target)
    truth = target[known] == 1
    found: dict[str, list] = {}
    for i, name in enumerate(bank.measures):
        values = bank.x[known, i]
        seen = values > UNKNOWN
        if seen.mean() < 0.5:
            continue
        best = (0.6, 0.0, True)
        for cut in np.unique(np.quantile(values[seen], np.linspace(0.02, 0.98, 49))):
            score = balanced(truth[seen], values[seen] > cut)
            for above, this in ((True, score), (False, 1 - score)):
                if this > best[0]:
                    best = (this, float(cut), above)
        if best[0] > 0.6:
            found[name] = [float(f"{best[1]:.4g}"), best[2]]
    return found


def stored_trees(model: Any, columns: np.ndarray, *, positive: bool) -> list[dict]:
    """The trees of a fitted forest, nodes in preorder, so that a left child is simply the next node."""
    return [_tree(estimator.tree_, columns, positive) for estimator in model.estimators_]


def _tree(tree: Any, asked: np.ndarray, positive: bool) -> dict:
    columns: dict[str, list] = {"feature": [], "threshold": [], "right": [], "value": []}

    def visit(node: int) -> int:
        here = len(columns["feature"])
        leaf = tree.children_left[node] < 0
        value = tree.value[node][0]
        columns["feature"].append(-1 if leaf else int(asked[tree.feature[node]]))
        columns["threshold"].append(0.0 if leaf else float(f"{tree.threshold[node]:.4g}"))
        columns["value"].append(round(float(value[1] / value.sum() if positive else value[0]), 3))
        columns["right"].append(0)
        if not leaf:
            visit(tree.children_left[node])
            columns["right"][here] = visit(tree.children_right[node])
        return here

    visit(0)
    return columns
