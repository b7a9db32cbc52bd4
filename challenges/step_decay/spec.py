"""The challenge `stepDecay`: which cases decide, and which mistakes are known.

A case is one short formula, so the cases differ by where the epoch lies: before the first drop,
at a drop, beside one, far behind many. The factor is seldom 1/2, where keeping a share and
taking it off are the same. Even the smallest rate is far above what an absolute tolerance would
let pass as 0, and far inside the range of float32.
"""

from collections.abc import Sequence

import numpy as np

from grader.spec import (
    Args,
    Case,
    Challenge,
    Group,
    Misconception,
    OneOf,
    Raises,
    Relates,
    Space,
    Tolerance,
    Whole,
)
from grader.verdict import Visibility
from reference import step_decay as programs


def _schedule(rng: np.random.Generator) -> tuple[float, float, int]:
    """Draw baseLr, a factor that is neither near 1/2 nor near 1, and `every`."""
    base = round(float(rng.uniform(0.05, 0.8)), 3)
    factor = round(float(rng.choice([rng.uniform(0.2, 0.4), rng.uniform(0.6, 0.8)])), 3)
    return base, factor, int(rng.integers(4, 13))


def ordinary(rng: np.random.Generator) -> Sequence[Args]:
    """One call between two drops, after the second and before the seventh."""
    base, factor, every = _schedule(rng)
    epoch = int(rng.integers(2, 6)) * every + int(rng.integers(1, every - 1))
    return [(epoch, base, factor, every)]


def around_a_drop(rng: np.random.Generator) -> Sequence[Args]:
    """Three calls: in the epoch before the third to fifth drop, at it and after it."""
    base, factor, every = _schedule(rng)
    drop = int(rng.integers(3, 6)) * every
    return [(epoch, base, factor, every) for epoch in (drop - 1, drop, drop + 1)]


def double_base(epoch: int, baseLr: float, factor: float, every: int) -> Args:
    """Start twice as high."""
    return epoch, 2 * baseLr, factor, every


def twice(first: float, *_: float) -> float:
    """Return what the doubled base has to give."""
    return 2 * first


def one_drop_later(epoch: int, baseLr: float, factor: float, every: int) -> Args:
    """Ask for the epoch that lies one drop further on."""
    return epoch + every, baseLr, factor, every


def once_more(first: float, _epoch: int, _base: float, factor: float, _every: int) -> float:
    """Return what is left after one further drop."""
    return factor * first


