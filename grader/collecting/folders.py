"""What the PATHs of a batch are: archives, which are imported, imports, and everything else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader import discovery, intake
from grader.discovery import Skipped
from grader.errors import UsageError
from grader.executors import Task
from grader.intake import Entry, Intake, manifest
from grader.intake.attendance import enrolled
from grader.submission import printable_name

WORK = "work"

_ARCHIVES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz")


@dataclass(frozen=True, slots=True)
class Sorted:
    """What the PATHs are: folders of an import with what they hold, and everything else."""

    held: Mapping[Path, Intake]
    plain: Sequence[Path]
    skipped: list[Skipped]


def sort(paths: Sequence[Path], work: Path, attempt: str, *, fresh: bool) -> Sorted:
    """Import the archives of `paths` into `work`, and read what was imported before.

    Archives are imported one into the other, so that only what is there at last holds them all.
    """
    held: dict[Path, Intake] = {}
    plain: list[Path] = []
    skipped: list[Skipped] = []
    imported = {path.resolve() for path in paths if (path / manifest.NAME).is_file()}
    anew = fresh and work.resolve() not in imported
    for path in paths:
        if path.is_file() and path.name.lower().endswith(_ARCHIVES):
            taken = intake.take(path, work, attempt=attempt, anew=anew).intake
            anew = False
            notes = (*taken.refused, *taken.skipped)
            skipped += [Skipped(Path(note.name), note.reason) for note in notes]
            held = {at: each for at, each in held.items() if at.resolve() != work.resolve()}
            held[work] = taken
        elif (path / manifest.NAME).is_file():
            if path.resolve() not in {at.resolve() for at in held}:
                held[path] = manifest.from_json((path / manifest.NAME).read_bytes())
        else:
            plain.append(path)
    return Sorted(held, plain, skipped)


def check_apart(
    places: dict[tuple[str, Any, Any], Path], challenge: str, tasks: Iterable[Task], place: Path
) -> None:
    """Refuse two imports that both have a student's submission to a challenge: which is later?

    `places` has where each was found so far.
    """
    for task in tasks:
        whose = task.about["platform"], task.about["key"]
        other = places.setdefault((challenge, *whose), place)
        if other != place:
            raise UsageError(
                f"{printable_name(':'.join(whose))} has handed in to {_shown(other)} and to "
                f"{_shown(place)}: `grader import` both downloads into one folder, which then "
                "tells the attempts apart, and name that"
            )


def distinct(tasks: Sequence[Task]) -> list[Task]:
    """Return the submissions under names of which none is there twice, whatever they came from."""
    names = discovery.numbered(task.name for task in tasks)
    return [replace(task, name=name) for task, name in zip(tasks, names, strict=True)]


def about_of(entry: Entry, policy: str) -> Iterator[tuple[str, Any]]:
    """Yield what a mark's policies and an export will ask for; times as ISO 8601."""
    yield from (("platform", entry.platform), ("key", entry.key), ("attempt", entry.attempt))
    yield from (("display", entry.name), ("late", entry.late), ("attempts", policy))
    if entry.team:
        yield "team", [{"key": each.key, "name": each.name} for each in entry.team]
    for name in ("submitted_at", "local_time"):
        moment = getattr(entry, name)
        yield name, None if moment is None else moment.isoformat()
    if entry.enrolled is not None:
        yield from enrolled(entry.enrolled)


def _shown(path: Path) -> str:
    return printable_name(str(path))
