"""The challenge `adamW`: which cases decide, and which mistakes are known.

With textbook values (lr 0.001, eps 1e-8, weightDecay 0.01) nobody could tell where eps stands or
which comes first, decay or step. So every case has large ones: lr, eps and weightDecay of 0.1
and more, and gradients smaller than eps where eps is what a group asks about.
"""

from collections.abc import Sequence
from typing import Any

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
    Space,
    Tolerance,
)
from grader.verdict import Visibility
from reference import adam_w as programs

_START = [2.5, -3.25]
_NEAR_ZERO = [0.5, -0.25]
_TURNING = [[0.75, -1.5], [-1.25, -0.5], [0.5, 2.0]]
_TOWARDS_ZERO = [[1.5, -1.25], [0.5, -0.75], [1.0, -2.0]]
_WHOLE = [[1, -2], [0, 3], [-2, 1]]
_FADING = [[2.0], [1.0], [0.5], [0.25], [0.125], [-0.25]]
_LARGE_EPS = ((0.3, 0.5), (0.6, 0.75), (0.2, 0.3))  # beta1, beta2, eps
_FIVE = [[0.5, -1.0, 0.25, 2.0, -0.75], [1.0, 0.5, -1.5, 0.25, -0.25]]
_ROUND_TRIP = [[0.6, 1.5], [-0.4, 0.8], [0.9, -1.2], [-0.2, 0.3]]


def _signed(rng: np.random.Generator, low: float, high: float, *shape: int) -> list[Any]:
    """Draw numbers of either sign whose size lies between `low` and `high`."""
    sizes = rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)
    return sizes.round(3).tolist()


def _settings(rng: np.random.Generator) -> tuple[float, float, float, float, float]:
    """Draw lr, beta1, beta2, eps and weightDecay, all large enough to be seen."""
    lr, decay = rng.uniform(0.4, 0.8), rng.uniform(0.2, 0.5)
    beta1, beta2, eps = rng.uniform(0.6, 0.8), rng.uniform(0.2, 0.4), rng.uniform(0.2, 0.4)
    lr, beta1, beta2, eps, decay = (round(float(x), 3) for x in (lr, beta1, beta2, eps, decay))
    return lr, beta1, beta2, eps, decay


def ordinary(rng: np.random.Generator) -> Sequence[Args]:
    """One call: 2 or 3 parameters, 2 to 4 steps."""
    count, steps = int(rng.integers(2, 4)), int(rng.integers(2, 5))
    params, grads = _signed(rng, 1.0, 3.0, count), _signed(rng, 0.2, 2.0, steps, count)
    return [(params, grads, *_settings(rng))]


def small_gradients(rng: np.random.Generator) -> Sequence[Args]:
    """One call whose gradients are smaller than eps, so that eps decides the size of a step."""
    steps, lr = int(rng.integers(1, 3)), round(float(rng.uniform(1.5, 2.5)), 3)
    beta1, beta2, eps = (round(float(rng.uniform(*ends)), 3) for ends in _LARGE_EPS)
    params, grads = _signed(rng, 0.3, 0.8, 2), _signed(rng, 0.04, 0.12, steps, 2)
    return [(params, grads, lr, beta1, beta2, eps, 0.125)]


def two_calls(rng: np.random.Generator) -> Sequence[Args]:
    """Two calls that differ in parameters and gradients only: the first must leave nothing."""
    steps, settings = int(rng.integers(2, 4)), _settings(rng)
    return [
        (_signed(rng, 1.0, 3.0, 2), _signed(rng, 0.2, 2.0, steps, 2), *settings) for _ in range(2)
    ]


def _equally_long(
    params: list[float], rows: list[list[float]], *settings: float
) -> tuple[list[float], list[list[float]], *tuple[float, ...]]:
    """Cut every step's gradients to the number of parameters."""
    return (params, [row[: len(params)] for row in rows], *settings)


