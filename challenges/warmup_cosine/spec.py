"""The challenge `warmupCosine`: which cases decide, and which mistakes are known.

Every drawn schedule has a minLr of a fifth of baseLr or more, a warm-up of at least 3 steps and
a longer decay, so that a program which mistakes one for another shows it in the rates.
"""

from collections.abc import Sequence

import numpy as np

from grader.spec import Args, Case, Challenge, Group, Misconception, OneOf, Space, Tolerance, Whole
from grader.verdict import Visibility
from reference import warmup_cosine as programs

Schedule = tuple[int, int, float, float]
"""warmupSteps, totalSteps, baseLr, minLr."""

_EXAMPLE: Schedule = (4, 12, 0.5, 0.1)
_JOINED: Schedule = (5, 13, 0.8, 0.3)
_ENDED: Schedule = (3, 8, 0.6, 0.25)
_NO_WARMUP: Schedule = (0, 7, 0.9, 0.2)
_TOO_LONG: Schedule = (10, 6, 0.7, 0.2)
_AS_LONG: Schedule = (5, 5, 0.7, 0.2)


def _schedule(rng: np.random.Generator) -> Schedule:
    """Draw a schedule whose decay is longer than its warm-up by 3 to 8 steps."""
    warmup = int(rng.integers(3, 9))
    total = 2 * warmup + int(rng.integers(3, 9))
    base = round(float(rng.uniform(0.05, 1.5)), 3)
    return warmup, total, base, round(base * float(rng.uniform(0.2, 0.4)), 4)


def rising(rng: np.random.Generator) -> Sequence[Args]:
    """One step inside the warm-up."""
    schedule = _schedule(rng)
    return [(int(rng.integers(1, schedule[0])), *schedule)]


