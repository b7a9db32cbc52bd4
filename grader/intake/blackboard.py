"""Blackboard: `HW1_ada_attempt_2026-11-23-15-00-00_solution.py`, and a `.txt` beside it. Pure.

Assignments and user names may hold a `_` each, so where one ends is taken from the `.txt`
(`Name: Ada Lovelace (ada)`), else from another student's of the same assignment, else from
the only `_` there is; a name that none of these decides is refused. A `.txt` is Blackboard's
own only where nothing follows the time: no file of a student's is called so.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from grader.intake.found import Aside, Found, Recogniser, Strange, Texts, strange

TITLE = "Blackboard"
_NAME = re.compile(
    r"(?P<who>[^/]+?)_attempt_(?P<time>[0-9]{4}(?:-[0-9]{2}){5})(?:\.(?P<own>txt)|_(?P<file>.+))",
    re.DOTALL,
)
_PERSON = re.compile(r"^Name:[ \t]*(?P<name>.*?)[ \t]*\((?P<user>[^()\r\n]+)\)\s*?$", re.MULTILINE)


class _Owner(NamedTuple):
    user: str
    name: str | None


def matches(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def is_metadata(name: str) -> bool:
    """Tell whether a file is Blackboard's own about an attempt."""
    match = _NAME.fullmatch(name)
    return match is not None and match["own"] is not None


def read(names: Sequence[str], texts: Texts) -> Iterator[Found | Strange | Aside]:
    owners = _owners(names, texts)
    for name in names:
        match = _NAME.fullmatch(name)
        if match is None or (time := _time(match["time"])) is None:
            yield strange(name, TITLE)
        elif match["own"]:
            yield Aside(name, "Blackboard's own note on the attempt")
        elif (owner := owners.get(match["who"])) is None:
            yield Strange(
                name,
                f"where the user name begins in {match['who']!r} cannot be told: "
                "download again with the .txt files, or import from folders",
            )
        else:
            yield _found(name, match, owner, time)


def _owners(names: Sequence[str], texts: Texts) -> dict[str, _Owner]:
    """Return whose each beginning of a name is, where that can be told."""
    told = dict(_told(texts))
    assignments = {who.removesuffix(owner.user) for who, owner in told.items()}
    found = (_NAME.fullmatch(name) for name in names)
    begins = {match["who"] for match in found if match is not None}
    guessed = {who: _Owner(user, None) for who in begins if (user := _user(who, assignments))}
    return {**guessed, **told}


def _told(texts: Texts) -> Iterator[tuple[str, _Owner]]:
    for name, text in texts.items():
        match = _NAME.fullmatch(name)
        person = _PERSON.search(text.decode("utf-8-sig", "replace"))
        if match and person and match["who"].endswith(f"_{person['user']}"):
            yield match["who"], _Owner(person["user"], person["name"] or None)


def _user(who: str, assignments: set[str]) -> str | None:
    users = {who.removeprefix(each) for each in assignments if who.startswith(each)} - {""}
    if len(users) == 1:
        return users.pop()
    *before, last = who.split("_")
    return last if len(before) == 1 and last and not users else None


def _found(name: str, match: re.Match[str], owner: _Owner, time: datetime) -> Found:
    return Found(
        member=name,
        key=owner.user,
        name=owner.name,
        file=match["file"],
        attempt=time.isoformat(),
        local_time=time,
    )


def _time(text: str) -> datetime | None:
    try:
        return datetime(*map(int, text.split("-")))  # type: ignore[arg-type]
    except ValueError:
        return None


RECOGNISER = Recogniser(TITLE, matches, read)
