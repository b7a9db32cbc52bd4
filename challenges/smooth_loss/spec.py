"""The challenge `smoothLoss`: which cases decide, and which mistakes are known.

Losses are drawn as a training gives them: falling, with noise. Ordinary curves have a beta that
is small enough for the correction, the order and the weights to show at every step; where beta
is close to 1, the correction is nearly everything. A program may take any way to the same
numbers but one that looks at all earlier losses again at every step.
"""

from collections.abc import Sequence

import numpy as np

from grader.spec import (
    Args,
    Case,
    Challenge,
    Group,
    Grows,
    ListOf,
    Misconception,
    Number,
    OneOf,
    Relates,
    Space,
    Tolerance,
)
from grader.verdict import Visibility
from reference import smooth_loss as programs

_UNIT = 0.001
"""Losses in a unit a thousand times larger: numbers that no fixed count of digits survives."""

_WHOLE = [9, 4, 7, 3, 3, 2]
_LOG_LIKELIHOODS = [-4.5, -1.25, -2.75, -0.5]
_SMALL = [0.0062, 0.0035, 0.0041, 0.0016]
_LARGE = [81250.5, 42000.0, 37125.25, 12000.0, 19500.75]


def _curve(rng: np.random.Generator, count: int) -> list[float]:
    """Draw `count` losses that fall from about 4 towards about 1, with noise of one half."""
    start, end = rng.uniform(3.0, 5.0), rng.uniform(0.8, 1.6)
    ideal = end + (start - end) * 0.7 ** np.arange(count)
    noisy = ideal * rng.uniform(0.5, 1.5, count)
    return [round(float(loss), 3) for loss in noisy]


def ordinary(rng: np.random.Generator) -> Sequence[Args]:
    """One call on 4 to 9 losses with a beta from 0.25 to 0.9."""
    beta = round(float(rng.uniform(0.25, 0.9)), 2)
    return [(_curve(rng, int(rng.integers(4, 10))), beta)]


def strongly(rng: np.random.Generator) -> Sequence[Args]:
    """One call with a beta so close to 1 that the bare average hardly leaves 0."""
    beta = round(float(rng.uniform(0.96, 0.99)), 3)
    return [(_curve(rng, int(rng.integers(4, 8))), beta)]


def two_calls(rng: np.random.Generator) -> Sequence[Args]:
    """Two calls that differ in nothing but the losses: what one leaves behind spoils the other."""
    count = int(rng.integers(3, 6))
    beta = round(float(rng.uniform(0.4, 0.8)), 2)
    return [(_curve(rng, count), beta), (_curve(rng, count), beta)]


def in_another_unit(losses: list[float], beta: float) -> Args:
    """Return the same curve in the other unit."""
    return [loss * _UNIT for loss in losses], beta


def answer_in_another_unit(first: list[float], losses: list[float], beta: float) -> list[float]:  # noqa: ARG001 - the judge passes all of them
    """Return what the call in the other unit has to answer."""
    return [value * _UNIT for value in first]


def long_curve(size: int) -> Args:
    """Return a jagged curve of `size` losses: short numbers, which no answer meets by chance."""
    return [0.125 * (8 + 37 * t % 29) for t in range(size)], 0.9


_GROUPS = (
    Group(
        name="example",
        title="The worked example",
        points=10,
        visibility=Visibility.VISIBLE,
        cases=(
            Case(name="the statement's example", args=([5, 3, 4, 1], 0.9)),
            Case(name="halves", args=([8.0, 2.0, 6.0], 0.5)),
            Case(name="a noisy curve", args=([4.25, 2.5, 3.125, 1.75, 2.0, 1.125], 0.7)),
        ),
    ),
    Group(name="ordinary", title="Ordinary curves", points=35, generate=ordinary, draws=10),
    Group(
        name="strong-smoothing",
        title="Strong smoothing: beta close to 1",
        points=10,
        generate=strongly,
        draws=4,
    ),
    Group(
        name="nothing-to-smooth",
        title="No losses, one loss, beta = 0, a constant curve",
        points=10,
        # A function that returns its losses is right in all of these.
        award="all",
        depends_on=("example",),
        cases=(
            Case(name="no losses", args=([], 0.9)),
            Case(name="one loss", args=([2.5], 0.9)),
            Case(name="beta = 0", args=([3.5, 1.25, 2.0], 0.0)),
            Case(name="beta = 0 as an integer", args=([3.5, 1.25, 2.0], 0)),
            Case(name="a constant curve", args=([1.75] * 6, 0.8)),
        ),
    ),
    Group(
        name="kinds-of-numbers",
        title="Whole, negative, small and large numbers",
        points=10,
        cases=(
            Case(name="whole numbers", args=(_WHOLE, 0.6)),
            Case(name="negative numbers", args=(_LOG_LIKELIHOODS, 0.75)),
            Case(name="large numbers", args=(_LARGE, 0.5)),
            Case(name="small numbers", args=(_SMALL, 0.55)),
            Case(name="a loss of 0", args=([2.0, 0.0, 0.5, 0.0], 0.65)),
            Case(name="a rising curve", args=([0.5, 1.25, 2.5, 5.0, 12.0], 0.35)),
        ),
    ),
    Group(
        name="two-calls",
        title="Two calls with the same beta",
        points=5,
        generate=two_calls,
        draws=2,
    ),
    Group(
        name="another-unit",
        title="The same curve in another unit",
        points=5,
        check=Relates(
            name="scales-with-the-losses",
            second=in_another_unit,
            expected=answer_in_another_unit,
            message="Every smoothed value is a weighted sum of losses, so losses in another unit "
            "have to give the same values in that unit.",
        ),
        depends_on=("example",),
        generate=ordinary,
        draws=2,
    ),
    Group(
        name="inputs-unchanged",
        title="Inputs left as they were",
        points=5,
        inputs_unchanged=True,
        generate=ordinary,
        draws=2,
    ),
    Group(
        name="long-curves",
        title="Long curves",
        points=10,
        check=Grows(
            name="linear-time",
            make=long_curve,
            # A program that copies its list at every step just ends within the limit at 16*size.
            size=1500,
            order=1.0,
            message="Each step should cost the same, however many losses came before it: what do "
            "you compute or copy again that the step before already had?",
        ),
        depends_on=("example", "ordinary"),
    ),
)

