"""How a student's mark came about, from the cases of each submission to the total, as values.

Read from a store alone: nothing is run or judged. It is in the instructor's view.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from grader import adjusting, lateness, marks
from grader.errors import UsageError
from grader.marks import HandIn, Rules, Standing
from grader.policies import Mark, Step
from grader.scoring import DIGITS
from grader.store import Mark as Result
from grader.store import Store
from grader.submission import printable_name

SCHEMA = 1


def explain(store: Store, wanted: str, rules: Rules) -> dict[str, Any]:
    """Return how the mark came about of a student, or of who handed `wanted` in.

    `wanted` is a submission's name or id, or a student's key. `UsageError` if there is none.
    """
    standing = _standing_of(store, wanted, rules)
    return {
        "schema": SCHEMA,
        "student": standing.student.key,
        "platform": standing.student.platform or None,
        "generation": store.generation,
        "submissions": list(_submissions(store, standing, rules)),
        "policy": _policy(standing, rules),
        "marks": [
            {
                "challenge": challenge,
                "mark": mark.score,
                "out_of": float(rules.worths[challenge].points),
                "lateness": _number(standing.lateness[challenge]),
                "adjustments": _number(standing.adjustments[challenge]),
            }
            for challenge, mark in standing.marks.items()
        ],
        "steps": list(map(_step, standing.total.steps)),
        "total": standing.total.score,
        "out_of": _number(marks.max_total(rules)),
        "notes": list(standing.notes),
    }


def _standing_of(store: Store, wanted: str, rules: Rules) -> Standing:
    name = printable_name(wanted)
    found = marks.hand_ins(store)
    missing = marks.missing(store)
    students = {each.student for each in found if name in (each.name, each.submission)}
    students = students or {each.student for each in found if each.student.key == name}
    students = students or {each for each in missing if each.key == name}
    if not students:
        names = [each.name for each in found]
        raise UsageError(adjusting.unknown(wanted, names))
    if len(students) > 1:
        theirs = [each.name for each in found if each.student in students]
        raise UsageError(
            f"{name!r} is a key on several platforms: name one of the submissions "
            f"{', '.join(theirs)}"
        )
    (student,) = students
    own = [each for each in found if each.student == student]
    return marks.standing(student, own, rules, missing.get(student))


def _submissions(store: Store, standing: Standing, rules: Rules) -> Iterator[dict[str, Any]]:
    ours = {each.submission for each in standing.hand_ins}
    results = {
        (mark.submission, mark.challenge): mark for mark in store.marks() if mark.submission in ours
    }
    filed = {each.id: each for each in store.submissions() if each.id in ours}
    for each in standing.hand_ins:
        known = filed.get(each.submission)
        result = results.get((each.submission, each.challenge))
        yield {
            "submission": each.name,
            "challenge": each.challenge or None,
            "sha256": known.sha256 or None if known is not None else None,
            "language": known.language or None if known is not None else None,
            **_judged(store, result),
            "why_no_score": each.why or None,
            **_handed_in(each, standing, rules),
            "adjustments": [
                {"points": points, "reason": reason, "at": at}
                for challenge, points, reason, at in store.adjustments(each.submission)
                if challenge == each.challenge
            ],
        }


def _judged(store: Store, result: Result | None) -> dict[str, Any]:
    """Return what the judge said, and the names of all it depends on."""
    if result is None:
        return {"verdict": None, "score": None, "max_score": None, "groups": [], "notes": []}
    whole = store.result(result.judgement)
    return {
        "verdict": result.verdict,
        "score": result.score,
        "max_score": result.max_score,
        "run_key": whole["run_key"],
        "judgement_key": result.judgement,
        "challenge_digest": whole["challenge_digest"],
        "tier": whole["sandbox"]["tier"],
        "notes": whole["notes"],
        "groups": list(_groups(store, result, whole)),
    }


def _groups(store: Store, result: Result, whole: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    cases = store.cases(result.judgement)
    for group in whole["groups"]:
        yield {
            **{name: group[name] for name in ("name", "title", "visibility", "verdict")},
            **{name: group[name] for name in ("score", "max_score")},
            "cases": [
                {
                    "name": case.name,
                    "verdict": case.verdict,
                    "score": case.score,
                    "max_score": case.max_score,
                    "flaky": case.flaky,
                }
                for case in cases
                if case.group == group["name"]
            ],
        }


def _handed_in(each: HandIn, standing: Standing, rules: Rules) -> dict[str, Any]:
    moment = marks.handed_in(each.about, rules.zone)
    local = moment if moment is None or rules.zone is None else moment.astimezone(rules.zone)
    by = None
    if moment is not None and standing.due is not None and moment > lateness.utc(standing.due):
        by = lateness.duration(moment - lateness.utc(standing.due))
    return {
        "attempt": each.about.get("attempt"),
        "handed_in": _iso(local) or each.about.get("local_time"),
        "late_by": by,
        "late_says_the_platform": each.about.get("late"),
    }


def _policy(standing: Standing, rules: Rules) -> dict[str, Any] | None:
    assignment = rules.assignment
    if assignment is None:
        return None
    own = standing.due is not None and lateness.utc(standing.due) > lateness.utc(assignment.due)
    return {
        "title": assignment.title,
        "timezone": assignment.timezone,
        "due": _iso(assignment.due),
        "own_due": _iso(standing.due) if own else None,
        "late": assignment.late.kind,
        "attempts": assignment.attempts.keep,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "about": step.about,
        "what": step.what,
        "before": _number(step.before),
        "after": _number(step.after),
        "why": step.why,
    }


def lines_of(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return steps as lines of text."""
    from grader import policies

    made = tuple(
        Step(
            each["what"],
            None if each["before"] is None else policies.exact(each["before"]),
            None if each["after"] is None else policies.exact(each["after"]),
            each["why"],
            each["about"],
        )
        for each in steps
    )
    return policies.lines(Mark(None, made))


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _number(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), DIGITS)
