"""The challenge `policyGradient`: which cases decide, and which mistakes are known.

Rewards lie around 1 and are far from equal, so that a baseline matters; the baseline's rate stays
away from 1/2, where mixing up its two sides would not show.
"""

from collections.abc import Sequence

import numpy as np

from grader.checks import Relates
from grader.space import ListOf, Number, OneOf, Record, Space, Whole
from grader.spec import Args, Case, Challenge, Group, Misconception, Tolerance
from grader.verdict import Visibility
from reference import policy_gradient as programs

_OTHER = ([0.75, -0.25, 0.5], [2, 0, 2, 1], [1.25, 2.25, 0.25, 1.75])
_EXAMPLE = ([0.0, 0.5, 1.0], [1, 2, 1, 0], [1.0, 2.0, 0.0, 1.5])
_SHIFT = 3.0


def _numbers(rng: np.random.Generator, low: float, high: float, count: int) -> list[float]:
    return [round(float(number), 2) for number in rng.uniform(low, high, count)]


def _bandit(rng: np.random.Generator) -> tuple[list[float], list[int], list[float]]:
    """Draw 2 to 4 preferences, and 4 or 5 pulls with their rewards."""
    arms, pulls = int(rng.integers(2, 5)), int(rng.integers(4, 6))
    actions = [int(action) for action in rng.integers(arms, size=pulls)]
    return _numbers(rng, -1.5, 1.5, arms), actions, _numbers(rng, -1.0, 3.0, pulls)


def _settings(rng: np.random.Generator) -> tuple[float, float]:
    """Draw lr and baselineRate."""
    return round(float(rng.uniform(0.3, 0.8)), 2), round(float(rng.uniform(0.1, 0.4)), 2)


def ordinary(rng: np.random.Generator) -> Sequence[Args]:
    """One call on a bandit with 2 to 4 arms."""
    return [(*_bandit(rng), *_settings(rng))]


def long_run(rng: np.random.Generator) -> Sequence[Args]:
    """One call on 20 pulls of two arms of which one pays better."""
    actions = [int(action) for action in rng.integers(2, size=20)]
    rewards = [round(float(rng.uniform(-0.5, 1.5)) + action, 2) for action in actions]
    return [(_numbers(rng, -1.0, 1.0, 2), actions, rewards, *_settings(rng))]


def two_calls(rng: np.random.Generator) -> Sequence[Args]:
    """Two calls that differ in nothing but the rewards: what one leaves behind spoils the other."""
    preferences, actions, rewards = _bandit(rng)
    settings = _settings(rng)
    others = _numbers(rng, -1.0, 3.0, len(rewards))
    return [(preferences, actions, rewards, *settings), (preferences, actions, others, *settings)]


def shifted(
    preferences: Sequence[float],
    actions: Sequence[int],
    rewards: Sequence[float],
    lr: float,
    baselineRate: float,
) -> Args:
    """Return the arguments with the same number added to every preference."""
    return [h + _SHIFT for h in preferences], actions, rewards, lr, baselineRate


def shifted_as_well(first: Sequence[float], *_: object) -> list[float]:
    """Return what the shifted call has to answer: the probabilities are those of the first."""
    return [h + _SHIFT for h in first]


def small_bandit(
    preferences: Sequence[float],
    offset: float,
    pulls: Sequence[dict[str, float]],
    lr: float,
    baselineRate: float,
) -> Args:
    """Return the arguments of a call: actions beyond the last arm become the last arm."""
    last = len(preferences) - 1
    actions = [min(int(pull["action"]), last) for pull in pulls]
    rewards = [pull["reward"] for pull in pulls]
    return [h + offset for h in preferences], actions, rewards, lr, baselineRate


