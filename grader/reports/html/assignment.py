"""An assignment's pages: a student's, with every challenge and the total, and the class's.

A student's page is made of the student's view, in which groups are open whose time has come; of
the steps to a mark it shows what the policies did, and of an adjustment by hand the points but not
the reason, which is the instructor's. The class's page is for instructors: it counts of each
student the attempt that makes the mark, and leaves each challenge's details to a page of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from statistics import fmean
from zoneinfo import ZoneInfo

from markupsafe import Markup

from grader import lateness, marks, policies
from grader.assignment import Assignment
from grader.assignment import Part as Declared
from grader.marks import HandIn, Rules, Standing, Student
from grader.policies import Mark, Step
from grader.reports import content, escape
from grader.reports.content import Content
from grader.reports.html import instructor, plots, statistics
from grader.reports.html.environment import render
from grader.reports.html.instructor import Link, Range, ReasonShown
from grader.reports.html.statistics import CaseFigures, Tally
from grader.reports.html.student import picture
from grader.reports.words import points
from grader.result import SubmissionResult, student_view
from grader.verdict import Visibility

_NOT_YET = "Not graded yet."
_TOLD = ("points", "late", "adjust", "attempts", "weight", "drop")
"""Steps that a student is told: what comes after the score."""
_MOST_CASES = 3
_MOST_REASONS = 3
_OPEN_SAID = {
    Visibility.AFTER_DUE_DATE: "since the due date has passed",
    Visibility.AFTER_PUBLISHED: "since the results were published",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What all pages of an assignment go by; `opened` are the visibilities whose time has come."""

    assignment: Assignment
    rules: Rules
    opened: frozenset[Visibility]
    now: datetime


@dataclass(frozen=True, slots=True)
class Try:
    """A hand-in in one line: its name, its points, and whether it makes the mark."""

    name: str
    points: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A challenge on a student's page; without a report `why` says why there is none."""

    challenge: str
    points: str
    share: float | None
    steps: tuple[str, ...]
    tries: tuple[Try, ...]
    why: str
    said: Content | None = None
    result: SubmissionResult | None = None
    picture: Markup | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """A challenge in the class's figures; `page` is where all of them are."""

    challenge: str
    page: str
    worth: str
    count: int
    accepted: int
    mean: float | None
    median: float | None
    unexplained: int
    judge_errors: int
    ranges: Sequence[Range]
    picture: Markup | None
    hardest: Sequence[CaseFigures]
    reasons: Sequence[ReasonShown]


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody in the list of the class."""

    link: Link
    parts: tuple[str, ...]
    total: str
    notes: tuple[str, ...]


def name_of(standing: Standing) -> str:
    """Return what a student is called, for people: nothing is found by it."""
    return escape.line(standing.name or standing.student.key)


def student_page(standing: Standing, results: Mapping[str, SubmissionResult], terms: Terms) -> str:
    """Return a student's page; whatever they may not see by now is taken out here.

    `results` has that of the attempt that counts, by challenge, where there is one.
    """
    rules = terms.rules
    most = marks.max_total(rules)
    total = standing.total
    return render(
        "assignment_student.html",
        title=terms.assignment.title,
        name=name_of(standing),
        key=escape.line(standing.student.key),
        points=points(total.score, float(most)),
        share=_share(total, most),
        parts=[_part(standing, each, results.get(each), terms) for each in rules.challenges],
        due=None if standing.due is None else lateness.clock(standing.due),
        late=bool(standing.late),
        remarks=[
            escape.line(each.why, content.MESSAGE_LIMIT)
            for each in standing.hand_ins
            if not each.challenge
        ],
        now=_clock(terms),
    )


def class_page(
    everybody: Sequence[Standing],
    tallies: Mapping[str, Tally],
    terms: Terms,
    *,
    title: str,
    pages: Mapping[Student, str],
    challenge_pages: Mapping[str, str],
) -> str:
    """Return the page about the class; `pages` has the addresses of the students' own."""
    assignment, rules = terms.assignment, terms.rules
    handed_in = [each for each in everybody if each.hand_ins]
    most = marks.max_total(rules)
    totals = [each.total.value for each in handed_in if each.total.value is not None]
    # What was given by hand may lift a total over its maximum.
    shares = [min(1.0, float(total / most)) for total in totals] if most else []
    counts = statistics.distribution(shares)
    return render(
        "assignment_class.html",
        title=escape.line(title or assignment.title),
        assignment=assignment.title,
        count=len(everybody),
        handed_in=len(handed_in),
        missing=[name_of(each) for each in everybody if not each.hand_ins],
        without_total=len(handed_in) - len(totals),
        mean=fmean(shares) if shares else None,
        median=statistics.quantile(shares, 0.5) if shares else None,
        max_total=f"{round(float(most), 2):g}",
        ranges=instructor.ranges(counts),
        picture=_drawn(counts),
        overviews=[
            _overview(part, rules, tallies[part.id], challenge_pages[part.id])
            for part in assignment.challenges
        ],
        rows=[_row(each, rules, pages) for each in everybody],
        due=lateness.clock(assignment.due),
        opened=[
            _OPEN_SAID[each] for each in Visibility if each in terms.opened and each in _OPEN_SAID
        ],
        can_draw=plots.is_available(),
        now=_clock(terms),
    )