_GROUPS = (
    Group(
        name="example",
        title="The worked example",
        points=10,
        visibility=Visibility.VISIBLE,
        cases=(
            Case(name="the statement's example", args=(7, 0.4, 0.5, 3)),
            Case(name="at the third drop", args=(9, 0.4, 0.5, 3)),
            Case(name="a factor of a tenth", args=(35, 0.2, 0.1, 10)),
        ),
    ),
    Group(
        name="before-the-first-drop",
        title="Before the first drop",
        points=5,
        # A function that returns baseLr is right here, and nowhere in the example.
        award="all",
        depends_on=("example",),
        cases=(
            Case(name="epoch 0", args=(0, 0.3, 0.7, 4)),
            Case(name="in the middle", args=(3, 0.05, 0.2, 8)),
            Case(name="the last epoch", args=(9, 0.6, 0.3, 10)),
        ),
    ),
    Group(
        name="at-a-drop",
        title="Just before, at and just after a drop",
        points=20,
        cases=(
            Case(name="at the first drop", args=(5, 0.7, 0.3, 5)),
            Case(name="after the first drop", args=(7, 0.3, 0.6, 6)),
        ),
        generate=around_a_drop,
        draws=3,
    ),
    Group(name="later", title="Between later drops", points=15, generate=ordinary, draws=6),
    Group(
        name="every-1",
        title="A drop in every epoch",
        points=10,
        cases=(
            Case(name="epoch 4", args=(4, 0.4, 0.3, 1)),
            Case(name="epoch 3", args=(3, 0.25, 0.7, 1)),
            Case(name="epoch 6", args=(6, 0.9, 0.8, 1)),
        ),
    ),
    Group(
        name="factor-1",
        title="A factor of 1",
        points=5,
        award="all",
        depends_on=("example",),
        cases=(
            Case(name="between two drops", args=(11, 0.15, 1.0, 4)),
            Case(name="at a drop, as an integer", args=(12, 0.35, 1, 3)),
        ),
    ),
    Group(
        name="growth",
        title="A factor above 1",
        points=10,
        cases=(
            Case(name="factor 1.5", args=(14, 0.02, 1.5, 4)),
            Case(name="factor 3", args=(13, 0.1, 3.0, 4)),
            Case(name="factor 1.1, at a drop", args=(60, 0.3, 1.1, 12)),
        ),
    ),
    Group(
        name="whole-numbers",
        title="Whole numbers",
        points=5,
        cases=(
            Case(name="whole numbers only", args=(7, 5, 3, 2)),
            Case(name="a whole base", args=(13, 4, 0.3, 5)),
        ),
    ),
    Group(
        name="far-along",
        title="Rates that have become tiny",
        points=5,
        cases=(
            Case(name="20 drops", args=(20500, 0.1, 0.45, 1000)),
            Case(name="12 drops", args=(750, 0.08, 0.3, 60)),
            Case(name="20 drops of little", args=(99999, 0.002, 0.65, 4800)),
        ),
    ),
    Group(
        name="base-doubled",
        title="Twice the base, twice the answer",
        points=5,
        depends_on=("example",),
        check=Relates(
            name="base-doubled",
            second=double_base,
            expected=twice,
            message="When baseLr is doubled and all else stays as it is, the answer has to double.",
        ),
        generate=ordinary,
        draws=3,
    ),
    Group(
        name="one-drop-later",
        title="One drop further on",
        points=5,
        depends_on=("example",),
        check=Relates(
            name="one-drop-later",
            second=one_drop_later,
            expected=once_more,
            message="When the epoch grows by `every` and all else stays as it is, the answer has "
            "to be multiplied by the factor.",
        ),
        generate=ordinary,
        draws=3,
    ),
    Group(
        name="not-positive",
        title="An `every` that is not positive",
        points=5,
        # A function that always raises is right here, and nowhere in the example.
        depends_on=("example",),
        check=Raises(
            kinds=("ValueError",),
            message="A ValueError has to be raised where `every` is 0 or negative.",
        ),
        cases=(
            Case(name="every = 0", args=(4, 0.8, 0.3, 0)),
            Case(name="every = 0 in epoch 0", args=(0, 0.25, 0.7, 0)),
            Case(name="every = -1", args=(6, 0.5, 0.4, -1)),
            Case(name="every = -4", args=(10, 0.2, 0.3, -4)),
        ),
    ),
)

