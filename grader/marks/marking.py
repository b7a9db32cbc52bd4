"""What the policies make of hand-ins: a student's marks, their total, what makes them. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from grader import assignment as assignments
from grader import lateness, policies
from grader.marks.values import HandIn, Rules, Standing, Student, handed_in, own_due
from grader.policies import Attempt, Attempts, Mark, Step, Worth

_NOT_GRADED = "not graded in this run"


def standings(found: Iterable[HandIn], rules: Rules) -> list[Standing]:
    """Return every student's standing, by platform and key."""
    by_student: dict[Student, list[HandIn]] = {}
    for each in found:
        by_student.setdefault(each.student, []).append(each)
    return [standing(student, by_student[student], rules) for student in sorted(by_student)]


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

    Of several that would the latest that came in time; none where nothing was handed in to the
    challenge.
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
    in_time = [it for it in alike if not _is_cut_off(it, rules, extended)]
    return (in_time or alike)[-1:]


def _is_cut_off(hand_in: HandIn, rules: Rules, extended: datetime | None) -> bool:
    """Tell whether a hand-in came too late to count, by the student's own due time too."""
    moment = handed_in(hand_in.about, rules.zone)
    if rules.assignment is None or moment is None:
        return False
    due = max(rules.assignment.due, extended or rules.assignment.due, key=lateness.utc)
    return lateness.is_cut_off(rules.assignment.late, due.astimezone(rules.zone), moment)


def counting(found: Iterable[Standing], rules: Rules) -> set[tuple[str, str]]:
    """Return (submission, challenge) of every hand-in that makes a mark."""
    return {
        (hand_in.submission, challenge)
        for each in found
        for challenge in rules.challenges
        for hand_in in counted(each, challenge, rules)
    }


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
