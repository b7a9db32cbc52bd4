"""The challenge `nesterovMomentum`: which cases decide, and which mistakes are known.

Arrays go in and an array comes out, so its shape and its type are judged as well as its numbers.
Every generator keeps lr and the gradients so large that each step moves w by a good part of its
size: a step that is wrong shows far above the rounding of single precision.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grader.spec import (
    Args,
    Case,
    Challenge,
    Group,
    ListOf,
    Misconception,
    Number,
    OneOf,
    Space,
    Tolerance,
    Whole,
)
from grader.verdict import Visibility
from reference import nesterov_momentum as programs

Array: TypeAlias = NDArray[Any]

_W = np.array([1.0, -2.0])
_GRADIENTS = np.array([[2.0, -1.0], [1.0, -3.0], [-1.0, 2.0]])
_W3 = np.array([0.5, -1.25, 2.0])
_SQUARE = np.array([[1.5, -2.0, 0.25], [-0.5, 1.0, 3.0], [2.5, 0.75, -1.0]])
_APART = np.array([[2.0, 0.0, 0.0], [0.0, -1.5, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 3.0]])
_COAST = np.array([[1.5, -2.5], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
_COLUMN = np.array([[1.5], [-0.25], [2.0], [0.75], [-3.0]])
_LONG = np.array([[0.25 * (1 + k % 3), 0.5 - 0.25 * (k % 4)] for k in range(60)])

_WHOLE_W = np.array([3, -4])
_WHOLE_GRADIENTS = np.array([[2, -1], [1, 5], [-3, 2], [1, 1]])
_HALVES = np.array([[0.5, -1.5], [0.75, 2.5], [-1.25, 0.5], [0.5, 1.5]])


def _array(rng: np.random.Generator, low: float, high: float, shape: tuple[int, ...]) -> Array:
    """Draw numbers of either sign whose sizes lie between `low` and `high`."""
    sizes = rng.uniform(low, high, shape)
    return np.round(sizes * rng.choice([-1.0, 1.0], shape), 3)


def _settings(rng: np.random.Generator) -> tuple[float, float]:
    """Draw lr and beta."""
    return round(float(rng.uniform(0.1, 0.5)), 3), round(float(rng.uniform(0.3, 0.9)), 2)


def _call(rng: np.random.Generator, steps: int, size: int) -> Args:
    """Draw the arguments of one call with `steps` gradients of `size` coordinates."""
    w = _array(rng, 0.5, 3.0, (size,))
    return (w, _array(rng, 0.5, 2.5, (steps, size)), *_settings(rng))


def ordinary(rng: np.random.Generator) -> Sequence[Args]:
    """One call with 2 to 6 steps on 2 to 5 coordinates."""
    return [_call(rng, int(rng.integers(2, 7)), int(rng.integers(2, 6)))]


def whole_weights(rng: np.random.Generator) -> Sequence[Args]:
    """One call with w as an array of integers and gradients with fractions."""
    _, gradients, lr, beta = _call(rng, 4, 3)
    return [(np.array([3, -2, 5]) + rng.integers(0, 4, 3), gradients, lr, beta)]


def two_calls(rng: np.random.Generator) -> Sequence[Args]:
    """Two calls of one shape with the same settings: what one leaves behind spoils the other."""
    steps, size = int(rng.integers(2, 5)), int(rng.integers(2, 5))
    first = _call(rng, steps, size)
    second = _call(rng, steps, size)
    return [first, (*second[:2], *first[2:])]


def small_arrays(w: list[int], kind: str, rows: list[list[float]], lr: float, beta: float) -> Args:
    """Turn a draw from the public space into arrays: every row has an entry for each of w."""
    gradients = np.array([row[: len(w)] for row in rows], dtype=float)
    return np.array(w, dtype=kind), gradients.reshape(len(rows), len(w)), lr, beta


_GROUPS = (
    Group(
        name="example",
        title="The worked example",
        points=10,
        visibility=Visibility.VISIBLE,
        cases=(
            Case(name="one step", args=(_W, _GRADIENTS[:1], 0.5, 0.5)),
            Case(name="the statement's example", args=(_W, _GRADIENTS, 0.1, 0.9)),
            Case(name="four steps, three coordinates", args=(_W3, _APART, 0.25, 0.8)),
        ),
    ),
    Group(name="ordinary", title="Ordinary data", points=40, generate=ordinary, draws=12),
    Group(
        name="edges",
        title="Edge cases",
        points=10,
        cases=(
            Case(name="one coordinate", args=(_W[:1], _COLUMN, 0.2, 0.7)),
            Case(name="one step", args=(_W3, _SQUARE[1:2], 0.3, 0.6)),
            Case(name="as many steps as coordinates", args=(_W3, _SQUARE, 0.2, 0.75)),
            Case(name="only the first gradient is not 0", args=(_W, _COAST, 0.25, 0.9)),
            Case(name="w starts at 0", args=(np.zeros(3), _SQUARE, 1.0, 0.4)),
            Case(name="beta = 0", args=(_W3, _SQUARE, 0.4, 0.0)),
            Case(name="beta = 0 and lr = 1 as integers", args=(_W3, _SQUARE[:2], 1, 0)),
            Case(name="beta = 1", args=(_W, _GRADIENTS, 0.2, 1.0)),
            Case(name="sixty steps", args=(_W, _LONG, 0.05, 0.9)),
        ),
    ),
    Group(
        name="integers",
        title="Arrays of integers",
        points=15,
        generate=whole_weights,
        draws=2,
        cases=(
            Case(name="w of integers", args=(_WHOLE_W, _HALVES, 0.25, 0.5)),
            Case(name="gradients of integers", args=(_W, _WHOLE_GRADIENTS, 0.25, 0.5)),
            Case(name="both of integers", args=(_WHOLE_W, _WHOLE_GRADIENTS, 0.3, 0.7)),
            Case(name="nothing but integers", args=(_WHOLE_W, _WHOLE_GRADIENTS, 1, 1)),
        ),
    ),
    Group(
        name="nothing-to-do",
        title="No steps, or steps that move nothing",
        points=5,
        # A function that returns a copy of w is right here and nowhere else.
        award="all",
        depends_on=("example",),
        cases=(
            Case(name="no steps", args=(_W, _GRADIENTS[:0], 0.1, 0.9)),
            Case(name="no steps, one coordinate", args=(_W[1:], _COLUMN[:0], 0.1, 0.9)),
            Case(name="no steps, w of integers", args=(_WHOLE_W, _GRADIENTS[:0], 0.1, 0.9)),
            Case(name="all gradients are 0", args=(_W3, 0 * _SQUARE, 0.1, 0.9)),
            Case(name="lr = 0", args=(_W, _GRADIENTS, 0.0, 0.9)),
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
        points=10,
        inputs_unchanged=True,
        generate=ordinary,
        draws=3,
    ),
)

_MISCONCEPTIONS = (
    Misconception(
        id="classical-momentum",
        variant=programs.classical_momentum,
        title="This is classical momentum, without a look ahead",
        hint="Your w moves along the velocity itself, which is classical momentum; to look ahead "
        "with the velocity of the step before comes to the same. Compare which two things are "
        "added up in the statement's step, and which velocity it means.",
    ),
    Misconception(
        id="lookahead-from-velocity",
        variant=programs.lookahead_from_velocity,
        title="The look ahead starts at the velocity instead of at the gradient",
        hint="You seem to add a share of the velocity to the velocity itself. The velocity already "
        "holds this gradient: look at what the step adds its look ahead to.",
    ),
    Misconception(
        id="momentum-ignored",
        variant=programs.momentum_ignored,
        title="This is gradient descent without momentum",
        hint="Your answers do not depend on beta. Check that the velocity survives from one step "
        "to the next and that it has a part in the step.",
    ),
    Misconception(
        id="ema-velocity",
        variant=programs.ema_velocity,
        title="The velocity is an average instead of a sum",
        hint="You seem to weight the new gradient by 1 - beta, as Adam does. The velocity of this "
        "challenge accumulates gradients: compare its formula in the statement term by term.",
    ),
    Misconception(
        id="gradient-dampened",
        variant=programs.gradient_dampened,
        title="The gradient enters the step only in part",
        hint="The weights of your step seem to add up to 1, as those of a mean do. Here the "
        "gradient counts in full and the look ahead comes on top.",
    ),
    Misconception(
        id="beta-on-the-gradient",
        variant=programs.factor_on_the_gradient,
        title="beta multiplies the wrong term of the step",
        hint="In the step you shrink the gradient and leave the velocity whole. Look at which of "
        "the two the momentum factor belongs to.",
    ),
    Misconception(
        id="learning-rate-twice",
        variant=programs.learning_rate_twice,
        title="The learning rate is applied twice to the velocity",
        hint="What reaches w by way of the velocity is multiplied by lr squared. Count where lr "
        "appears between a gradient and w.",
    ),
    Misconception(
        id="parentheses-missing",
        variant=programs.parentheses_missing,
        title="Only the gradient is multiplied by the learning rate",
        hint="One part of your step goes uphill and is not multiplied by lr. Look at what a minus "
        "and a product apply to when a sum follows without parentheses.",
    ),
    Misconception(
        id="gradient-ascent",
        variant=programs.gradient_ascent,
        title="The weights climb instead of descending",
        hint="Your weights move the right distance in the wrong direction. With a positive "
        "gradient, should a weight grow or shrink?",
    ),
    Misconception(
        id="velocity-reset",
        variant=programs.velocity_reset_each_step,
        title="The velocity starts anew at every step",
        hint="Each step knows its own gradient only. Look at where the velocity is set to 0 and "
        "how often that line runs.",
    ),
    Misconception(
        id="one-velocity-for-all",
        variant=programs.one_velocity_for_all,
        title="All coordinates share one velocity, a sum",
        hint="The gradients of different coordinates get mixed: each velocity seems to hold the "
        "sum of a whole row. What shape should the velocity have?",
    ),
    Misconception(
        id="mean-over-coordinates",
        variant=programs.mean_over_coordinates,
        title="All coordinates share one velocity, a mean",
        hint="The gradients of different coordinates get mixed: each velocity seems to hold the "
        "mean of a whole row. What shape should the velocity have?",
    ),
    Misconception(
        id="last-step-missing",
        variant=programs.last_step_missing,
        title="The last gradient is never used",
        hint="Your answers are those of a training that stops one step early. With one row of "
        "gradients, how often does your loop run?",
    ),
    Misconception(
        id="first-step-missing",
        variant=programs.first_step_missing,
        title="The first gradient is never used",
        hint="Your answers are those of a training that begins at the second row of gradients. "
        "At which index does an array start?",
    ),
    Misconception(
        id="single-step",
        variant=programs.single_step,
        title="Only the first gradient is used",
        hint="However many gradients there are, one step is made. Look at the indentation of your "
        "return.",
    ),
    Misconception(
        id="velocity-returned",
        variant=programs.velocity_returned,
        title="The velocity is returned instead of the weights",
        hint="Your training may well be right; what you hand back is the other of your two arrays.",
    ),
    Misconception(
        id="trajectory-returned",
        variant=programs.trajectory_returned,
        title="The weights after every step are returned",
        hint="You hand back one row for the start and one for each step. Only the weights after "
        "the last step are asked for: compare the shape of your result with that of w.",
    ),
    Misconception(
        id="integer-velocity",
        variant=programs.integer_velocity,
        title="The velocity is an array of integers",
        hint="Where w holds whole numbers, the fractions of your velocity are cut off. An array "
        "keeps the type it was made with: which type does yours get, and from where?",
    ),
    Misconception(
        id="integer-weights",
        variant=programs.integer_weights,
        title="The weights are kept in an array of integers",
        hint="Where w comes as integers, you write your steps into an array of integers, and their "
        "fractions are cut off. Which type does a copy have?",
    ),
)

_WHOLE_NUMBER = Number(low=-4.0, high=4.0, step=1.0)

challenge = Challenge(
    id="nesterovMomentum",
    title="Nesterov's momentum on arrays",
    threads=8,
    parameters=("w", "gradients", "lr", "beta"),
    reference=programs.nesterov_momentum,
    groups=_GROUPS,
    misconceptions=_MISCONCEPTIONS,
    tolerance=Tolerance.derived(noise_ceiling=6e-08, bug_floor=0.015),
    space=Space(
        shows=("gradient", "velocity", "w"),
        unfolds=("gradients",),
        of=(
            ListOf(of=Whole(low=-2, high=2), least=1, most=2),
            OneOf(values=("float64", "int64")),
            ListOf(of=ListOf(of=_WHOLE_NUMBER, least=2, most=2), most=3),
            OneOf(values=(0.5, 0.25)),
            OneOf(values=(0.5, 0.25, 0.0)),
        ),
        make=small_arrays,
    ),
)
