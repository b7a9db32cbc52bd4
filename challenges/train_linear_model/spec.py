"""The challenge `trainLinearModel`: which cases decide, and which mistakes are known.

The order of the samples is drawn anew in every epoch, so no two right programs go the same way.
What is judged is where they arrive: every case has settings that bring a right program to the
least squares line, within a tenth of what is allowed, whatever the order. Three kinds of settings
show what the others hide:

- many small steps: whatever has another resting place, or none, is far away at the end;
- few big steps with all samples in one batch: nothing is random there, and a step of another
  length has not arrived yet, or is far beyond;
- big steps by single samples: two samples whose gradients do not disturb each other are both
  fitted exactly within one epoch; more samples on one line are fitted soon.

Where wrong programs are to be told from each other, steps are small or all samples are in one
batch, so that each of them ends near the same place in every run. The other cases tell right from
wrong alone (`_NO_EVIDENCE`).
"""

from collections.abc import Sequence
from math import ceil

import numpy as np

from grader.spec import (
    Args,
    Case,
    Challenge,
    Group,
    Holds,
    Limits,
    Misconception,
    Number,
    OneOf,
    Space,
    Tolerance,
)
from grader.verdict import Visibility
from reference import train_linear_model as programs

Sample = dict[str, float]
Model = dict[str, float]

_ALLOWED = 0.02
"""How far weight and bias may each lie from the least squares line."""

_FALLEN = 0.1
"""What share of its first loss a training may keep where it is not expected to arrive."""

_WAY = 9.0
"""Epochs*batches*2*lr of the small steps: the slowest direction shrinks to exp(-6.7) or less."""


_SHORT_WAY = 6.6
"""The same where x has mean 0 and mean square 1: every direction shrinks to exp(-6.6)."""


def least_squares(data: Sequence[Sample]) -> tuple[float, float]:
    """Return weight and bias of the line with the least mean squared error."""
    mean_x = sum(sample["x"] for sample in data) / len(data)
    mean_y = sum(sample["y"] for sample in data) / len(data)
    spread = sum((sample["x"] - mean_x) ** 2 for sample in data)
    common = sum((sample["x"] - mean_x) * (sample["y"] - mean_y) for sample in data)
    return common / spread, mean_y - common / spread * mean_x


def loss(model: Model, data: Sequence[Sample]) -> float:
    """Return the mean squared error of a line."""
    errors = [model["weight"] * sample["x"] + model["bias"] - sample["y"] for sample in data]
    return sum(error**2 for error in errors) / len(data)


def arrives(output: Model, data: list[Sample], _lr: float, epochs: int, _size: int) -> bool:
    """Tell whether a model is near the least squares line, or at 0 where nothing was trained."""
    if not data or not epochs:
        return output == {"weight": 0.0, "bias": 0.0}
    weight, bias = least_squares(data)
    return max(abs(output["weight"] - weight), abs(output["bias"] - bias)) <= _ALLOWED


def loss_falls(output: Model, data: list[Sample], *_settings: float) -> bool:
    """Tell whether a model's loss is a small part of what it was at weight = bias = 0."""
    return loss(output, data) <= _FALLEN * loss({"weight": 0.0, "bias": 0.0}, data)


_NO_EVIDENCE = Tolerance(rtol=0.0, atol=1e100)
"""Where a wrong program ends is left to chance, so that it tells no mistake from another."""

