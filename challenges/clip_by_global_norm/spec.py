"""The challenge `clipByGlobalNorm`: which cases decide, and which mistakes are known.

The judge compares lists of arrays: their number, the shape of each, and the numbers. Except in
groups that say otherwise, a generator clips to a fifth up to four fifths of the norm, so that
each wrong norm and each wrong factor shows in the first digits.
"""

import math
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
    OneOf,
    Raises,
    Record,
    Relates,
    Space,
    Tolerance,
)
from grader.verdict import Visibility
from reference import clip_by_global_norm as programs

Array: TypeAlias = NDArray[Any]

_SHAPES = ((2,), (3,), (5,), (2, 2), (3, 2), (1, 4), (4, 1), (2, 1, 2))

_PAIR = [np.array([3.0, -4.0]), np.array([[4.0, 8.0], [-8.0, 0.0]])]
_LAYERS = [
    np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]]),
    np.array([0.6, -0.3]),
    np.array([[1.2], [-2.4]]),
]
_SMALL = [
    np.array([[0.35, -0.8, 1.45], [1.1, 0.95, -0.55]]),
    np.array([0.7, -0.4]),
    np.array([[0.9], [-1.3]]),
]
_CUBE = [np.array([[[1.5, -2.0], [0.5, 1.0]], [[-3.0, 0.25], [2.0, 1.75]]]), np.array([4.0])]
_EMPTY = np.zeros(0)
_EVEN = [np.array([1.0, -1.0]), np.array([[1.0], [-1.0]]), np.array([-1.0, 1.0]), np.array([1.0])]
_NEGATIVE = [np.array([-1.0, -2.0]), np.array([[-2.5, -0.5]])]
_CORNER = [np.array([3.0, 0.0]), np.array([[0.0], [-4.0]])]
_ZEROS = [np.zeros(3), np.zeros((2, 2))]
_TINY = [np.array([1e-6, -4e-6]), np.array([[-2e-6], [2e-6]])]
_HUGE = [np.array([3e6, -4e6]), np.array([[1.2e7, 2e5]])]


