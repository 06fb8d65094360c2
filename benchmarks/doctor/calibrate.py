"""Choosing the doctor's numbers from a bank: boosted trees, thresholds of their votes, and thresholds of the measures shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from benchmarks.doctor.bank import ACTIONS, Bank, with_less_context
from benchmarks.doctor.tables import origin
from tuning_core.diagnosis import VERDICTS

VERDICT = {"max_iter": 200, "learning_rate": 0.05, "max_leaf_nodes": 12, "max_features": 0.25, "l2_regularization": 5.0}
EFFECT = {"max_iter": 60, "learning_rate": 0.1, "max_leaf_nodes": 8, "max_features": 0.5, "l2_regularization": 5.0}
BOOSTING = {"early_stopping": False, "random_state": 0}
LESS = 0.1  # weight of a run of which less is known
PARTS = 5  # of the tables, each left out once to choose thresholds
SOMETHING = 0.05  # relative change of the held-out loss that counts, up or down
BOUNDS = (-0.3, 0.6)  # gains are clipped to this before they are learned: beyond it they are simply bad or good


# What each verdict may ask for, and in which direction alone it may count (+ more, - less, nothing: either). Few tables teach
# few facts: without these bounds the trees learn the tables by heart.
QUESTIONS = {
    "oscillating": """+swing +up_total +up_total_late +up_per_epoch +up_largest_late +up_share_late +total_variation
        train_end_vs_low running_vs_train val_swing val_up_late train_tripling train_end_vs_linear train_end_vs_dummy -l2
        -dropout adaptive updates learning_rate batch_size layers widest""",
    "overfitting": """+rise +rise_raw +rise_held +rising_share +since_best -best_at best_at_raw +train_fall_after_best
        +gap_end gap_best val_tripling val_last_quarter val_swing val_up_late swing val_error_rise val_end_vs_linear
        train_end_vs_dummy n_validation params_per_row learning_rate updates distance""",
    "too_slow": """+val_tripling val_tripling_before +train_tripling train_tripling_before +val_last_tenth +train_last_tenth
        +val_last_quarter +train_last_quarter +best_at best_at_raw -rise train_end_vs_linear val_low_vs_linear
        train_end_vs_dummy swing up_share layers widest adaptive distance updates gap_end""",
    "underfitting": """-layers -widest -n_params -params_per_row linear_vs_dummy -val_low_vs_dummy train_end_vs_linear
        n_features n_train classification -gap_end gap_best -rise val_tripling best_at -swing -l2 -dropout""",
    "over_regularised": "+l2 +dropout",  # of few runs yet: with more to ask for, the trees learn their tables by heart
    "healthy": """-l2 -dropout -rise best_at val_tripling -val_last_quarter train_last_quarter gap_end -swing -up_total
        train_end_vs_dummy val_low_vs_dummy val_low_vs_linear val_error_low_vs_linear linear_vs_dummy layers widest n_params
        n_train n_features classification learning_rate""",
}


def calibrate(bank: Bank) -> dict[str, Any]:
    """Everything that `tuning_core/diagnosis/calibration.json` holds, chosen on this bank alone."""
    plain = with_less_context(bank)
    everything = np.arange(len(bank.measures))
    trees: dict[str, dict] = {}
    for kind in QUESTIONS:
        trees[kind] = stored(fit_verdict(plain, kind), questions(kind, bank.measures)[0])
    for action in ACTIONS:
        known = tried(plain, action)
        trees[f"helps_{action}"] = stored(fit_effect(known, helps(known, action)), everything)
        trees[f"harms_{action}"] = stored(fit_effect(known, harms(known, action)), everything)
        trees[f"gain_{action}"] = stored(fit_gain(known, action), everything)
    return {
        "measures": list(bank.measures),
        "thresholds": {kind: threshold(bank, kind) for kind in QUESTIONS},
        "typical": {kind: _typical(bank, bank.labels[:, i]) for i, kind in enumerate(VERDICTS)},
        "trees": trees,
    }


def threshold(bank: Bank, kind: str) -> float:
    """The vote that best parts a verdict's runs on tables that the voting trees have not seen.

    Votes come from leaving out a fifth of the tables at a time; the balanced accuracy is smoothed over neighbouring thresholds.
    """
    part = np.unique([origin(table) for table in bank.table], return_inverse=True)[1] % PARTS
    target = bank.labels[:, VERDICTS.index(kind)]
    asked, _ = questions(kind, bank.measures)
    votes = np.full(len(target), np.nan)
    for number in range(PARTS):
        learn = np.flatnonzero(part != number)
        if not (target[learn] == 1).any() or not (target[learn] == 0).any():
            return 0.5
        model = fit_verdict(with_less_context(bank.only(learn)), kind)
        votes[part == number] = model.predict_proba(bank.x[part == number][:, asked])[:, 1]
    known = np.isfinite(target)
    cuts = np.linspace(0.05, 0.8, 76)
    scores = np.array([balanced(target[known] == 1, votes[known] >= cut) for cut in cuts])
    smooth = np.convolve(np.pad(scores, 4, "edge"), np.full(9, 1 / 9), "valid")
    return round(float(cuts[np.argmax(smooth)]), 3)


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
    full = np.isfinite(bank.x[:, bank.measures.index("n_train")])
    weight = np.where(full, 1.0, LESS) / counts[table]
    if target is not None:
        for side in (0, 1):
            weight[target == side] /= max(weight[target == side].sum(), 1e-12)
    return weight / weight.mean()


def fit_verdict(bank: Bank, kind: str) -> HistGradientBoostingClassifier:
    """Trees that vote on one verdict from the columns `questions` names; both classes weigh alike."""
    target = bank.labels[:, VERDICTS.index(kind)]
    known = np.isfinite(target)
    part, target = bank.only(known), target[known]
    asked, signs = questions(kind, bank.measures)
    model = HistGradientBoostingClassifier(**VERDICT, **BOOSTING, monotonic_cst=signs)
    return model.fit(part.x[:, asked], target == 1, sample_weight=weights(part, target))


def helps(bank: Bank, action: str) -> np.ndarray:
    """Whether a remedy gained something, and at least half of what the best one did."""
    gain, best = bank.gains[:, ACTIONS.index(action)], np.nanmax(bank.gains, axis=1)
    return (best >= SOMETHING) & (gain >= 0.5 * best)


def harms(bank: Bank, action: str) -> np.ndarray:
    return bank.gains[:, ACTIONS.index(action)] <= -SOMETHING


def fit_effect(bank: Bank, effect: np.ndarray) -> HistGradientBoostingClassifier:
    """Trees that say how likely an effect is, from all measures."""
    return HistGradientBoostingClassifier(**EFFECT, **BOOSTING).fit(bank.x, effect, sample_weight=weights(bank))


def tried(bank: Bank, action: str) -> Bank:
    """The runs in which a remedy was trained: of most there is nothing that could be regularised less."""
    return bank.only(np.isfinite(bank.gains[:, ACTIONS.index(action)]))


def fit_gain(bank: Bank, action: str) -> HistGradientBoostingRegressor:
    """Trees that expect the gain of one remedy, from all measures."""
    gain = np.clip(bank.gains[:, ACTIONS.index(action)], *BOUNDS)
    return HistGradientBoostingRegressor(**EFFECT, **BOOSTING).fit(bank.x, gain, sample_weight=weights(bank))


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
        seen = np.isfinite(values)
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


def stored(model: Any, columns: np.ndarray) -> dict[str, Any]:
    """A fitted model as plain numbers: nodes in preorder, so that a left child is simply the next node.

    scikit-learn shows the trees of its histogram boosting nowhere in public; a test compares the stored with what it predicts.
    """
    grown = [tree.nodes for (tree,) in model._predictors]
    start = float(np.ravel(model._baseline_prediction)[0])
    return {"start": round(start, 4), "trees": [_tree(nodes, columns, model.learning_rate) for nodes in grown]}


def _tree(nodes: np.ndarray, columns: np.ndarray, rate: float) -> dict[str, list]:
    tree: dict[str, list] = {"feature": [], "threshold": [], "unknown_left": [], "right": [], "value": []}

    def visit(number: int) -> int:
        here, node = len(tree["feature"]), nodes[number]
        leaf = bool(node["is_leaf"])
        tree["feature"].append(-1 if leaf else int(columns[node["feature_idx"]]))
        tree["threshold"].append(0.0 if leaf else float(f"{node['num_threshold']:.5g}"))
        tree["unknown_left"].append(0 if leaf else int(node["missing_go_to_left"]))
        value = float(node["value"]) * (1.0 if leaf else rate)  # leaves come with the rate in them
        tree["value"].append(round(value, 4))
        tree["right"].append(0)
        if not leaf:
            visit(int(node["left"]))
            tree["right"][here] = visit(int(node["right"]))
        return here

    visit(0)
    return tree
