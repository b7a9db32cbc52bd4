"""A run as grades that leave: one for each student or team, by the key that the platform gave.

A `Grade` without a score (a judge error, two files that could both be meant) is never written as 0:
formats skip it, and say why. Names are for people to look at; nothing is found by them unless the
teacher asks for it.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal

from grader import marks
from grader.errors import UsageError
from grader.lms import feedback
from grader.lms.numbers import written
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
    handed_in = marks.hand_ins(store)
    # A run of an assignment knows what was handed in to it, one of a challenge what has a result.
    if not store.assignment:
        handed_in += _ungraded(store, handed_in)
    return [
        _grade(store, standing, rules, challenge, wanted, say)
        for standing in marks.standings(handed_in, rules)
    ]


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
    counted = [
        each for name in wanted for each in marks.counted(standing, name, rules) if each.submission
    ]
    texts = [] if say is None else list(_texts(store, counted, say))
    changed = _changed(standing, wanted, mark.value, most)
    return Grade(
        platform=standing.student.platform,
        key=standing.student.key,
        name=standing.name,
        members=_members(standing.hand_ins[-1].about),
        score=mark.value,
        max_score=most,
        late=standing.late,
        submitted_at=standing.submitted_at,
        submissions=tuple(dict.fromkeys(each.submission for each in counted)),
        feedback=feedback.followed(feedback.together(texts), changed) if texts else "",
        why=""
        if mark.value is not None
        else "; ".join(dict.fromkeys(standing.notes)) or "no score yet",
    )


def _changed(
    standing: Standing, wanted: Sequence[str], mark: Fraction | None, most: Fraction
) -> str:
    """Say what the mark is where the results alone would let one expect another; else nothing."""
    causes = {"lateness": standing.lateness, "an adjustment by hand": standing.adjustments}
    changes = {
        cause: sum((changed.get(name) or Fraction() for name in wanted), Fraction())
        for cause, changed in causes.items()
    }
    said = [f"{cause} ({_signed(change)})" for cause, change in changes.items() if change]
    if mark is None or not said:
        return ""
    return f"Your mark is {written(mark, 2)} of {written(most, 2)}, after {' and '.join(said)}."


def _signed(change: Fraction) -> str:
    return ("+" if change > 0 else "") + written(change, 2)


def _ungraded(store: Store, graded: Sequence[HandIn]) -> list[HandIn]:
    """Return what has no result yet: the attempt that counts may be among it.

    A store also remembers what is no longer handed in. Of somebody who has a result that is what
    was taken by another policy of attempts; an older attempt changes nothing where the latest
    counts.
    """
    known = {each.submission for each in graded}
    policies = {each.student: each.about.get("attempts") for each in graded}
    waiting = [
        HandIn(each.id, each.name, challenge, None, each.about, why=_NOT_YET)
        for challenge in store.challenges
        for each in store.submissions()
        if each.id not in known
    ]
    return [
        each
        for each in waiting
        if each.student not in policies or policies[each.student] == each.about.get("attempts")
    ]


_NOT_YET = "not graded yet: start the batch again"


def _members(about: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(each["key"]) for each in about.get("team", ()) if each.get("key"))


def _texts(
    store: Store, counted: list[HandIn], say: Callable[[SubmissionResult], str]
) -> Iterator[tuple[str, str]]:
    """Yield what is said of each result under its challenge; of an average, under each attempt."""
    several = Counter(each.challenge for each in counted)
    for each in counted:
        result = result_of(store, each.submission, each.challenge)
        if result is not None:
            attempt = f", attempt {each.about.get('attempt') or 1}"
            yield each.challenge + attempt * (several[each.challenge] > 1), say(result)
