"""A submission of ordinary size: 30 lines, two helpers, numpy."""

import numpy as np


def as_matrix(rows):
    matrix = np.array(rows, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError("a square matrix is needed")
    return matrix


def is_symmetric(matrix):
    for i in range(len(matrix)):
        for j in range(i):
            if abs(matrix[i, j] - matrix[j, i]) > 1e-9:
                return False
    return True


def normalModes(stiffness):
    """Eigenvalues of the stiffness matrix, smallest first."""
    matrix = as_matrix(stiffness)
    if not is_symmetric(matrix):
        raise ValueError("a stiffness matrix is symmetric")
    values = np.linalg.eigvalsh(matrix)
    modes = []
    for value in values:
        modes.append(float(value))
    return sorted(modes)
