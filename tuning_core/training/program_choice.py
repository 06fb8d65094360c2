"""Programs for several stacks: a light one is trained on what was made for a larger one, where that is cheaper than compiling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tuning_core.training.cost_model import COMPILING, stack_seconds
from tuning_core.training.fold import FoldShape
from tuning_core.training.specs import ModelShape, ProgramKey, TrialSpec, program_key_for

WORTH = 0.5 * COMPILING  # seconds of padding that sharing a program may cost

Facts = Mapping[int, FoldShape]
Stack = Sequence[TrialSpec]


@dataclass(frozen=True)
class PlannedStack:
    """A stack, the program to train it on, and about how many seconds that takes (see `cost`)."""

    tasks: tuple[TrialSpec, ...]
    program_key: ProgramKey
    seconds: float


def plan_stacks(stacks: Sequence[Stack], facts: Facts) -> list[PlannedStack]:
    """The stacks with their programs, as few different ones as pays."""
    program_key = assign_programs(stacks, facts)
    return [PlannedStack(tuple(stack), m, stack_seconds(stack, facts, m)) for stack, m in zip(stacks, program_key, strict=True)]


def assign_programs(stacks: Sequence[Stack], facts: Facts) -> list[ProgramKey]:
    """The program to train each stack on, as few different ones as pays.

    Stacks that need the same program are looked at together, the largest program first: if all that they would waste on one
    that is there already is less than half a compilation, they take it.
    """
    own = [program_key_for(stack, facts) for stack in stacks]
    needing: dict[ProgramKey, list[Stack]] = defaultdict(list)
    for stack, program_key in zip(stacks, own, strict=True):
        needing[program_key].append(stack)
    there: dict[ModelShape, list[ProgramKey]] = defaultdict(list)
    chosen: dict[ProgramKey, ProgramKey] = {}
    for program_key in sorted(needing, key=_largest_first):
        family = there[program_key.family]
        chosen[program_key] = _cheapest(family, program_key, needing[program_key], facts)
        if chosen[program_key] == program_key:
            family.append(program_key)
    return [chosen[program_key] for program_key in own]


def _largest_first(program_key: ProgramKey) -> int:
    return -program_key.k * program_key.shape.batch_size


def _cheapest(there: Sequence[ProgramKey], own: ProgramKey, stacks: Sequence[Stack], facts: Facts) -> ProgramKey:
    """The program that is there and wastes least on these stacks; their own if that is worth compiling."""
    best, least = own, WORTH
    for other in there:
        if other.holds(own):
            wasted = sum(_wasted(stack, facts, own, other) for stack in stacks)
            if wasted < least:
                best, least = other, wasted
    return best


def reuse_program(stack: Stack, facts: Facts, before: ProgramKey | None) -> ProgramKey:
    """The program for one more stack when that of a stack before it is there: the same one if that is cheap."""
    program_key = program_key_for(stack, facts)
    fits = before is not None and before.holds(program_key) and _wasted(stack, facts, program_key, before) < WORTH
    return before if before is not None and fits else program_key


def _wasted(stack: Stack, facts: Facts, own: ProgramKey, other: ProgramKey) -> float:
    """Seconds that a stack trains longer on another program than on its own."""
    return stack_seconds(stack, facts, other) - stack_seconds(stack, facts, own)
