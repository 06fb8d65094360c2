"""Programs for several stacks: a light one is trained on what was made for a larger one, where that is cheaper than compiling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tuning_core.training.cost_model import COMPILING, stack_seconds
from tuning_core.training.fold import FoldFacts
from tuning_core.training.specs import Made, Shape, Task, made_for

WORTH = 0.5 * COMPILING  # seconds of padding that sharing a program may cost

Facts = Mapping[int, FoldFacts]
Stack = Sequence[Task]


@dataclass(frozen=True)
class Planned:
    """A stack, the program to train it on, and about how many seconds that takes (see `cost`)."""

    tasks: tuple[Task, ...]
    made: Made
    seconds: float


def with_programs(stacks: Sequence[Stack], facts: Facts) -> list[Planned]:
    """The stacks with their programs, as few different ones as pays."""
    made = programs(stacks, facts)
    return [Planned(tuple(stack), m, stack_seconds(stack, facts, m)) for stack, m in zip(stacks, made, strict=True)]


def programs(stacks: Sequence[Stack], facts: Facts) -> list[Made]:
    """The program to train each stack on, as few different ones as pays.

    Stacks that need the same program are looked at together, the largest program first: if all that they would waste on one
    that is there already is less than half a compilation, they take it.
    """
    own = [made_for(stack, facts) for stack in stacks]
    needing: dict[Made, list[int]] = defaultdict(list)
    for i, made in enumerate(own):
        needing[made].append(i)
    there: dict[Shape, list[Made]] = defaultdict(list)
    found = list(own)
    for made in sorted(needing, key=lambda made: -made.k * made.shape.batch_size):
        family = there[made.family]
        wasted = [(sum(_wasted(stacks[i], facts, made, o) for i in needing[made]), o) for o in family if o.holds(made)]
        least, other = min(wasted, key=lambda pair: pair[0], default=(WORTH, made))
        if least < WORTH:
            for i in needing[made]:
                found[i] = other
        else:
            family.append(made)
    return found


def program_after(stack: Stack, facts: Facts, before: Made | None) -> Made:
    """The program for one more stack when that of a stack before it is there: the same one if that is cheap."""
    made = made_for(stack, facts)
    fits = before is not None and before.holds(made) and _wasted(stack, facts, made, before) < WORTH
    return before if before is not None and fits else made


def _wasted(stack: Stack, facts: Facts, own: Made, other: Made) -> float:
    """Seconds that a stack trains longer on another program than on its own."""
    return stack_seconds(stack, facts, other) - stack_seconds(stack, facts, own)
