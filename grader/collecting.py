"""What a batch grades: files and folders as they lie there, downloads by way of an intake.

A platform's archive is imported first, into a folder `work` beside the results; a folder that
`grader import` has written is taken as it is. Runs nothing.

For an assignment all attempts are taken, because its policy says which of them count, and of
each student's files the one that defines a challenge's entry point is the submission for it.
Files that lie in a folder of a PATH are one student's, those in a PATH itself one student's each.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader import discovery, intake, languages
from grader.discovery import Found, Skipped
from grader.errors import UsageError
from grader.executors import Task
from grader.intake import Ambiguous, Choice, Chosen, Entry, Intake, StoredFile, choosing, manifest
from grader.intake.attendance import Attendance, enrolled
from grader.languages import suffixes
from grader.submission import entry_points, identifier, printable_name

WORK = "work"

_ARCHIVES = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz")


@dataclass(frozen=True, slots=True)
class _Sorted:
    """What the PATHs are: folders of an import with what they hold, and everything else."""

    held: Mapping[Path, Intake]
    plain: Sequence[Path]
    skipped: list[Skipped]


def collect(
    paths: Sequence[Path],
    challenge: str,
    out: Path,
    attendance: Attendance | None = None,
    *,
    fresh: bool = False,
) -> Found:
    """Search `paths` for the submissions to a challenge; `UsageError` if there is none.

    `attendance` is told who has handed in. `fresh` forgets what was imported into `out` before.
    """
    attendance = attendance or Attendance()
    paths_of = _sorted(paths, out / WORK, "latest", fresh=fresh)
    found = Found(skipped=paths_of.skipped)
    places: dict[tuple[str, Any, Any], Path] = {}
    for work, held in paths_of.held.items():
        tasks = list(_chosen_of(found.skipped, attendance.intake(held), challenge, work))
        _check_apart(places, challenge, tasks, work)
        found.tasks += tasks
    if paths_of.plain or not found.tasks:
        more = discovery.find(paths_of.plain or paths)
        for task in more.tasks:
            attendance.plain(task.name)
        found.tasks += more.tasks
        found.skipped += more.skipped
    found.tasks = _distinct(found.tasks)
    return found


def _sorted(paths: Sequence[Path], work: Path, attempt: str, *, fresh: bool) -> _Sorted:
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
    return _Sorted(held, plain, skipped)


def _check_apart(
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


def _distinct(tasks: Sequence[Task]) -> list[Task]:
    """Return the submissions under names of which none is there twice, whatever they came from."""
    names = discovery.numbered(task.name for task in tasks)
    return [replace(task, name=name) for task, name in zip(tasks, names, strict=True)]


@dataclass(frozen=True, slots=True)
class Only:
    """The submission among the files of one student, None where there is none, and why."""

    task: Task | None
    why: str
    skipped: tuple[Skipped, ...] = ()


def only(folder: Path, challenge: str) -> Only:
    """Search the folder of one student for the submission to a challenge."""
    try:
        found = discovery.find([folder])
    except UsageError:
        wanted = f"hand in one that defines {challenge}"
        return Only(None, f"nothing was handed in that is a {suffixes()} file; {wanted}")
    read, choices = _chosen(found.tasks, "", [challenge])
    choice = choices[challenge]
    task = read[choice.file] if isinstance(choice, Chosen) else None
    return Only(task, choice.sentence, tuple(found.skipped))


@dataclass(frozen=True, slots=True)
class Refused:
    """What a student handed in and cannot be graded; `challenge` is "" where no file is for any."""

    name: str
    challenge: str
    about: Mapping[str, Any]
    why: str


@dataclass(slots=True)
class Assigned:
    """The submissions to each challenge of an assignment, and what is none."""

    tasks: dict[str, list[Task]]
    refused: list[Refused] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def assign(
    paths: Sequence[Path],
    challenges: Sequence[str],
    out: Path,
    attendance: Attendance | None = None,
    *,
    fresh: bool = False,
) -> Assigned:
    """Search `paths` for the submissions to an assignment; `UsageError` if there is nothing.

    `attendance` is told who has handed in. `fresh` forgets what was imported into `out` before.
    """
    attendance = attendance or Attendance()
    paths_of = _sorted(paths, out / WORK, "all", fresh=fresh)
    found = Assigned({challenge: [] for challenge in challenges}, skipped=paths_of.skipped)
    places: dict[tuple[str, Any, Any], Path] = {}
    for work, held in paths_of.held.items():
        before = {challenge: len(tasks) for challenge, tasks in found.tasks.items()}
        _assign_entries(found, attendance.intake(held), work)
        for challenge, tasks in found.tasks.items():
            _check_apart(places, challenge, tasks[before[challenge] :], work)
    if paths_of.plain:
        _assign_plain(found, paths_of.plain, attendance)
    _name_apart(found)
    if not any(found.tasks.values()) and not found.refused:
        raise UsageError(
            "there is no submission; name files, folders, or a download that holds some"
        )
    return found


def _name_apart(found: Assigned) -> None:
    """Give submissions of one name names of their own; a file may be one to several challenges."""
    chosen = {task.id: task for tasks in found.tasks.values() for task in tasks}
    named = dict(zip(chosen, _distinct(list(chosen.values())), strict=True))
    for tasks in found.tasks.values():
        tasks[:] = [named[task.id] for task in tasks]


def _assign_entries(found: Assigned, held: Intake, work: Path) -> None:
    for entry in held.entries:
        name = printable_name(f"{entry.platform}:{entry.key}@{entry.attempt}")
        about = dict(_about(entry, held.policy))
        tasks = {
            file: Task(
                f"{name}/{printable_name(file.name)}",
                work / file.path,
                id=identifier(f"{entry.id}/{file.path}"),
                about=about,
            )
            for file in entry.files
        }
        _take(found, name, about, tasks, intake.choose(entry, list(found.tasks), work))


def _assign_plain(found: Assigned, paths: Sequence[Path], attendance: Attendance) -> None:
    searched = discovery.find(paths)
    found.skipped += searched.skipped
    students: dict[str, list[Task]] = {}
    for task in searched.tasks:
        students.setdefault(_student_of(task, paths), []).append(task)
    for student, theirs in students.items():
        about = {"student": student, **attendance.plain(student)}
        read, choices = _chosen(theirs, student, list(found.tasks))
        tasks = {
            file: Task(task.name, task.path, task.follow_link, identifier(task.name), about)
            for file, task in read.items()
        }
        _take(found, student, about, tasks, choices)


def _chosen(
    tasks: Sequence[Task], student: str, challenges: Sequence[str]
) -> tuple[dict[StoredFile, Task], dict[str, Choice]]:
    """Return one student's files, and which of them is the submission to each challenge."""
    read: dict[StoredFile, Task] = {}
    implemented: dict[StoredFile, list[str]] = {}
    for task in tasks:
        file, names = _looked_at(task, student, challenges)
        read[file] = task
        implemented[file] = names
    return read, choosing.choices(list(read), implemented, challenges)