_GROUPS = (
    Group(
        name="example",
        title="The worked example",
        points=10,
        visibility=Visibility.VISIBLE,
        cases=(
            Case(name="one pull of two equal arms", args=([0.0, 0.0], [1], [2.0], 0.5, 0.25)),
            Case(name="the statement's example", args=(*_EXAMPLE, 0.5, 0.25)),
            Case(
                name="five pulls of four arms",
                args=(
                    [0.25, -0.5, 1.25, 0.75],
                    [3, 0, 3, 2, 0],
                    [2.0, -1.0, 0.5, 3.0, 1],
                    0.4,
                    0.2,
                ),
            ),
        ),
    ),
    Group(name="ordinary", title="Ordinary bandits", points=35, generate=ordinary, draws=8),
    Group(
        name="nothing-to-learn",
        title="No pulls, one arm",
        points=5,
        # All or nothing: a function that returns its preferences would otherwise earn most of it.
        award="all",
        cases=(
            Case(name="no pulls", args=([0.5, -1.25, 2.0], [], [], 0.5, 0.25)),
            Case(name="no pulls, whole numbers", args=([3, -1], [], [], 1, 1)),
            Case(name="one arm", args=([1.5], [0, 0], [2.0, -1.0], 0.5, 0.25)),
            Case(name="one pull", args=([0.75, -0.25, 0.5], [0], [-1.5], 0.5, 0.25)),
        ),
    ),
    Group(
        name="large-preferences",
        title="Preferences beyond the range of exp",
        points=15,
        cases=(
            Case(
                name="all near 800",
                args=([800.0, 801.5, 799.0], [0, 2, 1], [1.0, 2.5, -0.5], 0.5, 0.25),
            ),
            Case(
                name="all near -800",
                args=([-801.0, -800.0, -799.5], [1, 0, 1], [2.0, 1.0, 3.0], 0.5, 0.25),
            ),
            Case(
                name="far from each other",
                args=([1000.0, 0.0, -1000.0], [1, 0, 2], [2.0, -1.0, 1.5], 0.5, 0.25),
            ),
            Case(name="driven apart", args=([0.0, 0.5], [0, 1, 0], [4.0, 2.0, 3.0], 300.0, 0.25)),
        ),
    ),
    Group(
        name="edges",
        title="Edge cases",
        points=10,
        cases=(
            Case(
                name="all preferences 0",
                args=([0.0, 0.0, 0.0], [2, 0, 1, 2], [1.5, 0.5, 2.0, -1.0], 0.6, 0.3),
            ),
            Case(
                name="an arm that is never pulled",
                args=([0.5, -0.25, 1.0], [0, 2, 2, 0], [1.0, 2.5, -0.5, 1.5], 0.5, 0.2),
            ),
            Case(
                name="the same arm again and again",
                args=([-0.5, 0.25], [0, 0, 0, 0], [1.0, 3.0, 2.0, 0.5], 0.4, 0.3),
            ),
            Case(name="a baseline that stays 0", args=(*_OTHER, 0.5, 0)),
            Case(name="a baseline that jumps", args=(*_OTHER, 0.75, 1)),
            Case(name="whole numbers only", args=([1, 0, 2], [2, 1, 0], [2, -1, 3], 1, 1)),
            Case(
                name="negative rewards",
                args=([1.25, 0.5], [1, 0, 1, 1], [-2.0, -1.0, -0.25, -3.0], 0.5, 0.3),
            ),
            Case(
                name="rewards of 0",
                args=([0.5, -0.5, 0.75], [0, 1, 2, 1], [2.5, 0.0, 0.0, 0], 0.7, 0.4),
            ),
            Case(
                name="six arms",
                args=([0.1, 0.6, -0.4, 0.9, -0.7, 0.3], [5, 3, 4], [1.5, -0.5, 2.0], 0.8, 0.3),
            ),
        ),
    ),
    Group(name="long-run", title="Many pulls", points=5, generate=long_run, draws=1),
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
        generate=ordinary,
        draws=2,
    ),
    Group(
        name="shift",
        title="All preferences shifted by the same number",
        points=10,
        check=Relates(
            name="shift",
            second=shifted,
            expected=shifted_as_well,
            message="Adding one number to all preferences has to add it to all answers and to "
            "change nothing else: a softmax depends on differences only.",
        ),
        depends_on=("example",),
        generate=ordinary,
        draws=2,
    ),
)