_MISCONCEPTIONS = (
    Misconception(
        id="continuous-exponent",
        variant=programs.continuous_exponent,
        title="The rate falls in every epoch",
        hint="At the drops your answers are right, but in between your rate slides down instead of "
        "staying where it is. How many whole drops has an epoch seen?",
    ),
    Misconception(
        id="one-epoch-early",
        variant=programs.one_epoch_early,
        title="Every drop comes one epoch early",
        hint="Your epochs seem to be counted from 1. Which number does the very first epoch have "
        "in the statement, and how many epochs have passed before it?",
    ),
    Misconception(
        id="one-epoch-late",
        variant=programs.one_epoch_late,
        title="Every drop comes one epoch late",
        hint="In the epoch of a drop your rate is still the old one. Compare your answer at a "
        "multiple of `every` with the table in the statement.",
    ),
    Misconception(
        id="dropped-at-once",
        variant=programs.dropped_at_once,
        title="The rate has dropped once too often",
        hint="Your rate is never baseLr, not even in epoch 0. How often has it dropped before the "
        "first multiple of `every` is reached?",
    ),
    Misconception(
        id="rounded-up",
        variant=programs.rounded_up,
        title="The number of drops is rounded up",
        hint="Right after a drop your rate is already that of the next one. In which direction has "
        "a number of drops to be made whole, when a drop that is yet to come does not count?",
    ),
    Misconception(
        id="every-epoch",
        variant=programs.every_epoch,
        title="The rate drops in every epoch",
        hint="Your answers do not depend on `every`. How many drops are there in as many epochs?",
    ),
    Misconception(
        id="remainder",
        variant=programs.remainder,
        title="The remainder is taken instead of the quotient",
        hint="At every multiple of `every` your rate jumps back to where it started. Look at which "
        "of Python's two operators for whole division you use.",
    ),
    Misconception(
        id="dropped-once",
        variant=programs.dropped_once,
        title="The rate drops only once",
        hint="After the first drop your rate stays the same for ever. Try an epoch that lies "
        "behind the second drop.",
    ),
    Misconception(
        id="factor-subtracted",
        variant=programs.factor_subtracted,
        title="The factor is subtracted",
        hint="Your rate becomes negative sooner or later. A factor is something to multiply by.",
    ),
    Misconception(
        id="factor-times-drops",
        variant=programs.factor_times_drops,
        title="The factor is multiplied by the number of drops",
        hint="Before the first drop your answer is 0, and it grows with every drop. What does it "
        "mean to multiply by the same factor several times over?",
    ),
    Misconception(
        id="base-and-factor-swapped",
        variant=programs.base_and_factor_swapped,
        title="Base and factor have changed places",
        hint="In epoch 0 you answer with the factor. Which of the two numbers is used once, and "
        "which once for every drop?",
    ),
    Misconception(
        id="divided-by-factor",
        variant=programs.divided_by_factor,
        title="The rate is divided by the factor",
        hint="With a factor below 1 your rate grows. Look at what a drop does to the rate.",
    ),
    Misconception(
        id="linear",
        variant=programs.linear,
        title="Every drop takes off the same amount",
        hint="Your first drop is right and all later ones are as deep as it is. Of which rate does "
        "a later drop take its share: of the first one or of the present one?",
    ),
    Misconception(
        id="factor-taken-off",
        variant=programs.factor_taken_off,
        title="The factor is taken for the share that is lost",
        hint="With a factor of 1/2 you are right, with others not. Does the factor say what a drop "
        "leaves or what it takes away?",
    ),
    Misconception(
        id="base-left-out",
        variant=programs.base_left_out,
        title="The base is left out",
        hint="Your answers do not depend on baseLr: you return how much of it is left, not the "
        "rate itself.",
    ),
    Misconception(
        id="rounded",
        variant=programs.rounded,
        title="The answer is rounded",
        hint="After many drops only a few digits, or none, are left of your rate. Rounding is for "
        "showing numbers: return the rate as it is.",
    ),
    Misconception(
        id="not-checked",
        variant=programs.not_checked,
        title="A senseless `every` is not refused",
        hint="Your rates are right where there are rates. What should happen where drops 0 epochs "
        "apart, or fewer, are asked for?",
    ),
)

_SPACE = Space(
    shows=("drops",),
    unfolds=("epoch",),
    of=(
        Whole(low=0, high=7),
        OneOf(values=(1.0, 0.5, 2.0)),
        OneOf(values=(0.5, 0.25, 2.0)),
        OneOf(values=(2, 1, 3)),
    ),
)

challenge = Challenge(
    id="stepDecay",
    title="Step decay of the learning rate",
    threads=8,
    parameters=("epoch", "baseLr", "factor", "every"),
    reference=programs.step_decay,
    groups=_GROUPS,
    misconceptions=_MISCONCEPTIONS,
    tolerance=Tolerance.derived(noise_ceiling=6e-08, bug_floor=0.05),
    space=_SPACE,
)
