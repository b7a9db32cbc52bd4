"""The executor that a command asks for, by name."""

import os

from grader.errors import UsageError
from grader.executors import Executor
from grader.executors.local import LocalExecutor
from grader.executors.worker import Setup


def opened(name: str, setup: Setup, jobs: int | None, scheduler: str | None) -> Executor:
    """Return the executor `name` of `jobs` processes, one per core by default."""
    count = jobs or len(os.sched_getaffinity(0))
    if name == "local":
        if scheduler is not None:
            raise UsageError("--scheduler goes with --executor dask")
        return LocalExecutor(setup, count)
    if scheduler is not None and jobs is not None:
        raise UsageError(
            "--jobs says how many processes this machine is to start, and with --scheduler it "
            "starts none: leave one of them out"
        )
    try:
        from grader.executors.dask import DaskExecutor
    except ImportError:
        raise UsageError(
            "--executor dask needs Dask, which is not installed: pip install 'grader[cluster]'"
        ) from None
    return DaskExecutor(setup, count, scheduler)