_MISCONCEPTIONS = (
    Misconception(
        id="no-baseline",
        variant=programs.no_baseline,
        title="The baseline is not used",
        hint="Each pull moves the preferences as much as its whole reward says. What is the reward "
        "to be compared with before it becomes an advantage?",
    ),
    Misconception(
        id="baseline-first",
        variant=programs.baseline_first,
        title="The baseline already knows the reward it is compared with",
        hint="Your advantages come out too small by a constant factor. Look at the order: which "
        "comes first, taking the advantage or moving the baseline?",
    ),
    Misconception(
        id="running-mean",
        variant=programs.running_mean,
        title="The baseline is the mean of all rewards so far",
        hint="Your baseline moves less and less as the pulls go by. Here it follows the rewards at "
        "a fixed rate, which is one of the arguments.",
    ),
    Misconception(
        id="rate-on-the-old-side",
        variant=programs.rate_on_the_old_side,
        title="The baseline's rate weights the wrong side",
        hint="With a small baselineRate your baseline should move little, and it moves a lot. To "
        "which of the two does the rate belong, the old baseline or the new reward?",
    ),
    Misconception(
        id="last-reward-as-baseline",
        variant=programs.last_reward_as_baseline,
        title="The baseline jumps to the last reward",
        hint="Your answers do not depend on baselineRate. A baseline remembers more than one pull: "
        "it goes only a part of the way to each reward.",
    ),
    Misconception(
        id="starts-at-first-reward",
        variant=programs.starts_at_first_reward,
        title="The baseline starts at the first reward",
        hint="Your first pull changes nothing, because its advantage is 0. Look up where the "
        "baseline starts.",
    ),
    Misconception(
        id="mean-of-all-rewards",
        variant=programs.mean_of_all_rewards,
        title="The baseline is the mean of all rewards, those of later pulls included",
        hint="Your baseline stands still and knows the future. Here it starts at a fixed value and "
        "learns from each pull only after that pull.",
    ),
    Misconception(
        id="others-left-alone",
        variant=programs.others_left_alone,
        title="Only the pulled arm's preference moves",
        hint="Your pulled arm moves as it should; the others never move. A softmax ties all arms "
        "together: work out the derivative for an arm that was not pulled.",
    ),
    Misconception(
        id="probability-kept",
        variant=programs.probability_kept,
        title="The pulled arm moves by the whole advantage",
        hint="The other arms move as they should. For the pulled one, something is missing: should "
        "an arm that was certain to be pulled still gain from it?",
    ),
    Misconception(
        id="indicator-only",
        variant=programs.indicator_only,
        title="The probabilities do not enter the update",
        hint="You add to the pulled arm, as one does for estimates of value. A policy gradient "
        "differentiates the logarithm of a softmax, which depends on every preference.",
    ),
    Misconception(
        id="recomputed-for-each-arm",
        variant=programs.recomputed_for_each_arm,
        title="The softmax is taken anew while the arms are being updated",
        hint="The first arm is right and the later ones are a little off: their probabilities "
        "come from half-updated preferences. All arms of one pull share one set of probabilities.",
    ),
    Misconception(
        id="descends-the-reward",
        variant=programs.descends_the_reward,
        title="The reward is descended, as if it were a loss",
        hint="An arm that pays better than expected should become more probable; yours becomes "
        "less. Check the sign of your step.",
    ),
    Misconception(
        id="log-probability-multiplied",
        variant=programs.log_probability_multiplied,
        title="The logarithm of the probability is a factor of the step",
        hint="The logarithm belongs to the objective that is differentiated. What is left of it "
        "once the derivative has been taken?",
    ),
    Misconception(
        id="probability-gradient",
        variant=programs.probability_gradient,
        title="The probability is differentiated, not its logarithm",
        hint="Your steps are too short for arms that are rarely pulled. REINFORCE divides by the "
        "probability of what was done, because rare arms are seen rarely: look at the derivative "
        "of a logarithm.",
    ),
    Misconception(
        id="preferences-as-probabilities",
        variant=programs.preferences_as_probabilities,
        title="Preferences are used where probabilities belong",
        hint="A preference may be any number; a probability lies between 0 and 1. What turns the "
        "one into the other?",
    ),
    Misconception(
        id="without-exp",
        variant=programs.without_exp,
        title="The preferences are divided by their sum, without an exponential",
        hint="Your probabilities add up to 1, but some may be negative, and a sum of 0 breaks "
        "them. Look up what makes the terms of a softmax positive.",
    ),
    Misconception(
        id="naive-softmax",
        variant=programs.naive_softmax,
        title="The exponentials overflow where preferences are large",
        hint="Your answers are right until preferences reach a few hundred, up or down; then they "
        "become nan. A softmax depends on differences of preferences only: how can that keep the "
        "exponentials in range?",
    ),
    Misconception(
        id="stale-policy",
        variant=programs.stale_policy,
        title="The probabilities stay those of the start",
        hint="Your first pull is right; later ones use a policy that has long changed. Look at "
        "where the softmax is taken and how often that line runs.",
    ),
    Misconception(
        id="learning-rate-twice",
        variant=programs.learning_rate_twice,
        title="The learning rate is applied twice",
        hint="Each advantage reaches the preferences multiplied by lr squared. Count where lr "
        "appears on the way.",
    ),
    Misconception(
        id="single-pull",
        variant=programs.single_pull,
        title="Only the first pull is used",
        hint="Your function ends after its first update. Look at the indentation of your return.",
    ),
)

challenge = Challenge(
    id="policyGradient",
    title="Policy gradient (REINFORCE) for a bandit, with a baseline",
    threads=8,
    parameters=("preferences", "actions", "rewards", "lr", "baselineRate"),
    reference=programs.policy_gradient,
    groups=_GROUPS,
    misconceptions=_MISCONCEPTIONS,
    tolerance=Tolerance.derived(noise_ceiling=6e-08, bug_floor=0.02),
    space=Space(
        shows=("advantage", "preferences", "baseline"),
        unfolds=("actions", "rewards"),
        of=(
            ListOf(of=Number(low=-1, high=1), least=2, most=3),
            OneOf(values=(0.0, 1000.0)),
            ListOf(
                of=Record(fields={"action": Whole(low=0, high=2), "reward": Number(low=-1, high=2)})
            ),
            OneOf(values=(0.5, 0.25)),
            OneOf(values=(0.25, 0.5)),
        ),
        make=small_bandit,
    ),
)