# --- A student's ------------------------------------------------------------------------------


def _part(
    standing: Standing, challenge: str, result: SubmissionResult | None, terms: Terms
) -> Part:
    rules = terms.rules
    mark, worth = standing.marks[challenge], rules.worths[challenge]
    counted = marks.counted(standing, challenge, rules)
    tries = [each for each in standing.hand_ins if each.challenge == challenge]
    part = Part(
        challenge=challenge,
        points=points(mark.score, float(worth.points)),
        share=_share(mark, worth.points),
        steps=tuple(_steps(standing.total, challenge)),
        tries=tuple(
            Try(escape.line(each.name), _points_of(each, rules), each in counted) for each in tries
        )
        if len(tries) > 1
        else (),
        why=_why(tries),
    )
    if result is None:
        return part
    shown = student_view(result, terms.opened)
    said = content.of(shown, opened=terms.opened)
    return replace(part, said=said, result=shown, picture=picture(shown))


def _why(tries: Sequence[HandIn]) -> str:
    """Return why there is no report on a challenge, as far as a student may read it."""
    if not tries:
        return "Nothing was handed in for this challenge."
    if tries[-1].submission:
        return _NOT_YET
    return escape.line(tries[-1].why, content.MESSAGE_LIMIT)


def _steps(total: Mark, challenge: str) -> Iterator[str]:
    """Yield what the policies did to a challenge's mark."""
    for step in total.steps:
        about, _, attempt = step.about.partition(", ")
        if about != challenge or step.what not in _TOLD:
            continue
        told = replace(step, about=attempt, why=_told_why(step))
        yield from (escape.line(line, 300) for line in policies.lines(Mark(None, (told,))))


def _told_why(step: Step) -> str:
    """Return a step's reason; that of an adjustment is the instructor's own."""
    return "by hand" if step.what == "adjust" else step.why


def _points_of(each: HandIn, rules: Rules) -> str:
    return points(each.score, float(rules.worths[each.challenge].max_score))


def _share(mark: Mark, most: Fraction) -> float | None:
    if mark.value is None or not most:
        return None
    return min(1.0, float(mark.value / most))


def _clock(terms: Terms) -> str:
    zone = terms.assignment.timezone
    return f"{lateness.clock(terms.now.astimezone(ZoneInfo(zone)))} {zone}"


# --- The class's ------------------------------------------------------------------------------


def _overview(part: Declared, rules: Rules, tally: Tally, page: str) -> Overview:
    shares = statistics.shares(tally.standings)
    counts = statistics.distribution(shares)
    worth = float(rules.worths[part.id].points * policies.exact(part.weight))
    reasons = statistics.by_size(tally.reasons.values(), ("misconception",))[:_MOST_REASONS]
    return Overview(
        challenge=part.id,
        page=page,
        worth=f"{round(worth, 2):g}",
        count=len(tally.standings),
        accepted=sum(each.verdict == "accepted" for each in tally.standings),
        mean=fmean(shares) if shares else None,
        median=statistics.quantile(shares, 0.5) if shares else None,
        unexplained=sum(len(each.names) for each in tally.clusters.values()),
        judge_errors=len(tally.judge_errors),
        ranges=instructor.ranges(counts),
        picture=_drawn(counts),
        hardest=statistics.hardest(tally.cases.values(), _MOST_CASES),
        reasons=instructor.reasons(reasons, {}),
    )


def _row(standing: Standing, rules: Rules, pages: Mapping[Student, str]) -> Row:
    parts = (
        f"{challenge} {points(mark.score, float(rules.worths[challenge].points))}"
        for challenge, mark in standing.marks.items()
    )
    return Row(
        link=Link(name_of(standing), pages.get(standing.student)),
        parts=tuple(parts),
        total=points(standing.total.score, float(marks.max_total(rules))),
        notes=tuple(escape.line(note, 300) for note in standing.notes),
    )


def _drawn(counts: Sequence[int]) -> Markup | None:
    drawn = plots.scores(counts)
    return None if drawn is None else Markup(drawn)
