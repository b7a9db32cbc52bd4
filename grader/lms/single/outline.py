"""One result as a platform's reader wants it: tests with points that add up. Pure.

It is made of the student's view, and every text in it is printable lines of bounded length
(`grader.reports.content`): what is left to a format are its own special characters.

Theory of operation. Platforms add up what they are given, some without being asked to. A result's
points are rounded shares, and a group that pays for all of its cases or none has accepted cases
without points. So the total is rounded once, as a platform gets it, and then laid out over the
tests: what was earned over those that earned it, the rest over the others. A test has all of its
points or none, and the sums are the total and the maximum to the last digit.

With a judge error there is no total; then no test has a score.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from grader.lms.numbers import MOST_DIGITS, Scaling, scaled
from grader.policies import exact
from grader.reports import content
from grader.reports.content import CaseContent
from grader.reports.escape import line
from grader.result import CaseResult, GroupResult, SubmissionResult, student_view
from grader.verdict import Verdict, Visibility

NO_MARK = (
    "This submission could not be graded. It is no fault of yours and costs no points: whatever "
    "score the platform shows for it stands for none. Your instructor has to run it again."
)
"""What a student reads where a platform insists on a number and there is none."""

_SKIPPED = "Not judged: another group of tests has to pass first."
_ALL_OR_NOTHING = "This test passed, but its group gives points only if all of its tests pass."


@dataclass(frozen=True, slots=True)
class Test:
    """One case, or a whole group (then `name` is ""), and what is said of it (`text`).

    `number` counts groups and their cases from 1.
    """

    number: str
    group: str
    title: str
    name: str
    verdict: Verdict
    visibility: Visibility
    score: Fraction | None
    max_score: Fraction
    cpu_s: float
    text: str

    @property
    def passed(self) -> bool:
        return self.verdict is Verdict.ACCEPTED

    @property
    def full_name(self) -> str:
        return f"{self.title}: {self.name}" if self.name else self.title


@dataclass(frozen=True, slots=True)
class Outline:
    """`score` is None with a judge error; `result` is the student's view of the result."""

    result: SubmissionResult
    score: Fraction | None
    max_score: Fraction
    tests: tuple[Test, ...]

    @property
    def accepted(self) -> bool:
        return self.result.verdict is Verdict.ACCEPTED

    @property
    def share(self) -> Fraction | None:
        """The score, from 0 to 1, as fine as platforms take it."""
        shown = self.result
        if shown.score is None:
            return None
        return scaled(exact(shown.score), exact(shown.max_score), Scaling(Fraction(1), MOST_DIGITS))


def of(result: SubmissionResult, scaling: Scaling) -> Outline:
    """Return what may be said of a result, in points of `scaling`."""
    shown = student_view(result)
    whole = exact(shown.max_score)
    most = scaled(whole, whole, scaling)
    score = None if shown.score is None else scaled(exact(shown.score), whole, scaling)
    cases = list(_cases(shown))
    shares = [exact(each.case.max_score) for each in cases]
    earned = [each.earns * share for each, share in zip(cases, shares, strict=True)]
    lost = [share - gained for share, gained in zip(shares, earned, strict=True)]
    gains = laid_out(earned, score or Fraction(0), scaling.digits)
    rests = laid_out(lost, most - (score or Fraction(0)), scaling.digits)
    tests = tuple(
        Test(
            number=each.number,
            group=each.group.name,
            title=line(each.group.title),
            name=line(each.case.name),
            verdict=each.case.verdict,
            visibility=each.group.visibility,
            score=None if score is None else gain,
            max_score=gain + rest,
            cpu_s=each.case.cpu_s,
            text=_text(each),
        )
        for each, gain, rest in zip(cases, gains, rests, strict=True)
    )
    return Outline(shown, score, most, tests)


def public(said: Outline) -> list[Test]:
    """Return the tests for a platform that shows all of them to everybody at once.

    A group that students do not see is one test there, as in their report: its cases have no place
    where nothing keeps them back.
    """
    rows: list[Test] = []
    for i, group in enumerate(said.result.groups, 1):
        tests = [test for test in said.tests if test.number.startswith(f"{i}.")]
        if group.visibility is Visibility.VISIBLE:
            rows += tests
        elif tests:
            rows.append(_whole(str(i), group, tests))
    return rows


def _whole(number: str, group: GroupResult, tests: Sequence[Test]) -> Test:
    scores = [test.score for test in tests if test.score is not None]
    return Test(
        number=number,
        group=group.name,
        title=line(group.title),
        name="",
        verdict=group.verdict,
        visibility=group.visibility,
        score=sum(scores, Fraction(0)) if len(scores) == len(tests) else None,
        max_score=sum((test.max_score for test in tests), Fraction(0)),
        cpu_s=round(sum(test.cpu_s for test in tests), 1),
        text=content.tally(group, is_visible=group.visibility is Visibility.VISIBLE),
    )


def laid_out(shares: Sequence[Fraction], total: Fraction, digits: int) -> list[Fraction]:
    """Return `total` in parts as large as `shares`, each of `digits` digits; they add up to it.

    >>> [str(part) for part in laid_out([Fraction(1)] * 3, Fraction(10), 2)]
    ['333/100', '167/50', '333/100']
    """
    whole = sum(shares, Fraction(0))
    if not whole:
        return [Fraction(0)] * len(shares)
    parts, before, reached = [], Fraction(0), Fraction(0)
    for share in shares:
        reached += share
        upto = round(total * reached / whole, digits)
        parts.append(upto - before)
        before = upto
    return parts


class _Case(NamedTuple):
    """A case, its group, and what a report says of it; None where nothing but the verdict."""

    number: str
    group: GroupResult
    case: CaseResult
    said: CaseContent | None

    @property
    def earns(self) -> bool:
        """Whether it brings points: it was accepted, and not in vain."""
        return self.case.verdict is Verdict.ACCEPTED and self.group.score != 0


def _cases(shown: SubmissionResult) -> Iterator[_Case]:
    # What every case says alike is said once: then there are no groups here, or no cases in them.
    groups = content.of(shown).groups
    for i, group in enumerate(shown.groups):
        said = groups[i].cases if groups else ()
        for j, case in enumerate(group.cases):
            yield _Case(f"{i + 1}.{j + 1}", group, case, said[j] if said else None)


def _text(each: _Case) -> str:
    if each.case.verdict is Verdict.SKIPPED:
        return _SKIPPED
    if each.case.verdict is Verdict.ACCEPTED:
        return "" if each.earns or not each.group.max_score else _ALL_OR_NOTHING
    return "" if each.said is None else "\n".join(_lines(each.said))


def _lines(said: CaseContent) -> Iterator[str]:
    if said.message is not None:
        yield said.message
    width = max((len(value.name) for value in said.values), default=0)
    yield from (f"{value.name.ljust(width)}  {value.text}" for value in said.values)
    if said.prints:
        yield "it printed"
        yield from (f"| {printed}" for printed in said.prints)
