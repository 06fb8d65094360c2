"""Items on one run: name it, point at the epoch, predict a change, choose the cure. None where the run is no clear case."""

from __future__ import annotations

import hashlib

import numpy as np

from tuning_core.charts.style import number
from tuning_core.diagnosis import VERDICTS
from tuning_core.diagnosis.wording import TITLES
from tuning_core.lessons.quiz import QuizItem, QuizPanel, epoch_score
from tuning_core.lessons.quiz_words import change_words, compared, moved, verdict_reason
from tuning_core.lessons.tried_run import TriedRun

APART = 0.15  # mean difference of logarithms from which two curves look different
SEEN = 3  # epochs that have to be numbers: a curve that never was is none to read
ALIKE = 0.04  # ... to which they look alike
CLEAR = 0.8  # what the second best cure may gain, as a share of the best
FORESEEN = ("lr3", "lr5", "lr10", "less_l2")  # changes whose outcome the curve itself foretells
WORTH_IT = 0.08  # what a cure has to gain


def verdict_item(run: TriedRun, question: str = "What is it?", misconception: str = "") -> QuizItem | None:
    """Name it; verdicts that its remedies left open are no options."""
    decided = [kind for kind in VERDICTS if run.labels.get(kind) is not None]
    if not run.verdict or len(decided) < 4 or not np.isfinite(run.history.train_loss[:SEEN]).all():
        return None
    reasons = {TITLES[kind]: verdict_reason(kind, run) for kind in decided}
    return _item("verdict", run, question, reasons, TITLES[run.verdict], misconception=misconception)


def point_item(run: TriedRun) -> QuizItem | None:
    """The epoch of the lowest loss on unseen rows, among epochs that look right."""
    unseen, train = run.unseen, run.history.train_loss
    if not (np.isfinite(unseen).all() and np.isfinite(train).all()):
        return None
    best = int(np.argmin(unseen)) + 1
    epochs = {
        best: "the lowest",
        run.best_epoch: "where the validation loss is lowest",
        run.epochs: "the last one",
        int(np.argmin(train)) + 1: "where the training loss is lowest",
        _settles(train): "where the training loss has made nine tenths of its way",
    }
    reasons, worth = {}, {}
    for epoch, words in sorted(epochs.items()):
        score = 1.0 if epoch == best else epoch_score(unseen, epoch)
        if epoch != best and score > 0.9:
            continue
        value, option = number(unseen[epoch - 1]), f"epoch {epoch}"
        lies = "the lowest of all" if epoch == best else compared(1 - unseen[epoch - 1] / unseen[best - 1], f"at epoch {best}")
        reasons[option] = f"Epoch {epoch}, {words}: on {run.unseen_words} the loss is {value}, {lies}."
        worth[option] = score
    if len(reasons) < 3:
        return None
    question = f"In which epoch is the loss on {run.unseen_words} lowest?"
    return _item("point", run, question, reasons, f"epoch {best}", worth=worth)


