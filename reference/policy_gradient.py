"""`policyGradient`: the reference, then what students write instead.

REINFORCE on a bandit whose policy is the softmax of one preference for each arm, with a baseline
that follows the rewards. What was pulled and what it paid are inputs, so that nothing is drawn.
For each pull, with the probabilities and the baseline from before it:

    advantage      = reward - baseline
    preference[a] += lr*advantage*((1 if a is the pulled arm else 0) - probability[a])
    baseline      += baselineRate*(reward - baseline)

The bracket is the derivative of log(probability of the pulled arm) with respect to preference a.
Every function takes `preferences`, `actions`, `rewards`, `lr` and `baselineRate`, returns a
sequence of numbers, one for each arm, and changes nothing. Each variant makes one mistake and
stands on its own but for the imports of this module. The doctests share one input, so that the
answers can be compared at a glance.
"""

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

Numbers: TypeAlias = Sequence[float]

_BANDIT = ([0.0, 0.5, 1.0], [1, 2, 1, 0], [1.0, 2.0, 0.0, 1.5])
"""Preferences, actions and rewards of the statement's example."""


def policy_gradient(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Return the preferences after one update for each pull, the baseline starting from 0.

    The statement's example; then nothing pulled, and preferences beyond the range of exp:

    >>> [round(h, 6) for h in policy_gradient(*_BANDIT, 0.5, 0.25)]
    [0.232841, 0.119155, 1.148004]
    >>> policy_gradient([0.5, -1.0], [], [], 0.5, 0.25)
    [0.5, -1.0]
    >>> policy_gradient([800.0, 800.0], [1], [1.0], 0.5, 0.25)
    [799.75, 800.25]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def no_baseline(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Weight every pull with its bare reward.

    >>> [round(h, 6) for h in no_baseline(*_BANDIT, 0.5, 0.25)]
    [0.392817, 0.226751, 0.880432]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = reward
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def baseline_first(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Bring the baseline up to date before the advantage is taken.

    >>> [round(h, 6) for h in baseline_first(*_BANDIT, 0.5, 0.25)]
    [0.168635, 0.228157, 1.103208]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        baseline = baseline + baselineRate * (reward - baseline)
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
    return preferences


def running_mean(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,  # noqa: ARG001 - the mistake itself
) -> Numbers:
    """Let the baseline be the mean of the rewards so far, as in the textbook's bandit.

    >>> [round(h, 6) for h in running_mean(*_BANDIT, 0.5, 0.25)]
    [0.14711, 0.085742, 1.267148]
    """
    baseline = 0.0
    for count, (action, reward) in enumerate(zip(actions, rewards, strict=True), start=1):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
        baseline = baseline + (reward - baseline) / count
    return preferences


def rate_on_the_old_side(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Weight the old baseline with the rate and the new reward with the rest.

    >>> [round(h, 6) for h in rate_on_the_old_side(*_BANDIT, 0.5, 0.25)]
    [0.38784, -0.084546, 1.196706]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
        baseline = baselineRate * baseline + (1 - baselineRate) * reward
    return preferences


def last_reward_as_baseline(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,  # noqa: ARG001 - the mistake itself
) -> Numbers:
    """Forget the rate: the baseline jumps to each reward.

    >>> [round(h, 6) for h in last_reward_as_baseline(*_BANDIT, 0.5, 0.25)]
    [0.613305, -0.142614, 1.029309]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
        baseline = reward
    return preferences


def starts_at_first_reward(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Start the baseline at the first reward instead of 0.

    >>> [round(h, 6) for h in starts_at_first_reward(*_BANDIT, 0.5, 0.25)]
    [0.245503, -0.16202, 1.416517]
    """
    baseline = rewards[0] if rewards else 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def mean_of_all_rewards(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,  # noqa: ARG001 - the mistake itself
) -> Numbers:
    """Use the mean of all the rewards, later ones too, as a fixed baseline.

    >>> [round(h, 6) for h in mean_of_all_rewards(*_BANDIT, 0.5, 0.25)]
    [0.179537, -0.123756, 1.44422]
    """
    baseline = sum(rewards) / len(rewards) if rewards else 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
    return preferences


def others_left_alone(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Move the preference of the pulled arm only.

    >>> [round(h, 6) for h in others_left_alone(*_BANDIT, 0.5, 0.25)]
    [0.424155, 0.606292, 1.481829]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * pulled * (pulled - weights[arm] / total))
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def probability_kept(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Subtract the probability for every arm but the one that was pulled.

    >>> [round(h, 6) for h in probability_kept(*_BANDIT, 0.5, 0.25)]
    [0.295759, 0.167657, 1.479046]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled or -weights[arm] / total))
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def indicator_only(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Add the advantage to the pulled arm and forget the probabilities.

    >>> [round(h, 6) for h in indicator_only(*_BANDIT, 0.5, 0.25)]
    [0.492188, 0.65625, 1.875]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * pulled)
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def recomputed_for_each_arm(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Take the softmax anew for each arm, with some preferences already moved.

    >>> [round(h, 6) for h in recomputed_for_each_arm(*_BANDIT, 0.5, 0.25)]
    [0.233664, 0.11768, 1.128848]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        advantage = reward - baseline
        updated = list(preferences)
        for arm, preference in enumerate(preferences):
            highest = max(updated)
            weights = [math.exp(other - highest) for other in updated]
            total = sum(weights)
            pulled = 1.0 if arm == action else 0.0
            updated[arm] = preference + lr * advantage * (pulled - weights[arm] / total)
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def descends_the_reward(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Step against the gradient, as if the reward were a loss.

    >>> [round(h, 6) for h in descends_the_reward(*_BANDIT, 0.5, 0.25)]
    [-0.203466, 0.755018, 0.948448]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference - lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def log_probability_multiplied(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Multiply the gradient of the log-probability by the log-probability itself.

    >>> [round(h, 6) for h in log_probability_multiplied(*_BANDIT, 0.5, 0.25)]
    [-0.541769, 0.852496, 1.189273]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = reward - baseline
        logarithm = preferences[action] - highest - math.log(total)
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            step = lr * advantage * logarithm * (pulled - weights[arm] / total)
            updated.append(preference + step)
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def probability_gradient(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Differentiate the probability of the pulled arm instead of its logarithm.

    >>> [round(h, 6) for h in probability_gradient(*_BANDIT, 0.5, 0.25)]
    [-0.022221, 0.373545, 1.148675]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = reward - baseline
        probability = weights[action] / total
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            step = lr * advantage * probability * (pulled - weights[arm] / total)
            updated.append(preference + step)
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def preferences_as_probabilities(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Subtract the preference where its probability belongs.

    >>> [round(h, 6) for h in preferences_as_probabilities(*_BANDIT, 0.5, 0.25)]
    [0.492188, -0.110588, 0.639725]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - preference))
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def without_exp(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Divide the preferences by their sum without exp; a sum of 0 gives nan, as in numpy.

    >>> [round(h, 6) for h in without_exp(*_BANDIT, 0.5, 0.25)]
    [0.492188, 0.055795, 0.952017]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        weights = list(preferences)
        total = sum(weights) or math.nan
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def naive_softmax(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Exponentiate large preferences as they are: numpy answers inf, and then nan.

    >>> [round(float(h), 6) for h in naive_softmax(*_BANDIT, 0.5, 0.25)]
    [0.232841, 0.119155, 1.148004]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        with np.errstate(all="ignore"):
            weights = np.exp(preferences) / np.sum(np.exp(preferences))
        total = 1.0
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def stale_policy(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Take the probabilities once, from the preferences at the start.

    >>> [round(h, 6) for h in stale_policy(*_BANDIT, 0.5, 0.25)]
    [0.208335, 0.188256, 1.103409]
    """
    baseline = 0.0
    highest = max(preferences)
    weights = [math.exp(preference - highest) for preference in preferences]
    total = sum(weights)
    for action, reward in zip(actions, rewards, strict=True):
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def learning_rate_twice(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Apply the learning rate to the advantage and to the step.

    >>> [round(h, 6) for h in learning_rate_twice(*_BANDIT, 0.5, 0.25)]
    [0.109029, 0.327521, 1.06345]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = lr * (reward - baseline)
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
    return preferences


def single_pull(
    preferences: Numbers,
    actions: Sequence[int],
    rewards: Numbers,
    lr: float,
    baselineRate: float,
) -> Numbers:
    """Return after the first pull.

    >>> [round(h, 6) for h in single_pull(*_BANDIT, 0.5, 0.25)]
    [-0.093162, 0.846402, 0.74676]
    """
    baseline = 0.0
    for action, reward in zip(actions, rewards, strict=True):
        highest = max(preferences)
        weights = [math.exp(preference - highest) for preference in preferences]
        total = sum(weights)
        advantage = reward - baseline
        updated = []
        for arm, preference in enumerate(preferences):
            pulled = 1.0 if arm == action else 0.0
            updated.append(preference + lr * advantage * (pulled - weights[arm] / total))
        preferences = updated
        baseline = baseline + baselineRate * (reward - baseline)
        return preferences
    return preferences
