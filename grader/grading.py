"""Grade one submission from a cold start: the box starts while everything else is imported.

Starting an interpreter with numpy in it takes about as long as importing the judge and
building the dataset, so the two run side by side. That is why the imports are inside the
functions here, and why nothing above `open_box` may import numpy or pydantic.
"""

import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader import languages
from grader.errors import TierUnavailable, UsageError
from grader.languages import Language
from grader.sandbox.box import Box, CellConfig
from grader.submission import Submission, entry_points

if TYPE_CHECKING:
    from grader.catalog import Catalog, Loaded
    from grader.exam import Exam
    from grader.result import SubmissionResult
    from grader.spec import Challenge

_PRACTICE_SECRET = b"for practice"
"""What `practise` draws with: it judges visible cases only, which need no secret."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to grade and how. `challenge` None: the one whose entry point the source has."""

    submission: Submission
    challenge: str | None
    roots: tuple[Path, ...]
    tier: str


def grade(request: Request, secret: bytes) -> "SubmissionResult":
    """Judge the submission on every case; raises `GraderError`, never for the student's fault."""
    from grader.sandbox.tiers import open_box

    with ExitStack() as stack:
        first = _first_config(request.submission)
        box: Box = stack.enter_context(open_box(request.tier, first))
        loaded = _load(request)
        config = cell_config(loaded.challenge, request.submission.language)
        if config != first:
            box = stack.enter_context(open_box(request.tier, config))
        return _judge(request.submission, _exam(loaded, secret), box)


def practise(
    request: Request, again: Iterable[Submission] = ()
) -> "Generator[SubmissionResult, None, None]":
    """Judge the visible cases, and each of `again` in the same warm box as soon as it comes.

    Where no box can be had it runs in a plain child process; the result's tier says which it was.
    """
    with ExitStack() as stack:
        first = _first_config(request.submission)
        box = stack.enter_context(_open_or_plain(request.tier, first))
        loaded = _load(request)
        config = cell_config(loaded.challenge, request.submission.language)
        if config != first:
            box = stack.enter_context(_open_or_plain(request.tier, config))
        if not _holds(box, request.tier):
            box = stack.enter_context(_plain(config))
        exam = _exam(loaded, _PRACTICE_SECRET, only_visible=True)
        yield _judge(request.submission, exam, box)
        for submission in again:
            yield _judge(submission, exam, box)


def cell_config(challenge: "Challenge", language: str | None = None) -> CellConfig:
    """Return what a cell has to be built for to run submissions to `challenge`.

    In one language, or in all that it is offered in and that have their engine here.
    """
    offered = challenge.languages if language is None else (language,)
    known = [languages.engine_of(name, challenge) for name in offered]
    config = CellConfig(packages=challenge.packages, scratch_mb=challenge.scratch_mb)
    return _with_drivers(config, known)


def _with_drivers(config: CellConfig, known: Sequence[Language]) -> CellConfig:
    """Return a config with what languages need that can be run here; it has at least one driver."""
    here = [each for each in known if each.missing_engine() is None]
    return replace(
        config,
        drivers=tuple(each.driver for each in here) or config.drivers,
        lean=tuple(each.driver for each in here if not each.has_arrays),
        program=next((found for each in here if (found := each.program()) is not None), None),
    )


def _first_config(submission: Submission) -> CellConfig:
    """Return what most challenges need, before it is known which one it is."""
    return _with_drivers(CellConfig(), [languages.by_name(submission.language)])


def _open_or_plain(tier: str, config: CellConfig) -> Box:
    if sys.platform != "linux" and tier == "auto":
        return _plain(config)
    from grader.sandbox.tiers import open_box

    try:
        return open_box(tier, config)
    except TierUnavailable:
        if tier != "auto":
            raise
        return _plain(config)


def _plain(config: CellConfig) -> Box:
    from grader.sandbox.plain import PlainBox

    return PlainBox(config)


def _holds(box: Box, tier: str) -> bool:
    """Wait for the box; False if none holds here and nobody insisted on one."""
    try:
        return bool(box.tier)
    except TierUnavailable:
        if tier != "auto":
            raise
        return False


def _load(request: Request) -> "Loaded":
    from grader.catalog import Catalog

    catalog = Catalog(request.roots)
    return catalog.load(request.challenge or _inferred(request.submission, catalog))


def _inferred(submission: Submission, catalog: "Catalog") -> str:
    known = [entry.id for entry in catalog.list()]
    names = languages.by_name(submission.language).defined_names(submission.source)
    found = entry_points(names, known)
    if len(found) == 1:
        return found[0]
    usage = f"name the challenge: grader check CHALLENGE {submission.name}"
    if found:
        raise UsageError(f"{submission.name} defines {' and '.join(found)}; {usage}")
    raise UsageError(f"{submission.name} defines no function of a known challenge; {usage}")


def _exam(loaded: "Loaded", secret: bytes, *, only_visible: bool = False) -> "Exam":
    from grader import dataset
    from grader.exam import Exam

    data = dataset.build(loaded.challenge, secret)
    return Exam(loaded, data, secret, only_visible=only_visible)


def _judge(submission: Submission, exam: "Exam", box: Box) -> "SubmissionResult":
    from grader import judge
    from grader.verdict import Verdict

    result = judge.judge(submission, exam, box)
    if result.verdict is Verdict.ACCEPTED:
        return result
    from grader import counterexample  # known programs and a search, for wrong ones alone

    if not counterexample.is_wanted(result):
        return result
    return counterexample.explained(
        result, counterexample.find(submission, exam, box, result.diagnosis)
    )
