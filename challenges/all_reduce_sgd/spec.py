"""The challenge `allReduceSGD`: which cases decide, and which mistakes are known.

Every shard that a generator draws has a slope and a spread of its own, as the data of different
places has: otherwise a wrong weighting would hardly show. What is drawn is still on its way when
it is stopped and stays far inside the range of float32.
"""

from collections.abc import Sequence

import numpy as np

from grader.checks import Relates
from grader.space import ListOf, Number, OneOf, Record, Space, Whole
from grader.spec import Args, Case, Challenge, Group, Misconception, Tolerance
from grader.verdict import Visibility
from reference import all_reduce_sgd as programs

Point = dict[str, float]
Shard = list[Point]

_LONG = [{"x": 1.0, "y": 2.0}, {"x": 2.0, "y": 5.0}, {"x": -1.0, "y": -1.0}]
_SHORT = [{"x": 2.0, "y": -1.0}]
_PAIR = [{"x": 0.5, "y": 2.5}, {"x": -1.5, "y": 1.25}]
_QUARTET = [
    {"x": 1.25, "y": -3.0},
    {"x": -0.75, "y": 1.5},
    {"x": 1.0, "y": -1.75},
    {"x": 0.5, "y": 0.25},
]
_WHOLE = [[{"x": 1, "y": 3}, {"x": 2, "y": -1}], [{"x": -1, "y": 4}], [{"x": 0, "y": 7}]]
_NEAR = [[{"x": 1.0, "y": 2.0}, {"x": 2.0, "y": 4.01}], [{"x": -1.0, "y": -2.02}]]
_ZEROS = [{"x": 0.0, "y": 3.0}, {"x": 0.0, "y": -1.0}]
_STEEP = [[{"x": 0.5, "y": 6e5}, {"x": -1.0, "y": -1e6}], [{"x": 1.5, "y": 1e6}]]
_GROWING = [[{"x": 1000.0, "y": 1.0}, {"x": -2000.0, "y": 3.0}], [{"x": 500.0, "y": 2.0}]]
_HUGE = [[{"x": 1e200, "y": 1e200}], [{"x": -1e200, "y": 2e200}, {"x": 1e200, "y": 0.0}]]

_UNEQUAL = ((1, 4), (3, 1), (2, 5), (1, 2, 4), (3, 1, 1), (4, 2, 1))
_EQUAL = ((3, 3), (2, 2, 2), (4, 4))


def _points(rng: np.random.Generator, count: int, sign: float) -> Shard:
    """Draw one shard: points near a line through 0 with a slope and a spread of its own."""
    slope, spread = sign * rng.uniform(0.5, 3.5), rng.choice([0.6, 1.2])
    x = spread * rng.uniform(0.6, 1.4, count) * rng.choice([-1.0, 1.0], count)
    y = slope * x + rng.uniform(-0.3, 0.3, count)
    return [{"x": round(float(a), 3), "y": round(float(b), 3)} for a, b in zip(x, y, strict=True)]


def _shards(rng: np.random.Generator, sizes: Sequence[int]) -> list[Shard]:
    """Draw a shard of each size; all slopes have one sign, so that little cancels."""
    sign = float(rng.choice([-1.0, 1.0]))
    return [_points(rng, size, sign) for size in sizes]


def _unequal(rng: np.random.Generator) -> list[Shard]:
    sizes = _UNEQUAL[int(rng.integers(len(_UNEQUAL)))]
    return _shards(rng, [int(size) for size in rng.permutation(sizes)])


def _settings(rng: np.random.Generator) -> tuple[float, float, int]:
    """Draw w (away from 0), lr and the number of steps (2 to 4: the last one still matters)."""
    w = round(float(rng.uniform(0.5, 2.5) * rng.choice([-1.0, 1.0])), 2)
    return w, round(float(rng.uniform(0.08, 0.25)), 3), int(rng.integers(2, 5))


def unequal_shards(rng: np.random.Generator) -> Sequence[Args]:
    """One call on two or three shards that are not all of one size."""
    return [(_unequal(rng), *_settings(rng))]


def equal_shards(rng: np.random.Generator) -> Sequence[Args]:
    """One call on shards of one size."""
    return [(_shards(rng, _EQUAL[int(rng.integers(len(_EQUAL)))]), *_settings(rng))]


def empty_shards(rng: np.random.Generator) -> Sequence[Args]:
    """One call on unequal shards with one or two empty ones among them."""
    shards = _unequal(rng)
    for _ in range(int(rng.integers(1, 3))):
        shards.insert(int(rng.integers(len(shards) + 1)), [])
    return [(shards, *_settings(rng))]


def one_worker(rng: np.random.Generator) -> Sequence[Args]:
    """One call on one shard of 3 to 5 points: there is nobody to average with."""
    return [(_shards(rng, [int(rng.integers(3, 6))]), *_settings(rng))]


def two_calls(rng: np.random.Generator) -> Sequence[Args]:
    """Two calls that differ in nothing but the points: what one leaves behind spoils the other."""
    sizes, settings = _UNEQUAL[int(rng.integers(len(_UNEQUAL)))], _settings(rng)
    return [(_shards(rng, sizes), *settings), (_shards(rng, sizes), *settings)]


