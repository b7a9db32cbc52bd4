"""What a batch grades: files and folders as they lie there, downloads by way of an intake.

A platform's archive is imported first, into a folder `work` beside the results; a folder that
`grader import` has written is taken as it is. Runs nothing.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from grader import discovery, intake
from grader.discovery import Found, Skipped
from grader.executors import Task
from grader.intake import Chosen, Entry, Intake, manifest
from grader.submission import printable_name

WORK = "work"

_ARCHIVES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz")


def collect(paths: Sequence[Path], challenge: str, out: Path) -> Found:
    """Search `paths` for the submissions to a challenge; `UsageError` if there is none."""
    found = Found()
    plain: list[Path] = []
    for path in paths:
        if path.is_file() and path.name.lower().endswith(_ARCHIVES):
            taken = intake.take(path, out / WORK)
            found.skipped += [
                Skipped(Path(note.name), note.reason)
                for note in (*taken.intake.refused, *taken.intake.skipped)
            ]
            _add(found, taken.intake, challenge, out / WORK)
        elif (path / manifest.NAME).is_file():
            held = manifest.from_json((path / manifest.NAME).read_bytes())
            _add(found, held, challenge, path)
        else:
            plain.append(path)
    if plain or not found.tasks:
        more = discovery.find(plain or paths)
        found.tasks += more.tasks
        found.skipped += more.skipped
    return found


def _add(found: Found, held: Intake, challenge: str, work: Path) -> None:
    for entry in intake.counted(held):
        choice = intake.choose(entry, [challenge], work)[challenge]
        name = printable_name(f"{entry.platform}:{entry.key}")
        if held.policy != "latest":
            name += f"@{entry.attempt}"
        if isinstance(choice, Chosen):
            file = choice.file
            task = Task(
                f"{name}/{printable_name(file.name)}",
                work / file.path,
                id=entry.id,
                about=dict(_about(entry)),
            )
            found.tasks.append(task)
        else:
            found.skipped.append(Skipped(Path(name), choice.sentence))


def _about(entry: Entry) -> Iterator[tuple[str, Any]]:
    """Yield what a mark's policies and an export will ask for; times as ISO 8601."""
    yield from (("platform", entry.platform), ("key", entry.key), ("attempt", entry.attempt))
    yield from (("display", entry.name), ("late", entry.late))
    for name in ("submitted_at", "local_time"):
        moment = getattr(entry, name)
        yield name, None if moment is None else moment.isoformat()
    if entry.enrolled is not None:
        due = entry.enrolled.due
        yield "extension_hours", entry.enrolled.extension_hours
        yield "due", None if due is None else due.isoformat()
        yield "section", entry.enrolled.section
