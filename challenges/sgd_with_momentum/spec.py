"""The challenge `sgdWithMomentum`: which cases decide, and which mistakes are known.

Whatever a generator draws converges (or is stopped early enough) and stays far inside the
range of float32, so that a right program passes in single precision as well.
"""

from collections.abc import Sequence

import numpy as np

from grader.spec import (
    Args,
    Case,
    Challenge,
    Group,
    ListOf,
    Misconception,
    Number,
    OneOf,
    Record,
    Space,
    Tolerance,
    Whole,
)
from grader.verdict import Visibility
from reference import sgd_with_momentum as programs

Sample = dict[str, float]

_LINE = [{"x": 1.0, "y": 2.0}, {"x": 2.0, "y": 4.0}, {"x": 3.0, "y": 6.0}]
_NOISY = [
    {"x": -1.5, "y": 2.75},
    {"x": 0.5, "y": -1.25},
    {"x": 2.0, "y": -4.5},
    {"x": 1.0, "y": -2.0},
]
_WHOLE = [{"x": 1, "y": 3}, {"x": 1, "y": -5}, {"x": 2, "y": 7}]
_UNSORTED = [{"x": x, "y": 1.5 * x + 0.25} for x in (0.75, -1.25, 2.0, -0.5, 1.0)]
_STEEP = [{"x": x, "y": 1e6 * x} for x in (0.5, 1.5, -1.0)]
_FLAT = [{"x": x, "y": 0.0012345 * x} for x in (0.5, 1.5, -1.0)]
_ZEROS = [{"x": 0.0, "y": 3.0}, {"x": 0.0, "y": -1.0}]
_GROWING = [{"x": 1000.0, "y": 1.0}, {"x": -2000.0, "y": 3.0}]
_HUGE = [{"x": 1e120, "y": 1e120}, {"x": -1e120, "y": 2e120}]


def _samples(rng: np.random.Generator, count: int) -> list[Sample]:
    """Draw `count` points near a line through 0, with both signs of x and x away from 0."""
    slope = rng.uniform(1.0, 3.0) * rng.choice([-1.0, 1.0])
    x = rng.uniform(0.4, 1.6, count) * rng.choice([-1.0, 1.0], count)
    y = slope * x + rng.uniform(-0.5, 0.5, count)
    return [{"x": round(float(a), 3), "y": round(float(b), 3)} for a, b in zip(x, y, strict=True)]


def _settings(rng: np.random.Generator) -> tuple[float, float, int]:
    """Draw lr, beta and the number of epochs (3 to 6: the last one still matters)."""
    lr = round(float(rng.uniform(0.01, 0.05)), 4)
    beta = round(float(rng.uniform(0.3, 0.9)), 2)
    return lr, beta, int(rng.integers(3, 7))


def ordinary(rng: np.random.Generator) -> Sequence[Args]:
    """One call on 3 to 7 noisy points."""
    return [(_samples(rng, int(rng.integers(3, 8))), *_settings(rng))]


def two_calls(rng: np.random.Generator) -> Sequence[Args]:
    """Two calls that differ in nothing but the points: what one leaves behind spoils the other."""
    count, settings = int(rng.integers(3, 6)), _settings(rng)
    return [(_samples(rng, count), *settings), (_samples(rng, count), *settings)]