def other_order(shards: Sequence[Shard], w: float, lr: float, steps: int) -> Args:
    """Return the arguments with the workers, and the points of each, in the opposite order."""
    return [shard[::-1] for shard in shards[::-1]], w, lr, steps


def dealt_anew(shards: Sequence[Shard], w: float, lr: float, steps: int) -> Args:
    """Return the arguments with one point left to the first worker and the rest to the last.

    A worker in between gets nothing.
    """
    first, *rest = [point for shard in shards for point in shard]
    return [[first], *([] for _ in shards[1:-1]), rest], w, lr, steps


def the_same(first: float, *_: object) -> float:
    """Return the first call's answer: the second call has to give it again."""
    return first


_GROUPS = (
    Group(
        name="example",
        title="The worked example",
        points=10,
        visibility=Visibility.VISIBLE,
        cases=(
            Case(name="one step of two workers", args=([_PAIR, _SHORT], 1.0, 0.1, 1)),
            Case(name="the statement's example", args=([_LONG, _SHORT], 0.5, 0.1, 3)),
            Case(name="a worker without data", args=([_SHORT, [], _QUARTET], -1.5, 0.2, 2)),
        ),
    ),
    Group(
        name="unequal-shards",
        title="Shards of different sizes",
        points=25,
        generate=unequal_shards,
        draws=7,
    ),
    Group(
        name="equal-shards",
        title="Shards of one size",
        points=5,
        generate=equal_shards,
        draws=2,
    ),
    Group(
        name="empty-shards",
        title="Workers without data among others",
        points=10,
        cases=(
            Case(name="the first worker has none", args=([[], _QUARTET, _SHORT], 2.0, 0.15, 3)),
            Case(name="only the last worker has some", args=([[], [], _LONG], -0.5, 0.1, 3)),
        ),
        generate=empty_shards,
        draws=3,
    ),
    Group(
        name="nothing-to-learn",
        title="No data, no steps",
        points=5,
        # All or nothing: a function that returns its w would otherwise earn most of it.
        award="all",
        cases=(
            Case(name="no workers", args=([], 1.5, 0.1, 3)),
            Case(name="no worker has data", args=([[], []], -2.25, 0.1, 3)),
            Case(name="no steps", args=([_LONG, _SHORT], 0.75, 0.1, 0)),
            Case(name="no data and no steps", args=([[]], 3, 1, 0)),
            Case(name="one point, one step", args=([[{"x": 1.5, "y": 2.5}]], 1.0, 0.1, 1)),
        ),
    ),
    Group(name="one-worker", title="One worker", points=5, generate=one_worker, draws=2),
    Group(
        name="edges",
        title="Edge cases",
        points=15,
        cases=(
            Case(name="one point each", args=([_SHORT, _PAIR[:1], _LONG[1:2]], 0.25, 0.05, 3)),
            Case(name="x = 0 counts as a point", args=([_ZEROS, _PAIR, _SHORT], 2.5, 0.15, 3)),
            Case(name="whole numbers only", args=(_WHOLE, 2, 1, 2)),
            Case(
                name="six workers", args=([_PAIR, _SHORT, _LONG, [], _QUARTET, _SHORT], 0.5, 0.1, 3)
            ),
            Case(name="points that come twice", args=([_PAIR + _PAIR[:1], _SHORT], 1.25, 0.1, 3)),
            Case(name="nearly there", args=(_NEAR, 2.0, 0.1, 4)),
            Case(name="starting at 0", args=([_QUARTET, _PAIR], 0, 0.25, 2)),
            Case(name="starting far away", args=([_LONG, _PAIR, _SHORT], -60.0, 0.1, 3)),
            Case(name="many steps", args=([_PAIR, _SHORT], 4.0, 0.01, 24)),
            Case(name="steps that overshoot", args=([_LONG, _SHORT], 0.75, 0.4, 5)),
            Case(name="a slope of a million", args=(_STEEP, 1.0, 0.125, 3)),
        ),
    ),
    Group(
        name="two-calls",
        title="Two calls with the same settings",
        points=5,
        generate=two_calls,
        draws=1,
    ),
    Group(
        name="inputs-unchanged",
        title="Inputs left as they were",
        points=5,
        inputs_unchanged=True,
        generate=unequal_shards,
        draws=2,
    ),
    Group(
        name="order-of-workers",
        title="The workers in another order",
        points=5,
        check=Relates(
            name="order-of-workers",
            second=other_order,
            expected=the_same,
            message="With the same workers and points in another order the answer has to be the "
            "same: all gradients of a step belong to one w.",
        ),
        depends_on=("example",),
        generate=unequal_shards,
        draws=2,
    ),
    Group(
        name="points-moved",
        title="The same points dealt to the workers anew",
        points=5,
        check=Relates(
            name="points-moved",
            second=dealt_anew,
            expected=the_same,
            message="With the same points dealt to the workers in another way the answer has to "
            "be the same: every point counts as much as every other.",
        ),
        depends_on=("example",),
        generate=equal_shards,
        draws=2,
    ),
    Group(
        name="overflow",
        title="Numbers that overflow",
        points=5,
        depends_on=("example",),
        cases=(
            Case(name="growing step by step", args=(_GROWING, 0.5, 1.0, 60)),
            Case(name="at once", args=(_HUGE, 0.5, 0.5, 3)),
        ),
    ),
)

