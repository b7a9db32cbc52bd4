"""Brightspace: `397063-2557369 - Mary-Ann Smith - Sep 24, 2024 926 PM/solution.py`. Pure.

The first number is the student's, the second the assignment's; each folder is an attempt.
The time is the platform's clock without a zone, in English.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from grader.intake.found import Aside, Found, Recogniser, Strange, Texts, strange

TITLE = "Brightspace"
INDEX = "index.html"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FOLDER = re.compile(
    r"(?P<user>[0-9]{1,18})-(?P<item>[0-9]{1,18}) - (?P<name>.+) - "
    r"(?P<month>[A-Z][a-z]{2}) (?P<day>[0-9]{1,2}), (?P<year>[0-9]{4}) "
    r"(?P<hour>[0-9]{1,2})(?P<minute>[0-9]{2}) (?P<half>[AP]M)",
    re.DOTALL,
)


def matches(name: str) -> bool:
    folder, slash, _ = name.partition("/")
    return bool(slash) and _FOLDER.fullmatch(folder) is not None


def read(names: Sequence[str], _: Texts) -> Iterator[Found | Strange | Aside]:
    for name in names:
        if name == INDEX:
            yield Aside(name, "Brightspace's own index")
        else:
            yield _found(name) or strange(name, TITLE)


def _found(name: str) -> Found | None:
    folder, slash, file = name.partition("/")
    match = _FOLDER.fullmatch(folder)
    time = _time(match) if match else None
    if not slash or match is None or time is None:
        return None
    return Found(
        member=name,
        key=match["user"],
        name=match["name"],
        file=file,
        attempt=time.isoformat(),
        local_time=time,
    )


def _time(match: re.Match[str]) -> datetime | None:
    """Return the time of `Sep 24, 2024 926 PM`, None if there is no such time."""
    hour = int(match["hour"])
    if match["month"] not in _MONTHS or not 1 <= hour <= 12:
        return None
    month = _MONTHS.index(match["month"]) + 1
    hour = hour % 12 + (12 if match["half"] == "PM" else 0)
    try:
        return datetime(int(match["year"]), month, int(match["day"]), hour, int(match["minute"]))
    except ValueError:
        return None


RECOGNISER = Recogniser(TITLE, matches, read)
