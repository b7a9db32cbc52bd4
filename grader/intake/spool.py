"""One pass over a source: what may be taken lies under a number in a folder of ours after it.

Only what is called like a source of a language, or is a platform's own metadata, is read.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from grader.intake import generic, members, names, platforms
from grader.intake.limits import Limits
from grader.intake.manifest import Note
from grader.intake.members import Member, Refused, Seen
from grader.intake.raw import Broken

METADATA_BYTES = 64_000_000
"""The most that a platform may say about a download; it is kept in memory."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """A source that was read: where its bytes are, and what they are."""

    path: Path
    sha256: str
    bytes: int
    modified: datetime | None


@dataclass(slots=True)
class Spool:
    """What one source holds. `names` are those that a platform may have given, in order."""

    folder: Path
    names: list[str] = field(default_factory=list)
    sources: dict[str, Spooled] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    refused: list[Note] = field(default_factory=list)
    skipped: list[Note] = field(default_factory=list)

    def reasons(self) -> Mapping[str, str]:
        """Return why a name was refused, by name."""
        return {note.name: note.reason for note in self.refused}


def fill(folder: Path, source: Path, limits: Limits | None = None) -> Spool:
    """Read `source` into `folder`; `UsageError` where it cannot be read at all."""
    spool = Spool(folder)
    with members.opened(source, limits) as seen:
        for each in seen:
            _add(spool, each)
    spool.names = list(dict.fromkeys(spool.names))
    return spool


def printable(name: str) -> str:
    """Return a name as valid UTF-8, whatever it holds."""
    return name.encode("utf-8", "backslashreplace").decode()


def _add(spool: Spool, seen: Seen) -> None:
    if isinstance(seen, Member):
        spool.names.append(seen.name)
        try:
            _read(spool, seen)
        except Broken as error:
            spool.refused.append(Note(seen.name, str(error)))
        return
    note = Note(printable(seen.name), seen.reason)
    if not isinstance(seen, Refused):
        spool.skipped.append(note)
        return
    spool.refused.append(note)
    # Whose it was can be told from its name, so that nobody is missing without a word.
    if not seen.whole and names.problem(seen.name) is None:
        spool.names.append(seen.name)


def _read(spool: Spool, member: Member) -> None:
    if generic.is_source(member.name):
        data = member.read()
        path = spool.folder / str(len(spool.sources))
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        spool.sources[member.name] = Spooled(path, digest, len(data), member.time)
    elif platforms.is_metadata(member.name):
        data = member.read()
        if sum(map(len, spool.texts.values())) + len(data) > METADATA_BYTES:
            raise Broken("the platform's own notes are too large: import in parts")
        spool.texts[member.name] = data
