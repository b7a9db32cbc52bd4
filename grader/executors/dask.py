"""Workers anywhere: the same judge on a Dask cluster, or on one made here.

Theory of operation. The client reads the submissions and ships them with their orders, a parcel
of some at a time, and fetches all answers together that are there: a question to the scheduler
takes as long for one as for many. A worker needs the challenge's files, which a digest shows to
be the same, and a box of its own. It keeps a desk (judge, box, tables of known programs) from
parcel to parcel. The dataset, with every answer in it, and the
secret go to the workers once and directly: they are trusted, the boxes on them are not.

A worker that has another challenge, interpreter, numpy or tier, more than one thread, or no box
declines its parcel, which then goes to others; when all decline the run ends and says why. A
worker that dies has its parcels given to others by the scheduler; a parcel that has killed three
is taken apart, and an order that kills three more by itself is lost.

What comes back is what the local executor gives for the same order, bit for bit.
"""

import platform
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import uuid4

import numpy as np
from distributed import Client, Future, LocalCluster, as_completed, get_worker
from distributed.scheduler import KilledWorker

from grader import languages
from grader.errors import GraderError, SandboxError, UsageError
from grader.executors import Answer, Lost, Order, task_of
from grader.executors.local import TRIES
from grader.executors.worker import Desk, Setup, desk_of, one_line
from grader.submission import Submission

_PARCEL = 16
"""Orders in one task of the scheduler, which takes about a millisecond for each task."""

_AHEAD = 2
"""Parcels on their way for each worker, so that none waits between two."""

_CONNECT_TIMEOUT_S = 10.0

_LOOK_EVERY_S = 1.0
"""How old the list of workers may be, by which it is decided how many parcels to send."""


@dataclass(frozen=True, slots=True)
class _Parcel:
    """Orders with the files that they are about."""

    orders: tuple[Order, ...]
    submissions: tuple[Submission, ...]


@dataclass(frozen=True, slots=True)
class _Declined:
    """A worker that does not take part, and why."""

    address: str
    why: str


@dataclass(frozen=True, slots=True)
class _Started:
    """A worker that takes part, and the tier of its box."""

    address: str
    tier: str


