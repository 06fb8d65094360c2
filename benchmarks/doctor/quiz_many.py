"""Items on several settings or seeds: luck or effect, which number may be reported, and what is said of sweeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.doctor.quiz_reading import array, end, history_of, make_item
from tuning_core.charts.style import number
from tuning_core.lessons.quiz import QuizItem, QuizPanel
from tuning_core.lessons.quiz_words import compared, moved

T_95 = {16: 2.131}  # of Student's t for so many pairs
BETTER = 0.02  # a mean difference from which it matters
LOOK = "The loss on test rows, looked at once, at the very end"


def luck_item(run: dict[str, Any], name: str) -> QuizItem | None:
    """Two bands of five seeds; sixteen seeds on unseen rows say whether the difference repeats."""
    bands = [[(array(s[1]), array(s[2])) for s in setting] for setting in run["shown"]]
    if not np.isfinite(bands).all():
        return None
    medians = [float(np.median([end(val) for _, val in band])) for band in bands]
    gain = 1 - medians[1] / medians[0]
    question = (
        f"Five seeds each. {_rates(run)}. The median of B's validation losses at the end is {compared(gain, 'that of A')}. "
        "What will sixteen seeds say on unseen rows?"
    )
    return _two_settings(run, name, question, ("A ends lower", "B ends lower", "No difference that repeats"), bands)


def one_run_item(run: dict[str, Any], name: str, misconception: str) -> QuizItem | None:
    """One training each in which B ends lower, though more seeds on unseen rows do not say so."""
    bands = [[(array(setting[0][1]), array(setting[0][2]))] for setting in run["shown"]]
    ends = [end(band[0][1]) for band in bands]
    if not np.isfinite(bands).all() or not ends[1] < 0.98 * ends[0]:
        return None
    if misconception == "lowest_point":
        asked = f"A sweep trained each learning rate once, and its lowest point is B. {_rates(run)}. Is B the best rate?"
    else:
        asked = f"{_rates(run)}. One training each, and B ends {moved(1 - ends[1] / ends[0])}. Is B the better setting?"
    texts = ("No, A is better", "Yes: B is lower, and by that much", "That cannot be said from one training each")
    item = _two_settings(run, name, asked, texts, bands, misconception)
    return item if item is not None and item.answer != texts[1] else None


def _two_settings(
    run: dict[str, Any],
    name: str,
    question: str,
    texts: tuple[str, str, str],
    bands: list[list[tuple[np.ndarray, np.ndarray]]],
    misconception: str = "",
) -> QuizItem | None:
    """A is better, B is better, or it cannot be told: decided by the 95 % interval of the mean paired difference."""
    held = np.array([[end(array(seed)) for seed in setting] for setting in run["held"]])
    if not np.isfinite(held).all():
        return None
    logs = np.log(held[1] / held[0])  # same seeds: same first weights and row orders
    middle, half = float(logs.mean()), T_95[len(logs)] * float(logs.std(ddof=1)) / np.sqrt(len(logs))
    low, high = (float(-np.expm1(middle + side * half)) for side in (1, -1))
    gain = float(-np.expm1(middle))
    if low <= 0 <= high:
        answer = texts[2]
    elif abs(gain) >= BETTER:
        answer = texts[1] if gain > 0 else texts[0]
    else:
        return None
    won = int(np.sum(logs < 0))
    measured = (
        f"Sixteen seeds on unseen rows: B ends {moved(gain)} (95 %: from {_signed(low)} to {_signed(high)} lower) and wins with "
        f"{won} of 16"
    )
    open_still = "Zero lies within that: luck can do it." if answer == texts[2] else "The opposite repeats."
    settled = "Zero lies within that." if answer == texts[2] else "Zero lies outside: it repeats."
    reasons = {text: f"{measured}. {'It repeats.' if text == answer else open_still}" for text in texts[:2]}
    reasons[texts[2]] = f"{measured}. {settled}"
    panels = tuple(QuizPanel(letter, tuple(band)) for letter, band in zip("AB", bands, strict=True))
    history = history_of(run["shown"][1][0], run["context"])
    return make_item("luck", run, name, question, history, reasons, answer, misconception=misconception, panels=panels)


def _rates(run: dict[str, Any]) -> str:
    a, b = (setting["learning_rate"] for setting in run["settings"])
    return f"A has a learning rate of {a:g}, B of {b:g}"


def _signed(gain: float) -> str:
    return f"{100 * gain:.1f} %".replace("-", "\N{MINUS SIGN}")


# ---- which number -------------------------------------------------------------------------------------------------------


def looks_items(run: dict[str, Any], name: str) -> Iterator[QuizItem]:
    """Twelve settings were looked at: what may be said of the one that looked best?"""
    shown = [[array(series) for series in setting[0]] for setting in run["shown"]]
    held = [array(setting[0]) for setting in run["held"]]
    if not np.isfinite(held).all():
        return
    lowest = np.array([np.min(series[2]) for series in shown])
    winner = int(np.argmin(lowest))
    epoch = int(np.argmin(shown[winner][2]))
    best, unseen, train = float(lowest[winner]), float(held[winner][epoch]), float(shown[winner][1][epoch])
    if unseen < 1.04 * best:
        return
    history = history_of(run["shown"][winner][0], run["context"])
    looks = len(lowest) * len(history)
    above = compared(1 - unseen / best, f"the {number(best)} that was chosen for being low")
    reasons = {
        f"{number(train)}, its training loss": f"It has learned those rows: on unseen rows it has {number(unseen)}.",
        f"{number(best)}, its validation loss": f"The lowest of {looks:,} looks is low by luck, too: on unseen rows it is "
        f"{number(unseen)}, {above}.",
        f"{number(float(np.median(lowest)))}, the median of the twelve": f"That is of no model that is kept; the one kept has "
        f"{number(unseen)} on unseen rows.",
        LOOK: f"Rows that chose nothing owe nothing to luck. Here they say {number(unseen)}.",
    }
    asked = (
        f"Twelve learning rates were tried, and the epoch with the lowest validation loss of all was kept (epoch {epoch + 1} of "
        "this run). Which number may be reported as its error on new rows?"
    )
    yield make_item("report", run, f"{name}-k", asked, history, reasons, LOOK, unseen=held[winner])
    yes, no = f"Yes: no model was trained on them, so {number(best)} is fair", "No: they have chosen, and are validation rows now"
    reasons = {
        yes: f"They trained nothing but they chose: on rows that did neither the same model has {number(unseen)}, {above}.",
        f"Yes, as {number(best)} comes from test rows": f"What rows are called does not count. On fresh rows: {number(unseen)}.",
        "Yes, if the epoch was not chosen on them": f"It was chosen, and the setting, too: {looks:,} numbers were looked at. "
        f"On fresh rows: {number(unseen)}.",
        no: f"After a choice only fresh rows tell. Here they say {number(unseen)}, {above}.",
    }
    asked = (
        f"Somebody tried twelve learning rates and looked at the test rows (here drawn as validation) after every epoch. The "
        f"lowest was {number(best)}. May it be reported?"
    )
    yield make_item("report", run, f"{name}-t", asked, history, reasons, no, misconception="test_rows", unseen=held[winner])


# ---- rows ---------------------------------------------------------------------------------------------------------------


def more_rows_item(run: dict[str, Any], name: str) -> QuizItem | None:
    """The curve over epochs is flat: would more rows help?"""
    few, many = (np.mean([end(array(seed)) for seed in setting]) for setting in run["held"])
    history = history_of(run["shown"][0][0], run["context"])
    gain, late = 1 - many / few, history.val_loss
    if not np.isfinite(gain) or gain < 0.08 or end(late) < 0.9 * end(late[: 2 * len(late) // 3]):
        return None
    fell = history.train_loss
    with_more = f"With 400 rows the loss on unseen rows ends at {number(many)}, with these 100 at {number(few)}: {moved(gain)}"
    answer = "It says nothing about rows: that takes a curve over the number of rows"
    reasons = {
        "No: the validation loss falls no more": f"It falls no more with epochs, on these 100 rows. {with_more}.",
        "No: the training loss is low already": f"It fell from {number(fell[0])} to {number(end(fell))} on rows that it knows. "
        f"{with_more}.",
        "They would make the training loss fall further": "More rows are harder to fit: with 400 rows the training loss ends at "
        f"{number(end(array(run['shown'][1][0][1])))}, with 100 at {number(end(fell))}.",
        answer: f"Train with fewer and with more rows and compare the ends. {with_more}.",
    }
    if end(array(run["shown"][1][0][1])) < end(fell):
        del reasons["They would make the training loss fall further"]
    panels = tuple(_panel(title, run["shown"][i]) for i, title in enumerate(("100 rows", "400 rows")))
    asked = "This net learned from 100 rows. What does the curve say: would four times the rows help?"
    return make_item("cure", run, name, asked, history, reasons, answer, misconception="epochs_or_rows", panels=panels)


def more_data_item(run: dict[str, Any], calm: dict[str, Any], name: str) -> QuizItem | None:
    """A loss that swings at a large rate: more rows, or shorter steps?"""
    seeds = [np.mean([_swings(array(s[1])) for s in setting]) for setting in run["shown"]]
    low = np.mean([_swings(array(s[1])) for s in calm["shown"][0]])
    if not np.isfinite([*seeds, low]).all() or seeds[0] < 0.02 or seeds[1] < 0.7 * seeds[0] or low > 0.4 * seeds[0]:
        return None
    epochs = len(run["shown"][0][0][1])
    rate, lower = run["settings"][0]["learning_rate"], calm["settings"][0]["learning_rate"]
    answer = f"A lower learning rate: {lower:g} instead of {rate:g}"
    own = f"From epoch to epoch the training loss swings by {_percent(seeds[0])} of its first value"
    reasons = {
        "Four times the rows": f"{own}; with 400 rows by {_percent(seeds[1])}. The steps are as long as before.",
        answer: f"{own}; at {lower:g} by {_percent(low)}.",
        "Three times the epochs": f"{own} still in the second half of its {epochs} epochs: at this rate it does not settle.",
    }
    ways = (("100 rows", run["shown"][0]), ("400 rows", run["shown"][1]), (f"100 rows at {lower:g}", calm["shown"][0]))
    panels = tuple(_panel(title, setting) for title, setting in ways)
    asked = "It learned from 100 rows, and its loss swings. What calms it?"
    history = history_of(run["shown"][0][0], run["context"])
    return make_item("cure", run, name, asked, history, reasons, answer, misconception="more_data", panels=panels)


def _panel(title: str, setting: list[list[list[Any]]]) -> QuizPanel:
    """One seed of a setting."""
    return QuizPanel(title, ((array(setting[0][1]), array(setting[0][2])),))


def _swings(loss: np.ndarray) -> float:
    """How far an epoch lies from the middle of its neighbours in the second half, as a share of the first value."""
    late = loss[len(loss) // 2 :]
    return float(np.mean(np.abs(late[1:-1] - (late[:-2] + late[2:]) / 2)) / loss[0])


def _percent(value: float) -> str:
    return f"{float(f'{100 * value:.2g}'):g} %"


def shuffle_item(run: dict[str, Any], name: str) -> QuizItem | None:
    """Rows in the target's order, of which fit takes the last for validation."""
    history = history_of(run["shown"][0][0], run["context"])
    ordered, shuffled = (np.mean([end(array(s[2])) for s in setting]) for setting in run["shown"])
    if not shuffled < 0.6 * ordered:
        return None
    dummy = run["context"]["dummy_loss"]
    answer = "Shuffle the rows before fit"
    ends = f"The validation loss ends at {number(ordered)}"
    reasons = {
        "Nothing: shuffle=True has mixed the rows before the split": "fit takes the last rows away first and shuffles the others "
        f"afterwards, in every epoch. The last rows have the highest targets: always answering the average costs {number(dummy)} "
        "there, and 1 on the training rows.",
        answer: f"{ends}; with the same rows shuffled before the split at {number(shuffled)} (mean of three seeds).",
        "Early stopping": f"{ends}, and its lowest value in any epoch is {number(float(np.min(history.val_loss)))}: no epoch is "
        "good on rows unlike those that it learned from.",
    }
    if not np.min(history.val_loss) > 1.2 * shuffled:
        return None
    panels = tuple(_panel(title, run["shown"][i]) for i, title in enumerate(("sorted", "shuffled before the split")))
    asked = "The table is sorted by its target. fit(validation_split=0.33, shuffle=True) showed this. What helps?"
    return make_item("cure", run, name, asked, history, reasons, answer, misconception="shuffle", panels=panels)
