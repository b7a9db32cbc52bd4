"""Adjustments by hand: points that somebody adds to a submission or takes away, with a reason.

An adjustment belongs to a submission and a challenge, whatever judgement that has: a regrade or
another run of the batch leaves it as it is, and one that was given in error is taken back by its
opposite. It is in the journal too.
"""

import difflib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.errors import UsageError
from grader.store import Filed, Store
from grader.submission import printable_name

MOST_POINTS = 1e6
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points by hand: whose, for what, how many, why and when (ISO 8601 in UTC)."""

    name: str
    challenge: str
    points: float
    reason: str
    at: str


def adjust(
    store: Store, wanted: str, points: float, reason: str, challenge: str | None = None
) -> Adjustment:
    """Adjust the submission that is called `wanted`; `UsageError` says what does not fit."""
    if not math.isfinite(points) or abs(points) > MOST_POINTS or points == 0:
        raise UsageError(
            f"POINTS must be a number but 0 between -{MOST_POINTS:g} and {MOST_POINTS:g}, "
            f"got {points:g}"
        )
    if not reason.strip():
        raise UsageError("an adjustment needs a reason: give --reason TEXT")
    filed = find(store, wanted)
    graded = [mark.challenge for mark in store.marks() if mark.submission == filed.id]
    chosen = _challenge(filed.name, graded, challenge)
    store.adjust(filed.id, chosen, points, reason.strip())
    told = {"submission": filed.name, "challenge": chosen, "points": points, "reason": reason}
    store.note("adjust", json.dumps(told))
    store.commit()
    return listed(store, [filed])[-1]


def listed(store: Store, submissions: Iterable[Filed] | None = None) -> list[Adjustment]:
    """Return the adjustments of a run, or of some submissions, by submission and time."""
    chosen = list(store.submissions() if submissions is None else submissions)
    return [
        Adjustment(filed.name, *adjustment)
        for filed in chosen
        for adjustment in store.adjustments(filed.id)
    ]


def find(store: Store, wanted: str) -> Filed:
    """Return the submission of that name or id; `UsageError` names those that are near."""
    filed = list(store.submissions())
    name = printable_name(wanted)
    for each in filed:
        if name in (each.name, each.id):
            return each
    raise UsageError(unknown(wanted, [each.name for each in filed]))


def unknown(wanted: str, names: Sequence[str]) -> str:
    """Say that there is no such submission, and which names are near.

    >>> unknown("ada", ["ada.py", "bob.py"])
    "there is no submission 'ada' in this run; did you mean 'ada.py'?"
    """
    said = f"there is no submission {printable_name(wanted)!r} in this run"
    if close := near(wanted, names):
        return f"{said}; did you mean {' or '.join(map(repr, close))}?"
    example = f", such as {names[0]!r}" if names else ""
    return f"{said}; use a name of summary.csv{example}"


def near(wanted: str, names: Sequence[str]) -> list[str]:
    """Return the few names that are most like what was written: those that contain it first."""
    low = printable_name(wanted).lower()
    containing = [name for name in names if low and low in name.lower()]
    lowered = {name.lower(): name for name in names}
    alike = difflib.get_close_matches(low, list(lowered), _MOST_NAMED)
    both = dict.fromkeys([*sorted(containing, key=len), *(lowered[each] for each in alike)])
    return list(both)[:_MOST_NAMED]


def _challenge(name: str, graded: Sequence[str], given: str | None) -> str:
    if given is None and len(graded) == 1:
        return graded[0]
    if given in graded and given is not None:
        return given
    if not graded:
        raise UsageError(f"{name} has no result that could be adjusted: grade it first")
    known = ", ".join(graded)
    if given is None:
        raise UsageError(
            f"{name} is graded for several challenges: add --challenge, one of {known}"
        )
    raise UsageError(f"{name} is not graded for {given!r}; expected --challenge {known}")
