"""Every test of this folder runs for every challenge, by its id.

Those are the challenges of the built-in root and of the roots in GRADER_CHALLENGES.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.catalog import Catalog, Loaded
from grader.dataset import CaseData, Dataset, build
from grader.spec import Challenge
from grader.verdict import Visibility

ROOTS = [Path(root) for root in os.environ.get("GRADER_CHALLENGES", "").split(os.pathsep) if root]
CATALOG = Catalog(ROOTS)
SECRETS = tuple(bytes([byte]) * 32 for byte in (1, 2, 3))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "loaded" in metafunc.fixturenames:
        names = [entry.id for entry in CATALOG.list()]
        metafunc.parametrize("loaded", names, indirect=True, scope="session")
    if "secret" in metafunc.fixturenames:
        metafunc.parametrize("secret", SECRETS, ids=["s1", "s2", "s3"], scope="session")


@pytest.fixture(scope="session")
def loaded(request: pytest.FixtureRequest) -> Loaded:
    return CATALOG.load(request.param)


@pytest.fixture(scope="session")
def challenge(loaded: Loaded) -> Challenge:
    return loaded.challenge


@pytest.fixture(scope="session")
def dataset(challenge: Challenge, secret: bytes) -> Dataset:
    return build(challenge, secret)


@pytest.fixture(scope="session")
def cases(dataset: Dataset) -> Sequence[CaseData]:
    return tuple(dataset.cases())


@pytest.fixture(scope="session")
def deciding(challenge: Challenge, dataset: Dataset) -> Sequence[int]:
    """The indices of the hidden cases in which only right values pass."""
    hidden = [
        (case, group.visibility is not Visibility.VISIBLE)
        for group, data in zip(challenge.groups, dataset.groups, strict=True)
        for case in data.cases
    ]
    return tuple(i for i, (case, is_hidden) in enumerate(hidden) if is_hidden and case.finite)
