"""What all tests share: nothing here is timed, for the machines that run it are noisy."""

import os

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Leave each of xdist's workers its own share of the cores, where there are enough.

    A batch has as many workers as there are cores and pins them, the first to the first core: two
    tests at once would start four interpreters on two cores, and often two on the same one.
    """
    known: dict[str, str | int] = getattr(config, "workerinput", {})
    if not known:
        return
    rank, count = int(str(known["workerid"]).removeprefix("gw")), int(known["workercount"])
    cores = sorted(os.sched_getaffinity(0))
    if count <= len(cores):
        os.sched_setaffinity(0, cores[rank::count])
