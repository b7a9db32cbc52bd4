"""A course's people by the keys that a run has for them: in a field of theirs, or by a file.

Nobody is found by a name. Where two people have the key of one grade nothing is sent at all: the
wrong one of two must not get it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from grader.errors import UsageError
from grader.lms.push import settings
from grader.reports import escape

_SHOWN = 5
_WITHOUT_CASE = frozenset({"email", "login_id", "username"})
"""Fields in which platforms take `Ada` and `ada` for one."""


class Person(NamedTuple):
    """Somebody in a course: the platform's id, and what stands in the field that is looked at."""

    user: str
    key: str


def found(
    keys: Sequence[str],
    users: str,
    fields: Sequence[str],
    there: Callable[[str], Iterable[Person]],
    platform: str,
) -> Mapping[str, str]:
    """Return the platform's user for each key that leads to somebody.

    `users` is what push.toml says of the keys, a field or a mapping file; `there` lists the people
    with what is in a field.
    """
    if users in fields:
        return by_key(keys, there(users), users, platform)
    field, values = settings.mapping(users, fields)
    mapped = {key: values[key] for key in keys if key in values}
    by_value = by_key(list(mapped.values()), there(field), field, platform)
    return {key: by_value[value] for key, value in mapped.items() if value in by_value}


def by_key(
    wanted: Sequence[str], people: Iterable[Person], field: str, platform: str
) -> Mapping[str, str]:
    """Return the platform's user for each wanted key that somebody has.

    `UsageError` where two people have one, or where the platform shows nobody's.
    """
    known = list(people)
    if known and wanted and not any(person.key for person in known):
        raise UsageError(
            f"{platform} shows {len(known)} people and nobody's {field}: expected a right to see "
            "it; ask for that right, or choose other `users` in push.toml"
        )
    having: dict[str, set[str]] = {}
    for person in known:
        if person.key:
            having.setdefault(_alike(person.key, field), set()).add(person.user)
    found = {key: having[_alike(key, field)] for key in wanted if _alike(key, field) in having}
    twice = [key for key, users in found.items() if len(users) > 1]
    if twice:
        shown = ", ".join(repr(escape.line(key)) for key in twice[:_SHOWN])
        raise UsageError(
            f"{platform} has two people with the {field} {shown}{', …' * (len(twice) > _SHOWN)}: "
            "nothing is sent; make each stand once there, or choose other `users` in push.toml"
        )
    return {key: next(iter(users)) for key, users in found.items()}


def _alike(key: str, field: str) -> str:
    return key.casefold() if field in _WITHOUT_CASE else key