def _take(
    found: Assigned,
    name: str,
    about: Mapping[str, Any],
    tasks: Mapping[StoredFile, Task],
    choices: Mapping[str, Choice],
) -> None:
    """Add what was chosen of one hand-in, and what there is to say about the rest."""
    used = set()
    for challenge, choice in choices.items():
        if isinstance(choice, Chosen):
            used.add(choice.file)
            found.tasks[challenge].append(tasks[choice.file])
            continue
        found.skipped.append(Skipped(Path(name), choice.sentence))
        if isinstance(choice, Ambiguous):
            used.update(choice.files)
            found.refused.append(Refused(name, challenge, about, choice.sentence))
    found.skipped += [
        Skipped(Path(task.name), "it is the submission for no challenge")
        for file, task in tasks.items()
        if file not in used
    ]
    if not used:
        why = "no file is a submission to any challenge"
        found.refused.append(Refused(name, "", about, why))


def _looked_at(task: Task, student: str, challenges: Sequence[str]) -> tuple[StoredFile, list[str]]:
    """Return a file as an intake would know it, and the challenges that it implements."""
    name = task.name.removeprefix(f"{student}/")
    try:
        read = languages.read(task.path, task.name, follow_link=task.follow_link)
    except UsageError:
        # That it cannot be read is said when it is graded, or that it is used for nothing.
        return StoredFile(str(task.path), name, "", 0), []
    names = languages.by_name(read.language).defined_names(read.source)
    sha256 = hashlib.sha256(read.source).hexdigest()
    file = StoredFile(str(task.path), name, sha256, len(read.source))
    return file, entry_points(names, challenges)


def _student_of(task: Task, paths: Sequence[Path]) -> str:
    """Return the name of the folder that a student's files are in, else of the file itself."""
    for path in paths:
        if not path.is_dir() or not task.path.is_relative_to(path):
            continue
        inside = task.path.relative_to(path).parts[1:]
        rest = printable_name("/".join(inside))
        if inside and task.name.endswith(f"/{rest}"):
            return task.name.removesuffix(f"/{rest}")
    return task.name


def _chosen_of(skipped: list[Skipped], held: Intake, challenge: str, work: Path) -> Iterator[Task]:
    """Yield the submissions of an import; who has none is put into `skipped`."""
    for entry in intake.counted(held):
        choice = intake.choose(entry, [challenge], work)[challenge]
        name = printable_name(f"{entry.platform}:{entry.key}")
        if held.policy != "latest":
            name += f"@{entry.attempt}"
        if isinstance(choice, Chosen):
            file = choice.file
            yield Task(
                f"{name}/{printable_name(file.name)}",
                work / file.path,
                id=entry.id,
                about=dict(_about(entry, held.policy)),
            )
        else:
            skipped.append(Skipped(Path(name), choice.sentence))


def _about(entry: Entry, policy: str) -> Iterator[tuple[str, Any]]:
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
