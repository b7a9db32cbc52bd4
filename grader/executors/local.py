"""Worker processes on this machine, each with a box of its own.

Theory of operation. Workers are spawned (never forked: a fork would share our threads and
descriptors), pinned to a core each where there are enough, and given the dataset once. They
live until the executor is closed. An order is a name and a path, so that sending one never
blocks; a few are in flight per worker, so that none waits for the parent between two. A worker
answers in order: if it dies or breaks, the first order that it had not answered is the suspect.
That one is tried again in a fresh worker, and is lost if it breaks three; the others simply go
on. The first worker to start settles the tier, and no later one may have another.
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
from typing import Self, cast

from grader.errors import SandboxError
from grader.executors import Answer, Lost, Order, task_of
from grader.executors.worker import Answered, Broke, Message, Refused, Setup, Started, serve

TRIES = 3
_IN_FLIGHT = 3
_END_TIMEOUT_S = 5.0

_spawn = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class _Worker:
    """A worker process and the orders (by index) that it has not answered yet."""

    process: SpawnProcess
    connection: Connection
    core: int | None
    orders: deque[int] = field(default_factory=deque)
    started: bool = False


class LocalExecutor:
    """An `Executor` of at most `jobs` processes."""

    def __init__(self, setup: Setup, jobs: int) -> None:
        self._setup = setup
        self._jobs = jobs
        self._workers: dict[Connection, _Worker] = {}
        self._orders: Sequence[Order] = ()
        self._waiting: deque[int] = deque()
        self._tries: Counter[int] = Counter()
        self._stopping = False
        self._heard: deque[Answer] = deque()

    def comes_within(self, seconds: float) -> bool:
        if self._heard:
            return True
        busy = [each.connection for each in self._workers.values() if each.orders]
        return bool(busy and wait(busy, timeout=seconds))

    @property
    def tier(self) -> str:
        self._hire_up_to(1)
        while self._setup.tier == "auto":
            list(self._hear_any())
        return self._setup.tier

    def run(self, orders: Sequence[Order], *, quiet: bool = False) -> Generator[Answer, None, None]:
        self._orders = orders
        self._waiting = deque(range(len(orders)))
        self._tries.clear()
        self._heard.clear()
        finished = False
        try:
            self._hire_up_to(1 if quiet else min(self._jobs, len(orders)))
            yield from self._answers(quiet=quiet)
            finished = True
        finally:
            if not finished:
                self._end_all()  # what is in flight answers nobody any more

    def stop(self) -> None:
        self._stopping = True

    def close(self) -> None:
        """Tell every worker that there is nothing more to do, and let it close its box."""
        idle = [worker for worker in self._workers.values() if not worker.orders]
        for worker in idle:
            with contextlib.suppress(OSError):
                worker.connection.send(None)
        for worker in idle:
            worker.process.join(_END_TIMEOUT_S)
        self._end_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _answers(self, *, quiet: bool) -> Iterator[Answer]:
        """Yield an answer to every order, as they come."""
        while True:
            if self._stopping:
                self._waiting.clear()
            for worker in list(self._workers.values())[: 1 if quiet else None]:
                self._fill(worker, 1 if quiet else _IN_FLIGHT)
            if not self._waiting and not any(each.orders for each in self._workers.values()):
                return
            self._heard.extend(self._hear_any())
            while self._heard:
                yield self._heard.popleft()

    def _hear_any(self) -> Iterator[Answer]:
        """Wait for a message; yield the answers among all those that have come by then."""
        ready = wait(list(self._workers))
        while ready:
            for each in ready:
                answer = self._hear(self._workers[cast(Connection, each)])
                if answer is not None:
                    yield answer
            ready = wait(list(self._workers), timeout=0)

    def _hire_up_to(self, size: int) -> None:
        """Have `size` workers, a core each where there are enough."""
        cores = sorted(os.sched_getaffinity(0))
        for rank in range(len(self._workers), size):
            self._hire(cores[rank] if self._jobs <= len(cores) else None)

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

    def _fill(self, worker: _Worker, most: int) -> None:
        while self._waiting and len(worker.orders) < most:
            index = self._waiting.popleft()
            worker.orders.append(index)
            # That a worker is gone is noticed when it is heard.
            with contextlib.suppress(OSError):
                worker.connection.send(self._orders[index])

    def _hear(self, worker: _Worker) -> Answer | None:
        """Take one message of a worker; return its answer if that finishes an order."""
        try:
            message: Message = worker.connection.recv()
        except (EOFError, OSError):
            return self._replace(worker, None)
        match message:
            case Answered(kind, rest):
                task = task_of(self._orders[worker.orders.popleft()])
                answer: Answer = kind(task, *rest)
                return answer
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
        """Hire for a worker that was lost; give the suspect up if that was its last try."""
        del self._workers[worker.connection]
        _end(worker)
        why = why or f"its worker process ended with exit code {worker.process.exitcode}"
        if not worker.started:
            raise SandboxError(f"a worker process could not start: {why}")
        self._hire(worker.core)
        self._tries.update(list(worker.orders)[:1])
        answer = None
        if worker.orders and self._tries[worker.orders[0]] >= TRIES:
            answer = Lost(task_of(self._orders[worker.orders.popleft()]), why)
        self._waiting.extendleft(reversed(worker.orders))
        return answer

    def _end_all(self) -> None:
        for worker in self._workers.values():
            _end(worker)
        self._workers.clear()


def _end(worker: _Worker) -> None:
    worker.process.terminate()
    worker.process.join(_END_TIMEOUT_S)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.connection.close()