_ARRIVES = Holds(
    name="arrives",
    holds=arrives,
    message="Weight and bias are not near the least squares line, where a right program arrives.",
    near=Tolerance(rtol=0.08, atol=0.02),
)
_ARRIVES_BY_BIG_STEPS = Holds(
    name="arrives-by-big-steps",
    holds=arrives,
    message="After a few big steps with all samples in one batch, weight and bias are not near "
    "the least squares line.",
)
_ARRIVES_BY_SMALL_STEPS = Holds(
    name="arrives-by-small-steps",
    holds=arrives,
    message="After many small steps, weight and bias are not near the line that all samples lie "
    "on.",
    near=Tolerance(rtol=0.06, atol=1e-3),
)
_ARRIVES_AMID_NOISE = Holds(
    name="arrives-amid-noise",
    holds=arrives,
    message="After many small steps, weight and bias are not near the least squares line of "
    "samples that lie around it.",
    near=Tolerance(rtol=0.08, atol=0.02),
)
_ARRIVES_IN_ANY_ORDER = Holds(
    name="arrives-in-any-order",
    holds=arrives,
    message="With batches smaller than the data, weight and bias are not near the least squares "
    "line, where a right program arrives in any order.",
    near=_NO_EVIDENCE,
)
_LOSS_FALLS = Holds(
    name="loss-falls",
    holds=loss_falls,
    message="The loss has not fallen clearly below that of weight = 0 and bias = 0.",
    near=_NO_EVIDENCE,
)

_LINE = [{"x": -1, "y": -1}, {"x": 0, "y": 1}, {"x": 1, "y": 3}, {"x": 2, "y": 5}]
_FALLING = [
    {"x": -1.0, "y": 3.25},
    {"x": 1.5, "y": -0.5},
    {"x": -0.5, "y": 2.5},
    {"x": 0.5, "y": 1.0},
]
_SCATTERED = [
    {"x": -1.25, "y": 3.0},
    {"x": -0.25, "y": 1.25},
    {"x": 0.75, "y": -0.5},
    {"x": 1.25, "y": -1.0},
]
_FLAT = [{"x": x, "y": 0.04 * x + 0.36} for x in (-1.25, -0.5, 0.75, 1.5)]
_MANY = [
    {"x": x, "y": 1.24 * x + 1.74}
    for x in (0.5, -1.25, 1.0, -0.75, 1.75, -0.25, 0.75, -1.5, 1.5, 0.25)
]
# In the order given, the first four and the last two are each balanced; as are these three.
_SIX = [{"x": x, "y": 2.34 * x - 2.14} for x in (1.3, -1.3, 0.55, -0.55, 1.0, -1.0)]
_THREE = [{"x": x, "y": 2.24 - 2.04 * x} for x in (1.225, -1.225, 0.0)]
_WHOLE = [{"x": x, "y": 3 - x} for x in (-1, 1, 2, -2, 1)]
_PAIR = [{"x": -1.0, "y": 3.5}, {"x": 1.0, "y": 1.0}]
_RISING_PAIR = [{"x": 1.0, "y": 2.25}, {"x": -1.0, "y": -3.0}]
_SQUARE = [
    {"x": 1.0, "y": 1.5},
    {"x": -1.0, "y": -1.25},
    {"x": -1.0, "y": 0.25},
    {"x": 1.0, "y": 3.0},
]


def _spread(rng: np.random.Generator, count: int) -> np.ndarray:
    """Draw x with mean 0 and mean square 1, in no order."""
    x = np.linspace(-1.5, 1.5, count) + rng.uniform(-0.2, 0.2, count)
    x = x - x.mean()
    return rng.permutation(x / np.sqrt((x * x).mean()))


def _samples(
    rng: np.random.Generator, count: int, *, shift: float = 0.0, noise: float = 0.0
) -> list[Sample]:
    """Draw a line, and points on it or around it.

    Their sizes are x.x4, so that rounding to one digit shows, and differ, so that swapping does.
    """
    sizes = rng.permutation([rng.integers(8, 14), rng.integers(17, 24)]) / 10 + 0.04
    weight, bias = sizes * rng.choice([-1, 1], 2)
    x = np.round(_spread(rng, count) + shift, 3)
    y = weight * x + bias + noise * rng.uniform(-1, 1, count)
    return [{"x": float(a), "y": round(float(b), 5)} for a, b in zip(x, y, strict=True)]


