"""`nesterovMomentum`: the reference, then what students write instead.

Nesterov's momentum in the form of deep-learning libraries (Sutskever et al. 2013, rewritten by
Bengio et al. 2013; PyTorch's `nesterov=True`). The gradient is taken where w is, and the step
looks ahead along the velocity that this gradient has already entered:

    velocity = beta*velocity + gradient
    w        = w - lr*(gradient + beta*velocity)

Every function takes `w` (an array of shape (d,)), `gradients` (an array of shape (steps, d)),
`lr` and `beta`, and changes none of them. The reference returns a new float array of shape
(d,). Each variant makes one mistake and stands on its own, so that its source and the imports
of this module are a submission. The doctests share one input, so that the answers can be
compared at a glance.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]

_W: Array = np.array([1.0, -2.0])
_GRADIENTS: Array = np.array([[2.0, -1.0], [1.0, -3.0], [-1.0, 2.0]])
_WHOLE: Array = np.array([1, -2])


def nesterov_momentum(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Return w after one step for each row of `gradients`, from velocity = 0.

    >>> nesterov_momentum(_W, _GRADIENTS, 0.25, 0.5)
    array([ 0.     , -0.96875])
    >>> nesterov_momentum(_WHOLE, _GRADIENTS, 0.25, 0.5)
    array([ 0.     , -0.96875])
    >>> nesterov_momentum(_WHOLE, _GRADIENTS[:0], 0.25, 0.5)
    array([ 1., -2.])

    The statement's worked example:

    >>> nesterov_momentum(_W, _GRADIENTS, 0.1, 0.9).round(6).tolist()
    [0.2312, -1.2231]
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity + gradient
        w = w - lr * (gradient + beta * velocity)
    return w.astype(float)


def classical_momentum(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Step along the velocity itself, without a look ahead.

    To look ahead with the velocity from before this gradient comes to the same.

    >>> classical_momentum(_W, _GRADIENTS, 0.25, 0.5)
    array([ 0.    , -0.9375])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity + gradient
        w = w - lr * velocity
    return w.astype(float)


def lookahead_from_velocity(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Look ahead from the velocity instead of from the gradient.

    >>> lookahead_from_velocity(_W, _GRADIENTS, 0.25, 0.5)
    array([-0.5    , -0.40625])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity + gradient
        w = w - lr * (velocity + beta * velocity)
    return w.astype(float)


def momentum_ignored(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Run plain gradient descent: a velocity is kept, and the step does not use it.

    >>> momentum_ignored(_W, _GRADIENTS, 0.25, 0.5)
    array([ 0.5, -1.5])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity + gradient
        w = w - lr * gradient
    return w.astype(float)


def ema_velocity(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Average the gradients (as Adam does) instead of accumulating them.

    >>> ema_velocity(_W, _GRADIENTS, 0.25, 0.5)
    array([ 0.25    , -1.234375])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity + (1 - beta) * gradient
        w = w - lr * (gradient + beta * velocity)
    return w.astype(float)


def gradient_dampened(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Mix gradient and velocity with weights that add up to 1 in the step.

    >>> gradient_dampened(_W, _GRADIENTS, 0.25, 0.5)
    array([ 0.25   , -1.21875])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity + gradient
        w = w - lr * ((1 - beta) * gradient + beta * velocity)
    return w.astype(float)


def factor_on_the_gradient(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Put beta on the gradient of the step instead of on the velocity.

    >>> factor_on_the_gradient(_W, _GRADIENTS, 0.25, 0.5)
    array([-0.25  , -0.6875])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity + gradient
        w = w - lr * (beta * gradient + velocity)
    return w.astype(float)


def learning_rate_twice(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Keep the learning rate inside the velocity and apply it to the step as well.

    >>> learning_rate_twice(_W, _GRADIENTS, 0.25, 0.5)
    array([ 0.375    , -1.3671875])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity + lr * gradient
        w = w - lr * (gradient + beta * velocity)
    return w.astype(float)


def parentheses_missing(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Lose the parentheses of the step.

    >>> parentheses_missing(_W, _GRADIENTS, 0.25, 0.5)
    array([ 2.5  , -3.625])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity + gradient
        w = w - lr * gradient + beta * velocity
    return w.astype(float)


def gradient_ascent(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Climb instead of descending.

    >>> gradient_ascent(_W, _GRADIENTS, 0.25, 0.5)
    array([ 2.     , -3.03125])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity + gradient
        w = w + lr * (gradient + beta * velocity)
    return w.astype(float)


def velocity_reset_each_step(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Set the velocity to 0 inside the loop.

    >>> velocity_reset_each_step(_W, _GRADIENTS, 0.25, 0.5)
    array([ 0.25, -1.25])
    """
    for gradient in gradients:
        velocity = np.zeros(w.shape)
        velocity = beta * velocity + gradient
        w = w - lr * (gradient + beta * velocity)
    return w.astype(float)