class DaskExecutor:
    """An `Executor` on the cluster at `scheduler`, or on a new one of `jobs` processes here."""

    def __init__(self, setup: Setup, jobs: int, scheduler: str | None = None) -> None:
        self._setup = setup
        self._closing = ExitStack()
        self._client = _connected(jobs, scheduler, self._closing)
        self._declined: dict[str, str] = {}
        self._seen: list[str] = []
        self._seen_until = 0.0
        self._shipped: Any = None
        self._stopping = False
        self._heard: deque[Answer] = deque()

    def comes_within(self, seconds: float) -> bool:  # noqa: ARG002 - what comes, comes in parcels
        return bool(self._heard)

    @property
    def tier(self) -> str:
        self._ready()
        return self._setup.tier

    def run(self, orders: Sequence[Order], *, quiet: bool = False) -> Generator[Answer, None, None]:
        if not orders:
            return
        workers = self._ready()
        size = 1 if quiet else max(1, min(_PARCEL, len(orders) // (4 * len(workers)) or 1))
        waiting = deque(_parcels(orders, size))
        self._heard.clear()
        under_way = as_completed()
        parcel_of: dict[Any, _Parcel] = {}
        try:
            while True:
                most = 1 if quiet else _AHEAD * len(self._takers())
                while waiting and len(parcel_of) < most and not self._stopping:
                    parcel = waiting.popleft()
                    future = self._submit(parcel)
                    parcel_of[future] = parcel
                    under_way.add(future)
                # The workers have something to do while what they have done is stored.
                while self._heard:
                    yield self._heard.popleft()
                if not parcel_of:
                    return
                done = under_way.next_batch()
                fetched = self._fetched(done)
                for future in done:
                    said = fetched.get(future, future)
                    self._heard.extend(self._answers(said, parcel_of.pop(future), waiting))
        finally:
            self._client.cancel(list(parcel_of))

    def stop(self) -> None:
        self._stopping = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._closing.close()

    def _ready(self) -> list[str]:
        """Ship the setup to every worker and settle the tier; return who takes part."""
        if self._shipped is None:
            asked = [
                self._client.submit(
                    _introduce, self._setup, workers=[address], key=f"introduce-{uuid4().hex}"
                )
                for address in self._addresses()
            ]
            for said in self._client.gather(asked):
                if isinstance(said, _Declined):
                    self._declined[said.address] = said.why
                elif self._setup.tier == "auto":
                    self._setup = replace(self._setup, tier=said.tier)
                elif said.tier != self._setup.tier:
                    self._declined[said.address] = f"its box holds as {said.tier} only"
            self._shipped = self._client.scatter(self._setup, broadcast=True, hash=False)
        return self._takers()

    def _addresses(self) -> list[str]:
        """Ask the scheduler itself: the client's own list may be an old one, or cut short."""
        self._client.wait_for_workers(1, timeout=_CONNECT_TIMEOUT_S)
        scheduler: Any = self._client.scheduler
        return list(self._client.sync(scheduler.identity, n_workers=-1)["workers"])

    def _takers(self) -> list[str]:
        """Return the workers that have not declined; `SandboxError` if none is left."""
        for is_old in (time.monotonic() >= self._seen_until, True):
            if is_old:
                self._seen = self._addresses()
                self._seen_until = time.monotonic() + _LOOK_EVERY_S
            takers = [each for each in self._seen if each not in self._declined]
            if takers:
                return takers
        reasons = "; ".join(f"{address}: {why}" for address, why in self._declined.items())
        raise SandboxError(f"no worker of the cluster can grade this: {reasons}")

    def _submit(self, parcel: _Parcel) -> Any:
        return self._client.submit(
            _carry_out,
            self._shipped,
            parcel,
            workers=self._takers() if self._declined else None,
            pure=False,
            retries=0,
        )

    def _fetched(self, futures: Sequence[Any]) -> dict[Any, Any]:
        """Return what came of those that went well, asked for together."""
        done = [each for each in futures if each.status == "finished"]
        try:
            return dict(zip(done, self._client.gather(done), strict=True))
        except KilledWorker:  # with the answer of one of them, which is found out one by one
            return {}

    def _answers(self, said: Any, parcel: _Parcel, waiting: deque[_Parcel]) -> Iterator[Answer]:
        """Yield a parcel's answers; what has to be tried again goes back to `waiting`.

        `said` is what came of it, or its future.
        """
        try:
            said = said.result() if isinstance(said, Future) else said
        except KilledWorker:
            if len(parcel.orders) > 1:
                waiting.extendleft(_apart(parcel))
            else:
                why = "each of the workers that it was given to has died"
                yield Lost(task_of(parcel.orders[0]), why)
            return
        if isinstance(said, _Declined):
            self._declined[said.address] = said.why
            waiting.appendleft(parcel)
            return
        yield from said


def _connected(jobs: int, scheduler: str | None, closing: ExitStack) -> Client:
    if scheduler is None:
        cluster = LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            host="127.0.0.1",
        )
        scheduler = closing.enter_context(cluster).scheduler_address
    try:
        client: Client = closing.enter_context(Client(scheduler, timeout=_CONNECT_TIMEOUT_S))
        return client
    except (OSError, ValueError) as error:
        raise UsageError(
            f"there is no Dask scheduler at {scheduler}: {error}; start one with `dask scheduler`, "
            "and workers with `dask worker ADDRESS --nthreads 1`"
        ) from None


def _parcels(orders: Sequence[Order], size: int) -> Iterator[_Parcel]:
    """Read the submissions, and pack them with their orders."""
    for at in range(0, len(orders), size):
        chosen = tuple(orders[at : at + size])
        yield _Parcel(chosen, tuple(map(_read, chosen)))


def _read(order: Order) -> Submission:
    task = task_of(order)
    return languages.read(task.path, task.name, follow_link=task.follow_link)


def _apart(parcel: _Parcel) -> Iterator[_Parcel]:
    for order, submission in zip(parcel.orders, parcel.submissions, strict=True):
        yield _Parcel((order,), (submission,))


# --- On a worker -----------------------------------------------------------------------------

_desks: dict[tuple[str, str, str], tuple[Desk, ExitStack]] = {}


def _introduce(setup: Setup) -> _Started | _Declined:
    """Say whether this worker can take part, and in which tier."""
    address = _address()
    try:
        _check(setup)
        desk, closing = _open(setup)
        with closing:
            return _Started(address, desk.tier)
    except GraderError as error:
        return _Declined(address, str(error))


def _carry_out(setup: Setup, parcel: _Parcel) -> list[Answer] | _Declined:
    """Answer a parcel's orders at this worker's desk."""
    try:
        _check(setup)
        _desk(setup)
    except GraderError as error:
        return _Declined(_address(), str(error))
    pairs = zip(parcel.orders, parcel.submissions, strict=True)
    return [_answer(setup, order, submission) for order, submission in pairs]


def _answer(setup: Setup, order: Order, submission: Submission) -> Answer:
    """Answer one order; what breaks the desk three times is lost."""
    why = ""
    for _ in range(TRIES):
        try:
            return _desk(setup).answer(order, submission)
        except Exception as error:
            why = one_line(error)
            _close(setup)
    return Lost(task_of(order), why)


def _check(setup: Setup) -> None:
    """Raise unless the same program on this worker would give the same result."""
    ours = (platform.python_version(), np.__version__)
    if ours != setup.versions:
        raise SandboxError(
            f"it runs Python {ours[0]} with numpy {ours[1]}, and the client Python "
            f"{setup.versions[0]} with numpy {setup.versions[1]}"
        )
    threads = get_worker().state.nthreads
    if threads != 1:
        raise SandboxError(f"it has {threads} threads: start it with --nthreads 1")


def _key(setup: Setup) -> tuple[str, str, str]:
    return setup.digest, setup.dataset.digest, setup.tier


def _desk(setup: Setup) -> Desk:
    """Return the desk for a setup, which is kept until another one is asked for."""
    key = _key(setup)
    if key not in _desks:
        for other in list(_desks):
            _desks.pop(other)[1].close()
        _desks[key] = _open(setup)
    return _desks[key][0]


def _open(setup: Setup) -> tuple[Desk, ExitStack]:
    closing = ExitStack()
    return closing.enter_context(desk_of(setup)), closing


def _close(setup: Setup) -> None:
    found = _desks.pop(_key(setup), None)
    if found is not None:
        found[1].close()


def _address() -> str:
    return str(get_worker().address)