_GROUPS = (
    Group(
        name="example",
        title="The worked example",
        points=10,
        visibility=Visibility.VISIBLE,
        cases=(
            Case(name="one parameter, one step", args=([2.0], [[0.5]], 0.1, 0.9, 0.8, 0.25, 0.5)),
            Case(
                name="the statement's example",
                args=([1, -2], [[0.5, -1], [-0.25, 2]], 0.1, 0.9, 0.8, 0.1, 0.5),
            ),
            Case(
                name="gradients that change their sign",
                args=(_START, _TURNING, 0.3, 0.75, 0.5, 0.2, 0.4),
            ),
        ),
    ),
    Group(name="ordinary", title="Ordinary data", points=30, generate=ordinary, draws=5),
    Group(
        name="decay",
        title="Weight decay",
        points=15,
        cases=(
            Case(
                name="gradients of zero",
                args=([2.0, -1.5], [[0.0, 0.0]] * 3, 0.25, 0.9, 0.75, 0.1, 0.8),
            ),
            Case(
                name="one gradient of zero",
                args=([-2.5, 1.75], [[0.0, 0.8], [0.0, -0.3]], 0.25, 0.6, 0.75, 0.1, 0.8),
            ),
            Case(
                name="no gradient at first",
                args=([3.0], [[0.0], [0.0], [1.25]], 0.3, 0.8, 0.5, 0.2, 0.7),
            ),
            Case(
                name="a parameter that starts at 0",
                args=([0.0, 2.0], [[0.0, -1.0], [0.75, 0.5]], 0.4, 0.5, 0.75, 0.2, 0.9),
            ),
            Case(
                name="no weight decay",
                args=(_START, _TOWARDS_ZERO[:2], 0.3, 0.8, 0.6, 0.15, 0.0),
            ),
        ),
    ),
    Group(
        name="eps",
        title="Gradients smaller than eps",
        points=15,
        generate=small_gradients,
        draws=3,
    ),
    Group(
        name="averages",
        title="The two averages and their correction",
        points=15,
        cases=(
            Case(name="beta1 = 0", args=(_NEAR_ZERO, _TURNING[:2], 1.0, 0.0, 0.7, 0.2, 0.3)),
            Case(name="beta2 = 0", args=(_NEAR_ZERO, _TURNING[:2], 0.8, 0.7, 0.0, 0.2, 0.3)),
            Case(
                name="slow averages, one step",
                args=([0.25], [[-0.4]], 1.0, 0.9, 0.5, 0.25, 0.2),
            ),
            Case(
                name="slow averages, six steps",
                args=([4.0], _FADING, 0.4, 0.9, 0.99, 0.1, 0.2),
            ),
            Case(
                name="there and back",
                args=([2.0, -3.0], _ROUND_TRIP, 0.25, 0.4, 0.9, 0.3, 0.6),
            ),
        ),
    ),
    Group(
        name="sizes",
        title="One parameter, many, none; no steps",
        points=5,
        # All or nothing: a function that returns its first argument would earn half of it.
        award="all",
        cases=(
            Case(name="one parameter", args=([2.5], [[0.75], [-1.0]], 0.3, 0.8, 0.6, 0.2, 0.5)),
            Case(
                name="five parameters",
                args=([2.0, -1.5, 3.0, -4.0, 2.5], _FIVE, 0.2, 0.8, 0.6, 0.2, 0.5),
            ),
            Case(name="no steps", args=([1.5, -2.0], [], 0.3, 0.8, 0.6, 0.2, 0.5)),
            Case(name="no parameters", args=([], [[], []], 0.3, 0.8, 0.6, 0.2, 0.5)),
            Case(name="neither", args=([], [], 0.3, 0.8, 0.6, 0.2, 0.5)),
        ),
    ),
    Group(
        name="whole-numbers",
        title="Whole numbers",
        points=5,
        cases=(
            Case(name="whole numbers only", args=([5, -3], _WHOLE, 1, 0, 0, 1, 2)),
            Case(name="whole parameters", args=([5, -3], _WHOLE[:2], 0.3, 0.8, 0.6, 0.2, 0.5)),
        ),
    ),
    Group(
        name="two-calls",
        title="Two calls with the same settings",
        points=5,
        generate=two_calls,
        draws=2,
    ),
)