def _small_steps(data: list[Sample], lr: float, size: int, way: float = _WAY) -> Args:
    """Return a call with as many epochs as its small steps need."""
    return data, lr, ceil(way / (2 * lr * ceil(len(data) / size))), size


def _shift(rng: np.random.Generator) -> float:
    return float(rng.uniform(0.1, 0.25) * rng.choice([-1.0, 1.0]))


def on_a_line(rng: np.random.Generator) -> Sequence[Args]:
    """Four calls: single samples, even batches, one batch for all, a batch size beyond that."""
    few = _samples(rng, int(rng.integers(5, 8)), shift=_shift(rng))
    even = _samples(rng, 6, shift=_shift(rng))
    count = int(rng.integers(5, 8))
    all_at_once = _samples(rng, count, shift=_shift(rng))
    beyond = _samples(rng, count, shift=_shift(rng))
    return [
        _small_steps(few, 0.003, 1),
        _small_steps(even, 0.006, int(rng.choice([2, 3]))),
        _small_steps(all_at_once, 0.05, count),
        _small_steps(beyond, 0.05, count * int(rng.integers(3, 20))),
    ]


def uneven(rng: np.random.Generator) -> Sequence[Args]:
    """One call whose last batch is smaller by one sample; half of the steps do not arrive."""
    size = int(rng.integers(3, 6))
    return [_small_steps(_samples(rng, 2 * size - 1), 0.006, size, _SHORT_WAY)]


def with_noise(rng: np.random.Generator) -> Sequence[Args]:
    """Two calls on points around a line: single samples, and even batches."""
    few, even = (_samples(rng, count, shift=_shift(rng), noise=0.3) for count in (4, 6))
    return [_small_steps(few, 0.003, 1), _small_steps(even, 0.006, int(rng.choice([2, 3])))]


