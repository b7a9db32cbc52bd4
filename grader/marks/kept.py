"""What a run's store knows that marks are made of. Reads and writes a store, and marks nothing."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from grader import assignment as assignments
from grader import policies
from grader.assignment import Assignment
from grader.errors import UsageError
from grader.marks.marking import counting, has_attempts, standing, standings
from grader.marks.values import Expected, HandIn, Rules, Standing, Student
from grader.policies import ByHand
from grader.store import Store

_EXPECTED = "handed in"
_MISSING = "handed in nothing"
_NOT_YET = "not graded yet: start the batch again"


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


def idle(store: Store) -> set[str]:
    """Return the names of attempts that do not count, in a run for one challenge."""
    found = hand_ins(store)
    if not has_attempts(found):
        return set()
    rules = rules_of(store)
    active = counting(standings(found, rules), rules)
    return {each.name for each in found if (each.submission, each.challenge) not in active}
