"""The benchmark's small eigenvalue problem, as a reference and an error scale."""

import numpy as np

Matrix = list[list[float]]


def normal_modes(stiffness: Matrix) -> list[float]:
    """Return the eigenvalues of a symmetric matrix, given as n rows of n, in rising order.

    >>> normal_modes([[2.0, 0.0], [0.0, 1.0]])
    [1.0, 2.0]
    """
    return [float(value) for value in np.linalg.eigvalsh(np.array(stiffness))]


def modes_scale(stiffness: Matrix) -> list[float]:
    """Return the error scale of each eigenvalue: the Frobenius norm, by Weyl's inequality."""
    norm = float(np.linalg.norm(np.array(stiffness)))
    return [norm] * len(stiffness)