def big_steps(rng: np.random.Generator) -> Sequence[Args]:
    """Two calls that see all noisy samples at once and arrive in a few epochs."""
    calls = []
    for most in (1, 12):
        count = int(rng.integers(4, 8))
        lr = round(float(rng.uniform(0.43, 0.47)), 3)
        size = count * int(rng.integers((most + 1) // 2, most + 1)) + int(most > 1)
        calls.append((_samples(rng, count, noise=0.6), lr, int(rng.integers(4, 6)), size))
    return calls


def far_from_0(rng: np.random.Generator) -> Sequence[Args]:
    """One call whose x lie far from 0: the loss falls fast, and the line is found slowly."""
    weight = float(rng.uniform(1.0, 2.0) * rng.choice([-1, 1]))
    bias = float(rng.uniform(0.5, 1.0) * rng.choice([-1, 1]))
    x = np.round(3.5 + _spread(rng, 6), 2)
    y = weight * x + bias + rng.uniform(-0.1, 0.1, 6)
    data = [{"x": float(a), "y": round(float(b), 3)} for a, b in zip(x, y, strict=True)]
    size = int(rng.choice([1, 2, 3]))
    return [(data, round(0.0015 * size, 4), 60, size)]


_GROUPS = (
    Group(
        name="example",
        title="The worked example",
        points=10,
        visibility=Visibility.VISIBLE,
        check=_ARRIVES,
        cases=(
            Case(name="the statement's example", args=(_LINE, 0.25, 30, 4)),
            Case(name="two samples, one step", args=(_LINE[::2], 0.5, 1, 2)),
            Case(name="batches of two", args=_small_steps(_FALLING, 0.006, 2)),
            Case(name="one sample at a time", args=_small_steps(_SCATTERED, 0.003, 1)),
        ),
    ),
    Group(
        name="on-a-line",
        title="Points on a line, batches of every size",
        points=25,
        check=_ARRIVES_BY_SMALL_STEPS,
        cases=(
            Case(name="a nearly flat line", args=_small_steps(_FLAT, 0.02, 4)),
            Case(name="ten samples, one at a time", args=_small_steps(_MANY, 0.003, 1)),
            Case(name="whole numbers", args=_small_steps(_WHOLE, 0.02, 5)),
        ),
        generate=on_a_line,
        draws=3,
    ),
    Group(
        name="uneven-batches",
        title="A last batch that is smaller",
        points=10,
        check=_ARRIVES_IN_ANY_ORDER,
        cases=(
            # Rates of 2 an epoch arrive here, and 3/2, as of half a step for the last two, do not.
            Case(name="six samples, batches of four", args=(_SIX, 0.006, 221, 4)),
            # Rates of 3/2 an epoch arrive, and 1, as without the last sample, does not.
            Case(name="three samples, batches of two", args=(_THREE, 0.006, 283, 2)),
        ),
        generate=uneven,
        draws=3,
    ),
    Group(
        name="around-a-line",
        title="Points around a line",
        points=10,
        check=_ARRIVES_AMID_NOISE,
        generate=with_noise,
        draws=2,
    ),
    Group(
        name="few-big-steps",
        title="Few big steps, all samples in one batch",
        points=20,
        check=_ARRIVES_BY_BIG_STEPS,
        cases=(
            Case(name="one step is enough", args=(_SQUARE, 0.5, 1, 4)),
            Case(name="one step with room in the batch", args=(_SQUARE, 0.5, 1, 6)),
        ),
        generate=big_steps,
        draws=3,
    ),
    Group(
        name="big-steps-by-single-samples",
        title="Big steps, one sample at a time",
        points=10,
        check=_ARRIVES_IN_ANY_ORDER,
        cases=(
            Case(name="one epoch is enough, falling", args=(_PAIR, 0.25, 1, 1)),
            Case(name="one epoch is enough, rising", args=(_RISING_PAIR, 0.25, 1, 1)),
            Case(name="ten samples, many big steps", args=(_MANY, 0.15, 6, 1)),
        ),
    ),
    Group(
        name="far-from-0",
        title="The loss falls where x is far from 0",
        points=5,
        check=_LOSS_FALLS,
        generate=far_from_0,
        draws=3,
    ),
    Group(
        name="nothing-to-learn",
        title="No data or no epochs",
        points=10,
        # All or nothing, and only after the example: a function that always answers 0 earns none.
        award="all",
        depends_on=("example",),
        cases=(
            Case(name="no data", args=([], 0.1, 3, 2)),
            Case(name="no epochs", args=(_SCATTERED, 0.1, 0, 5)),
            Case(name="no epochs, large batch", args=(_LINE, 0.25, 0, 10)),
            Case(name="neither", args=([], 0.1, 0, 1)),
        ),
    ),
)

_MISCONCEPTIONS = (
    Misconception(
        id="no-factor-2",
        variant=programs.without_factor_two,
        title="The gradient has lost its factor 2",
        hint="Your training moves in the right direction, but only half as far as it should at "
        "every step. Differentiate the square of the error: what does the exponent leave in front?",
    ),
    Misconception(
        id="gradient-summed",
        variant=programs.gradient_summed,
        title="The gradients of a batch are added up, not averaged",
        hint="Your steps grow with the size of the batch, and large batches run away. What turns "
        "a sum into a mean?",
    ),
    Misconception(
        id="divided-by-batch-size",
        variant=programs.divided_by_batch_size,
        title="The mean counts samples that are not there",
        hint="Your steps are too short where a batch has fewer samples than were asked for. How "
        "many samples does the batch really hold?",
    ),
    Misconception(
        id="divided-by-data-length",
        variant=programs.divided_by_data_length,
        title="An epoch moves only as far as one batch should",
        hint="The more batches an epoch has, the less your program learns from each. The mean is "
        "taken over the samples of the batch alone, and every batch of an epoch has to move the "
        "parameters.",
    ),
    Misconception(
        id="last-batch-dropped",
        variant=programs.last_batch_dropped,
        title="An incomplete batch is left out",
        hint="With a batch size larger than the data your parameters never move. At which sample "
        "does your last batch begin, and when is it skipped?",
    ),
    Misconception(
        id="bias-frozen",
        variant=programs.bias_frozen,
        title="The bias is never trained",
        hint="Your line always goes through 0. The model has two parameters: look at what each "
        "of them gets to move by.",
    ),
    Misconception(
        id="gradient-ascent",
        variant=programs.gradient_ascent,
        title="The parameters climb the loss instead of descending",
        hint="Your line moves away from the data, faster and faster. Either the gradient or the "
        "step has the wrong sign: try one sample by hand.",
    ),
    Misconception(
        id="target-added",
        variant=programs.target_added,
        title="The target enters with the wrong sign",
        hint="Your answers are the right ones mirrored at 0. Look at how the error of a sample is "
        "made from the prediction and the target.",
    ),
    Misconception(
        id="weight-gradient-without-x",
        variant=programs.weight_gradient_without_x,
        title="The weight's gradient has lost its inner derivative",
        hint="Your weight and bias are always the same number. They pull on the prediction in "
        "different ways: look at the chain rule for the weight.",
    ),
    Misconception(
        id="bias-gradient-with-x",
        variant=programs.bias_gradient_with_x,
        title="The bias's gradient is multiplied by x",
        hint="Your bias moves exactly as the weight does. By how much does the prediction change "
        "if the bias grows by a little, and does x matter for that?",
    ),
    Misconception(
        id="parameters-reset",
        variant=programs.parameters_reset,
        title="Weight and bias start anew in every epoch",
        hint="What one epoch has learnt is gone in the next. Look at where the parameters are set "
        "to 0 and how often that line runs.",
    ),
    Misconception(
        id="last-epoch-missing",
        variant=programs.last_epoch_missing,
        title="One epoch too few",
        hint="Your training ends one epoch early. With epochs = 1, how often does your outer loop "
        "run?",
    ),
    Misconception(
        id="one-epoch-too-many",
        variant=programs.one_epoch_too_many,
        title="One epoch too many",
        hint="Your program trains even where no epoch is asked for. With epochs = 0, how often "
        "does your outer loop run?",
    ),
    Misconception(
        id="answers-swapped",
        variant=programs.answers_swapped,
        title="Weight and bias are returned under each other's name",
        hint="Your training may well be right. Look at which number goes under which key.",
    ),
    Misconception(
        id="rounded",
        variant=programs.rounded,
        title="The answer is rounded",
        hint="Rounding is for showing numbers. Return weight and bias as they are.",
    ),
)


def by_hand(left: float, right: float, settings: tuple[float, int, int]) -> Args:
    """Return a call on two samples, at x = -1 and x = 1, that a person can follow."""
    return [{"x": -1.0, "y": left}, {"x": 1.0, "y": right}], *settings


challenge = Challenge(
    id="trainLinearModel",
    title="Mini-batch gradient descent for a line",
    threads=8,
    parameters=("data", "lr", "epochs", "batchSize"),
    reference=programs.train_linear_model,
    groups=_GROUPS,
    misconceptions=_MISCONCEPTIONS,
    space=Space(
        shows=("weight", "bias"),
        of=(
            Number(low=-2.0, high=2.0, step=0.5),
            Number(low=-2.0, high=2.0, step=0.5),
            # lr, epochs and batchSize: each arrives exactly, but for the last (all but 1/256).
            OneOf(values=((0.5, 1, 2), (0.25, 1, 1), (0.5, 1, 3), (0.5, 0, 2), (0.25, 8, 2))),
        ),
        make=by_hand,
        check=_ARRIVES,
    ),
    runs=3,
    # Small steps are many: numpy on batches of one sample needs a fifth of this for one run.
    limits=Limits(cpu_s=3.0, wall_s=8.0, print_bytes=1 << 20),
)
