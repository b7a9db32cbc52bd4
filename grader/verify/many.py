"""Verifies several challenges side by side, each in a process of its own."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Catalog
from grader.errors import AuthorError
from grader.verify import broken, verify
from grader.verify.certificate import Certificate


@dataclass(frozen=True, slots=True)
class Request:
    """What to verify: names of challenges, none for all there are."""

    names: tuple[str, ...]
    roots: tuple[Path, ...]
    secret: bytes
    tier: str


def verify_all(request: Request, jobs: int) -> Iterator[Certificate]:
    """Yield a certificate for each challenge, as they are done.

    A challenge that cannot be loaded or built has a certificate that fails; `GraderError` where
    there is none of that name, or no box holds.
    """
    names = names_of(request)
    if jobs == 1 or len(names) == 1:
        yield from (_one(name, request) for name in names)
        return
    # Spawned, as the workers of a batch are: a fork would share threads and descriptors.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(names)), mp_context=context) as pool:
        longest_first = sorted(names, key=lambda name: -_runs(name, request))
        waiting = [pool.submit(_one, name, request) for name in longest_first]
        try:
            yield from (future.result() for future in as_completed(waiting))
        finally:
            pool.shutdown(cancel_futures=True)


def names_of(request: Request) -> tuple[str, ...]:
    """Return the names of the challenges that are asked for; `UsageError` if there is none such."""
    catalog = Catalog(request.roots)
    for name in request.names:
        catalog.require(name)
    return tuple(dict.fromkeys(request.names)) or catalog.names()


def _runs(name: str, request: Request) -> int:
    """Return how often a challenge is run: a random one takes ten times as long to verify."""
    try:
        return Catalog(request.roots).load(name).challenge.runs
    except AuthorError:
        return 0


def _one(name: str, request: Request) -> Certificate:
    try:
        return verify(name, request.roots, request.secret, request.tier)
    except AuthorError as error:
        return broken(name, error)
