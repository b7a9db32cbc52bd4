"""Take in a class's submissions: from a download to WORK. Runs none, trusts no name.

The steps are values: what the source holds (`spool`), whose each file is (`platforms`), what
was handed in at once (`handed_in`), what of it is new (`merged`); only `work` writes.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path, PurePosixPath

from grader.errors import UsageError
from grader.intake import manifest, platforms, spool, work
from grader.intake import roster as rosters
from grader.intake.found import Found, Person
from grader.intake.limits import Limits
from grader.intake.manifest import Absent, Enrolment, Entry, Intake, Note, Source, StoredFile
from grader.intake.platforms import Layout
from grader.intake.roster import Enrolled, Roster
from grader.intake.spool import Spool, Spooled
from grader.intake.work import Work
from grader.languages import suffixes

_ID_LENGTH = 20


@dataclass(frozen=True, slots=True)
class HandIn:
    """What one student handed in at once, before it is known whether it is new."""

    key: str
    name: str | None
    team: tuple[Person, ...]
    order: str
    late: bool | None
    submitted_at: datetime | None
    local_time: datetime | None
    files: tuple[tuple[Found, Spooled], ...]
    skipped: tuple[Note, ...]

    @property
    def content(self) -> tuple[tuple[str, str], ...]:
        """What makes two hand-ins the same."""
        return tuple((found.file, spooled.sha256) for found, spooled in self.files)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did: what WORK holds now, the ids that were in this import, the new ones."""

    intake: Intake
    here: frozenset[str]
    fresh: frozenset[str]


def take(
    source: Path,
    out: Path,
    *,
    platform: str | None = None,
    roster: Path | None = None,
    attempt: str = "latest",
    zone: tzinfo | None = None,
    limits: Limits | None = None,
    anew: bool = False,
) -> Taken:
    """Import `source` into the folder `out`; importing the same again changes nothing.

    `platform` is one of `platforms.CHOICES` to insist on, `attempt` one of `manifest.POLICIES`.
    `zone` is that of a platform's clock that says none; without it such a time is kept as the
    local one it is. `anew` forgets what `out` holds. `UsageError` if the source, the roster or
    `out` cannot be used.
    """
    _check_apart(source, out)
    enrolled = rosters.read(roster) if roster is not None else None
    with work.opened(out) as place:
        before = () if anew else place.intake().entries
        spooled = spool.fill(place.incoming, source, limits)
        packed = not source.is_dir()
        layout = platforms.recognise(spooled.names, spooled.texts, forced=platform, packed=packed)
        hand_ins = handed_in(layout.found, spooled, zone)
        entries, here = merged(before, layout.platform, hand_ins)
        fresh = here.keys() - {entry.id for entry in before}
        _place(place, entries, here, fresh)
        intake = _intake(source.name, layout, spooled, attempt, entries)
        if enrolled is not None:
            intake = with_roster(intake, enrolled, here, zone)
        place.write(intake)
    return Taken(intake, frozenset(here), frozenset(fresh))


def handed_in(
    found: Iterable[Found], spooled: Spool, zone: tzinfo | None = None
) -> tuple[HandIn, ...]:
    """Put together what each student handed in at once, the earliest first."""
    groups: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for each in found:
        groups[each.key, each.attempt].append(each)
    reasons = spooled.reasons()
    made = [_hand_in(group, spooled.sources, reasons, zone) for group in groups.values()]
    return tuple(sorted(made, key=lambda each: (each.key, each.order)))


def merged(
    entries: Iterable[Entry], platform: str, hand_ins: Iterable[HandIn]
) -> tuple[tuple[Entry, ...], dict[str, HandIn]]:
    """Return all entries, and the hand-ins by the id of their entry: one they equal, or new."""
    students: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        students[entry.student].append(entry)
    here = {}
    for hand_in in hand_ins:
        attempts = students[platform, hand_in.key]
        same = _same(attempts, hand_in)
        if same is None:
            attempts.append(_entry(platform, len(attempts) + 1, hand_in))
            here[attempts[-1].id] = hand_in
        else:
            attempts[same] = _refreshed(attempts[same], hand_in)
            here[attempts[same].id] = hand_in
    return manifest.ordered(each for attempts in students.values() for each in attempts), here


