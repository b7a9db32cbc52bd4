"""From a run to marks: whose each hand-in is, when it came, and what the policies make of it.

`hand_ins` reads a store; everything else is plain functions over values, so that a mark can be
computed again from what is written down, and explained (`policies.Mark.steps`).

Who was handed in for is what the intake says: the platform's key, or the folder; else each
submission stands for itself. Times are those of the platform: one with a zone is meant as it is,
one without is what the clock showed in the assignment's zone, the earlier one where that is in
doubt. Where no time is known a hand-in counts as on time, which is said if the platform calls it
late. Who of the roster has handed in nothing has 0 by the policies, and a note that says so. What
was handed in and has no score by no fault of the student's (a judge error, two files
that could both be meant, not graded yet) is None in every sum, never 0.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from grader import assignment as assignments
from grader import lateness, policies
from grader.assignment import Assignment
from grader.errors import UsageError
from grader.policies import Attempt, Attempts, ByHand, Mark, Step, Worth, exact
from grader.store import Store

FILE = "marks.csv"

_EXPECTED = "handed in"
_MISSING = "handed in nothing"
_NOT_GRADED = "not graded in this run"
_NOT_YET = "not graded yet: start the batch again"


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


# --- What the store knows -------------------------------------------------------------------------


def remember(store: Store, expected: Iterable[Expected]) -> None:
    """Keep what was handed in to an assignment, before any of it is graded."""
    store.set_meta(_EXPECTED, json.dumps(list(expected)))


def remember_missing(store: Store, missing: Mapping[Student, Mapping[str, Any]]) -> None:
    """Keep who of the class has handed in nothing, with what the roster says of them."""
    store.set_meta(_MISSING, json.dumps([(*who, about) for who, about in missing.items()]))


def missing(store: Store) -> dict[Student, Mapping[str, Any]]:
    """Return who of the class has handed in nothing, with what the roster says of them."""
    kept = json.loads(store.meta(_MISSING, "[]"))
    return {Student(platform, key): about for platform, key, about in kept}


def assignment_of(store: Store) -> Assignment | None:
    """Return the assignment that a run was graded for."""
    text = store.assignment
    return assignments.parsed(text.encode(), "the run's assignment") if text else None


def rules_of(store: Store, assignment: Assignment | None = None) -> Rules:
    """Return what a run is marked by: the assignment given, else its own, if it has one.

    `UsageError` where the assignment is about other challenges.
    """
    chosen = assignment or assignment_of(store)
    most = {mark.challenge: mark.max_score for mark in store.marks()}
    for challenge in store.challenges:
        kept = store.max_score(challenge)
        if kept is not None:
            most.setdefault(challenge, kept)
    ordered = {each: most[each] for each in store.challenges if each in most}
    if chosen is not None and not any(part.id in ordered for part in chosen.challenges):
        asked = ", ".join(part.id for part in chosen.challenges)
        raise UsageError(
            f"the assignment is about {asked}, the run about {' '.join(store.challenges)}: "
            "name another --assignment"
        )
    return Rules(chosen, ordered)


def hand_ins(store: Store) -> list[HandIn]:
    """Return all that was handed in to a run, with the scores that count at present."""
    marks = {(mark.submission, mark.challenge): mark for mark in store.marks()}
    faults = {(who, what): why for who, what, _, why in store.faults()}
    by_hand = _by_hand(store)
    found = []
    for each in _expected(store):
        place = each.submission, each.challenge
        mark = marks.get(place)
        score = None if mark is None else mark.score
        why = each.why or ("" if score is not None else _NOT_YET)
        if place in faults:
            why = f"the judge failed: {faults[place]}"
        elif mark is not None and score is None:
            why = policies.NO_SCORE
        given = by_hand.get(place, ())
        found.append(
            HandIn(each.submission, each.name, each.challenge, score, each.about, given, why)
        )
    return found


def _expected(store: Store) -> list[Expected]:
    kept = store.meta(_EXPECTED)
    if kept:
        return [Expected(*each) for each in json.loads(kept)]
    about = {filed.id: filed.about for filed in store.submissions()}
    return [
        Expected(mark.submission, mark.name, mark.challenge, about[mark.submission])
        for mark in store.marks()
    ]


def _by_hand(store: Store) -> dict[tuple[str, str], tuple[ByHand, ...]]:
    found: dict[tuple[str, str], tuple[ByHand, ...]] = {}
    for filed in list(store.submissions()):
        for challenge, points, reason, _ in store.adjustments(filed.id):
            place = filed.id, challenge
            found[place] = (*found.get(place, ()), ByHand(points, reason))
    return found


# --- What the policies make of it -----------------------------------------------------------------


def standings(found: Iterable[HandIn], rules: Rules) -> list[Standing]:
    """Return every student's standing, by platform and key."""
    by_student: dict[Student, list[HandIn]] = {}
    for each in found:
        by_student.setdefault(each.student, []).append(each)
    return [standing(student, by_student[student], rules) for student in sorted(by_student)]


