"""`clipByGlobalNorm`: the reference, then what students write instead.

All gradients of a model are clipped together (Pascanu et al. 2013): where the root of the sum
of all squares is larger than maxNorm, every gradient is multiplied by maxNorm/norm. So their
direction stays what it was, and none is touched where the norm is not larger.

Every function takes `gradients` (a list of arrays of any shapes) and `maxNorm` (a number), and
changes neither. The reference returns a list of arrays of the same shapes and raises ValueError
where maxNorm is negative. Each variant makes one mistake and stands on its own, so that its
source and the imports of this module are a submission. The doctests share two inputs, of norm 13
and of norm 5, so that the answers can be compared at a glance.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]

_LARGE: Sequence[Array] = [np.array([3.0, -4.0]), np.array([[4.0, 8.0], [-8.0, 0.0]])]
_SMALL: Sequence[Array] = [np.array([3.0]), np.array([-4.0, 0.0])]


def clip_by_global_norm(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Return the gradients, scaled together to a norm of maxNorm where theirs is larger.

    The statement's worked example:

    >>> clip_by_global_norm(_LARGE, 6.5)
    [array([ 1.5, -2. ]), array([[ 2.,  4.],
           [-4.,  0.]])]
    >>> clip_by_global_norm(_SMALL, 6.5)
    [array([3.]), array([-4.,  0.])]
    >>> clip_by_global_norm([], 6.5), clip_by_global_norm([np.zeros(2)], 0)
    ([], [array([0., 0.])])
    >>> clip_by_global_norm([], -1)
    Traceback (most recent call last):
    ValueError: maxNorm has to be 0 or more
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    norm = np.sqrt(sum(np.sum(g * g) for g in gradients))
    if norm > maxNorm:
        return [g * (maxNorm / norm) for g in gradients]
    return list(gradients)


def each_array_alone(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Clip every array by its own norm.

    >>> each_array_alone(_LARGE, 6.5)[0]
    array([ 3., -4.])
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    clipped = []
    for g in gradients:
        norm = np.sqrt(np.sum(g * g))
        if norm > maxNorm:
            clipped.append(g * (maxNorm / norm))
        else:
            clipped.append(g)
    return clipped


def element_wise(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Cut every number off at -maxNorm and maxNorm.

    >>> element_wise(_LARGE, 6.5)
    [array([ 3., -4.]), array([[ 4. ,  6.5],
           [-6.5,  0. ]])]
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    return [np.clip(g, -maxNorm, maxNorm) for g in gradients]


def without_square_root(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Take the sum of the squares for the norm.

    >>> without_square_root(_LARGE, 6.5)[0].round(6)
    array([ 0.115385, -0.153846])
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    norm = sum(np.sum(g * g) for g in gradients)
    if norm > maxNorm:
        return [g * (maxNorm / norm) for g in gradients]
    return list(gradients)


def squares_compared(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Compare the sum of the squares with maxNorm, and scale by the root.

    >>> squares_compared(_SMALL, 6.5)
    [array([3.9]), array([-5.2,  0. ])]
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    norm = np.sqrt(sum(np.sum(g * g) for g in gradients))
    if norm * norm > maxNorm:
        return [g * (maxNorm / norm) for g in gradients]
    return list(gradients)


def always_scaled(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Scale to maxNorm even what is smaller.

    >>> always_scaled(_SMALL, 6.5)
    [array([3.9]), array([-5.2,  0. ])]
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    norm = np.sqrt(sum(np.sum(g * g) for g in gradients))
    if norm > 0:
        return [g * (maxNorm / norm) for g in gradients]
    return list(gradients)


def wrong_way_round(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Scale what is smaller, and leave what is larger.

    >>> wrong_way_round(_LARGE, 6.5)[0], wrong_way_round(_SMALL, 6.5)[0]
    (array([ 3., -4.]), array([3.9]))
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    norm = np.sqrt(sum(np.sum(g * g) for g in gradients))
    if 0 < norm < maxNorm:
        return [g * (maxNorm / norm) for g in gradients]
    return list(gradients)


def sum_of_sizes(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Take the L1 norm.

    >>> sum_of_sizes(_LARGE, 6.5)[0].round(6)
    array([ 0.722222, -0.962963])
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    norm = sum(np.sum(np.abs(g)) for g in gradients)
    if norm > maxNorm:
        return [g * (maxNorm / norm) for g in gradients]
    return list(gradients)


def largest_size(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Take the largest size of all numbers for the norm.

    >>> largest_size(_LARGE, 6.5)[0]
    array([ 2.4375, -3.25  ])
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    norm = max((np.max(np.abs(g), initial=0.0) for g in gradients), default=0.0)
    if norm > maxNorm:
        return [g * (maxNorm / norm) for g in gradients]
    return list(gradients)


def norms_added(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Add up the norms of the arrays.

    >>> norms_added(_LARGE, 6.5)[0].round(6)
    array([ 1.147059, -1.529412])
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    norm = sum(np.sqrt(np.sum(g * g)) for g in gradients)
    if norm > maxNorm:
        return [g * (maxNorm / norm) for g in gradients]
    return list(gradients)


def last_array_only(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Overwrite the sum in a loop, so that the last array's squares are left of it.

    >>> last_array_only(_LARGE, 6.0)[0]
    array([ 1.5, -2. ])
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    norm = np.sqrt(sum(np.sum(g * g) for g in gradients[-1:]))
    if norm > maxNorm:
        return [g * (maxNorm / norm) for g in gradients]
    return list(gradients)


def mean_of_squares(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Take the root of the mean of the squares.

    >>> mean_of_squares(_LARGE, 2.0)[0].round(6)
    array([ 1.130534, -1.507378])
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    count = max(1, sum(g.size for g in gradients))
    norm = np.sqrt(sum(np.sum(g * g) for g in gradients) / count)
    if norm > maxNorm:
        return [g * (maxNorm / norm) for g in gradients]
    return list(gradients)


def scaled_to_one(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Scale to a norm of 1 instead of maxNorm.

    >>> scaled_to_one(_LARGE, 6.5)[0].round(6)
    array([ 0.230769, -0.307692])
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    norm = np.sqrt(sum(np.sum(g * g) for g in gradients))
    if norm > maxNorm:
        return [g * (1 / norm) for g in gradients]
    return list(gradients)


def epsilon_added(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Add a small number to the norm, as PyTorch does against a division by 0.

    >>> (epsilon_added([np.array([3e-5, 4e-5])], 1e-5)[0] * 1e5).round(6)
    array([0.588235, 0.784314])
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    norm = np.sqrt(sum(np.sum(g * g) for g in gradients))
    if norm > maxNorm:
        return [g * (maxNorm / (norm + 1e-6)) for g in gradients]
    return list(gradients)


def norm_returned_too(gradients: Sequence[Array], maxNorm: float) -> tuple[list[Array], float]:
    """Return the norm beside the gradients, as TensorFlow does.

    >>> norm_returned_too(_SMALL, 6.5)[0]
    [array([3.]), array([-4.,  0.])]
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    norm = np.sqrt(sum(np.sum(g * g) for g in gradients))
    if norm > maxNorm:
        return [g * (maxNorm / norm) for g in gradients], norm
    return list(gradients), norm


def flattened(gradients: Sequence[Array], maxNorm: float) -> list[Array]:
    """Return every array as one row.

    >>> flattened(_LARGE, 6.5)
    [array([ 1.5, -2. ]), array([ 2.,  4., -4.,  0.])]
    """
    if maxNorm < 0:
        raise ValueError("maxNorm has to be 0 or more")
    gradients = [g.ravel() for g in gradients]
    norm = np.sqrt(sum(np.sum(g * g) for g in gradients))
    if norm > maxNorm:
        return [g * (maxNorm / norm) for g in gradients]
    return list(gradients)