def predict_item(run: TriedRun) -> QuizItem | None:
    """Which of four real curves is the same run with one change? The others are the run with other changes."""
    n = run.epochs
    ways = {name: tuple(values[:n] for values in pair) for name, pair in run.ways.items()}
    possible = FORESEEN if run.hyperparameters.hidden_units else (*FORESEEN, "deep", "wide")
    asked = sorted((name for name in ways if name in possible), key=lambda name: _hash(run.id, name))
    for true in asked:
        if curves_apart(ways[true], ways["base"]) < APART:
            continue
        others: list[str] = []
        for name in sorted(ways, key=lambda name: (name == "base", name not in FORESEEN, curves_apart(ways[name], ways[true]))):
            alike = any(curves_apart(ways[name], ways[other]) < ALIKE for other in others)
            if name != true and not alike and curves_apart(ways[name], ways[true]) >= APART:
                others.append(name)
        if len(others) >= 3:
            break
    else:
        return None
    four = sorted([true, *others[:3]], key=lambda name: _hash(run.id, name, "order"))
    own = number(_end(run.history.val_loss))
    reasons = {}
    for letter, name in zip("ABCD", four, strict=True):
        last = _end(ways[name][1])
        ends = f"validation ends at {number(last)}" if np.isfinite(last) else "its validation loss is no number at the end"
        if name == true:
            reasons[letter] = (
                f"This is the run with {change_words(name, run.hyperparameters)}: {ends}, before the change at {own}."
            )
        elif name == "base":
            reasons[letter] = f"This is the run as it was, without any change: {ends}."
        else:
            reasons[letter] = f"This is another change, {change_words(name, run.hyperparameters)}: {ends}."
    panels = tuple(QuizPanel(letter, (ways[name],)) for letter, name in zip("ABCD", four, strict=True))  # type: ignore[arg-type]
    question = f"It is trained again with {change_words(true, run.hyperparameters)}; all else stays. Which curve comes?"
    return _item("predict", run, question, reasons, "ABCD"[four.index(true)], panels=panels)


def cure_item(run: TriedRun) -> QuizItem | None:
    """Which change ends lowest on unseen rows? Each is worth its share of the best gain."""
    gains = dict(run.end_gains)
    for pair in (("lr5", "lr10"), ("deep", "wide")):
        worse = min((name for name in pair if name in gains), key=lambda name: gains[name], default=None)
        if worse is not None and sum(name in gains for name in pair) == 2:
            del gains[worse]
    best, second, *_ = sorted(gains, key=lambda name: -gains[name])
    if gains[best] < WORTH_IT or gains[second] > CLEAR * gains[best]:
        return None
    options = {
        name: _capital(change_words(name, run.hyperparameters)) for name in sorted(gains, key=lambda name: _hash(run.id, name))
    }
    reasons = {
        option: f"The loss on {run.unseen_words} at the end, mean of three seeds: {moved(gains[name])}."
        for name, option in options.items()
    }
    worth = {option: float(np.clip(gains[name] / gains[best], 0.0, 1.0)) for name, option in options.items()}
    question = f"Which change makes the loss on {run.unseen_words} end lowest?"
    return _item("cure", run, question, reasons, options[best], worth=worth)


def _item(
    kind: str,
    run: TriedRun,
    question: str,
    reasons: dict[str, str],
    answer: str,
    *,
    worth: dict[str, float] | None = None,
    panels: tuple[QuizPanel, ...] = (),
    misconception: str = "",
) -> QuizItem:
    return QuizItem(
        id=f"{kind}-{run.id}",
        kind=kind,
        table=run.table,
        question=question,
        history=run.history,
        options=tuple(reasons),
        answer=answer,
        explanations=reasons,
        worth=worth or {option: float(option == answer) for option in reasons},
        verdict=run.verdict if kind == "verdict" else "",
        misconception=misconception,
        unseen=run.unseen,
        panels=panels,
        unseen_words=run.unseen_words,
    )


def _settles(train: np.ndarray) -> int:
    """The first epoch at which the training loss has fallen by nine tenths of its whole fall."""
    goal = train[0] - 0.9 * (train[0] - train.min())
    return int(np.argmax(train <= goal)) + 1


def curves_apart(one: tuple[np.ndarray, ...], other: tuple[np.ndarray, ...]) -> float:
    """Mean difference of the logarithms of two pairs of curves; what is not a number counts as 1,000,000."""
    with np.errstate(divide="ignore"):
        logs = [np.log(np.clip(np.nan_to_num(np.stack(pair), nan=1e6, posinf=1e6), 1e-9, 1e6)) for pair in (one, other)]
    return float(np.mean(np.abs(logs[0] - logs[1])))


def _end(values: np.ndarray) -> float:
    return float(np.median(values[-5:]))


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _hash(*words: str) -> bytes:
    """For an order that looks random and stays."""
    return hashlib.sha256(" ".join(words).encode()).digest()