def one_velocity_for_all(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Sum the gradient over its coordinates, so that all of them share one velocity.

    >>> one_velocity_for_all(_W, _GRADIENTS, 0.25, 0.5)
    array([ 0.53125, -1.46875])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity + np.sum(gradient)
        w = w - lr * (gradient + beta * velocity)
    return w.astype(float)


def mean_over_coordinates(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Take the mean of the gradient over its coordinates for the velocity.

    >>> mean_over_coordinates(_W, _GRADIENTS, 0.25, 0.5)
    array([ 0.515625, -1.484375])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity + np.mean(gradient)
        w = w - lr * (gradient + beta * velocity)
    return w.astype(float)


def last_step_missing(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Leave out the last gradient.

    >>> last_step_missing(_W, _GRADIENTS, 0.25, 0.5)
    array([-0.25  , -0.4375])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients[:-1]:
        velocity = beta * velocity + gradient
        w = w - lr * (gradient + beta * velocity)
    return w.astype(float)


def first_step_missing(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Begin at the second gradient.

    >>> first_step_missing(_W, _GRADIENTS, 0.25, 0.5)
    array([ 0.9375, -1.4375])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients[1:]:
        velocity = beta * velocity + gradient
        w = w - lr * (gradient + beta * velocity)
    return w.astype(float)


def single_step(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Stop after the first gradient, as a `return` inside the loop does.

    >>> single_step(_W, _GRADIENTS, 0.25, 0.5)
    array([ 0.25 , -1.625])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients[:1]:
        velocity = beta * velocity + gradient
        w = w - lr * (gradient + beta * velocity)
    return w.astype(float)


def velocity_returned(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Return the other of the two variables.

    >>> velocity_returned(_W, _GRADIENTS, 0.25, 0.5)
    array([0.  , 0.25])
    """
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity + gradient
        w = w - lr * (gradient + beta * velocity)
    return velocity.astype(float)


def trajectory_returned(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Return w after every step instead of after the last one.

    >>> trajectory_returned(_W, _GRADIENTS[:1], 0.25, 0.5)
    array([[ 1.   , -2.   ],
           [ 0.25 , -1.625]])
    """
    velocity = np.zeros(w.shape)
    trajectory = [w]
    for gradient in gradients:
        velocity = beta * velocity + gradient
        w = w - lr * (gradient + beta * velocity)
        trajectory.append(w)
    return np.array(trajectory).astype(float)


def integer_velocity(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Give the velocity the type of w: between whole numbers its fractions are cut off.

    >>> integer_velocity(_W, _GRADIENTS, 0.25, 0.5)
    array([ 0.     , -0.96875])
    >>> integer_velocity(_WHOLE, _GRADIENTS, 0.25, 0.5)
    array([ 0., -1.])
    """
    velocity = np.zeros_like(w)
    for gradient in gradients:
        velocity[:] = beta * velocity + gradient
        w = w - lr * (gradient + beta * velocity)
    return w.astype(float)


def integer_weights(w: Array, gradients: Array, lr: float, beta: float) -> Array:
    """Write every step into a copy of w, which stays whole where w is.

    >>> integer_weights(_W, _GRADIENTS, 0.25, 0.5)
    array([ 0.     , -0.96875])
    >>> integer_weights(_WHOLE, _GRADIENTS, 0.25, 0.5).tolist()
    [0, 0]
    """
    velocity = np.zeros(w.shape)
    w = w.copy()
    for gradient in gradients:
        velocity = beta * velocity + gradient
        w[:] = w - lr * (gradient + beta * velocity)
    return w
