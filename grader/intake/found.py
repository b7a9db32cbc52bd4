"""What a recogniser makes of the names in a download. Values only, no platform's rules.

A name that a student chose (`name`, `file`, a member's) is data: shown and compared, never
a key where the platform has one, never a path.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a team, as the platform knows them; `key` is "" where it does not say."""

    key: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One file of a student's.

    `member` is its name in the source, `file` what the student called it. `key` is the
    platform's for the student or group; `name` is for display, None where it is anonymous.
    Files with one `key` and one `attempt` were handed in together; `attempt` and `order` (of
    a file among its like) sort as text, the later the greater, "" where nothing is said.
    `late` is None unless the platform tells; `local_time` is its clock's time, without a zone.
    `needless` says why the file is no submission whatever it is called.
    """

    member: str
    key: str
    name: str | None
    file: str
    late: bool | None = None
    attempt: str = ""
    order: str = ""
    submitted_at: datetime | None = None
    local_time: datetime | None = None
    team: tuple[Person, ...] = ()
    needless: str | None = None


@dataclass(frozen=True, slots=True)
class Strange:
    """A name that the platform would not have given, or that says two things: refused."""

    member: str
    reason: str


@dataclass(frozen=True, slots=True)
class Aside:
    """A file of the platform's own, such as an index."""

    member: str
    reason: str


Texts = Mapping[str, bytes]
"""The files in which the platform says something itself, by member."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """How one platform names what it lets teachers download.

    `matches` tells whether it could have given a name; `read` makes of all the names what
    they say. Names begin at the download's own folder.
    """

    title: str
    matches: Callable[[str], bool]
    read: Callable[[Sequence[str], Texts], Iterable[Found | Strange | Aside]]


def strange(member: str, title: str) -> Strange:
    """Return a name as one that the platform would not have given."""
    return Strange(member, f"not named as {title} names its files: import it from a folder")