_GROUPS = (
    Group(
        name="example",
        title="The worked example",
        points=10,
        visibility=Visibility.VISIBLE,
        cases=(
            Case(name="two steps", args=(_LINE[:2], 0.1, 0.5, 1)),
            Case(name="the statement's example", args=(_LINE, 0.01, 0.9, 2)),
            Case(name="a falling line with noise", args=(_NOISY, 0.02, 0.8, 5)),
        ),
    ),
    Group(name="ordinary", title="Ordinary data", points=40, generate=ordinary, draws=14),
    Group(
        name="nothing-to-learn",
        title="No data, no epochs, only x = 0",
        points=10,
        # All or nothing: a function that always answers 0 would otherwise earn most of it.
        award="all",
        cases=(
            Case(name="no data", args=([], 0.1, 0.9, 3)),
            Case(name="no epochs", args=(_LINE, 0.1, 0.9, 0)),
            Case(name="neither", args=([], 0.1, 0.9, 0)),
            Case(name="only x = 0", args=(_ZEROS, 0.1, 0.9, 4)),
            Case(name="one sample, one epoch", args=([{"x": 1.5, "y": -2.0}], 0.1, 0.9, 1)),
        ),
    ),
    Group(
        name="edges",
        title="Edge cases",
        points=20,
        cases=(
            Case(name="one sample", args=([{"x": 1.25, "y": 3.5}], 0.05, 0.7, 8)),
            Case(name="x = 0 among others", args=([*_ZEROS, *_NOISY, _ZEROS[1]], 0.03, 0.6, 3)),
            Case(name="beta = 0", args=(_NOISY, 0.05, 0.0, 4)),
            Case(name="beta = 0 as an integer", args=(_UNSORTED, 0.05, 0, 4)),
            Case(name="whole numbers only", args=(_WHOLE, 1, 0, 2)),
            Case(name="whole numbers, momentum 1", args=(_WHOLE[:2], 1, 1, 3)),
            Case(name="x not sorted", args=(_UNSORTED, 0.04, 0.75, 4)),
            Case(name="more than 1000 steps", args=(_NOISY + _UNSORTED, 0.0003, 0.5, 115)),
            Case(name="a slope of a million", args=(_STEEP, 0.05, 0.5, 6)),
            Case(name="a slope of about a thousandth", args=(_FLAT, 0.05, 0.5, 6)),
        ),
    ),
    Group(
        name="two-calls",
        title="Two calls with the same settings",
        points=10,
        generate=two_calls,
        draws=3,
    ),
    Group(
        name="inputs-unchanged",
        title="Inputs left as they were",
        points=5,
        inputs_unchanged=True,
        generate=ordinary,
        draws=3,
    ),
    Group(
        name="overflow",
        title="Numbers that overflow",
        points=5,
        depends_on=("example",),
        cases=(
            Case(name="growing step by step", args=(_GROWING, 1.0, 0.9, 40)),
            Case(name="at once", args=(_HUGE, 0.5, 0.9, 3)),
        ),
    ),
)