_MISCONCEPTIONS = (
    Misconception(
        id="no-correction",
        variant=programs.without_correction,
        title="The bias of the start at 0 is not corrected",
        hint="Your values are too low at first and catch up later. An average that starts at 0 "
        "has given out less weight than 1 so far: the statement says what to divide by.",
    ),
    Misconception(
        id="first-loss-as-start",
        variant=programs.first_loss_as_start,
        title="The average starts at the first loss",
        hint="Starting at the first loss gives that one loss far too much weight. This challenge "
        "starts at 0 and corrects for it instead.",
    ),
    Misconception(
        id="weights-swapped",
        variant=programs.weights_swapped,
        title="The two weights are swapped",
        hint="With a beta close to 1 your curve should hardly move, but it follows every loss. "
        "Which of the two should beta multiply: the past, or the newest loss?",
    ),
    Misconception(
        id="beta-for-the-new-loss",
        variant=programs.beta_for_the_new_loss,
        title="beta is taken for the weight of the new loss",
        hint="Your averages are correct averages, but with a beta close to 1 they hardly smooth. "
        "Some libraries give their parameter to the newest value; here beta belongs to the past.",
    ),
    Misconception(
        id="new-loss-in-full",
        variant=programs.new_loss_in_full,
        title="The new loss enters without its weight",
        hint="On a constant curve your values are larger than every loss. The two weights of an "
        "average have to add up to 1: check both.",
    ),
    Misconception(
        id="exponent-ahead",
        variant=programs.exponent_ahead,
        title="The correction is one step ahead",
        hint="The first value should be the first loss itself, and yours is below it. With which "
        "exponent does your first step divide?",
    ),
    Misconception(
        id="exponent-behind",
        variant=programs.exponent_behind,
        title="The correction is one step behind",
        hint="Your first value is right and the second is too high already. How many losses are "
        "in the average at the second step, and which exponent do you use there?",
    ),
    Misconception(
        id="exponent-missing",
        variant=programs.exponent_missing,
        title="The correction is the same at every step",
        hint="The correction is there for the start and should fade away. Yours stays as strong "
        "as at the first step: what has to change from step to step?",
    ),
    Misconception(
        id="corrected-by-length",
        variant=programs.corrected_by_length,
        title="Every step is corrected as if it were the last",
        hint="Only your last value is right. The correction belongs to the step, not to the "
        "length of the whole curve.",
    ),
    Misconception(
        id="correction-fed-back",
        variant=programs.correction_fed_back,
        title="The corrected value is carried on",
        hint="Your first value is right, and from the second on corrections pile up. What you "
        "hand out and what you carry to the next step are two different numbers.",
    ),
    Misconception(
        id="correction-multiplied",
        variant=programs.correction_multiplied,
        title="The correction works in the wrong direction",
        hint="The bare average is too low at first, and your correction makes it lower still. "
        "Check what you do with the correction.",
    ),
    Misconception(
        id="output-before-update",
        variant=programs.output_before_update,
        title="Each value lacks the loss of its own step",
        hint="Your first value is 0, whatever the first loss is. Look at the order of your lines: "
        "is the loss of this step already in the average when you hand it out?",
    ),
    Misconception(
        id="squares-averaged",
        variant=programs.squares_averaged,
        title="The squares of the losses are averaged",
        hint="That is the second moment, as Adam keeps it beside the first. A smoothed loss is an "
        "average of the losses themselves.",
    ),
    Misconception(
        id="running-mean",
        variant=programs.running_mean,
        title="This is the plain mean of all losses so far",
        hint="Your answers do not depend on beta: old losses count as much as new ones. Use the "
        "update rule of the statement.",
    ),
    Misconception(
        id="window-mean",
        variant=programs.window_mean,
        title="This is a moving average over a window",
        hint="You average the last few losses with equal weights. An exponential average never "
        "forgets a loss all at once: its weight shrinks by the factor beta at every step.",
    ),
    Misconception(
        id="last-value-only",
        variant=programs.last_value_only,
        title="Only the last value is returned",
        hint="A smoothed curve has as many values as the curve. Keep the value of every step.",
    ),
    Misconception(
        id="rounded",
        variant=programs.rounded,
        title="The answer is rounded",
        hint="Rounding is for showing numbers. Return the values as they are computed.",
    ),
)

challenge = Challenge(
    id="smoothLoss",
    title="Smoothing a loss curve",
    threads=8,
    parameters=("losses", "beta"),
    reference=programs.smooth_loss,
    groups=_GROUPS,
    misconceptions=_MISCONCEPTIONS,
    tolerance=Tolerance.derived(noise_ceiling=6e-8, bug_floor=3e-2),
    space=Space(
        shows=("average", "smoothed"),
        of=(
            ListOf(of=Number(low=0.0, high=4.0, step=1.0), least=0, most=3),
            OneOf(values=(0.5, 0.0, 0.75)),
        ),
    ),
)
