"""The decisions: which verdicts hold, what to fix first, and what to try. Numbers in, words out; no curves here.

The bank's report calls the same functions, so that the published error rates are those of the doctor that people meet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DIVERGED = math.log(1.5)  # final training loss over the constant predictor's
VOTED = ("oscillating", "overfitting", "too_slow", "underfitting", "over_regularised", "healthy")
HARM_COSTS = 4.0  # in helpful remedies
SAFER = 0.05  # worth by which keeping the best epoch has to lead over smaller steps
A_TRY, LONGER = 0.01, 0.065  # worth from which on a healthy run is offered an experiment, and three times the epochs
RISKY = 0.3  # likelihood of harm, above which a remedy is not offered at all
WORTH = 0.1  # of a remedy, below which a run that may be healthy is better left alone
CALM = math.log1p(0.02)  # all up-moves together, over the final training loss
FLAT = 0.02  # whole fall of the training loss, below which it has not moved
FAR = math.log(1.5)  # final training loss over the linear model's, above which three times the rate is too little
TIE = 0.04  # worth by which more epochs may lead where so much is left to learn
FROM_AFAR = 6.0  # whole fall, as a logarithm, that only a loss has which had exploded before
FAR_ABOVE = math.log(2.0)  # final training loss over the constant predictor's: the target is in a unit of its own
THROWN = math.log(3.0)  # running loss of the first epoch over the loss after it
ALL_RIGHT = 0.5  # share of the epochs, up to the last, without a wrong answer: then nothing is too slow
SERIOUS_RISE, TWICE = math.log(1.25), math.log(2.0)
# what restrains a model: the remedy, the measure, its value where there is none (of L2 the logarithm of penalty + 0.00001)
STIFLING = 0.6  # dropout that leaves few units
REINS = (("less_l2", "l2", math.log(1.5e-5)), ("less_dropout", "dropout", 0.0))
LEAD = 1.0  # log-odds by which "healthy" and a disease have to differ for one of them to be said alone


@dataclass(frozen=True, eq=False)
class RunSigns:
    """One run as numbers.

    Attributes
    ----------
    measures : see `measures.measure`.
    votes : one a verdict, and "helps_...", "harms_..." and "gain_..." for the remedies.
    thresholds : of the votes on verdicts.
    """

    measures: Mapping[str, float]
    votes: Mapping[str, float]
    thresholds: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        """A measure, NaN where it is not known."""
        return self.measures.get(name, math.nan)

    def knows(self, name: str) -> bool:
        return math.isfinite(self[name])

    def margin(self, kind: str) -> float:
        """How far the vote on a verdict is above its threshold, in log-odds: 0 at it, negative below."""
        return _log_odds(self.votes[kind]) - _log_odds(self.thresholds[kind])

    def gain(self, action: str) -> float:
        """The relative fall of the held-out loss that runs like this one had from a remedy; NaN where not calibrated."""
        return self.votes.get(f"gain_{action}", math.nan)

    def worth(self, action: str) -> float:
        """How likely a remedy gains half or more of what the best one does, less what the risk costs that it harms; -4 to 1."""
        return self.votes.get(f"helps_{action}", 0.0) - HARM_COSTS * self.votes.get(f"harms_{action}", 0.0)

    def is_risky(self, action: str) -> bool:
        """More likely than `RISKY` it raises the held-out loss by 5 % or more."""
        return self.votes.get(f"harms_{action}", 0.0) > RISKY


@dataclass(frozen=True)
class Step:
    """One remedy to compute: an action and its options."""

    action: str
    options: Mapping[str, Any] = field(default_factory=dict)


def decide(signs: RunSigns) -> list[tuple[str, list[Step]]]:
    """The verdicts that hold, what to fix first at the head, each with what to try, best first.

    "diverged" stands alone; the others may come together. "healthy" beside a disease means that the curve allows both readings,
    neither of which leads by `LEAD`: the disease goes first if its first remedy is worth a try.
    """
    kinds = verdicts(signs)
    chosen = [(kind, [step for step in treatment(kind, signs, kinds) if not signs.is_risky(step.action)]) for kind in kinds]
    chosen = sorted(chosen, key=lambda pair: -_urgency(pair[0], pair[1], signs))
    offered = {step.action for kind, steps in chosen if kind != "healthy" for step in steps}
    return [(kind, steps if kind != "healthy" else [s for s in steps if s.action not in offered]) for kind, steps in chosen]


def _urgency(kind: str, steps: list[Step], signs: RunSigns) -> float:
    if kind == "over_regularised" or (kind == "overfitting" and memorises(signs)):
        return 1.0  # above all worths
    worth = signs.worth(steps[0].action) if steps else WORTH
    return max(worth, WORTH) if kind == "healthy" else worth


def verdicts(signs: RunSigns) -> list[str]:
    """The kinds that hold, without order; the most likely one where no vote reaches its threshold."""
    if has_diverged(signs):
        return ["diverged"]
    if has_learned_nothing(signs):  # flat and quiet perhaps, but neither healthy nor memorising
        return [_why_nothing(signs)]
    margins = {kind: signs.margin(kind) for kind in VOTED if _may_hold(kind, signs)}
    if is_stifled(signs):  # whether this table would gain from more units, only the experiment can tell
        margins["over_regularised"] = max(0.0, *margins.values())
    holding = [kind for kind, margin in margins.items() if margin >= 0]
    if not holding:
        return [max(margins, key=lambda kind: margins[kind])]
    if "healthy" not in holding:
        return holding
    healthy, others = margins["healthy"], [kind for kind in holding if kind != "healthy"]
    if any(margins[kind] > healthy + LEAD for kind in others):
        return others
    return [kind for kind in holding if margins[kind] >= healthy - LEAD]


def _may_hold(kind: str, signs: RunSigns) -> bool:
    """Whether a vote on a verdict is a question at all."""
    if kind == "overfitting":
        return signs.knows("rise")
    if kind == "over_regularised":
        return kind in signs.votes and is_regularised(signs)
    if kind == "oscillating":
        return not is_calm(signs)
    return kind not in ("too_slow", "underfitting") or not signs["all_right"] > ALL_RIGHT


def _why_nothing(signs: RunSigns) -> str:
    """Of a run that has learned nothing: still on its way, held back, or thrown out of the valley."""
    if _restrains(signs) and _rate_is_within(signs, 100.0):  # brought down to the constant at once, and held there
        return "over_regularised"
    falling = signs["train_tripling"] > 0.01 and signs["up_share"] < 0.2 and signs["train_fall_total"] < FROM_AFAR
    if has_not_moved(signs) or (falling and not was_thrown(signs)):
        return "too_slow"
    return "over_regularised" if _restrains(signs) else "oscillating"


def _restrains(signs: RunSigns) -> bool:
    return _may_hold("over_regularised", signs) and signs.margin("over_regularised") >= 0


def is_regularised(signs: RunSigns) -> bool:
    """There is an L2 penalty or dropout that could be less."""
    return any(signs[measure] > none for _, measure, none in REINS)


def is_stifled(signs: RunSigns) -> bool:
    """Most units are silenced, and nothing is memorised that would ask for it."""
    calm = signs["gap_end"] < TWICE and signs.margin("overfitting") < 0
    return calm and "over_regularised" in signs.votes and signs["dropout"] >= STIFLING and signs["layers"] > 0


def is_calm(signs: RunSigns) -> bool:
    """All up-moves of the training loss together are under 2 % of it: steps that are too large look otherwise."""
    return signs["up_total"] < CALM


def has_not_moved(signs: RunSigns) -> bool:
    """The training loss has been flat since the first epoch."""
    return is_calm(signs) and signs["train_fall_total"] < FLAT


def was_thrown(signs: RunSigns) -> bool:
    """In the first epoch the running loss was far above the loss after it: large steps had thrown the model out."""
    return signs["running_vs_train_early"] > THROWN


def memorises(signs: RunSigns) -> bool:
    """Overfitting as in a textbook: the validation loss ends a quarter above its best and at twice the training loss."""
    return signs["rise"] > SERIOUS_RISE and signs["gap_end"] > TWICE and signs["train_fall_after_best"] > 0


def has_learned_nothing(signs: RunSigns) -> bool:
    """Training ends within 5 % of the constant predictor's loss, or above it, where a linear model is 5 % better or more.

    A model that large steps have thrown out of the valley lies there as still as a trained one.
    """
    return signs["train_end_vs_dummy"] > -0.05 and signs["linear_vs_dummy"] < -0.05


def has_diverged(signs: RunSigns) -> bool:
    """By definition, not by vote: the training loss is no number, or ends at 1.5 times the constant predictor's or more.

    A loss that comes down smoothly from far above is slow, not diverged, and so is one that never moved. Without a baseline:
    above its own start, and 1.5 times its lowest.
    """
    if signs["exploded"] > 0:
        return True
    falling = signs["up_share"] < 0.15 and signs["train_last_quarter"] > 0.01 and signs["train_end_vs_low"] < 0.05
    if signs.knows("train_end_vs_dummy"):
        slow = falling or has_not_moved(signs) or (is_calm(signs) and not was_thrown(signs))
        return signs["train_end_vs_dummy"] > DIVERGED and not slow
    return signs["train_end_vs_first"] > 0 and signs["train_end_vs_low"] > DIVERGED


def treatment(kind: str, signs: RunSigns, kinds: Sequence[str] = ()) -> list[Step]:
    """What to try against one of the verdicts that hold, best first; more than three, because the settings may rule some out.

    Every verdict has remedies of its own: where two hold, no button stands there twice, and none asks for another's opposite.
    """
    over, small = "over_regularised" in kinds, "underfitting" in kinds
    if kind == "diverged" or (kind == "oscillating" and has_learned_nothing(signs)):
        factors = (100.0, 10.0) if _is_huge(signs) else (10.0, 100.0)
        return [*(Step("lower_lr", {"factor": factor}) for factor in factors), Step("clean_start")]
    if kind == "oscillating":
        return _against_swings(signs, "overfitting" in kinds)
    if kind == "overfitting":
        return [Step("early_stop"), *([] if over else [Step("regularise")]), *([] if small else [Step("less_capacity")])]
    if kind == "too_slow":
        steps = _against_slowness(signs, small or "healthy" in kinds)
        return [step for step in steps if step.action != "raise_lr"] if "oscillating" in kinds else steps
    if kind == "underfitting":
        return [Step("more_capacity"), Step("more_capacity", {"deeper": True})]
    if kind == "over_regularised":
        return _by_worth(signs, *[action for action, measure, none in REINS if signs[measure] > none])
    best = _by_worth(signs, "early_stop", "lower_lr", "raise_lr", "more_epochs", "more_capacity")[0]
    return [best] if signs.worth(best.action) > (LONGER if best.action == "more_epochs" else A_TRY) else []


def _against_swings(signs: RunSigns, overfits: bool) -> list[Step]:
    """Smaller steps first; to keep the best of the swinging epochs where that is the better bet, and not overfitting's."""
    first, later = Step("lower_lr"), Step("lower_lr", {"factor": 10.0})
    smaller = [later, Step("larger_batch"), first] if _is_huge(signs) else [first, Step("larger_batch"), later]
    if overfits or signs.worth("early_stop") < signs.worth("lower_lr") + SAFER:
        return smaller
    return [Step("early_stop", {"only_to_keep": True}), *smaller]