def everybody(store: Store, rules: Rules) -> list[Standing]:
    """Return the standings of the whole class, with those who have handed in nothing."""
    found = standings(hand_ins(store), rules)
    here = {each.student for each in found}
    absent = [
        standing(student, (), rules, about)
        for student, about in missing(store).items()
        if student not in here
    ]
    return sorted([*found, *absent], key=lambda each: each.student)


def standing(
    student: Student,
    found: Sequence[HandIn],
    rules: Rules,
    enrolled: Mapping[str, Any] | None = None,
) -> Standing:
    """Return one student's standing, given all of their hand-ins.

    `enrolled` is what the roster says of somebody who has none.
    """
    ordered = sorted(found, key=lambda each: (each.about.get("attempt") or 1, each.name))
    abouts = [enrolled or {}, *(each.about for each in ordered)]
    extended = own_due(rules.assignment, abouts)
    tries = {
        challenge: [each for each in ordered if each.challenge == challenge]
        for challenge in rules.challenges
    }
    marks = {name: _mark(found, name, rules, extended) for name, found in tries.items()}
    total = (
        policies.total(marks)
        if rules.assignment is None
        else assignments.total(rules.assignment, marks)
    )
    due = None
    if rules.assignment is not None:
        due = max(rules.assignment.due, extended or rules.assignment.due, key=lateness.utc)
    last = _last(ordered, rules.zone) if ordered else None
    return Standing(
        student=student,
        hand_ins=tuple(ordered),
        marks=marks,
        lateness={
            name: _change(marks[name], _mark(found, name, rules, extended, forgiven=True))
            for name, found in tries.items()
        },
        adjustments={
            name: _change(marks[name], _mark(_untouched(found), name, rules, extended))
            for name, found in tries.items()
        },
        total=total,
        due=due,
        submitted_at=None if last is None else handed_in(last.about, rules.zone),
        late=None if last is None else _is_late(last, rules, due),
        notes=tuple(_notes(ordered, marks, rules)),
        name=next((name for each in abouts if (name := each.get("display"))), None),
    )


def has_attempts(found: Iterable[HandIn]) -> bool:
    """Tell whether anybody has handed in several times to one challenge."""
    tries = Counter((each.student, each.challenge) for each in found if each.challenge)
    return any(count > 1 for count in tries.values())


def counted(each: Standing, challenge: str, rules: Rules) -> list[HandIn]:
    """Return the hand-ins that make a mark: all of an average, else the one that alone would.

    Of several that would the latest; none where nothing was handed in to the challenge.
    """
    assignment = rules.assignment
    tries = [hand_in for hand_in in each.hand_ins if hand_in.challenge == challenge]
    if assignment is not None:
        due = assignment.due
        tries.sort(key=lambda it: lateness.utc(handed_in(it.about, rules.zone) or due))
        tries = tries[: assignment.attempts.max]
        if assignment.attempts.keep == "average":
            return tries
    extended = own_due(assignment, [hand_in.about for hand_in in each.hand_ins])
    value = each.marks[challenge].value
    alike = [it for it in tries if _mark([it], challenge, rules, extended).value == value]
    return alike[-1:]