def with_roster(
    intake: Intake, roster: Roster, here: Container[str], zone: tzinfo | None
) -> Intake:
    """Add to each entry what the roster says, and to the intake who is missing.

    What a roster says about a hand-in is about those `here`, in the download that it came with.
    """
    found = {entry.id: people(roster, entry) for entry in intake.entries}
    there = {person.line for theirs in found.values() for person in theirs}
    return replace(
        intake,
        entries=tuple(
            _enrolled(
                _timed(entry, found[entry.id], zone) if entry.id in here else entry,
                found[entry.id],
            )
            for entry in intake.entries
        ),
        missing=tuple(each.shown for each in roster.people if each.line not in there),
        absent=absent(roster, intake.source.platform, there),
    )


def people(roster: Roster, entry: Entry) -> tuple[Enrolled, ...]:
    """Return who of the roster has handed in an entry."""
    keys = [person.key for person in entry.team] or [entry.key]
    found = (roster.find(entry.platform, key) for key in keys)
    return tuple(each for each in found if each is not None)


def absent(roster: Roster, platform: str, there: Collection[int]) -> tuple[Absent, ...]:
    """Return who of the roster is on none of the lines `there`."""
    return tuple(
        Absent(each.key_on(platform), each.name, enrolment(each))
        for each in roster.people
        if each.line not in there
    )


def enrolment(person: Enrolled) -> Enrolment:
    """Return what marks depend on of what the roster says."""
    return Enrolment(person.section, person.extension_hours, person.due)


# --- Hand-ins --------------------------------------------------------------------------------


def _hand_in(
    group: Sequence[Found],
    sources: Mapping[str, Spooled],
    reasons: Mapping[str, str],
    zone: tzinfo | None,
) -> HandIn:
    first = group[0]
    files = sorted(
        ((each, sources[each.member]) for each in group if _taken(each, sources)),
        key=lambda each: each[0].member,
    )
    lates = {each.late for each in group}
    return HandIn(
        key=first.key,
        name=first.name,
        team=first.team,
        order=first.attempt or max(each.order for each in group),
        late=None if lates == {None} else True in lates,
        submitted_at=first.submitted_at or _in_zone(first.local_time, zone),
        local_time=first.local_time,
        files=tuple(files),
        skipped=tuple(_skipped(group, sources, reasons)),
    )


def _taken(found: Found, sources: Mapping[str, Spooled]) -> bool:
    return found.needless is None and found.member in sources


def _skipped(
    group: Iterable[Found], sources: Mapping[str, Spooled], reasons: Mapping[str, str]
) -> Iterator[Note]:
    for each in group:
        if not _taken(each, sources):
            reason = reasons.get(each.member) or each.needless or f"not a {suffixes()} file"
            yield Note(each.file, reason)


def _in_zone(time: datetime | None, zone: tzinfo | None) -> datetime | None:
    return time.replace(tzinfo=zone) if time is not None and zone is not None else None


# --- Entries ---------------------------------------------------------------------------------


def _same(attempts: Sequence[Entry], hand_in: HandIn) -> int | None:
    """Return which earlier attempt a hand-in is.

    A platform that says when tells attempts apart; else a change from the last one does.
    """
    candidates = range(len(attempts))
    for index in candidates if hand_in.order else candidates[-1:]:
        content = tuple((file.name, file.sha256) for file in attempts[index].files)
        if attempts[index].order == hand_in.order and content == hand_in.content:
            return index
    return None


