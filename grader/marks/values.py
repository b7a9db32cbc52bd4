"""Who is marked, what was handed in, by which rules, and what came of it. Pure values.

Nothing here knows a store, and nothing is marked: what an intake has said of a hand-in is read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from grader import assignment as assignments
from grader import lateness
from grader.assignment import Assignment
from grader.policies import ByHand, Mark, Worth, exact


class Student(NamedTuple):
    """Who is marked: the platform and its key; without a platform a folder's or a file's name."""

    platform: str
    key: str


class Expected(NamedTuple):
    """A hand-in to be graded; `challenge` is "" where it has a file for none.

    `submission` is its id in the store, "" where it cannot be graded, for the reason `why`.
    """

    submission: str
    name: str
    challenge: str
    about: Mapping[str, Any]
    why: str = ""


@dataclass(frozen=True, slots=True)
class HandIn:
    """One hand-in to one challenge: its score, what its intake knows, what was done by hand."""

    submission: str
    name: str
    challenge: str
    score: float | None
    about: Mapping[str, Any]
    by_hand: tuple[ByHand, ...] = ()
    why: str = ""

    @property
    def student(self) -> Student:
        return student_of(self.name, self.about)


@dataclass(frozen=True)
class Rules:
    """By what is marked: an assignment, if there is one, and each graded challenge's maximum."""

    assignment: Assignment | None
    max_scores: Mapping[str, float]

    @property
    def challenges(self) -> list[str]:
        if self.assignment is None:
            return list(self.max_scores)
        return [part.id for part in self.assignment.challenges]

    @cached_property
    def worths(self) -> Mapping[str, Worth]:
        """What each challenge gives; `UsageError` where `drop` asks for what does not fit."""
        if self.assignment is None:
            return {name: Worth(exact(most), exact(most)) for name, most in self.max_scores.items()}
        missing = {
            part.id: part.points or 1.0
            for part in self.assignment.challenges
            if part.id not in self.max_scores
        }
        # Where something is not graded there is no total, and nothing is dropped.
        checked = self.assignment.model_copy(update={"drop": None} if missing else {})
        return assignments.worths(checked, {**self.max_scores, **missing})

    @cached_property
    def zone(self) -> ZoneInfo | None:
        return None if self.assignment is None else ZoneInfo(self.assignment.timezone)


@dataclass(frozen=True, slots=True)
class Standing:
    """A student's marks, each out of what the challenge gives, and their total.

    `lateness` and `adjustments` say what these two have changed, by challenge, None where there
    is no mark. `notes` say what a person should look at. `name` is for people to read, where the
    platform or the roster has one: whatever somebody typed in.
    """

    student: Student
    hand_ins: tuple[HandIn, ...]
    marks: Mapping[str, Mark]
    lateness: Mapping[str, Fraction | None]
    adjustments: Mapping[str, Fraction | None]
    total: Mark
    due: datetime | None
    submitted_at: datetime | None
    late: bool | None
    notes: tuple[str, ...]
    name: str | None = None


def student_of(name: str, about: Mapping[str, Any]) -> Student:
    """Return who a submission of that name is from.

    >>> student_of("canvas:501/a.py", {"platform": "canvas", "key": "501"})
    Student(platform='canvas', key='501')
    >>> student_of("mon/ada.py", {})
    Student(platform='', key='mon/ada.py')
    """
    if about.get("key"):
        return Student(str(about.get("platform") or ""), str(about["key"]))
    return Student("", str(about.get("student") or name))


def handed_in(about: Mapping[str, Any], zone: ZoneInfo | None) -> datetime | None:
    """Return when a hand-in came, in UTC; None where that is not known."""
    for field in ("submitted_at", "local_time"):
        if not about.get(field):
            continue
        moment = datetime.fromisoformat(about[field])
        if moment.tzinfo is not None:
            return lateness.utc(moment)
        if zone is not None:
            local = moment.replace(tzinfo=zone)
            return min(lateness.utc(local.replace(fold=fold)) for fold in (0, 1))
    return None


def own_due(assignment: Assignment | None, abouts: Iterable[Mapping[str, Any]]) -> datetime | None:
    """Return the due time that the roster gives a student; the latest one it speaks of."""
    if assignment is None:
        return None
    zone = ZoneInfo(assignment.timezone)
    found = []
    for about in abouts:
        if hours := about.get("extension_hours"):
            found.append(lateness.utc(assignment.due) + timedelta(hours=hours))
        if about.get("due"):
            due = datetime.fromisoformat(about["due"])
            local = due if due.tzinfo else lateness.later_reading(due.replace(tzinfo=zone))
            found.append(lateness.utc(local))
    return max(found).astimezone(zone) if found else None


def max_total(rules: Rules) -> Fraction:
    """Return what there is to gain in all."""
    if rules.assignment is None:
        return sum((each.points for each in rules.worths.values()), Fraction(0))
    return assignments.max_total(rules.assignment, rules.worths)
