"""Worker processes on this machine, each with a box of its own.

Theory of operation. Workers are spawned (never forked: a fork would share our threads and
descriptors), pinned to a core each where there are enough, and given the dataset once. A
task is a name and a path, so that sending one never blocks; a few are in flight per worker,
so that none waits for the parent between two tasks. A worker answers in order: if it dies or
breaks, the first task that it had not answered is the suspect. It is tried once more in a
fresh worker and is a judge error if that one breaks too; the others simply go on. The first
worker to start settles the tier, and no later one may have another.
"""

import contextlib
import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import cast

from grader.errors import SandboxError
from grader.executors import Explained, Hunt, Row, Task
from grader.executors.worker import (
    Answer,
    Broke,
    Message,
    Order,
    Refused,
    Setup,
    Started,
    failed,
    serve,
)

_IN_FLIGHT = 3
_TRIES = 2
_END_TIMEOUT_S = 5.0

_spawn = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class _Worker:
    """A worker process and the tasks (by index) that it has not answered yet."""

    process: SpawnProcess
    connection: Connection
    core: int | None
    tasks: deque[int] = field(default_factory=deque)
    started: bool = False


class LocalExecutor:
    """An `Executor` of at most `jobs` processes."""

    def __init__(self, setup: Setup, jobs: int) -> None:
        self._setup = setup
        self._jobs = jobs

    def run(self, tasks: Sequence[Task]) -> Generator[Row, None, None]:
        for answer in self._answers(tasks):
            if isinstance(answer, Row):
                yield answer

    def explain(self, hunts: Sequence[Hunt]) -> Generator[Explained, None, None]:
        for answer in self._answers(hunts):
            if isinstance(answer, Explained):
                yield answer

    def _answers(self, orders: Sequence[Order]) -> Generator[Answer, None, None]:
        pool = _Pool(self._setup, orders)
        try:
            pool.hire(min(self._jobs, len(orders)))
            yield from pool.answers()
            pool.dismiss()
        finally:
            pool.end()


class _Pool:
    """The workers of one run, and what is left to do."""

    def __init__(self, setup: Setup, tasks: Sequence[Order]) -> None:
        self._setup = setup
        self._tasks = tasks
        self._waiting = deque(range(len(tasks)))
        self._left = len(tasks)
        self._tries: Counter[int] = Counter()
        self._workers: dict[Connection, _Worker] = {}

    def hire(self, size: int) -> None:
        """Start `size` workers, a core each where there are enough."""
        cores = sorted(os.sched_getaffinity(0))
        for rank in range(size):
            self._hire(cores[rank] if size <= len(cores) else None)

    def answers(self) -> Iterator[Answer]:
        """Yield an answer to every order, as they come."""
        while self._left:
            for worker in self._workers.values():
                self._fill(worker)
            for connection in wait(list(self._workers)):
                answer = self._hear(self._workers[cast(Connection, connection)])
                if answer is not None:
                    self._left -= 1
                    yield answer

    def dismiss(self) -> None:
        """Tell every worker that there is nothing more to do, and let it close its box."""
        for worker in self._workers.values():
            with contextlib.suppress(OSError):
                worker.connection.send(None)
        for worker in self._workers.values():
            worker.process.join(_END_TIMEOUT_S)

    def end(self) -> None:
        """End whatever still runs."""
        for worker in self._workers.values():
            _end(worker)
        self._workers.clear()

    def _hire(self, core: int | None) -> None:
        ours, theirs = _spawn.Pipe()
        process = _spawn.Process(target=serve, args=(theirs, self._setup, core), daemon=True)
        # A Ctrl-C while the new interpreter starts would end it with a traceback of its own.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        self._workers[ours] = _Worker(process, ours, core)

    def _fill(self, worker: _Worker) -> None:
        while self._waiting and len(worker.tasks) < _IN_FLIGHT:
            index = self._waiting.popleft()
            worker.tasks.append(index)
            # That a worker is gone is noticed when it is heard.
            with contextlib.suppress(OSError):
                worker.connection.send(self._tasks[index])

    def _hear(self, worker: _Worker) -> Answer | None:
        """Take one message of a worker; return its answer if that finishes a task."""
        try:
            message: Message = worker.connection.recv()
        except (EOFError, OSError):
            return self._replace(worker, None)
        match message:
            case Row() | Explained():
                worker.tasks.popleft()
                return message
            case Started(tier):
                self._settle(tier)
                worker.started = True
                return None
            case Refused(error):
                raise error
            case Broke(why):
                return self._replace(worker, why)

    def _settle(self, tier: str) -> None:
        """Hold every worker to the tier of the first; "auto" is what none has settled yet."""
        if self._setup.tier == "auto":
            self._setup = replace(self._setup, tier=tier)
        elif tier != self._setup.tier:
            raise SandboxError(
                f"one box holds as {self._setup.tier} and another only as {tier}; "
                f"choose with --tier {tier}, so that all submissions run alike"
            )

    def _replace(self, worker: _Worker, why: str | None) -> Answer | None:
        """Hire for a worker that was lost; answer for the suspect if that was its last try."""
        del self._workers[worker.connection]
        _end(worker)
        why = why or f"its worker process ended with exit code {worker.process.exitcode}"
        if not worker.started:
            raise SandboxError(f"a worker process could not start: {why}")
        self._hire(worker.core)
        self._tries.update(list(worker.tasks)[:1])
        if worker.tasks and self._tries[worker.tasks[0]] >= _TRIES:
            answer = failed(self._tasks[worker.tasks.popleft()], self._setup, why)
        else:
            answer = None
        self._waiting.extendleft(reversed(worker.tasks))
        return answer


def _end(worker: _Worker) -> None:
    worker.process.terminate()
    worker.process.join(_END_TIMEOUT_S)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.connection.close()
