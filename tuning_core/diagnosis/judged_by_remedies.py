"""What is true of a run: labels from what each remedy, trained with three seeds, did on held-out rows. Never from a rule.

All gains are relative: 0.1 is a held-out loss 10 % lower. A label is None where the truth is ambiguous; it is not scored.
"""

from __future__ import annotations

from typing import Any

import numpy as np

TRAIN, TEST = 0, 1
LAST = 5  # epochs whose median is the end of a curve, so that one lucky epoch decides nothing
LESS = ("less_l2", "less_dropout")
HARM = -1.0  # gain of a training that broke off


def judge(curves: np.ndarray, remedies: dict[str, np.ndarray | None], dummy_loss: float) -> dict[str, Any]:
    """Labels and gains of one run.

    Parameters
    ----------
    curves : shape (5, epochs) in the order of `SERIES`: what the doctor will see.
    remedies : training and held-out losses, shape (seeds, 2, epochs), by name: "epochs3" (whose first third is the run
        itself), "lr3", "lr5" and "lr10" (twice the epochs), "deep", "wide", "less_l2" and "less_dropout" (three times the
        epochs); None where it was not trained.
    dummy_loss : the constant predictor's.
    """
    epochs = curves.shape[1]
    longer = remedies["epochs3"]
    assert longer is not None
    own = longer[:, :, :epochs]
    truth = _truth(curves, own, remedies, dummy_loss)
    gains = {
        "early_stop": truth["early_stop"],
        "lower_lr": max(truth[name] for name in ("gain_lr5", "gain_lr10", "gain_lr5_2x", "gain_lr10_2x")),
        "raise_lr": truth["gain_lr3"],
        "more_epochs": truth["gain_epochs3"],
        "more_capacity": max(truth["gain_deep"], truth["gain_wide"]),
    }
    labels = _labels(truth, gains)
    less = {name: truth.get(f"gain_{name}") for name in LESS}
    stored = {k: None if v is None else round(v, 5) for k, v in (gains | less).items()}
    return {"labels": labels, "gains": stored, "truth": truth}


def _truth(curves: np.ndarray, own: np.ndarray, remedies: dict, dummy_loss: float) -> dict[str, float]:
    epochs = own.shape[2]
    best = _best(own)
    truth: dict[str, float] = {"gain_" + name: _gain(best, values) for name, values in remedies.items() if name not in LESS}
    for name in LESS:
        if (values := remedies.get(name)) is not None:
            truth[f"gain_{name}"] = _gain(best, values[:, :, :epochs])
            truth[f"gain_{name}_3x"] = _gain(_best(remedies["epochs3"]), values)
    for name in ("lr5", "lr10"):
        truth[f"gain_{name}_2x"] = truth[f"gain_{name}"]
        truth[f"gain_{name}"] = _gain(best, remedies[name][:, :, :epochs])
    ends = _ends(own[:, TRAIN])
    low = {f"{name}_{n}": _ends(remedies[name][:, TRAIN, : n * epochs]) for name in ("lr5", "lr10") for n in (1, 2)}
    finite = np.isfinite(ends).all()
    truth["train_end"] = float(ends[0])  # of the seed that the doctor sees
    truth["bad_seeds"] = float(np.mean(~(ends < 1.5 * dummy_loss)))
    truth["repaired"] = float(np.median(low["lr10_2"]) < 1.2 * dummy_loss)
    truth["low_train_gain"] = max(_relative(np.mean(ends), np.mean(v)) for v in low.values()) if finite else 1.0
    own_ups = np.mean([_ups(c, dummy_loss) for c in own[:, TRAIN]])
    low_ups = min(np.mean([_ups(c, dummy_loss) for c in remedies[name][:, TRAIN, :epochs]]) for name in ("lr5", "lr10"))
    truth["ups"] = float(own_ups)
    truth["ups_ratio"] = float(low_ups / own_ups) if own_ups > 0 and np.isfinite(low_ups) else 1.0
    truth |= _overfit(curves[2], own)
    return {name: float(f"{value:.4g}") for name, value in truth.items()}