def _arrays(rng: np.random.Generator, shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    """Draw one array for each shape: numbers of either sign, away from 0."""
    sizes = [rng.uniform(0.3, 3.0, shape) for shape in shapes]
    return [np.round(size * rng.choice([-1.0, 1.0], size.shape), 3) for size in sizes]


def _some_shapes(rng: np.random.Generator) -> list[tuple[int, ...]]:
    """Draw 2 to 4 different shapes."""
    chosen = rng.permutation(len(_SHAPES))[: int(rng.integers(2, 5))]
    return [_SHAPES[index] for index in chosen]


def _norm(gradients: Sequence[Array]) -> float:
    return math.hypot(*(number for array in gradients for number in array.ravel().tolist()))


def _to_a_share(gradients: list[Array], low: float, high: float, rng: np.random.Generator) -> Args:
    """Let maxNorm be a share of the norm between `low` and `high`."""
    return gradients, round(_norm(gradients) * float(rng.uniform(low, high)), 2)


def clipped(rng: np.random.Generator) -> Sequence[Args]:
    """One call that has to scale."""
    return [_to_a_share(_arrays(rng, _some_shapes(rng)), 0.2, 0.8, rng)]


def within(rng: np.random.Generator) -> Sequence[Args]:
    """One call that has to leave everything; wrong norms are often larger than maxNorm."""
    return [_to_a_share(_arrays(rng, _some_shapes(rng)), 1.05, 1.5, rng)]


def tiny(rng: np.random.Generator) -> Sequence[Args]:
    """One call on numbers of a few millionths."""
    gradients = [np.round(3e-6 * array, 9) for array in _arrays(rng, [(2,), (2, 1)])]
    return [(gradients, round(_norm(gradients) * float(rng.uniform(0.3, 0.7)), 8))]


def two_calls(rng: np.random.Generator) -> Sequence[Args]:
    """Two calls with the same shapes and the same maxNorm, which both have to scale."""
    shapes = _some_shapes(rng)
    first = _to_a_share(_arrays(rng, shapes), 0.2, 0.4, rng)
    return [first, ([2 * array for array in _arrays(rng, shapes)], first[1])]


def enlarged(gradients: list[Array], maxNorm: float) -> Args:
    """Return the call with all gradients three times as large."""
    return [3.0 * array for array in gradients], maxNorm


def the_same(first: list[Array], gradients: list[Array], maxNorm: float) -> list[Array]:  # noqa: ARG001 - the judge passes all of them
    """Return what an enlarged call has to answer where the first one was clipped."""
    return first


def small_arrays(drawn: list[dict[str, Any]], maxNorm: float, unit: float) -> Args:
    """Turn a draw from the public space into arrays: rows, or columns of shape (n, 1)."""
    rows = [unit * np.array(entry["numbers"]) for entry in drawn]
    columns = [entry["column"] for entry in drawn]
    return (
        [row[:, None] if column else row for row, column in zip(rows, columns, strict=True)],
        unit * maxNorm,
    )


_GROUPS = (
    Group(
        name="example",
        title="The worked example",
        points=10,
        visibility=Visibility.VISIBLE,
        # All or nothing: a function that returns its input is right where nothing is clipped.
        award="all",
        cases=(
            Case(name="the statement's example", args=(_PAIR, 6.5)),
            Case(name="the same within a larger norm", args=(_PAIR, 15.0)),
            Case(name="three arrays", args=(_LAYERS, 2.0)),
        ),
    ),
    Group(name="ordinary", title="Gradients to clip", points=35, generate=clipped, draws=10),
    Group(
        name="within",
        title="Gradients within the norm",
        points=10,
        depends_on=("example",),
        generate=within,
        draws=3,
        cases=(
            Case(name="exactly maxNorm", args=(_CORNER, 5.0)),
            Case(name="the norms' sum is larger", args=(_CORNER, 6.0)),
            Case(name="the squares' sum is larger", args=([np.array([0.5, -2.0, 1.0])], 2.5)),
            Case(name="far below", args=(_LAYERS, 1000.0)),
        ),
    ),
    Group(
        name="edges",
        title="Edge cases",
        points=10,
        cases=(
            Case(name="one array", args=([np.array([0.5, -2.0, 1.5])], 1.25)),
            Case(name="one number", args=([np.array([-7.0])], 2.0)),
            Case(name="three dimensions", args=(_CUBE, 3.0)),
            Case(name="an array without numbers", args=([_LAYERS[1], _EMPTY, _LAYERS[0]], 1.5)),
            Case(name="each array within the norm", args=(_EVEN, 1.75)),
            Case(name="only negative numbers", args=(_NEGATIVE, 2.5)),
            Case(name="maxNorm as an integer", args=(_PAIR, 4)),
            Case(name="maxNorm below 1", args=(_SMALL, 0.25)),
        ),
    ),
    Group(
        name="nothing-left",
        title="No arrays, only zeros, a maxNorm of 0",
        points=5,
        # A function that returns zeros is right here and nowhere else.
        award="all",
        depends_on=("example",),
        cases=(
            Case(name="no arrays", args=([], 1.0)),
            Case(name="no arrays, maxNorm = 0", args=([], 0.0)),
            Case(name="only zeros", args=(_ZEROS, 1.0)),
            Case(name="only zeros, maxNorm = 0", args=(_ZEROS, 0.0)),
            Case(name="only an array without numbers", args=([np.zeros((0, 3))], 1.0)),
            Case(name="maxNorm = 0", args=(_PAIR, 0.0)),
            Case(name="maxNorm = 0 as an integer", args=(_LAYERS, 0)),
        ),
    ),
    Group(
        name="sizes",
        title="Very small and very large numbers",
        points=5,
        generate=tiny,
        draws=2,
        cases=(
            Case(name="small", args=(_TINY, 2e-6)),
            Case(name="large", args=(_HUGE, 1e6)),
        ),
    ),
    Group(
        name="two-calls",
        title="Two calls with the same shapes",
        points=5,
        generate=two_calls,
        draws=3,
    ),
    Group(
        name="inputs-unchanged",
        title="Inputs left as they were",
        points=10,
        inputs_unchanged=True,
        generate=clipped,
        draws=3,
    ),
    Group(
        name="made-larger",
        title="Larger gradients of the same direction",
        points=5,
        depends_on=("example",),
        check=Relates(
            name="clipped-to-the-same",
            second=enlarged,
            expected=the_same,
            message="gradients that are clipped already, all made larger by one factor, have to be "
            "clipped to the same arrays as before",
        ),
        generate=clipped,
        draws=3,
    ),
    Group(
        name="negative",
        title="A negative maxNorm",
        points=5,
        depends_on=("example",),
        check=Raises(
            kinds=("ValueError",),
            message="no norm is negative, so a negative maxNorm has to be refused, whatever the "
            "gradients are",
        ),
        cases=(
            Case(name="gradients to clip", args=(_PAIR, -0.5)),
            Case(name="only zeros", args=(_ZEROS, -1.0)),
            Case(name="no arrays", args=([], -2)),
        ),
    ),
)

_MISCONCEPTIONS = (
    Misconception(
        id="each-array-alone",
        variant=programs.each_array_alone,
        title="Every array is clipped by its own norm",
        hint="You seem to compute a norm for each array and to scale each by a factor of its own. "
        "That changes the direction of the whole: what does `global` mean here?",
    ),
    Misconception(
        id="element-wise",
        variant=programs.element_wise,
        title="Every number is clipped on its own",
        hint="You seem to cut single numbers off at maxNorm. Clipping by the norm never looks at a "
        "single number: it shrinks all of them by one factor.",
    ),
    Misconception(
        id="without-square-root",
        variant=programs.without_square_root,
        title="The norm has lost its square root",
        hint="What you take for the norm grows with the square of the gradients. Work out the norm "
        "of a vector with the numbers 3 and 4 by hand.",
    ),
    Misconception(
        id="squares-compared",
        variant=programs.squares_compared,
        title="The sum of the squares is compared with maxNorm",
        hint="Your factor is right, and you use it at the wrong times: some gradients are made "
        "larger. Which of your two quantities should be compared with maxNorm?",
    ),
    Misconception(
        id="always-scaled",
        variant=programs.always_scaled,
        title="Small gradients are scaled as well",
        hint="Your gradients always end up with a norm of maxNorm, even those that were smaller. "
        "Clipping only ever shrinks.",
    ),
    Misconception(
        id="wrong-way-round",
        variant=programs.wrong_way_round,
        title="The comparison is the wrong way round",
        hint="You leave the large gradients as they are and make the small ones larger. Read your "
        "condition aloud: when should something happen?",
    ),
    Misconception(
        id="sum-of-sizes",
        variant=programs.sum_of_sizes,
        title="The norm adds up sizes instead of squares",
        hint="What you take for the norm is the sum of the absolute values. The statement's norm "
        "is the length of a vector, as Pythagoras measures it.",
    ),
    Misconception(
        id="largest-size",
        variant=programs.largest_size,
        title="The norm is the largest number",
        hint="What you take for the norm looks at the largest number only. In the statement's norm "
        "every number has its part.",
    ),
    Misconception(
        id="norms-added",
        variant=programs.norms_added,
        title="The norms of the arrays are added up",
        hint="The norm of the whole is less than the sum of the norms of its parts. Look at the "
        "order in which you sum and take the root.",
    ),
    Misconception(
        id="last-array-only",
        variant=programs.last_array_only,
        title="Only the last array is measured",
        hint="Your norm seems to forget all arrays but the last. Does your loop add to a sum, or "
        "does it replace it?",
    ),
    Misconception(
        id="mean-of-squares",
        variant=programs.mean_of_squares,
        title="The norm is made from the mean of the squares",
        hint="Your norm does not grow when there are more numbers of the same size. Look for a "
        "division by the number of entries, or for a mean where the statement has a sum.",
    ),
    Misconception(
        id="scaled-to-one",
        variant=programs.scaled_to_one,
        title="The gradients are scaled to a norm of 1",
        hint="Whatever maxNorm is, what you clip ends up with a norm of 1. What should the norm be "
        "afterwards?",
    ),
    Misconception(
        id="epsilon-added",
        variant=programs.epsilon_added,
        title="Something is added to the norm",
        hint="Your norms come out a little below maxNorm, which shows where gradients are very "
        "small. A small number in the denominator, as some libraries have it, is not part of this "
        "challenge: think about when a division by 0 can happen at all.",
    ),
    Misconception(
        id="norm-returned-too",
        variant=programs.norm_returned_too,
        title="The norm is returned as well",
        hint="You return two things, the gradients and their norm. Only the list is asked for.",
    ),
    Misconception(
        id="flattened",
        variant=programs.flattened,
        title="The arrays have lost their shapes",
        hint="Your numbers may well be right, but every array comes back as one row. Flatten for "
        "the norm if you like, and scale the arrays as they came.",
    ),
)

_NUMBERS = ListOf(of=OneOf(values=(3.0, -4.0, 0.0, 1.0, 12.0)), least=1, most=2)

challenge = Challenge(
    id="clipByGlobalNorm",
    title="Gradient clipping by the global norm",
    threads=8,
    parameters=("gradients", "maxNorm"),
    reference=programs.clip_by_global_norm,
    groups=_GROUPS,
    misconceptions=_MISCONCEPTIONS,
    tolerance=Tolerance.derived(noise_ceiling=6e-08, bug_floor=0.015),
    space=Space(
        shows=("norm",),
        of=(
            ListOf(
                of=Record(fields={"numbers": _NUMBERS, "column": OneOf(values=(False, True))}),
                most=3,
            ),
            OneOf(values=(2.0, 5.0, 10.0, 0.5, 0.0)),
            OneOf(values=(1.0, 1e-5)),
        ),
        make=small_arrays,
    ),
)
