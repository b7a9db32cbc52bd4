"""A run as grades that leave: one for each student or team, by the key that the platform gave.

A `Grade` without a score (a judge error, two files that could both be meant) is never written as 0:
formats skip it, and say why. Names are for people to look at; nothing is found by them unless the
teacher asks for it.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal

from grader import marks
from grader.errors import UsageError
from grader.lms import feedback
from grader.marks import HandIn, Rules, Standing
from grader.result import SubmissionResult
from grader.store import Store
from grader.stored import from_json

FeedbackKind = Literal["short", "full", "none"]


@dataclass(frozen=True, slots=True)
class Grade:
    """What one student or team is to be given.

    `platform` and `key` are those of the intake; without a platform the key is the folder's or the
    file's name. `members` are the keys of a team's people, as far as they are known. `score` is
    None where there is none, for the reason `why`. `feedback` is plain text, "" where none is
    wanted; `submissions` are the ids (in the store) of what counts, challenge by challenge.
    """

    platform: str
    key: str
    name: str | None
    members: tuple[str, ...]
    score: Fraction | None
    max_score: Fraction
    late: bool | None
    submitted_at: datetime | None
    submissions: tuple[str, ...]
    feedback: str = ""
    why: str = ""


def of(
    store: Store,
    *,
    rules: Rules | None = None,
    challenge: str | None = None,
    kind: FeedbackKind = "short",
) -> list[Grade]:
    """Return a run's grades, by platform and key: of one challenge, else the total.

    `UsageError` where the run has no such challenge.
    """
    rules = rules or marks.rules_of(store)
    if challenge is not None and challenge not in rules.challenges:
        raise UsageError(
            f"the run has no challenge {challenge!r}; it has {', '.join(rules.challenges)}"
        )
    wanted = rules.challenges if challenge is None else [challenge]
    say = _SAID[kind]
    found = [
        _grade(store, standing, rules, challenge, wanted, say)
        for standing in marks.standings(marks.hand_ins(store), rules)
    ]
    # An assignment knows what was handed in to it; else what has no result yet is in no standing,
    # and must not look as if nothing had been handed in.
    if rules.assignment is None:
        found += _ungraded(store, {(each.platform, each.key) for each in found}, rules)
    return sorted(found, key=lambda each: (each.platform, each.key))


def result_of(store: Store, submission: str, challenge: str) -> SubmissionResult | None:
    """Return the result that counts of a submission (by its id in the store), None without one."""
    line = store.line(submission, challenge)
    return None if line is None else from_json(json.loads(line))


_SAID: dict[FeedbackKind, Callable[[SubmissionResult], str] | None] = {
    "short": feedback.short,
    "full": feedback.full,
    "none": None,
}


def _grade(
    store: Store,
    standing: Standing,
    rules: Rules,
    challenge: str | None,
    wanted: list[str],
    say: Callable[[SubmissionResult], str] | None,
) -> Grade:
    mark = standing.total if challenge is None else standing.marks[challenge]
    most = marks.max_total(rules) if challenge is None else rules.worths[challenge].points
    counted = [each for name in wanted for each in _counted(standing, name, rules)]
    texts = [] if say is None else list(_texts(store, counted, say))
    last = standing.hand_ins[-1]
    return Grade(
        platform=standing.student.platform,
        key=standing.student.key,
        name=next((n for each in standing.hand_ins if (n := each.about.get("display"))), None),
        members=_members(last.about),
        score=mark.value,
        max_score=most,
        late=standing.late,
        submitted_at=standing.submitted_at,
        submissions=tuple(dict.fromkeys(each.submission for each in counted if each.submission)),
        feedback=feedback.together(texts) if texts else "",
        why="" if mark.value is not None else "; ".join(standing.notes) or "no score yet",
    )


def _ungraded(store: Store, graded: set[tuple[str, str]], rules: Rules) -> Iterator[Grade]:
    """Yield a grade without a score for each student of the run who has no result at all."""
    for each in store.submissions():
        who = marks.student_of(each.name, each.about)
        if who not in graded:
            graded.add(who)
            yield Grade(
                platform=who.platform,
                key=who.key,
                name=each.about.get("display"),
                members=_members(each.about),
                score=None,
                max_score=marks.max_total(rules),
                late=None,
                submitted_at=None,
                submissions=(),
                why="not graded yet: start the batch again",
            )


def _members(about: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(each["key"]) for each in about.get("team", ()) if each.get("key"))


def _counted(standing: Standing, challenge: str, rules: Rules) -> Iterator[HandIn]:
    """Yield the hand-in that a challenge's feedback is about: the best one where that counts."""
    tries = [each for each in standing.hand_ins if each.challenge == challenge and each.submission]
    if not tries:
        return
    if rules.assignment is not None:
        keep = rules.assignment.attempts.keep
    else:
        keep = "best" if any(each.about.get("attempts") == "best" for each in tries) else "latest"
    scored = [each for each in tries if each.score is not None]
    if keep == "best" and scored:
        yield max(scored, key=lambda each: each.score or 0.0)
    else:
        yield tries[-1]


def _texts(
    store: Store, counted: list[HandIn], say: Callable[[SubmissionResult], str]
) -> Iterator[tuple[str, str]]:
    for each in counted:
        result = result_of(store, each.submission, each.challenge)
        if result is not None:
            yield each.challenge, say(result)
