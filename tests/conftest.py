"""What all tests share: nothing here is timed, for the machines that run it are noisy."""

import os

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

LONGEST = (
    "test_it_is_proved_fair_and_sharp[trainLinearModel]",
    "test_a_thousand_on_a_cluster_that_loses_a_worker_get_what_they_get_here",
    "test_a_batch_that_is_killed_twenty_times_ends_like_one_that_was_not",
    "test_a_package_sets_itself_up_without_a_network_and_grades",
)
"""Those that take more than half a minute each: begun last, one would be waited for alone."""


@pytest.hookimpl(trylast=True)  # after pytest has put tests together that share what they need
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.name not in LONGEST)


def pytest_configure(config: pytest.Config) -> None:
    """Give each of xdist's workers its share of the cores, one where there are more workers.

    A batch has as many workers as there are cores and pins them, the first to the first core: two
    tests at once would start four interpreters on two cores, and often two on the same one.
    """
    known: dict[str, str | int] = getattr(config, "workerinput", {})
    if not known:
        return
    rank, count = int(str(known["workerid"]).removeprefix("gw")), int(known["workercount"])
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[rank::count] or cores[rank % len(cores) :][:1])
