"""What goes into a store and comes out of it. Values; no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Filed:
    """A submission as the store knows it. `about` is what its intake knows: late, attempt, ..."""

    id: str
    name: str
    path: Path
    sha256: str
    language: str
    about: Mapping[str, Any]


class Case(NamedTuple):
    """One case of a judgement, as far as statistics ask for it."""

    group: str
    name: str
    verdict: str
    score: float | None
    max_score: float
    flaky: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement with the run that it is of. `line` is the result for `named`: zlib of JSON.

    `hunt` is None where no example is wanted, else the id of the known program that explains it.
    """

    key: str
    run: str
    evidence: bytes
    cpu_s: float
    wall_s: float
    challenge: str
    digest: str
    verdict: str
    score: float | None
    max_score: float
    diagnosis: str
    named: str
    line: bytes
    hunt: str | None
    cases: Sequence[Case]


class Mark(NamedTuple):
    """A submission's standing in one challenge, without the whole result."""

    submission: str
    name: str
    challenge: str
    judgement: str
    verdict: str
    score: float | None
    max_score: float
    diagnosis: str


class Push(NamedTuple):
    """The latest grade that was sent to a platform's column for one of its users."""

    user: str
    score: str
    maximum: str
    comment: str
    seen: str
    sent_at: str
    state: str
