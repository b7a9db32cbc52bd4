"""Moodle: `Ada Lovelace_2_assignsubmission_file/solution.py`, or flat with `_` for `/`. Pure.

The number is the participant's in this one assignment, with teams the group's; Moodle turns
every `_` of a name into a space, so the first number is never the student's own text. The
default group has no number: there is at most one, and its marks must be entered by hand.
"""

import re
from collections.abc import Iterator, Sequence

from grader.intake.found import Aside, Found, Recogniser, Strange, Texts, strange

TITLE = "Moodle"
DEFAULT_GROUP = "default-group"
_FOLDER = re.compile(
    r"(?P<name>[^_]*)(?:_(?P<id>[0-9]{1,18}))?_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<flat>.*))?",
    re.DOTALL,
)
_BLIND = "Participant"


def matches(name: str) -> bool:
    return _parts(name) is not None


def read(names: Sequence[str], _: Texts) -> Iterator[Found | Strange | Aside]:
    group: str | None = None
    for name in names:
        parts = _parts(name)
        if parts is None:
            yield strange(name, TITLE)
            continue
        match, file = parts
        if match["id"] is None:
            group = match["name"] if group is None else group
            if match["name"] != group:
                yield Strange(name, f"no id, as {group!r}: import it from a folder of its own")
                continue
        yield _found(name, match, file)


def _parts(name: str) -> tuple[re.Match[str], str] | None:
    """Return the folder's part, and the file's: after a slash, or after a `_` in its place."""
    first, slash, rest = name.partition("/")
    match = _FOLDER.fullmatch(first)
    if match is None:
        return None
    file = rest if slash else match["flat"]
    return (match, file) if file else None


def _found(name: str, match: re.Match[str], file: str) -> Found:
    blind = match["name"] == _BLIND
    online = match["plugin"] != "file"
    return Found(
        member=name,
        key=match["id"] or DEFAULT_GROUP,
        name=None if blind else match["name"],
        file=file,
        needless=f"Moodle's {match['plugin']}, no file of the student's" if online else None,
    )


RECOGNISER = Recogniser(TITLE, matches, read)
