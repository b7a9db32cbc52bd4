"""The benchmark's workload: ten small eigenvalue problems for one submission of 30 lines."""

from collections.abc import Sequence

import numpy as np

from grader.spec import Args, Challenge, Group
from reference import normal_modes as programs

_SIZE = 4


def symmetric(rng: np.random.Generator) -> Sequence[Args]:
    """One call on a symmetric matrix of `_SIZE` rows."""
    half = rng.normal(size=(_SIZE, _SIZE))
    return [((half + half.T).tolist(),)]


challenge = Challenge(
    id="normalModes",
    title="Eigenvalues of a small symmetric matrix",
    parameters=("stiffness",),
    reference=programs.normal_modes,
    scale=programs.modes_scale,
    groups=(
        Group(name="matrices", title="Random matrices", points=10, generate=symmetric, draws=10),
    ),
)
