"""Items on what is often misread: gaps, validation below training, losses that are no number, accuracies, kept epochs."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.doctor.quiz_many import LOOK
from benchmarks.doctor.quiz_reading import array, end, make_item
from tuning_core.charts.style import number, share
from tuning_core.diagnosis import stop_point
from tuning_core.experiment import EarlyStopping
from tuning_core.lessons.quiz import QuizItem, QuizPanel
from tuning_core.lessons.quiz_words import CHANGES, compared, moved
from tuning_core.lessons.quiz_writing import verdict_item
from tuning_core.lessons.tried_run import TriedRun

PATIENCE = 20


def any_gap_item(run: TriedRun, name: str) -> QuizItem | None:
    """Validation lies far above training, and nothing is wrong with the later epochs."""
    train = end(run.history.train_loss)
    gap = end(run.history.val_loss) / train - 1 if train > 0 else np.inf
    if run.labels["overfitting"] is not False or not 0.2 <= gap < 20:
        return None
    asked = f"The validation loss ends {moved(-gap)} than the training loss. What is it?"
    return verdict_item(run, asked, "any_gap")


def validation_below_item(stored: dict[str, Any], run: TriedRun, name: str) -> QuizItem | None:
    """The validation rows are easier: so they are for the constant predictor, too."""
    train, val, dummy = end(run.history.train_loss), end(run.history.val_loss), run.history.context["dummy_loss"]
    unseen = end(run.unseen)
    if not (val < 0.93 * train and unseen > train) or run.history.context["task"] != "regression" or dummy > 0.93:
        return None
    ends = f"Training ends at {number(train)}, validation at {number(val)}"
    answer = "These validation rows happen to be easier"
    reasons = {
        "A bug: nothing can be better on rows that were not trained on": f"{ends}. On other unseen rows the same model has "
        f"{number(unseen)}, above training as one expects: which rows fall into the validation set is luck.",
        answer: f"Always answering the average costs {number(dummy)} on them, 1 on the training rows. On other unseen rows the "
        f"model has {number(unseen)}.",
        "The model is better on new rows than on known ones": f"On other unseen rows it has {number(unseen)}, on its own "
        f"{number(train)}.",
        "Dropout": "This model has no dropout, and both curves are evaluated after the epoch, in the same way.",
    }
    asked = "The validation loss lies below the training loss. Why?"
    history = run.history
    return make_item("luck", stored, name, asked, history, reasons, answer, misconception="validation_below", unseen=run.unseen)


def not_a_number_item(stored: dict[str, Any], run: TriedRun, name: str) -> QuizItem | None:
    """A training that broke off, and what its remedies did."""
    train = run.history.train_loss
    repaired = float(np.mean([end(seed) for seed in run.held["lr10"]]))
    if run.verdict != "diverged" or np.isfinite(train).all() or not repaired < 1:
        return None
    first = int(np.argmin(np.isfinite(train))) + 1
    rate = run.hyperparameters.learning_rate
    calm = f"at {rate / 10:g} all three seeds train to the end"
    answer = f"A tenth of the learning rate: {rate / 10:g}"
    reasons = {
        "Another version of the library": f"The same program on the same rows: {calm}. At {rate:g} it did what it was told, and "
        f"the loss was no number from epoch {first} on.",
        "Filling gaps in the table": f"There are none: {calm} on the same rows.",
        answer: f"With {calm.removeprefix('at ')}; the loss on unseen rows ends at {number(repaired)}.",
        "Three times the epochs": "Weights that are no numbers stay so: all three seeds were trained three times as long, and "
        "none came back.",
    }
    if np.isfinite(run.held["base"][:, -1]).any():
        return None
    panels = (QuizPanel(f"at {rate / 10:g}", (run.ways["lr10"],)),)
    asked = f"The loss is NaN from epoch {first} on. What helps?"
    return make_item("cure", stored, name, asked, run.history, reasons, answer, misconception="not_a_number", panels=panels)


def accuracy_item(stored: dict[str, Any], run: TriedRun, name: str) -> QuizItem | None:
    """An accuracy that the commoner class has alone."""
    context, history = run.history.context, run.history
    if context["task"] != "classification" or context["dummy_metric"] < 0.72:
        return None
    reached, constant, cost = (
        float(history.val_metric[-1]),
        context["dummy_metric"],
        end(history.val_loss) / context["dummy_loss"],
    )
    if not (reached <= constant + 0.01 and cost > 0.93):
        return None
    answer = "Nothing that always naming the commoner class has not"
    reasons = {
        f"Much: {share(reached)} of its answers are right": f"So are {share(constant)} of the answers of one who always says "
        "the commoner class.",
        "Something: it is far above the 50 % of a coin": f"A coin is no yardstick here: {share(constant)} of these rows are of "
        "one class.",
        answer: f"Always the commoner class: {share(constant)}; the net: {share(reached)}. Its loss is {number(cost)} times that "
        "of the constant predictor.",
    }
    asked = f"This net tells two classes apart; its accuracy on validation rows is {share(reached)}. What has it learned?"
    return make_item("report", stored, name, asked, history, reasons, answer, misconception="accuracy")


def kept_item(stored: dict[str, Any], run: TriedRun, name: str) -> QuizItem | None:
    """EarlyStopping without restore_best_weights hands over the last epoch."""
    history = run.history
    if not np.isfinite(history.val_loss).all():
        return None
    stop = stop_point(history, EarlyStopping(patience=PATIENCE))
    if stop.stopped_epoch is None or stop.best_epoch is None:
        return None
    best, last = stop.best_epoch, stop.stopped_epoch
    at_best, at_last = float(run.unseen[best - 1]), float(run.unseen[last - 1])
    if at_last < 1.08 * at_best:
        return None
    val, fitted = history.val_loss, int(np.argmin(history.train_loss[:last])) + 1
    other = fitted not in (best, last)
    third = f"Those of epoch {fitted}, where the training loss was lowest" if other else f"A mean of the last {PATIENCE} epochs"
    answer = f"Those of epoch {last}, the last one trained"
    reasons = {
        f"Those of epoch {best}, the best one": f"EarlyStopping goes back only with restore_best_weights=True. Epoch {best} "
        f"would have {number(at_best)} on unseen rows; what was handed over has {number(at_last)}.",
        answer: f"Training waited {PATIENCE} epochs for a better loss and then just ended. On unseen rows: {number(at_last)}, "
        f"{compared(1 - at_last / at_best, f'at epoch {best}')}.",
        third: f"Nothing looks for those. The validation loss was {number(float(val[last - 1]))} when training ended, in epoch "
        f"{last}.",
    }
    asked = (
        f"fit ran with EarlyStopping(patience={PATIENCE}) and nothing else. It ended in epoch {last}. Which weights does the "
        "model have?"
    )
    return make_item("report", stored, name, asked, history, reasons, answer, misconception="kept_is_best", unseen=run.unseen)


def report_item(stored: dict[str, Any], run: TriedRun, name: str) -> QuizItem | None:
    """Best, last, training or a look: which number may be reported of the epoch that was kept?"""
    history, unseen = run.history, run.unseen
    if not (np.isfinite(history.val_loss).all() and np.isfinite(unseen).all()):
        return None
    best = run.best_epoch
    low, real, last = float(history.val_loss[best - 1]), float(unseen[best - 1]), float(history.val_loss[-1])
    if real < 1.05 * low or last < 1.03 * low:
        return None
    says = f"on unseen rows the kept model has {number(real)}"
    reasons = {
        f"{number(float(history.train_loss[best - 1]))}, the training loss there": f"The model knows those rows: {says}.",
        f"{number(low)}, the validation loss there": f"The epoch was chosen for it, the lowest of {len(history)}: {says}, "
        f"{compared(1 - real / low, 'this')}.",
        f"{number(last)}, the validation loss of the last epoch": f"That is another model than the one kept; {says}.",
        LOOK: f"Rows that chose nothing: here they say {number(real)}.",
    }
    asked = (
        f"The weights of epoch {best} are kept, where the validation loss is lowest. Which number may be reported as the error "
        "on new rows?"
    )
    return make_item("report", stored, name, asked, history, reasons, LOOK, unseen=unseen)


def no_hidden_layer_item(stored: dict[str, Any], run: TriedRun, name: str) -> QuizItem | None:
    """A net without hidden layer on its way to the linear model."""
    context, history = run.history.context, run.history
    ends, linear = end(history.val_loss), context["linear_loss"]
    later = array(stored["shown"]["base"][2])
    if run.hyperparameters.hidden_units or context["task"] != "regression" or not ends > 1.25 * linear:
        return None
    if not abs(end(later) / linear - 1) < 0.08:
        return None
    n, more = len(history), len(later)
    answer = f"It comes near the linear model's {number(linear)}"
    reasons = {
        f"It stays at {number(ends)}: it is linear regression, solved at once": f"It has the same form, but it walks: "
        f"after {n} epochs {number(ends)}, after {more} {number(end(later))}; the linear model has {number(linear)}.",
        answer: f"After {more} epochs it is at {number(end(later))}: same form, same goal, reached by many small steps.",
        f"It falls far below {number(linear)}: a net learns more than a line": f"Without a hidden layer it cannot bend. After "
        f"{more} epochs: {number(end(later))}.",
    }
    asked = (
        f"A net without hidden layer after {n} epochs: {number(ends)} on validation rows, linear regression has "
        f"{number(linear)}. What do three times the epochs bring?"
    )
    panels = (QuizPanel(CHANGES["epochs3"], ((array(stored["shown"]["base"][1]), later),)),)
    return make_item("predict", stored, name, asked, history, reasons, answer, misconception="no_hidden_layer", panels=panels)
