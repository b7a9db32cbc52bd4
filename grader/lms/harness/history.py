"""What Gradescope's `submission_metadata.json` says, as far as it says it. Pure.

The file is the platform's, and its form has changed before: whatever is missing or strange is
unknown, and never a reason not to grade.
"""

import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grader.lms.numbers import read


@dataclass(frozen=True, slots=True)
class History:
    """When this was handed in, whether late (None: unknown), which attempt it is.

    `earlier` is the score of the attempt before, None where there is none.
    """

    created_at: datetime | None = None
    late: bool | None = None
    attempt: int | None = None
    earlier: float | None = None


def of(data: bytes) -> History:
    """Return what the file's bytes say.

    >>> of(b'{"created_at": "2026-11-25T10:00:00Z", "previous_submissions": [{"score": "7.5"}]}')
    ... # doctest: +ELLIPSIS
    History(created_at=datetime.datetime(...), late=None, attempt=2, earlier=7.5)
    """
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return History()
    if not isinstance(said, dict):
        return History()
    created = _moment(said.get("created_at"))
    before = said.get("previous_submissions")
    earlier = None
    if isinstance(before, list):
        earlier = [each for each in before if isinstance(each, dict)]
    return History(
        created_at=created,
        late=_late(created, _moment(_part(said, "assignment").get("due_date"))),
        attempt=None if earlier is None else len(earlier) + 1,
        earlier=_last_score(earlier or []),
    )


def _part(said: dict[str, Any], name: str) -> dict[str, Any]:
    part = said.get(name)
    return part if isinstance(part, dict) else {}


def _moment(value: object) -> datetime | None:
    """Return a time; one without a zone cannot be compared and is unknown."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment


def _late(created: datetime | None, due: datetime | None) -> bool | None:
    return None if created is None or due is None else created > due


def _last_score(earlier: list[dict[str, Any]]) -> float | None:
    """Return the score of the latest attempt; without times, of the last in the list."""
    if not earlier:
        return None
    times = [_moment(each.get("submission_time")) for each in earlier]
    known = [(time, at) for at, time in enumerate(times) if time is not None]
    last = max(known)[1] if len(known) == len(earlier) else -1
    return _points(earlier[last].get("score"))


def _points(value: object) -> float | None:
    if isinstance(value, str):
        exact = read(value)
        return None if exact is None or exact < 0 else float(exact)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < _MOST and math.isfinite(value) and value >= 0 else None


_MOST = 1e9
"""No platform's points are more; a longer integer of JSON's would be no float at all."""