_MISCONCEPTIONS = (
    Misconception(
        id="unweighted-mean",
        variant=programs.unweighted_mean,
        title="Every worker counts the same, however few points it has",
        hint="Your answers are right where all shards have one size. With 3 points here and 1 "
        "there, how much should each worker's gradient count, so that every point counts the same?",
    ),
    Misconception(
        id="empty-shards-counted",
        variant=programs.empty_shards_counted,
        title="Workers without data take part in the average",
        hint="You seem to divide by the number of workers. A worker without points has nothing to "
        "say about the gradient, and those that have points do not all weigh the same.",
    ),
    Misconception(
        id="gradients-summed",
        variant=programs.gradients_summed,
        title="The workers' gradients are added up, not averaged",
        hint="The sum is what an all-reduce gives you first. Your step grows with the number of "
        "workers: what is still to be done with the sum?",
    ),
    Misconception(
        id="weighted-over-workers",
        variant=programs.weighted_over_workers,
        title="The weights of the average do not add up to 1",
        hint="You weight by the sizes of the shards and then divide by how many workers there "
        "are. What do your weights add up to?",
    ),
    Misconception(
        id="summed-within-shards",
        variant=programs.summed_within_shards,
        title="The gradients within a shard are added up, not averaged",
        hint="Each worker hands over something that grows with its number of points, and the size "
        "of its shard then counts once more. Look at what one worker computes by itself.",
    ),
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
        id="gradient-ascent",
        variant=programs.gradient_ascent,
        title="The weight climbs the loss instead of descending",
        hint="Your weight moves away from the data, faster and faster. Either the gradient or the "
        "step has the wrong sign: try one point by hand and see which way w should go first.",
    ),
    Misconception(
        id="local-training",
        variant=programs.local_training,
        title="The workers train by themselves and are averaged once, at the end",
        hint="That is called local SGD. Here the replicas agree before every step: look at which "
        "of your two loops is the outer one, and at what is averaged.",
    ),
    Misconception(
        id="workers-in-turn",
        variant=programs.workers_in_turn,
        title="One worker steps after the other",
        hint="You seem to move w once for every worker, so that the next one sees another w. In "
        "one step all gradients belong to the same w, and w moves once.",
    ),
    Misconception(
        id="shares-in-turn",
        variant=programs.shares_in_turn,
        title="The weight moves before all gradients are in",
        hint="Your weights for the average look right, but each worker's share is applied at once. "
        "At which w is the second worker's gradient taken?",
    ),
    Misconception(
        id="first-worker-only",
        variant=programs.first_worker_only,
        title="Only the first worker's gradient is used",
        hint="Your answers do not depend on what the other workers hold. Look at how far the loop "
        "over the workers goes.",
    ),
    Misconception(
        id="last-worker-only",
        variant=programs.last_worker_only,
        title="Only the last worker's gradient is used",
        hint="Each worker's gradient seems to replace the one before it. Look at how the results "
        "of the workers are collected.",
    ),
    Misconception(
        id="stale-gradients",
        variant=programs.stale_gradients,
        title="All gradients are taken at the weight of the start",
        hint="Your first step is right, and all later ones repeat it. Look at whether the workers "
        "get to know the new w.",
    ),
    Misconception(
        id="starts-from-zero",
        variant=programs.starts_from_zero,
        title="The training starts at 0, not at the given weight",
        hint="Your answers do not depend on the w that is handed in. Look for a line that sets it "
        "before the first step.",
    ),
    Misconception(
        id="last-step-missing",
        variant=programs.last_step_missing,
        title="One step too few",
        hint="Your answers are those of a training that ends one step early. With steps = 1, how "
        "often does your outer loop run?",
    ),
    Misconception(
        id="single-step",
        variant=programs.single_step,
        title="Only one step is made",
        hint="However many steps are asked for, w moves once. Look at the indentation of your "
        "return, and at what your outer loop encloses.",
    ),
)

challenge = Challenge(
    id="allReduceSGD",
    title="Data-parallel SGD with an all-reduce",
    parameters=("shards", "w", "lr", "steps"),
    reference=programs.all_reduce_sgd,
    groups=_GROUPS,
    misconceptions=_MISCONCEPTIONS,
    tolerance=Tolerance.derived(noise_ceiling=6e-08, bug_floor=0.015),
    space=Space(
        shows=("gradient", "w"),
        unfolds=("steps",),
        of=(
            ListOf(
                of=ListOf(
                    of=Record(fields={"x": Number(low=0, high=2), "y": Number(low=-2, high=2)}),
                    most=2,
                ),
                most=3,
            ),
            OneOf(values=(1.0, 0.0, -0.5)),
            OneOf(values=(0.5, 0.25)),
            Whole(low=0, high=3),
        ),
    ),
    # Workers invite threads; they may be used, and change nothing.
    threads=8,
)
