"""Is the challenge fair? Its reference, starter and shipped submissions get what they should."""

import doctest
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import dataset, languages
from grader.judge import judge, judge_again
from grader.marking import Evidence
from grader.result import SubmissionResult, to_json
from grader.spec import UNWRITTEN
from grader.values import encode
from grader.verdict import Verdict
from grader.verify.certificate import Fault
from grader.verify.subject import Subject

TIME_MARGIN = 2.0
"""The slowest accepted submission, times this, has to fit into the limits."""

_STARTER = "starter"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A submission that ships with the challenge, and what became of it."""

    path: Path
    expected: str
    result: SubmissionResult
    evidence: Evidence


def judge_shipped(subject: Subject) -> list[Shipped]:
    """Judge every file of `submissions/<verdict>/` in a language that can be run here."""
    return [
        Shipped(
            path,
            path.parent.name,
            *judge_again(languages.read(path), subject.exam, subject.box, None),
        )
        for path in sorted((subject.loaded.folder / "submissions").glob("*/*"))
        if _can_be_run(path)
    ]


def _can_be_run(path: Path) -> bool:
    language = languages.by_suffix(path)
    return language is not None and language.missing_engine() is None


def doctests(subject: Subject) -> Iterator[Fault]:
    """Run the doctests of the reference's module."""
    module = sys.modules.get(subject.challenge.reference.__module__)
    if module is None:
        return
    runner = doctest.DocTestRunner(verbose=False)
    for test in doctest.DocTestFinder(exclude_empty=True).find(module):
        said: list[str] = []
        if runner.run(test, out=said.append).failed:
            got = " ".join("".join(said).split())[-200:]
            yield Fault("doctest", f"the doctest of {test.name} fails: {got}")


def reference(subject: Subject) -> Iterator[Fault]:
    """The reference, handed in as a file, gets full marks, and the same ones twice."""
    file = subject.as_file(subject.challenge.reference)
    first, second = (judge(file, subject.exam, subject.box) for _ in range(2))
    if first.verdict is not Verdict.ACCEPTED or first.score != first.max_score:
        yield Fault(
            "submissions",
            f"the reference as a submission gets {first.verdict}, {first.score} of "
            f"{first.max_score} points: {_first_message(first)}",
        )
    if _timeless(first) != _timeless(second):
        yield Fault("determinism", "two runs of the reference in the box differ")


def determinism(subject: Subject) -> Iterator[Fault]:
    """Two builds of the dataset are the same to the bit."""
    again = dataset.build(subject.challenge, subject.exam.secret)
    before = subject.exam.dataset
    if again.digest != before.digest:
        yield Fault("determinism", "two builds of the dataset have other inputs")
    for one, other in zip(before.cases(), again.cases(), strict=True):
        if _bits(one.desired) != _bits(other.desired) or _bits(one.scale) != _bits(other.scale):
            yield Fault("determinism", f"the reference answers case {one.name!r} differently twice")
            return


def starters(subject: Subject) -> Iterator[Fault]:
    """An untouched starter earns nothing, in every language there is one for."""
    found = sorted(subject.loaded.folder.glob(f"{_STARTER}.*"))
    if not found:
        yield Fault("submissions", f"there is no {_STARTER}.py")
    for path in filter(_can_be_run, found):
        result = judge(languages.read(path), subject.exam, subject.box)
        if result.score != 0:
            yield Fault("submissions", f"{path.name} earns {result.score} points, and should 0")


def sentences(subject: Subject) -> Iterator[Fault]:
    """Every misconception has its sentences."""
    for entry in subject.challenge.misconceptions:
        if UNWRITTEN in entry.title or UNWRITTEN in entry.hint:
            yield Fault(
                "sentences",
                f"the misconception {entry.id!r} has no title or no hint yet: write what the "
                "student seems to have done and where to look",
            )


def shipped(entries: list[Shipped]) -> Iterator[Fault]:
    """Every file gets its folder's verdict; accepted ones get all points."""
    if not any(entry.expected == Verdict.ACCEPTED for entry in entries):
        yield Fault("submissions", "there is no file in submissions/accepted")
    for entry in entries:
        name = f"{entry.expected}/{entry.path.name}"
        if entry.result.verdict != entry.expected:
            yield Fault(
                "submissions",
                f"{name} gets {entry.result.verdict}: {_first_message(entry.result)}",
            )
        elif entry.expected == Verdict.ACCEPTED and entry.result.score != entry.result.max_score:
            yield Fault("submissions", f"{name} gets {entry.result.score} points only")


def telling_groups(subject: Subject, entries: list[Shipped]) -> Iterator[set[str]]:
    """Yield, for every wrong submission, the groups that reject answers of the right form."""
    for entry in entries:
        if entry.expected in (Verdict.WRONG_ANSWER, Verdict.TIME_LIMIT_EXCEEDED):
            yield {each.group for each in subject.rejected(entry.evidence) if each.tells}


def slowest_s(entries: list[Shipped]) -> float:
    """Return the CPU seconds of the slowest case of an accepted submission."""
    groups = (group for entry in _accepted(entries) for group in entry.result.groups)
    return max((case.cpu_s for group in groups for case in group.cases), default=0.0)


def time(subject: Subject, entries: list[Shipped]) -> Iterator[Fault]:
    """The slowest accepted submission is well inside the limits."""
    limits = subject.challenge.limits
    slow = slowest_s(entries)
    if slow * TIME_MARGIN > limits.cpu_case_s:
        yield Fault(
            "time",
            f"the slowest accepted case takes {slow:.2f} s of {limits.cpu_case_s:g} s: raise "
            "the limit to twice that, or make the case smaller",
        )
    for entry in _accepted(entries):
        if entry.result.cpu_s * TIME_MARGIN > limits.cpu_s:
            yield Fault(
                "time",
                f"accepted/{entry.path.name} takes {entry.result.cpu_s:.2f} s of "
                f"{limits.cpu_s:g} s in all: raise the limit to twice that",
            )


def _accepted(entries: list[Shipped]) -> list[Shipped]:
    return [entry for entry in entries if entry.result.verdict is Verdict.ACCEPTED]


def _first_message(result: SubmissionResult) -> str:
    """Return what is said of the first case that was not accepted."""
    for group in result.groups:
        for case in group.cases:
            if case.verdict is not Verdict.ACCEPTED:
                return f"case {case.name!r} of group {group.name!r}: {case.message or case.verdict}"
    return "no case failed" if result.groups else "no case was run"


def _timeless(result: SubmissionResult) -> str:
    """Return a result without what a clock has said."""
    plain = to_json(result, "instructor")
    del plain["cpu_s"], plain["wall_s"]
    for group in plain["groups"]:
        for case in group["cases"]:
            del case["cpu_s"]
    return json.dumps(plain)


def _bits(value: Any) -> bytes:
    try:
        return encode(value)
    except ValueError:
        return repr(value).encode()
