"""From a run's keys to a platform's users: by LTI's list of members, or by a table. Pure.

A platform calls its users by ids that only a launch tells. `lis_person_sourcedid` is what the
school calls them (Moodle's ID number). Nobody is found by a name; who is found is `people`'s.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from grader.errors import UsageError

FIELDS = {"user_id": "user_id", "sourcedid": "lis_person_sourcedid", "email": "email"}
"""By what push.toml calls it: the member's field that a run's key is."""


class Table(NamedTuple):
    """A mapping file: what the run's keys are in a field of the platform's."""

    field: str
    values: Mapping[str, str]


def having(members: Iterable[Any], field: str) -> Iterator[tuple[str, str]]:
    """Yield the user id of each active member, and what stands in a field of theirs."""
    for member in members:
        if _is_active(member) and (user := _text(member, "user_id")):
            yield user, _text(member, FIELDS[field])


def active(members: Iterable[Any]) -> set[str]:
    """Return the user ids of whoever takes part at present."""
    return {_text(member, "user_id") for member in members if _is_active(member)}


def table(data: bytes, name: str, fields: Sequence[str]) -> Table:
    """Read a table with the column `key` and one of `fields`; no key may stand twice."""
    try:
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        lines = [[cell.strip() for cell in row] for row in rows if any(map(str.strip, row))]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{name}: expected a table in CSV and UTF-8: {error}") from None
    titles = lines[0] if lines else []
    known = [title for title in titles if title in fields]
    if titles.count("key") != 1 or len(known) != 1:
        raise UsageError(
            f"{name}: expected the columns key, {' or '.join(fields)} in its first line"
        )
    at, to = titles.index("key"), titles.index(known[0])
    found = dict[str, str]()
    for line in lines[1:]:
        if len(line) <= max(at, to) or not line[at] or not line[to]:
            raise UsageError(f"{name}: a line lacks its key or its {known[0]}: {line!r}")
        if line[at] in found:
            raise UsageError(f"{name}: the key {line[at]!r} stands twice; leave one line")
        found[line[at]] = line[to]
    return Table(known[0], found)


def of_container(said: Any) -> list[Any]:
    """Return the members that a page of the Names and Roles service holds."""
    members = said.get("members") if isinstance(said, Mapping) else None
    if not isinstance(members, list):
        raise UsageError("the platform's list of members has no `members`: is it the right URL?")
    return members


def _text(member: Any, field: str) -> str:
    value = member.get(field) if isinstance(member, Mapping) else None
    return value if isinstance(value, str) else ""


def _is_active(member: Any) -> bool:
    """Tell whether a member takes part; without a status everybody does, says the service."""
    return _text(member, "status") in ("", "Active")