def _against_slowness(signs: RunSigns, taken: bool) -> list[Step]:
    """A higher rate or more epochs; a larger model first only where the rate is near the usual one, and not another's remedy."""
    usual, far = Step("raise_lr", {"usual": True}), signs.knows("learning_rate") and not _rate_is_within(signs, 100.0)
    if has_not_moved(signs):  # neither three times the rate nor three times the epochs would
        return [usual, Step("clean_start")]
    if far or (has_learned_nothing(signs) and signs["train_end_vs_dummy"] > FAR_ABOVE):
        return [usual, Step("raise_lr", {"factor": 10.0}), Step("more_epochs")]
    best = max(signs.worth("more_epochs"), signs.worth("more_capacity"))
    if signs["train_end_vs_linear"] > FAR and (not signs.knows("learning_rate") or signs.worth("raise_lr") > best - TIE):
        return [Step("raise_lr", {"factor": 10.0}), Step("raise_lr"), Step("more_epochs")]
    patient = [*_by_worth(signs, "raise_lr", "more_epochs"), Step("raise_lr", {"factor": 10.0})]
    near = 10.0 if signs["adaptive"] > 0 else 30.0  # gradient descent begins anywhere from 0.001 to 0.1
    widens = not taken and _rate_is_within(signs, near) and signs.worth("more_capacity") > signs.worth(patient[0].action)
    return [Step("more_capacity"), *patient] if widens else patient


def _rate_is_within(signs: RunSigns, factor: float) -> bool:
    """The learning rate is known, and not `factor` times lower than where its optimizer usually begins."""
    usual = math.log(0.001 if signs["adaptive"] > 0 else 0.01)
    return signs["learning_rate"] > usual - math.log(factor) + 1e-9


def _is_huge(signs: RunSigns) -> bool:
    """The learning rate is known, and over a hundred times what is usual."""
    return _rate_is_within(signs, 0.01)


def _by_worth(signs: RunSigns, *actions: str) -> list[Step]:
    """Those first that helped runs like this one most and harmed them least."""
    return [Step(action) for action in sorted(actions, key=lambda action: -signs.worth(action))]


def _log_odds(share: float) -> float:
    share = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(share / (1 - share))
