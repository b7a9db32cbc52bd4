"""`adamW`: the reference, then what students write instead.

Adam with decoupled weight decay, after Loshchilov & Hutter, "Decoupled Weight Decay
Regularization" (ICLR 2019), in the convention of PyTorch's `torch.optim.AdamW`: the decay comes
first, and eps is added outside the root. For every parameter p with gradient g, and every step
t = 1, 2, ...:

    p    = p - lr*weightDecay*p
    m    = beta1*m + (1 - beta1)*g
    v    = beta2*v + (1 - beta2)*g*g
    mhat = m / (1 - beta1**t)
    vhat = v / (1 - beta2**t)
    p    = p - lr*mhat / (sqrt(vhat) + eps)

Held once by hand against `torch.optim.AdamW` of torch 2.13.0 (CPU, float64) in 200 random
configurations of 1 to 8 parameters and 1 to 50 steps, with gradients from 0 to about 100, lr and
eps down to 1e-4 and 1e-8, and betas and weight decay from 0 up: no parameter differed by more
than 2.4e-14 of its own size.

Every function takes `params` (a sequence of numbers), `grads` (one sequence of the same length
for each step), `lr`, `beta1`, `beta2`, `eps` and `weightDecay`, returns a new list and changes
nothing. Each variant makes one mistake and stands on its own: its source and the imports of this
module are a submission. The doctests share one input, so that the answers can be compared at a
glance.
"""

import math
from collections.abc import Sequence
from typing import TypeAlias

Numbers: TypeAlias = Sequence[float]

_PARAMS: Numbers = (2.0, -3.0)
_GRADS: Sequence[Numbers] = ((0.5, -1.0), (-0.25, 2.0))
_SETTINGS = (0.2, 0.75, 0.5, 0.1, 0.5)
"""lr, beta1, beta2, eps and weightDecay of the doctests."""


def _shown(numbers: Numbers) -> list[float]:
    """Round for the doctests."""
    return [round(number, 6) for number in numbers]