_MISCONCEPTIONS = (
    Misconception(
        id="no-factor-2",
        variant=programs.without_factor_two,
        title="The gradient has lost its factor 2",
        hint="Every step looks half as long as it should be. Differentiate the square "
        "(w*x - y)**2 by hand: what does the exponent leave in front?",
    ),
    Misconception(
        id="gradient-without-x",
        variant=programs.gradient_without_x,
        title="The gradient has lost its inner derivative",
        hint="The gradient is taken with respect to w, and w is multiplied by something inside "
        "the square. Look at the chain rule once more.",
    ),
    Misconception(
        id="target-added",
        variant=programs.target_added,
        title="The target enters with the wrong sign",
        hint="Your answers are the right ones mirrored at 0. Look at how the error of a sample is "
        "made from the prediction and the target.",
    ),
    Misconception(
        id="gradient-ascent",
        variant=programs.gradient_ascent,
        title="The weight climbs the loss instead of descending",
        hint="Your weight moves away from the data, faster and faster. Either the gradient or the "
        "step has the wrong sign: try one sample by hand and see which way w should go first.",
    ),
    Misconception(
        id="momentum-ignored",
        variant=programs.momentum_ignored,
        title="This is SGD without momentum",
        hint="Your answers do not depend on what happened at earlier samples. Check that the "
        "velocity survives from one sample to the next and that beta is used.",
    ),
    Misconception(
        id="momentum-subtracted",
        variant=programs.momentum_subtracted,
        title="The old velocity works against the gradient",
        hint="Momentum should carry on in the direction of travel; yours brakes. Look at the sign "
        "between the two terms of the velocity.",
    ),
    Misconception(
        id="ema-velocity",
        variant=programs.ema_velocity,
        title="The velocity is an average instead of a sum",
        hint="You seem to weight the new gradient by 1 - beta, as Adam does. The velocity of this "
        "challenge accumulates gradients: compare its formula in the statement term by term.",
    ),
    Misconception(
        id="dampening",
        variant=programs.dampened_velocity,
        title="The gradient is dampened after the first step",
        hint="The first gradient enters the velocity in full and the later ones only in part. The "
        "statement's rule is the same at every step.",
    ),
    Misconception(
        id="nesterov-lookahead",
        variant=programs.nesterov_lookahead,
        title="This is Nesterov's momentum (the gradient is taken ahead)",
        hint="You seem to evaluate the gradient where the velocity is about to carry w. Here the "
        "gradient belongs to the w of this very moment.",
    ),
    Misconception(
        id="nesterov-step",
        variant=programs.nesterov_step,
        title="This is Nesterov's momentum (the step looks ahead)",
        hint="Your step adds something to the velocity before it moves w. Compare the last line "
        "of the update rule with yours.",
    ),
    Misconception(
        id="learning-rate-twice",
        variant=programs.learning_rate_twice,
        title="The learning rate is applied twice",
        hint="Each gradient reaches w multiplied by lr squared. Count where lr appears between "
        "the gradient and the weight.",
    ),
    Misconception(
        id="weight-before-velocity",
        variant=programs.weight_before_velocity,
        title="The weight moves before the velocity is brought up to date",
        hint="Each step uses the velocity of the sample before, so the very first step does "
        "nothing. Look at the order of your updates.",
    ),
    Misconception(
        id="velocity-reset",
        variant=programs.velocity_reset_each_epoch,
        title="The velocity starts anew in every epoch",
        hint="Momentum does not know where an epoch ends. Look at where the velocity is set to 0 "
        "and how often that line runs.",
    ),
    Misconception(
        id="weight-reset",
        variant=programs.weight_reset_each_epoch,
        title="The weight starts anew in every epoch",
        hint="What one epoch has learnt is gone in the next. Look at where w is set to 0 and how "
        "often that line runs.",
    ),
    Misconception(
        id="full-batch-mean",
        variant=programs.full_batch_mean,
        title="One update per epoch, with the mean gradient",
        hint="That is batch gradient descent. Stochastic gradient descent moves w after every "
        "single sample, so that the next sample already sees the new w.",
    ),
    Misconception(
        id="full-batch-sum",
        variant=programs.full_batch_sum,
        title="One update per epoch, with the summed gradient",
        hint="You collect the gradients of a whole epoch before w moves. Stochastic gradient "
        "descent moves w after every single sample.",
    ),
    Misconception(
        id="gradient-over-count",
        variant=programs.gradient_over_count,
        title="Each gradient is divided by the number of samples",
        hint="A mean belongs to a batch. Here every update sees one sample and its whole gradient.",
    ),
    Misconception(
        id="bias-trained",
        variant=programs.bias_trained,
        title="A bias is trained as well",
        hint="The lesson's example fits y = w*x + b. This model is a line through 0 and has one "
        "parameter only.",
    ),
    Misconception(
        id="last-epoch-missing",
        variant=programs.last_epoch_missing,
        title="One epoch too few",
        hint="Your answers are those of a training that ends one epoch early. With epochs = 1, "
        "how often does your outer loop run?",
    ),
    Misconception(
        id="one-epoch-too-many",
        variant=programs.one_epoch_too_many,
        title="One epoch too many",
        hint="Your answers are those of a training that goes on for one more epoch. With "
        "epochs = 0, how often does your outer loop run?",
    ),
    Misconception(
        id="single-epoch",
        variant=programs.single_epoch,
        title="Only one epoch is run",
        hint="However many epochs are asked for, the data is seen once. Look at the indentation "
        "of your return, and at what your outer loop encloses.",
    ),
    Misconception(
        id="single-step",
        variant=programs.single_step,
        title="Only one sample is used",
        hint="Your function ends after its first update. Look at the indentation of your return.",
    ),
    Misconception(
        id="last-sample-skipped",
        variant=programs.last_sample_skipped,
        title="The last sample is never used",
        hint="Every epoch stops one sample short. With one sample, how often does your inner loop "
        "run?",
    ),
    Misconception(
        id="first-sample-skipped",
        variant=programs.first_sample_skipped,
        title="The first sample is never used",
        hint="Every epoch begins at the second sample. At which index does a list start?",
    ),
    Misconception(
        id="velocity-returned",
        variant=programs.velocity_returned,
        title="The velocity is returned instead of the weight",
        hint="Your training may well be right; what you hand back is the other of your two "
        "variables.",
    ),
    Misconception(
        id="rounded",
        variant=programs.rounded,
        title="The answer is rounded",
        hint="Rounding is for showing numbers, as the lesson's example does. Return w as it is.",
    ),
)

_SAMPLE = Record(fields={"x": Number(low=-2, high=2, step=1), "y": Number(low=-2, high=2, step=1)})

_SPACE = Space(
    of=(
        ListOf(of=_SAMPLE, most=3),
        OneOf(values=(0.5, 0.25, 0.125)),
        OneOf(values=(0.5, 0, 0.25)),
        Whole(low=0, high=3),
    ),
    shows=("gradient", "velocity", "w"),
    unfolds=("epochs",),
)

challenge = Challenge(
    id="sgdWithMomentum",
    title="Stochastic gradient descent with momentum",
    parameters=("data", "lr", "beta", "epochs"),
    reference=programs.sgd_with_momentum,
    groups=_GROUPS,
    misconceptions=_MISCONCEPTIONS,
    tolerance=Tolerance.derived(noise_ceiling=6e-8, bug_floor=8e-3),
    space=_SPACE,
    threads=8,
)