def falling(rng: np.random.Generator) -> Sequence[Args]:
    """One step of the first and one of the second half of the decay, off its middle and ends."""
    schedule = _schedule(rng)
    warmup, total, _, _ = schedule
    quarter, length = (total - warmup) // 4, total - warmup
    early = warmup + int(rng.integers(quarter, 2 * quarter))
    late = warmup + int(rng.integers(length // 2 + 1, length - quarter + 1))
    return [(early, *schedule), (late, *schedule)]


def backwards(rng: np.random.Generator) -> Sequence[Args]:
    """Four steps of one schedule, the last first: a program that counts its calls is lost."""
    schedule = _schedule(rng)
    warmup, total, _, _ = schedule
    steps = (total + 2, total - 2, warmup + 2, warmup - 1)
    return [(step, *schedule) for step in steps]


_GROUPS = (
    Group(
        name="example",
        title="The worked example",
        points=10,
        visibility=Visibility.VISIBLE,
        # All or nothing: a function that always answers minLr would earn a share of it.
        award="all",
        cases=(
            Case(name="step 3 of the example", args=(3, *_EXAMPLE)),
            Case(name="step 6 of the example", args=(6, *_EXAMPLE)),
            Case(name="step 13 of the example", args=(13, *_EXAMPLE)),
        ),
    ),
    Group(name="warm-up", title="Inside the warm-up", points=15, generate=rising, draws=5),
    Group(name="decay", title="On the cosine", points=25, generate=falling, draws=5),
    Group(
        name="joins",
        title="Where one rule meets the next",
        points=15,
        award="all",
        cases=(
            Case(name="the first step", args=(0, *_JOINED)),
            Case(name="the last step of the warm-up", args=(4, *_JOINED)),
            Case(name="the step at which the warm-up ends", args=(5, *_JOINED)),
            Case(name="the step after it", args=(6, *_JOINED)),
            Case(name="the last step before the end", args=(12, *_JOINED)),
            Case(name="the end", args=(13, *_JOINED)),
        ),
    ),
    Group(
        name="after-the-end",
        title="After the end",
        points=10,
        award="all",
        cases=(
            Case(name="two steps before the end", args=(6, *_ENDED)),
            Case(name="one step after the end", args=(9, *_ENDED)),
            Case(name="half a decay after the end", args=(11, *_ENDED)),
            Case(name="a whole decay after the end", args=(13, *_ENDED)),
            Case(name="long after the end", args=(1000, *_ENDED)),
        ),
    ),
    Group(
        name="no-warm-up",
        title="No warm-up",
        points=10,
        award="all",
        cases=(
            Case(name="the first step is at baseLr", args=(0, *_NO_WARMUP)),
            Case(name="on the cosine", args=(2, *_NO_WARMUP)),
            Case(name="near the end", args=(6, *_NO_WARMUP)),
            Case(name="at the end", args=(7, *_NO_WARMUP)),
        ),
    ),
    Group(
        name="long-warm-up",
        title="A warm-up as long as the whole, or longer",
        points=5,
        award="all",
        cases=(
            Case(name="longer, inside", args=(3, *_TOO_LONG)),
            Case(name="longer, after the end and before its own", args=(8, *_TOO_LONG)),
            Case(name="longer, after both", args=(12, *_TOO_LONG)),
            Case(name="as long, the last step", args=(4, *_AS_LONG)),
            Case(name="as long, the end", args=(5, *_AS_LONG)),
        ),
    ),
    Group(
        name="other-minima",
        title="minLr at 0 and above baseLr",
        points=5,
        award="all",
        cases=(
            Case(name="minLr = 0, on the cosine", args=(7, 4, 14, 0.003, 0.0)),
            Case(name="minLr = 0, near the end", args=(18, 4, 20, 0.003, 0.0)),
            Case(name="minLr = 0, at the end", args=(14, 4, 14, 0.003, 0.0)),
            Case(name="whole numbers only, on the cosine", args=(5, 2, 11, 2, 1)),
            Case(name="whole numbers only, in the warm-up", args=(1, 3, 11, 2, 1)),
            Case(name="minLr above baseLr", args=(6, 3, 12, 0.2, 0.5)),
        ),
    ),
    Group(
        name="any-order",
        title="Steps in any order",
        points=5,
        award="all",
        generate=backwards,
        draws=1,
    ),
)

_MISCONCEPTIONS = (
    Misconception(
        id="warm-up-one-ahead",
        variant=programs.warmup_one_ahead,
        title="The warm-up is one step ahead",
        hint="Your warm-up reaches baseLr one step too early and does not begin at 0. Which rate "
        "does the statement give to step 0?",
    ),
    Misconception(
        id="warm-up-from-min",
        variant=programs.warmup_from_min,
        title="The warm-up starts at minLr",
        hint="minLr is where a schedule ends. Look at the rate with which the statement's example "
        "begins.",
    ),
    Misconception(
        id="warm-up-first",
        variant=programs.warmup_first,
        title="The warm-up is asked for before the end",
        hint="Where the warm-up is longer than the whole, a step can be after the end and inside "
        "the warm-up. Which of the two rules does the statement put first?",
    ),
    Misconception(
        id="warm-up-not-subtracted",
        variant=programs.warmup_not_subtracted,
        title="The cosine counts its steps from the start of the schedule",
        hint="Your rate jumps where the warm-up ends. At that step, how much of the decay should "
        "be over, and how much is it with your numbers?",
    ),
    Misconception(
        id="decay-over-total",
        variant=programs.decay_over_total,
        title="The cosine is stretched over the whole schedule",
        hint="Your cosine has not come down when the schedule ends, so that the rate jumps there. "
        "How many steps are left for it after the warm-up?",
    ),
    Misconception(
        id="progress-of-whole",
        variant=programs.progress_of_whole,
        title="The cosine does not know of the warm-up",
        hint="Your cosine behaves as if it had been running since step 0. Look at where it should "
        "begin, and at how many steps it has.",
    ),
    Misconception(
        id="ends-one-early",
        variant=programs.ends_one_early,
        title="The cosine ends one step early",
        hint="Your rate is at minLr one step before the end. Which is the first step that the "
        "statement gives minLr to?",
    ),
    Misconception(
        id="linear-decay",
        variant=programs.linear,
        title="The rate falls in a line",
        hint="Ends and middle of your decay are right, and what lies between is not. Look at how "
        "slowly the example's rates begin to fall.",
    ),
    Misconception(
        id="half-forgotten",
        variant=programs.without_half,
        title="The cosine part is twice as large as it should be",
        hint="Your decay begins above baseLr. How large does 1 + cos become, and how large may "
        "the share be that is left of the way from minLr to baseLr?",
    ),
    Misconception(
        id="min-ignored",
        variant=programs.min_ignored,
        title="The cosine falls to 0 instead of minLr",
        hint="Your rate drops below minLr before the end and jumps back to it. Between which two "
        "rates does the cosine lie?",
    ),
    Misconception(
        id="min-on-top",
        variant=programs.min_on_top,
        title="minLr is added to a cosine that has its full height",
        hint="Your decay begins above baseLr, by minLr. What is left for the cosine when minLr "
        "lies under it?",
    ),
    Misconception(
        id="rising-cosine",
        variant=programs.rising,
        title="The cosine rises instead of falling",
        hint="Your decay begins at minLr and ends at baseLr. Which value does a cosine have at 0, "
        "and at half a turn?",
    ),
    Misconception(
        id="sine",
        variant=programs.sine,
        title="A sine stands in the place of the cosine",
        hint="Your decay does not begin at baseLr: it rises above halfway and comes back. Compare "
        "the two curves at 0.",
    ),
    Misconception(
        id="degrees",
        variant=programs.degrees,
        title="The angle is in degrees",
        hint="Your rates jump up and down from step to step. In which unit does the cosine of a "
        "programming language take its angle?",
    ),
    Misconception(
        id="quarter-wave",
        variant=programs.quarter_wave,
        title="The cosine goes through a quarter of a turn only",
        hint="Your cosine ends halfway between baseLr and minLr and jumps from there. Which angle "
        "has it reached at the end, and where is a cosine at its lowest?",
    ),
    Misconception(
        id="no-end",
        variant=programs.no_end,
        title="The cosine goes on after the end",
        hint="Your rate rises again once the schedule is over. What does the statement say about "
        "the steps beyond the last?",
    ),
    Misconception(
        id="zero-after-the-end",
        variant=programs.zero_after_the_end,
        title="The rate is 0 after the end",
        hint="The schedule comes down to a rate that one of the arguments gives, and stays there. "
        "Look at what you return once it is over.",
    ),
)

challenge = Challenge(
    id="warmupCosine",
    title="Learning rate: linear warm-up, then a cosine",
    threads=8,
    parameters=("step", "warmupSteps", "totalSteps", "baseLr", "minLr"),
    reference=programs.warmup_cosine,
    groups=_GROUPS,
    misconceptions=_MISCONCEPTIONS,
    scale=programs.scale,
    tolerance=Tolerance.derived(noise_ceiling=1.2e-07, bug_floor=0.05),
    space=Space(
        shows=("progress",),
        unfolds=("step",),
        of=(
            Whole(low=0, high=8),
            OneOf(values=(2, 0, 3, 8)),
            OneOf(values=(6, 5, 8)),
            OneOf(values=(1.0, 0.5)),
            OneOf(values=(0.0, 0.25, 0.5)),
        ),
    ),
)
