"""Executors: who runs the judge over many submissions, here in local processes.

An executor knows how to spread the work and to get over a lost worker; it knows no file
of the batch's output. A cluster (Dask) will be another implementation of the same protocol.
"""

import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from grader.result import SubmissionResult, to_json
from grader.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Task:
    """One submission that waits to be graded: its file, and the name that reports give it."""

    name: str
    path: Path
    follow_link: bool = False


@dataclass(frozen=True, slots=True)
class Hunt:
    """A marked submission for which an example is wanted.

    `known` is the id of the known wrong program that explains it, "" where none does.
    """

    task: Task
    known: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """What a hunt brought: an explanation for the result, or none."""

    submission: str
    entry: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One graded submission: what a summary needs, and the whole result as one JSON line.

    `hunt` is None where no example is wanted, else the id of the known program that explains it.

    The line is made where the submission was judged. A result holds every case's inputs, and
    making their JSON costs about as much as judging, so one process could not do it for all.
    """

    submission: str
    verdict: Verdict
    score: float | None
    max_score: float
    diagnosis: str
    line: bytes
    hunt: str | None = None


class Executor(Protocol):
    """Grades tasks, in any order; every task yields exactly one row."""

    def run(self, tasks: Sequence[Task]) -> Generator[Row, None, None]:
        """Yield a row as soon as it is there; `GraderError` if nothing can be graded at all.

        Closing the iterator early ends the work in hand.
        """
        ...

    def explain(self, hunts: Sequence[Hunt]) -> Generator[Explained, None, None]:
        """Look for examples; every hunt yields exactly one answer, in any order."""
        ...


def row_of(result: SubmissionResult, hunt: str | None = None) -> Row:
    """Return the result's row, in the instructor's view."""
    return Row(
        submission=result.submission,
        verdict=result.verdict,
        score=result.score,
        max_score=result.max_score,
        diagnosis=result.diagnosis[0].id if result.diagnosis else "",
        line=json.dumps(to_json(result, "instructor"), allow_nan=False).encode("ascii"),
        hunt=hunt,
    )
