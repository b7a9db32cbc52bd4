"""Ctrl-C: once means finish what is running, twice means now."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from grader.executors import Executor


class Stopped:
    """Whether a stop was asked for."""

    def __init__(self) -> None:
        self._asked = False

    def ask(self) -> None:
        self._asked = True

    def __bool__(self) -> bool:
        return self._asked


@contextmanager
def gently(executor: Executor) -> Iterator[Stopped]:
    """Let the first interrupt stop an executor, and the next raise `KeyboardInterrupt`."""
    stopped = Stopped()

    def interrupted(_signal: int, _frame: FrameType | None) -> None:
        if stopped:
            raise KeyboardInterrupt
        stopped.ask()
        executor.stop()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)
