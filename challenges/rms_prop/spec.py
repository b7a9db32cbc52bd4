"""The challenge `rmsProp`: which cases decide, and which mistakes are known.

Gradients, parameters and steps are of about one size in most cases, so that a parameter shows
every part of the rule that moved it; eps is seldom small, so that its place in the formula
shows. Nothing overflows, and all of it stays far inside the range of float32.
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
    Space,
    Tolerance,
)
from grader.verdict import Visibility
from reference import rms_prop as programs

_STEPS = [[3.0, 0.02], [-1.0, 0.05], [2.0, -0.01]]
_TURNING = [[0.8], [-1.5], [0.4], [-0.6]]
_WHOLE = [[3, -4], [-2, 1], [5, 2]]


def _gradients(rng: np.random.Generator, steps: int, count: int, size: float) -> list[list[float]]:
    """Draw gradients of a size around `size` and of both signs, away from 0."""
    drawn = size * rng.uniform(0.3, 2.0, (steps, count)) * rng.choice([-1.0, 1.0], (steps, count))
    return [[round(float(g), 3) for g in step] for step in drawn]


def _params(rng: np.random.Generator, count: int) -> list[float]:
    """Draw parameters of both signs, away from 0."""
    drawn = rng.uniform(0.5, 2.0, count) * rng.choice([-1.0, 1.0], count)
    return [round(float(p), 3) for p in drawn]


def _settings(rng: np.random.Generator) -> tuple[float, float, float]:
    """Draw lr, decay (never near 1/2, where its two weights are alike) and eps."""
    lr = round(float(rng.uniform(0.1, 0.4)), 3)
    decay = round(float(rng.uniform(0.65, 0.9)), 3)
    return lr, decay, round(float(rng.uniform(0.02, 0.2)), 3)


def ordinary(rng: np.random.Generator) -> Sequence[Args]:
    """One call with 2 or 3 parameters and 3 to 5 steps."""
    count, steps = int(rng.integers(2, 4)), int(rng.integers(3, 6))
    return [(_params(rng, count), _gradients(rng, steps, count, 1.0), *_settings(rng))]


def large_eps(rng: np.random.Generator) -> Sequence[Args]:
    """One call with an eps about as large as the gradients."""
    lr, decay, _ = _settings(rng)
    eps = round(float(rng.uniform(0.3, 0.8)), 3)
    return [(_params(rng, 2), _gradients(rng, 3, 2, 0.5), lr, decay, eps)]


def two_calls(rng: np.random.Generator) -> Sequence[Args]:
    """Two calls that differ in nothing but the gradients: what one leaves behind spoils the other.

    The numbers of the parameters and of the steps are the same as well.
    """
    params, settings = _params(rng, 2), _settings(rng)
    return [(params, _gradients(rng, 3, 2, 1.0), *settings) for _ in range(2)]


_GROUPS = (
    Group(
        name="example",
        title="The worked example",
        points=10,
        visibility=Visibility.VISIBLE,
        cases=(
            Case(name="one step", args=([1.0], [[2.0]], 0.5, 0.75, 0.25)),
            Case(name="the statement's example", args=([0.5, -1.0], _STEPS, 0.1, 0.9, 0.01)),
            Case(name="a gradient that turns round", args=([2.0], _TURNING, 0.25, 0.8, 0.1)),
        ),
    ),
    Group(name="ordinary", title="Ordinary gradients", points=25, generate=ordinary, draws=10),
    Group(
        name="eps",
        title="An eps that matters",
        points=15,
        cases=(
            Case(name="eps = 0.5", args=([1.0, -0.5], [[0.4, -1.2], [0.7, 0.3]], 0.3, 0.7, 0.5)),
            Case(name="eps = 2", args=([0.75], [[1.5], [-0.5], [1.0]], 1.5, 0.8, 2.0)),
            Case(name="eps = 1e-8", args=([-1.5], [[0.5], [2.5], [-1.0]], 0.2, 0.8, 1e-8)),
        ),
        generate=large_eps,
        draws=3,
    ),
    Group(
        name="decay",
        title="No memory and a long memory",
        points=15,
        cases=(
            Case(name="decay = 0", args=([1.5, -1.0], [[0.4, 2.0], [-1.5, 0.6]], 0.2, 0.0, 0.1)),
            Case(name="decay = 0 as an integer", args=([0.8], [[0.3], [1.2], [0.5]], 0.2, 0, 0.25)),
            Case(
                name="decay = 0.99", args=([1.4, -1.2], [[1.5, -0.4], [0.9, 1.1]], 0.05, 0.99, 0.02)
            ),
            Case(
                name="decay = 0.95 over many steps",
                args=([-2.0], [[round(1.5 - 0.1 * k, 1)] for k in range(20)], 0.2, 0.95, 0.05),
            ),
        ),
    ),
    Group(
        name="sizes",
        title="Gradients of very different sizes",
        points=10,
        cases=(
            Case(
                name="from 1000 to 0.01",
                args=(
                    [1.0, -2.0, 0.5, 1.5],
                    [[900.0, -0.02, 7.0, 0.5], [-400.0, 0.03, 5.0, -0.1]],
                    0.2,
                    0.85,
                    0.01,
                ),
            ),
            Case(
                name="from 0.01 to 100",
                args=([0.8, -0.6, 2.0], [[0.01, 1.0, 100.0], [0.04, -2.0, 60.0]], 0.3, 0.75, 0.02),
            ),
            Case(
                name="a parameter whose gradients shrink",
                args=([1.2], [[20.0], [-3.0], [0.4], [0.1]], 0.25, 0.7, 0.05),
            ),
        ),
    ),
    Group(
        name="zero-gradients",
        title="Gradients that are 0",
        points=5,
        # All or nothing: a function that returns its parameters would otherwise earn a part.
        award="all",
        cases=(
            Case(name="0 among others", args=([0.5, -1.5], [[0.0, 0.8], [0, 1.2]], 0.2, 0.8, 0.1)),
            Case(name="0 at first", args=([2.0], [[0.0], [0.0], [0.6], [1.3]], 0.3, 0.7, 0.05)),
            Case(name="0 in between", args=([-0.7], [[1.5], [0.0], [0.0], [0.9]], 0.2, 0.75, 0.1)),
            Case(name="nothing but 0", args=([1.0, -2.0], [[0.0, 0.0], [0.0, 0.0]], 0.2, 0.9, 0.1)),
        ),
    ),
    Group(
        name="whole-numbers",
        title="Whole numbers",
        points=5,
        cases=(
            Case(name="whole numbers only", args=([5, -3], _WHOLE, 2, 0, 1)),
            Case(name="whole parameters and gradients", args=([2, 7], _WHOLE, 0.5, 0.75, 0.5)),
        ),
    ),
    Group(
        name="hardly-anything",
        title="No steps, no parameters",
        points=5,
        award="all",
        depends_on=("example",),
        cases=(
            Case(name="no steps", args=([1.5, -2.5, 4], [], 0.1, 0.9, 0.01)),
            Case(name="no parameters", args=([], [[], []], 0.1, 0.9, 0.01)),
            Case(name="neither", args=([], [], 0.1, 0.9, 0.01)),
            Case(
                name="one step of five parameters",
                args=([0.6, -0.4, -1.2, 2.0, 3.0], [[1.5, 0.5, -0.3, 2.0, 0.7]], 0.5, 0.8, 0.1),
            ),
        ),
    ),
    Group(
        name="two-calls",
        title="Two calls with the same settings",
        points=5,
        generate=two_calls,
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
)

_MISCONCEPTIONS = (
    Misconception(
        id="without-decay",
        variant=programs.without_decay,
        title="The squares are added up and never forgotten (AdaGrad)",
        hint="Your s only grows, so the steps get shorter and shorter: that is AdaGrad. RMSProp "
        "mends just this. Look at what happens to the old s in every step.",
    ),
    Misconception(
        id="square-in-full",
        variant=programs.square_in_full,
        title="The new square enters s in full",
        hint="Your s is larger than any of the squares it is made of. It should be a mean of them: "
        "what has to hold for the two weights of a mean?",
    ),
    Misconception(
        id="weights-swapped",
        variant=programs.weights_swapped,
        title="The weights of the old and the new are swapped",
        hint="With decay near 1 your s forgets almost everything at once. A decay of 0.9 should "
        "keep nine tenths of something: of what?",
    ),
    Misconception(
        id="mean-squared",
        variant=programs.mean_squared,
        title="The mean is squared, not the gradients",
        hint="Gradients of opposite signs cancel in your s. In a mean of squares they cannot: look "
        "at what is squared, and when.",
    ),
    Misconception(
        id="eps-inside-root",
        variant=programs.eps_inside_root,
        title="eps is added before the root is taken",
        hint="Your eps acts like its own square root, which is far larger for a small eps. Look at "
        "what the root encloses in the statement, and what it encloses in your code.",
    ),
    Misconception(
        id="without-root",
        variant=programs.without_root,
        title="The root is missing",
        hint="Small gradients give huge steps and large ones tiny steps. s has the size of a "
        "square: what turns it into something that a gradient can be compared with?",
    ),
    Misconception(
        id="step-before-mean",
        variant=programs.step_before_mean,
        title="The parameter moves before s is brought up to date",
        hint="The first step is far too long: it is divided by hardly more than eps. Look at the "
        "order of your two updates.",
    ),
    Misconception(
        id="bias-corrected",
        variant=programs.bias_corrected,
        title="s is corrected for its start at 0, as in Adam",
        hint="Your first steps are shorter than those of RMSProp. The correction of the start "
        "belongs to Adam; compare the rule of the statement term by term.",
    ),
    Misconception(
        id="one-mean-for-all",
        variant=programs.one_mean_for_all,
        title="All parameters share one s",
        hint="With one parameter your answers are right. With several, the gradients of one change "
        "the steps of another: how many means should there be?",
    ),
    Misconception(
        id="mean-reset",
        variant=programs.mean_reset_each_step,
        title="s starts anew in every step",
        hint="Each of your steps knows its own gradient only. Look at where s is set to 0 and how "
        "often that line runs.",
    ),
    Misconception(
        id="mean-starts-at-1",
        variant=programs.mean_starts_at_one,
        title="s starts at 1",
        hint="Your first steps are those of somebody who has seen gradients before. Which value "
        "does s have before the first step?",
    ),
    Misconception(
        id="ascent",
        variant=programs.ascent,
        title="The parameters climb instead of descending",
        hint="Every parameter moves the wrong way. Where the gradient is positive, should the "
        "parameter become larger or smaller?",
    ),
    Misconception(
        id="without-learning-rate",
        variant=programs.without_learning_rate,
        title="The learning rate is not used",
        hint="Your answers do not depend on lr. Look at what the gradient is multiplied by before "
        "it reaches the parameter.",
    ),
    Misconception(
        id="learning-rate-twice",
        variant=programs.learning_rate_twice,
        title="The learning rate is applied twice",
        hint="Each step is multiplied by lr squared. Count where lr appears between the gradient "
        "and the parameter.",
    ),
    Misconception(
        id="last-gradient-only",
        variant=programs.last_gradient_only,
        title="Only the last gradient is used",
        hint="You seem to take a single step, with the last entry of grads. There is one step for "
        "every entry, and s remembers them all.",
    ),
    Misconception(
        id="first-gradient-only",
        variant=programs.first_gradient_only,
        title="Only the first step is taken",
        hint="Your function ends after its first step. Look at the indentation of your return.",
    ),
)


def simple(
    params: list[float], steps: list[list[float]], lr: float, decay: float, eps: float
) -> Args:
    """Cut every step to the number of parameters."""
    return params, [step[: len(params)] for step in steps], lr, decay, eps


_SPACE = Space(
    shows=("g", "s", "p"),
    unfolds=("grads",),
    of=(
        ListOf(of=OneOf(values=(1.0, 0.0, -1.0)), least=0, most=2),
        ListOf(of=ListOf(of=Number(low=-2.0, high=2.0, step=1.0), least=2, most=2), most=2),
        OneOf(values=(0.5, 0.25)),
        OneOf(values=(0.75, 0.5, 0.0)),
        OneOf(values=(0.5, 1.0, 0.25)),
    ),
    make=simple,
)

challenge = Challenge(
    id="rmsProp",
    title="RMSProp",
    threads=8,
    parameters=("params", "grads", "lr", "decay", "eps"),
    reference=programs.rms_prop,
    groups=_GROUPS,
    misconceptions=_MISCONCEPTIONS,
    tolerance=Tolerance.derived(noise_ceiling=6e-08, bug_floor=0.02),
    space=_SPACE,
)
