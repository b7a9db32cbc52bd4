"""Executors: who runs the judge over many submissions, here in local processes.

An executor knows how to spread the work and to get over a lost worker; it knows no file
of the batch's output. A cluster (Dask) is another implementation of the same protocol.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self

from grader.store import Judged


@dataclass(frozen=True, slots=True)
class Task:
    """One submission that waits to be graded: its file, and the name that reports give it.

    `id` names it in the store; it is opaque. `about` is what its intake knows of it.
    """

    name: str
    path: Path
    follow_link: bool = False
    id: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """A submission that ran before, to be marked again: what the box returned then is kept."""

    task: Task
    evidence: bytes


@dataclass(frozen=True, slots=True)
class Hunt:
    """A marked submission for which an example is wanted.

    `known` is the id of the known wrong program that explains it, "" where none does.
    """

    task: Task
    known: str = ""


Order = Task | Remark | Hunt


@dataclass(frozen=True, slots=True)
class Row:
    """One graded submission.

    `suspicious`: it may have failed for what else the machine was doing. `fault` says in a
    sentence why there is no mark, where that is our fault.
    """

    task: Task
    judged: Judged
    suspicious: bool = False
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """What a hunt brought: an explanation for the result, or none."""

    task: Task
    entry: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """A submission that has broken every worker it was given to; `why` is one line."""

    task: Task
    why: str


Answer = Row | Explained | Lost


def task_of(order: Order) -> Task:
    """Return the submission that an order is about."""
    return order if isinstance(order, Task) else order.task


class Executor(Protocol):
    """Carries out orders; a context that ends its workers. All of a run's orders go to one."""

    @property
    def tier(self) -> str:
        """The tier that all its boxes hold; the first worker is waited for."""
        ...

    def comes_within(self, seconds: float) -> bool:
        """Tell whether another answer comes within that time, so that both share a commit.

        At once where that is certain, or nothing is to come.
        """
        ...

    def run(self, orders: Sequence[Order], *, quiet: bool = False) -> Generator[Answer, None, None]:
        """Yield an answer to every order, in any order, as soon as it is there.

        `quiet`: one after another, with nothing else running. After `stop`, what had not begun
        is left unanswered. Raises `GraderError` if nothing can be graded at all.
        """
        ...

    def stop(self) -> None:
        """Begin nothing more; what is being worked on is still answered."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...
