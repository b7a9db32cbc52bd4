"""Who of a class has handed in, by its roster, over all that a batch is given. No I/O.

A download's students are found by the platform's key; a folder or a file that lies about is its
student's by what it is called. With no roster at hand, what an import has noted counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from grader.intake import manifest, taking
from grader.intake.generic import is_source
from grader.intake.manifest import Absent, Enrolment, Entry, Intake
from grader.intake.roster import Enrolled, Roster


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody of the class who has handed in nothing; `about` is as a hand-in's."""

    platform: str
    key: str
    about: Mapping[str, Any]


@dataclass(slots=True)
class Attendance:
    """Is told of everything that was handed in, and then tells who has handed in nothing.

    `strangers` are those whom the roster does not know.
    """

    roster: Roster | None = None
    strangers: list[str] = field(default_factory=list)
    _platform: str = ""
    _here: set[int] = field(default_factory=set)
    _keys: set[tuple[str, str]] = field(default_factory=set)
    _noted: dict[tuple[str, str], Absent] = field(default_factory=dict)

    def intake(self, held: Intake) -> Intake:
        """Take note of what was imported; return it with what the roster says."""
        if self.roster is not None:
            # What a worksheet says of times is about what somebody has handed in last.
            here = {entry.id for entry in manifest.latest(held)}
            held = taking.with_roster(held, self.roster, here, None)
        self._platform = self._platform or held.source.platform
        for entry in held.entries:
            self._entry(entry)
        for absent in held.absent:
            self._noted.setdefault((held.source.platform, absent.key), absent)
        return held

    def plain(self, student: str) -> Mapping[str, Any]:
        """Take note of a folder's or a file's student; return what the roster says of them."""
        if self.roster is None:
            return {}
        people = {
            found.line: found
            for name in _called(student)
            if (found := self.roster.find("", name)) is not None
        }
        if len(people) != 1:  # a name in which two are named is nobody's
            self.strangers.append(student)
            return {}
        (person,) = people.values()
        self._here.add(person.line)
        return {"display": person.name or None, **dict(enrolled(taking.enrolment(person)))}

    def missing(self) -> list[Missing]:
        """Return who has handed in nothing."""
        if self.roster is None:
            return [
                Missing(platform, key, _about(each))
                for (platform, key), each in self._noted.items()
                if (platform, key) not in self._keys
            ]
        return [
            Missing(self._platform, each.key, _about(each))
            for each in taking.absent(self.roster, self._platform, self._here)
        ]

    def _entry(self, entry: Entry) -> None:
        self._keys.add(entry.student)
        self._keys.update((entry.platform, each.key) for each in entry.team if each.key)
        if self.roster is None:
            return
        people: Sequence[Enrolled] = taking.people(self.roster, entry)
        self._here.update(each.line for each in people)
        if not people and entry.key not in self.strangers:
            self.strangers.append(entry.key)


def enrolled(enrolment: Enrolment) -> Iterator[tuple[str, Any]]:
    """Yield what marks depend on of what the roster says."""
    yield "extension_hours", enrolment.extension_hours
    yield "due", None if enrolment.due is None else enrolment.due.isoformat()
    yield "section", enrolment.section


def _about(absent: Absent) -> dict[str, Any]:
    return {"display": absent.name or None, **dict(enrolled(absent.enrolled))}


def _called(student: str) -> Iterator[str]:
    """Yield what a folder or a file may call its student.

    >>> list(_called("mon/ada.py"))
    ['mon/ada.py', 'mon/ada', 'mon', 'ada']
    """
    yield student
    path = PurePosixPath(student)
    if is_source(student):
        path = path.with_suffix("")
        yield str(path)
    if len(path.parts) > 1:
        yield from path.parts