def _entry(platform: str, attempt: int, hand_in: HandIn) -> Entry:
    name = _id(platform, attempt, hand_in)
    return Entry(
        id=name,
        platform=platform,
        key=hand_in.key,
        name=hand_in.name,
        team=hand_in.team,
        attempt=attempt,
        order=hand_in.order,
        late=hand_in.late,
        submitted_at=hand_in.submitted_at,
        local_time=hand_in.local_time,
        files=tuple(_stored(name, at, *each) for at, each in enumerate(hand_in.files, 1)),
        skipped=hand_in.skipped,
    )


def _id(platform: str, attempt: int, hand_in: HandIn) -> str:
    """Return an id that says nothing and is the same wherever the same is imported."""
    said = [platform, hand_in.key, attempt, hand_in.order, hand_in.content]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:_ID_LENGTH]


def _stored(entry_id: str, position: int, found: Found, spooled: Spooled) -> StoredFile:
    suffix = PurePosixPath(found.member).suffix.lower()
    return StoredFile(
        path=work.path_of(entry_id, position, suffix),
        name=found.file,
        sha256=spooled.sha256,
        bytes=spooled.bytes,
        order=found.order,
        modified=spooled.modified,
    )


def _refreshed(entry: Entry, hand_in: HandIn) -> Entry:
    """Return an entry with what a later import says about the same files.

    Where it says nothing of the time, what an earlier one or its roster has said holds.
    """
    return replace(
        entry,
        name=hand_in.name if entry.enrolled is None else entry.name,
        team=hand_in.team,
        late=entry.late if hand_in.late is None else hand_in.late,
        submitted_at=hand_in.submitted_at or entry.submitted_at,
        local_time=hand_in.local_time or entry.local_time,
        skipped=hand_in.skipped,
    )


# --- The roster ------------------------------------------------------------------------------


def _timed(entry: Entry, people: Sequence[Enrolled], zone: tzinfo | None) -> Entry:
    """Add when it was handed in and whether late, where the roster says so of its one student."""
    if len(people) != 1:
        return entry
    [person] = people
    return replace(
        entry,
        late=entry.late if person.late is None else person.late,
        local_time=person.local_time or entry.local_time,
        submitted_at=_in_zone(person.local_time, zone) or entry.submitted_at,
    )


def _enrolled(entry: Entry, people: Sequence[Enrolled]) -> Entry:
    """Add what the roster says; a team has the longest extension and the latest due time of its."""
    if not people:
        return replace(entry, enrolled=None)
    best = max(people, key=lambda person: person.extension_hours)
    dues = [person.due for person in people if person.due is not None]
    named = ", ".join(person.name for person in people if person.name)
    return replace(
        entry,
        name=named or entry.name,
        enrolled=replace(enrolment(best), due=max(dues, key=_comparable, default=None)),
    )


def _comparable(due: datetime) -> datetime:
    """Return a due time that can be compared; one without a zone as if it were in UTC."""
    return due if due.tzinfo is not None else due.replace(tzinfo=UTC)


# --- Into WORK -------------------------------------------------------------------------------


def _check_apart(source: Path, out: Path) -> None:
    """A folder that is read and written at once would import itself the next time."""
    if source.is_dir() and out.resolve().is_relative_to(source.resolve()):
        raise UsageError("--out lies within the folder to import: name one outside it")


def _place(
    place: Work, entries: Iterable[Entry], here: Mapping[str, HandIn], fresh: Iterable[str]
) -> None:
    """Put the files of what is new where they belong, and of what was lost."""
    for entry in entries:
        if entry.id in here and (entry.id in fresh or not place.holds(entry)):
            place.place(entry, [spooled.path for _, spooled in here[entry.id].files])


def _intake(
    name: str, layout: Layout, spooled: Spool, attempt: str, entries: tuple[Entry, ...]
) -> Intake:
    known = spooled.reasons()
    strange = [Note(s.member, s.reason) for s in layout.strange if s.member not in known]
    aside = [Note(each.member, each.reason) for each in layout.aside]
    return Intake(
        source=Source(spool.printable(name), layout.platform, layout.why),
        policy=attempt,
        entries=entries,
        refused=(*spooled.refused, *strange),
        skipped=(*spooled.skipped, *aside),
    )