_MISCONCEPTIONS = (
    Misconception(
        id="l2-in-gradient",
        variant=programs.l2_in_gradient,
        title="This is Adam with an L2 penalty, not AdamW",
        hint="Your weight decay goes through the gradient, so that it is averaged and divided "
        "like one. Decoupled means that it never meets the moments: look at the first line of "
        "the rule.",
    ),
    Misconception(
        id="no-weight-decay",
        variant=programs.without_decay,
        title="This is Adam: the weight decay is missing",
        hint="Your answers do not depend on weightDecay. What happens to a parameter whose "
        "gradients are all 0?",
    ),
    Misconception(
        id="decay-after-step",
        variant=programs.decay_after_step,
        title="The decay comes after the step",
        hint="Your decay also shrinks the step that was just taken. Compare the order of your "
        "two updates with the statement's.",
    ),
    Misconception(
        id="decay-without-lr",
        variant=programs.decay_without_lr,
        title="The decay has lost the learning rate",
        hint="Your parameters shrink faster than they should. Two factors decide how much of a "
        "parameter is taken away: which of them is missing?",
    ),
    Misconception(
        id="decay-added",
        variant=programs.decay_added,
        title="The decay makes the parameters grow",
        hint="Try gradients of 0 by hand: a parameter should come nearer to 0 with every step, "
        "and yours moves away. Look at a sign.",
    ),
    Misconception(
        id="decay-of-start",
        variant=programs.decay_of_the_start,
        title="The decay is taken from the parameters that came in",
        hint="Your first step is right. After it the decay still looks at the first values: which "
        "value does the parameter have at that moment?",
    ),
    Misconception(
        id="eps-inside-root",
        variant=programs.eps_inside_root,
        title="eps stands inside the root",
        hint="You seem to take the root of a sum. Look at where the root ends in the statement's "
        "last line.",
    ),
    Misconception(
        id="eps-before-correction",
        variant=programs.eps_before_correction,
        title="eps is corrected along with the second moment",
        hint="You seem to put both corrections into the step size, a known shortcut. It changes "
        "how large eps is in the early steps: eps belongs to the root of the corrected moment.",
    ),
    Misconception(
        id="no-square-root",
        variant=programs.without_root,
        title="The root of the second moment is missing",
        hint="The second moment averages squares. Before it can scale a gradient, something has "
        "to bring it back to the size of one.",
    ),
    Misconception(
        id="no-bias-correction",
        variant=programs.without_bias_correction,
        title="The bias of the moments is not corrected",
        hint="Both moments start at 0 and are too small in the early steps. Look at what the "
        "statement does to them before they are used.",
    ),
    Misconception(
        id="correction-of-first-step",
        variant=programs.correction_of_first_step,
        title="The correction does not know which step it is",
        hint="Your first step is right and the later ones are not. The bias fades with every "
        "step: look at what the correction depends on besides the beta.",
    ),
    Misconception(
        id="step-counted-ahead",
        variant=programs.step_counted_ahead,
        title="The steps are counted from 2",
        hint="Your correction is too weak, and most so in the first step. Which number does your "
        "very first step have when the moments are corrected?",
    ),
    Misconception(
        id="correction-kept",
        variant=programs.correction_kept,
        title="The corrected moments are carried on",
        hint="Your first step is right. What the next step starts from should be the moment "
        "itself; look at which variable the correction is stored in.",
    ),
    Misconception(
        id="betas-swapped",
        variant=programs.betas_swapped,
        title="beta1 and beta2 are swapped",
        hint="Each of your moments seems to be averaged with the other one's factor. Compare the "
        "order of the arguments, and the names in both averages.",
    ),
    Misconception(
        id="gradient-in-full",
        variant=programs.gradient_in_full,
        title="The first moment is a sum instead of an average",
        hint="You seem to add each gradient to the first moment with its full weight, as SGD with "
        "momentum does. The weights of an average add up to 1.",
    ),
    Misconception(
        id="square-of-mean",
        variant=programs.square_of_mean,
        title="The second moment squares the first moment",
        hint="An average of squares is not made from averages. What should be squared before it "
        "enters the second moment?",
    ),
    Misconception(
        id="gradient-ascent",
        variant=programs.ascent,
        title="The step goes up the gradient",
        hint="Try one parameter with a positive gradient and no decay: it should become smaller. "
        "Look at the sign of your step.",
    ),
    Misconception(
        id="moments-reset",
        variant=programs.moments_reset,
        title="The moments start anew at every step",
        hint="Your answers do not remember earlier gradients. Look at where the moments are set "
        "to 0 and how often those lines run.",
    ),
    Misconception(
        id="moments-shared",
        variant=programs.moments_shared,
        title="All parameters share one pair of moments",
        hint="With one parameter you are right, with two you are not: the gradient of one reaches "
        "the other. How many moments does each parameter need of its own?",
    ),
)

challenge = Challenge(
    id="adamW",
    title="AdamW: Adam with decoupled weight decay",
    threads=8,
    parameters=("params", "grads", "lr", "beta1", "beta2", "eps", "weightDecay"),
    reference=programs.adam_w,
    groups=_GROUPS,
    misconceptions=_MISCONCEPTIONS,
    tolerance=Tolerance.derived(noise_ceiling=6e-08, bug_floor=0.01),
    space=Space(
        shows=("g", "m", "v", "mhat", "vhat", "p"),
        unfolds=("grads",),
        of=(
            ListOf(of=Number(low=-4, high=4, step=1), least=1, most=2),
            ListOf(of=ListOf(of=Number(low=-2, high=2, step=1), least=2, most=2), least=0, most=3),
            OneOf(values=(0.5, 0.25)),
            OneOf(values=(0.5, 0.0, 0.75)),
            OneOf(values=(0.75, 0.0, 0.5)),
            OneOf(values=(1.0, 0.5)),
            OneOf(values=(0.5, 0.0, 1.0)),
        ),
        make=_equally_long,
    ),
)
