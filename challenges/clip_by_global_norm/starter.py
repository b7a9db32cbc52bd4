import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    """Scale all gradients together where their global norm is larger than maxNorm.

    gradients: a list of arrays of any shapes
    maxNorm:   the largest norm that is allowed, a number; ValueError if it is negative
    """
    # The global norm takes the numbers of all arrays together.
    # Return a list of arrays of the same shapes. Leave the arguments as they are.