def adam_w(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Return the parameters after one step for each entry of `grads`, from m = v = 0.

    >>> _shown(adam_w(_PARAMS, _GRADS, *_SETTINGS))
    [1.438503, -2.34434]

    The example of the statement:

    >>> _shown(adam_w([1, -2], [[0.5, -1], [-0.25, 2]], 0.1, 0.9, 0.8, 0.1, 0.5))
    [0.801489, -1.752044]

    Without steps the parameters are what they were; without parameters there is nothing.

    >>> adam_w((2.0, -3.0), [], *_SETTINGS), adam_w([], [[], []], *_SETTINGS)
    ([2.0, -3.0], [])
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p


def l2_in_gradient(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Add the decay to the gradient, as Adam with an L2 penalty does.

    >>> _shown(l2_in_gradient(_PARAMS, _GRADS, *_SETTINGS))
    [1.630477, -2.717654]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            g = g + weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p


def without_decay(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,  # noqa: ARG001 - the mistake itself
) -> list[float]:
    """Leave the weight decay out: this is Adam.

    >>> _shown(without_decay(_PARAMS, _GRADS, *_SETTINGS))
    [1.801836, -2.896158]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p


def decay_after_step(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Let the parameter decay after its step instead of before.

    >>> _shown(decay_after_step(_PARAMS, _GRADS, *_SETTINGS))
    [1.456652, -2.352906]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
            p[i] = p[i] - lr * weightDecay * p[i]
    return p


def decay_without_lr(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Forget the learning rate in the decay.

    >>> _shown(decay_without_lr(_PARAMS, _GRADS, *_SETTINGS))
    [0.385169, -0.737068]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            p[i] = p[i] - weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p


def decay_added(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Let the parameter grow by the decay.

    >>> _shown(decay_added(_PARAMS, _GRADS, *_SETTINGS))
    [2.205169, -3.507977]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            p[i] = p[i] + lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p


def decay_of_the_start(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Take the decay of the parameters that came, not of the present ones.

    >>> _shown(decay_of_the_start(_PARAMS, _GRADS, *_SETTINGS))
    [1.401836, -2.296158]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * params[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p


def eps_inside_root(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Add eps to the second moment before the root is taken.

    >>> _shown(eps_inside_root(_PARAMS, _GRADS, *_SETTINGS))
    [1.437755, -2.339514]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / math.sqrt(vhat + eps)
    return p


def eps_before_correction(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Correct root and eps together (the paper of Adam calls it epsilon hat).

    >>> _shown(eps_before_correction(_PARAMS, _GRADS, *_SETTINGS))
    [1.449228, -2.349626]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps / math.sqrt(1 - beta2**t))
    return p


def without_root(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Divide by the second moment itself.

    >>> _shown(without_root(_PARAMS, _GRADS, *_SETTINGS))
    [1.299365, -2.312447]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (vhat + eps)
    return p


def without_bias_correction(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Use both moments as they are.

    >>> _shown(without_bias_correction(_PARAMS, _GRADS, *_SETTINGS))
    [1.555005, -2.413308]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):  # noqa: B007 - the mistake itself
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i]
            vhat = v[i]
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p


def correction_of_first_step(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Correct every step as if it were the first.

    >>> _shown(correction_of_first_step(_PARAMS, _GRADS, *_SETTINGS))
    [1.423097, -2.378909]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):  # noqa: B007 - the mistake itself
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1)
            vhat = v[i] / (1 - beta2)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p


def step_counted_ahead(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Count the steps from 2.

    >>> _shown(step_counted_ahead(_PARAMS, _GRADS, *_SETTINGS))
    [1.493513, -2.381231]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=2):
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p


def correction_kept(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Store the corrected moments in the place of the moments.

    >>> _shown(correction_kept(_PARAMS, _GRADS, *_SETTINGS))
    [1.213264, -2.207017]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            m[i] = m[i] / (1 - beta1**t)
            v[i] = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * m[i] / (math.sqrt(v[i]) + eps)
    return p


def betas_swapped(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Take each beta for the other.

    >>> _shown(betas_swapped(_PARAMS, _GRADS, *_SETTINGS))
    [1.47, -2.380812]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m[i] = beta2 * m[i] + (1 - beta2) * g
            v[i] = beta1 * v[i] + (1 - beta1) * g * g
            mhat = m[i] / (1 - beta2**t)
            vhat = v[i] / (1 - beta1**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p


def gradient_in_full(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Accumulate the gradients instead of averaging them.

    >>> _shown(gradient_in_full(_PARAMS, _GRADS, *_SETTINGS))
    [0.894011, -2.087361]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p


def square_of_mean(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Average the squares of the first moment instead of the gradient's.

    >>> _shown(square_of_mean(_PARAMS, _GRADS, *_SETTINGS))
    [1.139082, -2.279079]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * m[i] * m[i]
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p


def ascent(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Step up the gradient instead of down.

    >>> _shown(ascent(_PARAMS, _GRADS, *_SETTINGS))
    [1.801497, -2.51566]
    """
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] + lr * mhat / (math.sqrt(vhat) + eps)
    return p


def moments_reset(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Start both moments anew at every step.

    >>> _shown(moments_reset(_PARAMS, _GRADS, *_SETTINGS))
    [1.563947, -2.398258]
    """
    p = list(params)
    for t, gradient in enumerate(grads, start=1):
        m = [0.0] * len(p)
        v = [0.0] * len(p)
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p


def moments_shared(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    weightDecay: float,
) -> list[float]:
    """Keep one pair of moments for all parameters.

    >>> _shown(moments_shared(_PARAMS, _GRADS, *_SETTINGS))
    [1.580185, -2.426059]
    """
    p = list(params)
    m = 0.0
    v = 0.0
    for t, gradient in enumerate(grads, start=1):
        for i, g in enumerate(gradient):
            p[i] = p[i] - lr * weightDecay * p[i]
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            mhat = m / (1 - beta1**t)
            vhat = v / (1 - beta2**t)
            p[i] = p[i] - lr * mhat / (math.sqrt(vhat) + eps)
    return p