def counting(found: Iterable[Standing], rules: Rules) -> set[tuple[str, str]]:
    """Return (submission, challenge) of every hand-in that makes a mark."""
    return {
        (hand_in.submission, challenge)
        for each in found
        for challenge in rules.challenges
        for hand_in in counted(each, challenge, rules)
    }


def idle(store: Store) -> set[str]:
    """Return the names of attempts that do not count, in a run for one challenge."""
    found = hand_ins(store)
    if not has_attempts(found):
        return set()
    rules = rules_of(store)
    active = counting(standings(found, rules), rules)
    return {each.name for each in found if (each.submission, each.challenge) not in active}


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


def _mark(
    tries: Sequence[HandIn],
    challenge: str,
    rules: Rules,
    extended: datetime | None,
    *,
    forgiven: bool = False,
) -> Mark:
    """Return the mark of one challenge; `forgiven`: as if lateness cost nothing."""
    if challenge not in rules.max_scores:
        return Mark(None, (Step("score", None, None, _NOT_GRADED),))
    worth = rules.worths[challenge]
    assignment = rules.assignment
    if assignment is None:
        return _mark_without_policies(tries, worth)
    attempts = [
        Attempt(
            each.score, handed_in(each.about, rules.zone) or assignment.due, each.by_hand, each.why
        )
        for each in tries
    ]
    late = lateness.Late() if forgiven else assignment.late
    return policies.challenge_mark(
        attempts, worth, late, assignment.attempts, assignment.due, extended
    )


def _mark_without_policies(tries: Sequence[HandIn], worth: Worth) -> Mark:
    """Return the latest attempt's mark, or the best one's if it was imported like that."""
    best = any(each.about.get("attempts") == "best" for each in tries)
    marks = []
    for number, each in enumerate(tries, 1):
        full = policies.full_mark(each.score, worth, each.why)
        marks.append(policies.labelled(policies.adjusted(full, each.by_hand), f"attempt {number}"))
    return policies.one_of(marks, Attempts(keep="best" if best else "latest"))


def _untouched(tries: Sequence[HandIn]) -> list[HandIn]:
    """Return hand-ins as they were before anything was changed by hand."""
    return [replace(each, by_hand=()) for each in tries]


def _change(mark: Mark, otherwise: Mark) -> Fraction | None:
    """Return by how much a mark differs from what it would be otherwise."""
    if mark.value is None or otherwise.value is None:
        return None
    return mark.value - otherwise.value


def _last(ordered: Sequence[HandIn], zone: ZoneInfo | None) -> HandIn:
    """Return the latest hand-in, by its time where all are known, else by its number."""
    times = [handed_in(each.about, zone) for each in ordered]
    known = [(time, at) for at, time in enumerate(times) if time is not None]
    return ordered[max(known)[1]] if len(known) == len(ordered) else ordered[-1]


def _is_late(last: HandIn, rules: Rules, due: datetime | None) -> bool | None:
    """Tell whether a hand-in was late: by its time, else by what the platform says."""
    moment = handed_in(last.about, rules.zone)
    if rules.assignment is not None and due is not None and moment is not None:
        return not lateness.in_grace(rules.assignment.late, due, moment)
    said = last.about.get("late")
    return None if said is None else bool(said)


def _notes(ordered: Sequence[HandIn], marks: Mapping[str, Mark], rules: Rules) -> Iterable[str]:
    if not ordered:
        yield "nothing handed in"
    for each in ordered:
        if each.score is None and each.why:
            yield f"{each.challenge or each.name}: {each.why}"
    for challenge in marks:
        if challenge not in rules.max_scores:
            yield f"{challenge}: {_NOT_GRADED}"
    vague = [
        each.name
        for each in ordered
        if each.about.get("late") and handed_in(each.about, rules.zone) is None
    ]
    if vague and rules.assignment is not None:
        yield (
            f"{', '.join(vague)}: late, and the platform does not say by how much: nothing is "
            "deducted; `grader adjust` can"
        )
