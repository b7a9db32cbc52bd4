"""What an intake wrote: `WORK/manifest.json` as values, and its JSON. No I/O.

Schema 1 only grows; readers ignore fields that they do not know.

    schema       1
    source       {name, platform, why} of the last import
    policy       "latest", "best" or "all": which attempts count (see `counted`); best needs
                 marks, so it keeps all and whoever marks decides
    entries      one per attempt, by platform, key and attempt:
      id           opaque: names the attempt's folder and never changes
      platform     canvas, moodle, gradescope, blackboard, brightspace, files or folders
      key          the platform's key of the student or team
      name         for display; null where it is anonymous
      team         [{key, name}] of a team
      attempt      from 1, in the order in which attempts were taken
      order        sorts attempts by what the platform says, "" where it says nothing
      late         true, false, or null where the platform does not say
      submitted_at ISO 8601 with a zone, or null
      local_time   the platform's clock without a zone, or null
      files        [{path (in WORK), name (the student's), sha256, bytes, order, modified}]
      skipped      [{name, reason}]: files of the attempt that are no submission
      enrolled     {section, extension_hours, due} by the roster, or null
    refused      [{name, reason}] of the last import: members that may be hostile or damaged
    skipped      [{name, reason}] of the last import: files that are nobody's
    missing      keys of the roster for which nothing was handed in
    absent       [{key, name, enrolled}]: the same people by the key that the platform has for them
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from grader.errors import UsageError
from grader.intake.found import Person

NAME = "manifest.json"
SCHEMA = 1
POLICIES = ("latest", "best", "all")


@dataclass(frozen=True, slots=True)
class Note:
    """A file and why it is not taken."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of an attempt: where it is in WORK, and what the student called it."""

    path: str
    name: str
    sha256: str
    bytes: int
    order: str = ""
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the roster says about a student that marks depend on."""

    section: str = ""
    extension_hours: float = 0.0
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody of the roster who has handed in nothing; `key` is the platform's."""

    key: str
    name: str = ""
    enrolled: Enrolment = Enrolment()


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt of one student or team."""

    id: str
    platform: str
    key: str
    name: str | None
    team: tuple[Person, ...]
    attempt: int
    order: str
    late: bool | None
    submitted_at: datetime | None
    local_time: datetime | None
    files: tuple[StoredFile, ...]
    skipped: tuple[Note, ...] = ()
    enrolled: Enrolment | None = None

    @property
    def student(self) -> tuple[str, str]:
        """Whose attempt it is."""
        return self.platform, self.key


@dataclass(frozen=True, slots=True)
class Source:
    """What was imported last, and what it was taken for."""

    name: str = ""
    platform: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """All that WORK holds, and what the last import left out."""

    schema: int = SCHEMA
    source: Source = Source()
    policy: str = "latest"
    entries: tuple[Entry, ...] = ()
    refused: tuple[Note, ...] = ()
    skipped: tuple[Note, ...] = ()
    missing: tuple[str, ...] = ()
    absent: tuple[Absent, ...] = ()


_ADAPTER = TypeAdapter(Intake)


def counted(intake: Intake) -> tuple[Entry, ...]:
    """Return the attempts that count: each student's latest, or all where marks decide or all do.

    The latest is what the platform says is, else what was taken last. One without a source
    counts only where there is no other: a damaged download must not cost what was there before.
    """
    if intake.policy != "latest":
        return intake.entries
    return latest(intake)


def latest(intake: Intake) -> tuple[Entry, ...]:
    """Return each student's latest attempt, whatever the policy is."""
    last = {entry.student: entry for entry in sorted(intake.entries, key=_rank)}
    return tuple(entry for entry in intake.entries if last[entry.student] is entry)


def _rank(entry: Entry) -> tuple[bool, str, int]:
    return bool(entry.files), entry.order, entry.attempt


def ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries in the manifest's order."""
    return tuple(sorted(entries, key=lambda entry: (*entry.student, entry.attempt)))


def to_json(intake: Intake) -> bytes:
    """Return the manifest's bytes; equal intakes, equal bytes."""
    return _ADAPTER.dump_json(intake, indent=1) + b"\n"


def from_json(data: bytes) -> Intake:
    """Read a manifest; `UsageError` if it is none of ours or of a later schema."""
    try:
        intake = _ADAPTER.validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "its beginning"
        raise UsageError(
            f"{NAME} is damaged at {where}: {first['msg']}; import into another --out"
        ) from None
    if intake.schema != SCHEMA:
        raise UsageError(
            f"{NAME} has schema {intake.schema}, this grader knows {SCHEMA}: use a later grader"
        )
    return intake