def _overfit(val: np.ndarray, own: np.ndarray) -> dict[str, float]:
    """The rise of the held-out loss after the epoch that validation would keep, for the seed that the doctor sees."""
    if not np.isfinite(own[0]).all():
        return {"rise": 0.0, "early_stop": 1.0, "train_fall": 0.0, "best_epoch": 0}
    b = int(np.argmin(val))
    if len(val) - b <= LAST:  # the best epoch is part of the end: nothing came after it
        return {"rise": 0.0, "rise_seeds": 0.0, "early_stop": 0.0, "train_fall": 0.0, "best_epoch": b + 1}
    rises = _ends(own[:, TEST]) / own[:, TEST, b] - 1
    rise = float(rises[0])
    return {
        "rise": rise,
        "rise_seeds": float(np.mean(rises)) if np.isfinite(rises).all() else 0.0,
        "early_stop": rise / (1 + rise),
        "train_fall": float(1 - _ends(own[:1, TRAIN])[0] / own[0, TRAIN, b]),
        "best_epoch": b + 1,
    }


def _labels(t: dict[str, float], gains: dict[str, float]) -> dict[str, bool | None]:
    high = t["bad_seeds"]
    diverged = None if 0 < high < 1 or (high == 1 and not t["repaired"]) else high == 1
    swings = t["low_train_gain"] >= 0.2 and t["ups_ratio"] <= 0.6 and t["ups"] > 0.1
    still = t["low_train_gain"] <= 0 or t["ups"] < 0.1
    oscillating = True if swings else False if still else None
    rises = t["rise"] >= 0.05 and t.get("rise_seeds", 0) >= 0.03
    flat = t["rise"] < 0.01
    overfitting = True if rises and t["train_fall"] > 0.02 else False if flat else None
    slow = min(t["gain_epochs3"], t["gain_lr3"])
    too_slow = True if slow >= 0.05 else False if slow < 0.03 else None
    small = gains["more_capacity"]
    settled = t["gain_epochs3"] < 0.01 and t["gain_lr3"] < 0.02 and not oscillating
    underfitting = False if small < 0.05 else True if small >= 0.08 and settled and not overfitting else None
    others = max(gains["lower_lr"], gains["raise_lr"], gains["more_epochs"], small)
    sick = oscillating or overfitting or others > 0.035
    over = _over_regularised(t)
    less = max((t.get(f"gain_{name}", 0.0) for name in LESS), default=0.0)
    underfitting = None if underfitting and over is not False and less > 0.02 else underfitting
    healthy = False if sick or less > 0.035 else True if max(others, less) <= 0.02 and flat else None
    labels = {
        "diverged": diverged,
        "oscillating": oscillating,
        "too_slow": too_slow,
        "underfitting": underfitting,
        "overfitting": overfitting,
        "over_regularised": over,
        "healthy": healthy,
    }
    if diverged is False:
        return labels
    # what diverges has nothing else; where that is open, so is whether it swings, overfits or is well
    open_then = {"diverged", "oscillating"} if diverged else {"diverged", "oscillating", "overfitting", "healthy"}
    if diverged is None or over is None:
        open_then |= {"over_regularised"}
    return {kind: truth if kind == "diverged" else None if kind in open_then else False for kind, truth in labels.items()}


def _over_regularised(t: dict[str, float]) -> bool | None:
    """Less of what restrains gains 8 % or more, in as many epochs and once both are given three times as many.

    None where it is open, and where nothing restrains: then it is no question.
    """
    known = [(t[f"gain_{name}"], t[f"gain_{name}_3x"]) for name in LESS if f"gain_{name}" in t]
    if not known:
        return None
    surely = max(min(now, later) for now, later in known)
    perhaps = max(max(now, later) for now, later in known)
    return True if surely >= 0.08 else False if perhaps < 0.05 else None


# ---- curves -------------------------------------------------------------------------------------------------------------


def _best(values: np.ndarray) -> float:
    """Lowest held-out loss, mean over seeds; inf when a seed never had one."""
    lows = []
    for test in values[:, TEST]:
        reached = test[: int(np.argmin(np.isfinite(test)))] if not np.isfinite(test).all() else test
        lows.append(reached.min() if len(reached) else np.inf)
    return float(np.mean(lows))


def _gain(best: float, values: np.ndarray | None) -> float:
    if values is None:
        return HARM
    new = _best(values)
    if not np.isfinite(new):
        return HARM
    return 1.0 if not np.isfinite(best) else _relative(best, new)


def _relative(old: float, new: float) -> float:
    return float(1 - new / old) if np.isfinite(new) and old > 0 else HARM


def _ends(losses: np.ndarray) -> np.ndarray:
    """Median of the last losses of each seed, shape (seeds,)."""
    return np.median(losses[:, -LAST:], axis=1)


def _ups(train: np.ndarray, dummy_loss: float) -> float:
    """All up-moves after the first third, over the constant predictor's loss."""
    if not np.isfinite(train).all():
        return np.inf
    return float(np.maximum(np.diff(train[len(train) // 3 :]), 0).sum() / dummy_loss)
